import Glibc

/// Why a key could not be had; says where it was looked for, never what was found there.
public enum PrivateKeyError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is nothing at the source.
  case missing(PrivateKey.Source)
  /// What is there is not 64 hexadecimal digits of a valid key.
  case malformed(PrivateKey.Source)
  /// Others than the owner may use the file; `mode` is its permissions.
  case tooOpen(path: String, mode: UInt32)
  /// The file is there and cannot be read; `reason` is the system's text.
  case unreadable(path: String, reason: String)

  /// What is wrong, what was expected and what to do.
  public var description: String {
    switch self {
    case .missing(.environment(let name)):
      "no key: environment variable \(name) is not set; export \(name)=0x… (64 hexadecimal digits)"
    case .missing(.file(let path)):
      "no key: there is no file \(path); write 64 hexadecimal digits to it and chmod 600 it"
    case .malformed(let source):
      "no key: \(source) holds something else than 64 hexadecimal digits of a private key"
    case .tooOpen(let path, let mode):
      "key refused: others may use \(path) (mode 0\(String(mode, radix: 8))); run: chmod 600 \(path)"
    case .unreadable(let path, let reason): "no key: \(path) cannot be read: \(reason)"
    }
  }
}

extension PrivateKey {
  /// Reads a key from an environment variable or from a file that only its owner may use.
  public static func load(from source: Source) throws(PrivateKeyError) -> PrivateKey {
    let text: String
    switch source {
    case .environment(let name):
      guard let value = getenv(name) else { throw .missing(source) }
      text = String(cString: value)
    case .file(let path): text = try contents(of: path)
    }
    guard !text.allSatisfy(\.isWhitespace) else { throw .missing(source) }
    guard let key = PrivateKey(hexadecimal: text) else { throw .malformed(source) }
    return key
  }

  /// The start of a file; a key and its line end fit many times.
  private static func contents(of path: String) throws(PrivateKeyError) -> String {
    // Without O_NONBLOCK a path that names a pipe would wait for a writer.
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else {
      if errno == ENOENT { throw .missing(.file(path)) }
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(path: path, reason: "it is no regular file")
    }
    let mode = status.st_mode & 0o7777
    guard mode & 0o077 == 0 else { throw .tooOpen(path: path, mode: mode) }
    var bytes = [UInt8](repeating: 0, count: 1_024)
    let count = read(file, &bytes, bytes.count)
    guard count >= 0 else {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    defer { for index in bytes.indices { bytes[index] = 0 } }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }
}

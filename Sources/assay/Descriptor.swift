import Glibc

/// A file descriptor to write to; closes itself unless it is standard output or error.
struct Descriptor: ~Copyable {
  /// Standard output.
  static var output: Descriptor { Descriptor(STDOUT_FILENO) }
  /// Standard error.
  static var error: Descriptor { Descriptor(STDERR_FILENO) }

  private let number: CInt

  private init(_ number: CInt) { self.number = number }

  /// Makes or empties a file.
  init(creating path: String) throws(OutputError) {
    number = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard number >= 0 else { throw OutputError(path: path, code: errno) }
  }

  deinit { if number > STDERR_FILENO { close(number) } }

  /// Whether a person is at the other end.
  var isTerminal: Bool { isatty(number) == 1 }

  /// Columns of the terminal; nil where it does not tell.
  var columns: Int? {
    var size = winsize()
    guard ioctl(number, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Writes everything; returns the system's error number where it could not.
  func write(_ bytes: some Sequence<UInt8>) -> CInt? {
    let bytes = Array(bytes)
    return bytes.withUnsafeBytes { buffer -> CInt? in
      var written = 0
      while written < buffer.count {
        let rest = UnsafeRawBufferPointer(rebasing: buffer[written...])
        let count = Glibc.write(number, rest.baseAddress, rest.count)
        if count < 0 {
          guard errno == EINTR else { return errno }
        } else {
          written += count
        }
      }
      return nil
    }
  }
}

/// A variable of the environment.
func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

/// Why a result could not be written.
struct OutputError: Error {
  let path: String
  let code: CInt

  /// One sentence for a person.
  var message: String { "cannot write \(path): \(String(cString: strerror(code)))" }
}

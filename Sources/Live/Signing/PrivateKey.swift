import Glibc
public import Venues

/// A key that signs, and that nothing prints.
///
/// Its bytes live in one place, which is overwritten when the last copy of the value goes. Text of
/// it, mirrors of it and every error about it say the address at most.
public struct PrivateKey: Sendable {
  /// Where a key is read from.
  public enum Source: Hashable, Sendable, CustomStringConvertible {
    /// An environment variable, by its name.
    case environment(String)
    /// A file that only its owner may read, by its path.
    case file(String)

    /// `environment variable NAME` or `file PATH`.
    public var description: String {
      switch self {
      case .environment(let name): "environment variable \(name)"
      case .file(let path): "file \(path)"
      }
    }
  }

  /// The address that the key signs for.
  public let address: Address
  private let secret: Secret

  /// Reads 64 hexadecimal digits, with or without `0x`, blanks around them ignored; nil where the
  /// text is no key of the curve.
  public init?(hexadecimal text: String) {
    var digits = text.utf8[...]
    while let first = digits.first, Self.isBlank(first) { digits.removeFirst() }
    while let last = digits.last, Self.isBlank(last) { digits.removeLast() }
    if digits.starts(with: "0x".utf8) || digits.starts(with: "0X".utf8) {
      digits.removeFirst(2)
    }
    guard digits.count == 64, let secret = Secret(hexadecimal: digits),
      let address = secret.withBytes(Curve.address)
    else { return nil }
    self.secret = secret
    self.address = address
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || (9...13).contains(byte)
  }

  /// The signature of 32 bytes; nil where the library refuses.
  func sign(_ digest: [UInt8]) -> ActionSignature? {
    secret.withBytes { Curve.sign(digest, with: $0) }
  }
}

extension PrivateKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The address, and that a key stands here.
  public var description: String { "PrivateKey(of \(address), redacted)" }
  /// The address, and that a key stands here.
  public var debugDescription: String { description }
  /// The address alone.
  public var customMirror: Mirror {
    Mirror(self, children: ["address": address.description], displayStyle: .struct)
  }
}

/// The 32 bytes of a key, overwritten when they are released.
// SAFETY: the memory is written in `init` and `deinit` only.
private final class Secret: @unchecked Sendable, CustomReflectable {
  private let memory: UnsafeMutableRawBufferPointer

  init?(hexadecimal digits: Substring.UTF8View) {
    memory = .allocate(byteCount: 32, alignment: 8)
    guard digits.count == 64 else { return nil }
    var upper: UInt8?
    var place = 0
    for digit in digits {
      guard let value = Self.value(of: digit) else { return nil }
      if let high = upper {
        memory[place] = high << 4 | value
        place += 1
        upper = nil
      } else {
        upper = value
      }
    }
  }

  deinit {
    if let start = memory.baseAddress { explicit_bzero(start, memory.count) }
    memory.deallocate()
  }

  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    body(UnsafeRawBufferPointer(memory))
  }

  var customMirror: Mirror { Mirror(self, children: [], displayStyle: .class) }

  private static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

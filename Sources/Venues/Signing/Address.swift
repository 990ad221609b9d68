/// An account at the venue: twenty bytes.
public struct Address: Hashable, Comparable, Sendable {
  private let high: UInt32
  private let middle: UInt64
  private let low: UInt64

  /// Makes an address; nil unless there are twenty bytes.
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == 20 else { return nil }
    var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
    var position = 0
    for byte in bytes {
      switch position {
      case 0..<4: words.0 = words.0 << 8 | UInt64(byte)
      case 4..<12: words.1 = words.1 << 8 | UInt64(byte)
      default: words.2 = words.2 << 8 | UInt64(byte)
      }
      position += 1
    }
    high = UInt32(truncatingIfNeeded: words.0)
    middle = words.1
    low = words.2
  }

  /// The address whose last eight bytes are `number`, for simulated accounts and tests.
  public init(number: UInt64) {
    high = 0
    middle = 0
    low = number
  }

  /// Reads `0x` (or nothing) and forty hexadecimal digits of either case.
  public init?(_ text: String) {
    let digits = text.hasPrefix("0x") ? text.utf8.dropFirst(2) : text.utf8[...]
    guard let bytes = [UInt8](hexadecimal: digits) else { return nil }
    self.init(bytes)
  }

  /// The twenty bytes.
  public var bytes: [UInt8] {
    withUnsafeBytes(of: high.bigEndian, Array.init)
      + withUnsafeBytes(of: middle.bigEndian, Array.init)
      + withUnsafeBytes(of: low.bigEndian, Array.init)
  }

  /// Orders by value.
  public static func < (lhs: Self, rhs: Self) -> Bool {
    (lhs.high, lhs.middle, lhs.low) < (rhs.high, rhs.middle, rhs.low)
  }
}

extension Address: CustomStringConvertible {
  /// `0x` and forty lower-case digits.
  public var description: String { "0x" + bytes.hexadecimal }
}

extension [UInt8] {
  /// Reads pairs of hexadecimal digits; nil where they are anything else.
  init?(hexadecimal digits: some Collection<UInt8>) {
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 2)
    var pending: UInt8?
    for digit in digits {
      let value: UInt8
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): value = digit - UInt8(ascii: "A") + 10
      default: return nil
      }
      if let upper = pending {
        bytes.append(upper << 4 | value)
        pending = nil
      } else {
        pending = value
      }
    }
    self = bytes
  }

  /// Two lower-case digits a byte.
  public var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(count * 2)
    for byte in self {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}

/// A 20-byte account address of Hyperliquid.
public struct AccountAddress: Hashable, Comparable, Sendable {
  private let high: UInt64
  private let middle: UInt64
  private let low: UInt32

  /// Reads 40 hexadecimal digits of either case, with or without `0x`; nil for anything else.
  public init?(_ text: some Collection<UInt8>) {
    var digits = text[...]
    if digits.count == 42 {
      guard digits.first == UInt8(ascii: "0") else { return nil }
      digits = digits.dropFirst()
      guard digits.first == UInt8(ascii: "x") || digits.first == UInt8(ascii: "X") else {
        return nil
      }
      digits = digits.dropFirst()
    }
    guard digits.count == 40 else { return nil }
    var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
    var index = 0
    for byte in digits {
      guard let digit = byte.hexadecimalValue else { return nil }
      switch index {
      case 0..<16: words.0 = words.0 << 4 | UInt64(digit)
      case 16..<32: words.1 = words.1 << 4 | UInt64(digit)
      default: words.2 = words.2 << 4 | UInt64(digit)
      }
      index += 1
    }
    high = words.0
    middle = words.1
    low = UInt32(truncatingIfNeeded: words.2)
  }

  /// Reads a string; see ``init(_:)-(Collection<UInt8>)``.
  public init?(_ text: String) { self.init(text.utf8) }

  /// The address whose last eight bytes are `number`, for tests and scenarios.
  public init(number: UInt64) {
    high = 0
    middle = number >> 32
    low = UInt32(truncatingIfNeeded: number)
  }

  /// Orders by value.
  public static func < (lhs: Self, rhs: Self) -> Bool {
    if lhs.high != rhs.high { return lhs.high < rhs.high }
    return lhs.middle != rhs.middle ? lhs.middle < rhs.middle : lhs.low < rhs.low
  }

  /// Appends `0x` and 40 lower-case digits.
  func append(to bytes: inout [UInt8]) {
    bytes.append(contentsOf: [UInt8(ascii: "0"), UInt8(ascii: "x")])
    bytes.appendHexadecimal(high, digits: 16)
    bytes.appendHexadecimal(middle, digits: 16)
    bytes.appendHexadecimal(UInt64(low), digits: 8)
  }
}

extension AccountAddress: CustomStringConvertible {
  /// `0x` and 40 lower-case hexadecimal digits, as the venue prints it.
  public var description: String {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension UInt8 {
  /// The value of this ASCII digit in base 16, or nil.
  var hexadecimalValue: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

extension [UInt8] {
  /// Appends the lowest `digits` hexadecimal digits of `word`, lower case, zero padded.
  mutating func appendHexadecimal(_ word: UInt64, digits: Int) {
    for index in stride(from: digits - 1, through: 0, by: -1) {
      let digit = UInt8(truncatingIfNeeded: word >> UInt64(4 * index)) & 15
      append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
  }
}

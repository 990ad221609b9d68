public import Venues

/// An account of Hyperliquid, as its clients name it.
public typealias AccountAddress = Address

extension Address {
  /// Reads the venue's text form from a document; see ``init(_:)-(String)``.
  init?(_ text: JSONText) { self.init(String(text)) }
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

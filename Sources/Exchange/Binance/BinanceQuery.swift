import Market

/// The parameters of a call.
struct BinanceQuery: Hashable, Sendable {
  private var values: [String: String] = [:]

  /// Reads `a=1&b=2`; of a name that comes twice, the first counts.
  init(_ text: String) {
    for pair in text.split(separator: "&").prefix(32) {
      let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = Self.decoded(halves[0])
      guard values[name] == nil else { continue }
      values[name] = halves.count > 1 ? Self.decoded(halves[1]) : ""
    }
  }

  /// A parameter; nil where it is missing or empty.
  subscript(name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

  /// A parameter that is digits; nil where it is missing.
  func number(_ name: String) throws(BinanceRefusal) -> Int64? {
    guard let text = self[name] else { return nil }
    guard text.utf8.count <= 20, text.utf8.allSatisfy({ (48...57).contains($0) }) else {
      throw .illegal(name)
    }
    guard let value = Int64(text) else { throw .invalid(name) }
    return value
  }

  /// A time in milliseconds, 1970 to 2199; nil where it is missing.
  func time(_ name: String) throws(BinanceRefusal) -> Instant? {
    guard let value = try number(name) else { return nil }
    guard value < 7_258_118_400_000 else { throw .invalid(name) }
    return Instant(milliseconds: value)
  }

  /// How many rows are asked for.
  func limit(_ usual: Int, most: Int64) throws(BinanceRefusal) -> Int {
    guard let value = try number("limit") else { return usual }
    guard (1...most).contains(value) else { throw .invalid("limit") }
    return Int(value)
  }

  private static func decoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

import Market

/// The parameters of a call.
struct BinanceQuery: Sendable {
  private let query: CallQuery

  /// Reads `a=1&b=2`; of a name that comes twice, the first counts.
  init(_ text: String) { query = CallQuery(text) }

  /// A parameter; nil where it is missing or empty.
  subscript(name: String) -> String? { query[name].flatMap { $0.isEmpty ? nil : $0 } }

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
}

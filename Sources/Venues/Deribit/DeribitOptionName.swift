public import Market

/// What the name of an option says: `BTC-5JUN26-100000-C`, `XRP_USDC-25SEP26-1d52-P`.
public struct DeribitOptionName: Hashable, Sendable {
  /// The underlying.
  public let underlying: Symbol
  /// Whether it is settled in USDC instead of the coin.
  public let isLinear: Bool
  /// 08:00 UTC of the day that it names.
  public let expiry: Instant
  /// The strike.
  public let strike: Price
  /// Whether it is a call.
  public let isCall: Bool

  /// Names an option; `expiry` is at 08:00 UTC.
  public init(underlying: Symbol, isLinear: Bool, expiry: Instant, strike: Price, isCall: Bool) {
    self.underlying = underlying
    self.isLinear = isLinear
    self.expiry = expiry
    self.strike = strike
    self.isCall = isCall
  }

  /// Reads a name; nil where it is not that of an option, as a combination's is not.
  public init?(_ name: some Collection<UInt8>) {
    guard name.count <= 48 else { return nil }
    let parts = name.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    let pair = parts[0].split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
    guard pair.count == 1 || (pair.count == 2 && pair[1].elementsEqual("USDC".utf8)),
      let underlying = Symbol(pair[0]), let day = Self.date(Array(parts[1])),
      let strike = Self.strike(parts[2]), parts[3].count == 1, let side = parts[3].first,
      side == UInt8(ascii: "C") || side == UInt8(ascii: "P")
    else { return nil }
    self.underlying = underlying
    isLinear = pair.count == 2
    expiry = day.start + .hours(8)
    self.strike = strike
    isCall = side == UInt8(ascii: "C")
  }

  private static let months: [StaticString] = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
  ]

  /// The day that `5JUN26` names; a day below ten has one digit.
  private static func date(_ text: [UInt8]) -> CivilDate? {
    guard text.count == 6 || text.count == 7, let first = text.first,
      first != UInt8(ascii: "0"), let day = number(text.dropLast(5)),
      let year = number(text.suffix(2))
    else { return nil }
    let name = text.dropLast(2).suffix(3)
    guard let month = months.firstIndex(where: { $0.description.utf8.elementsEqual(name) })
    else { return nil }
    return CivilDate(year: 2_000 + year, month: month + 1, day: day)
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    var number = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      number = number * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return digits.isEmpty ? nil : number
  }

  private static func strike(_ text: some Collection<UInt8>) -> Price? {
    guard !text.contains(UInt8(ascii: ".")) else { return nil }
    let decimal = text.map { $0 == UInt8(ascii: "d") ? UInt8(ascii: ".") : $0 }
    guard let strike = try? Price(decimal: decimal), strike > .zero else { return nil }
    return strike
  }

  /// The day of an expiry as names have it: `5JUN26`.
  public static func day(of expiry: Instant) -> String {
    let date = expiry.date
    let year = date.year % 100
    return "\(date.day)\(months[date.month - 1])\(year < 10 ? "0" : "")\(year)"
  }
}

extension DeribitOptionName: CustomStringConvertible {
  /// The name.
  public var description: String {
    let strike = strike.description.replacing(".", with: "d")
    return "\(underlying)\(isLinear ? "_USDC" : "")-\(Self.day(of: expiry))-\(strike)"
      + (isCall ? "-C" : "-P")
  }
}

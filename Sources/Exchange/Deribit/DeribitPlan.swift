public import Market

/// What Deribit tells of the markets that have options there; shares are in parts per million.
public struct DeribitPlan: Hashable, Sendable {
  /// Which side of the chain holds more.
  public enum Gamma: String, Hashable, Sendable, CaseIterable {
    /// Calls: dealers who are long calls and short puts are long gamma.
    case positive
    /// Puts: they are short gamma.
    case negative
  }

  /// Implied volatility a year at the money.
  public var volatility: Int64 = 550_000
  /// How far the volatility of one reading strays.
  public var volatilityNoise: Int64 = 10_000
  /// What a strike one tenth away from the money has more, as a share of the volatility.
  public var smile: Int64 = 50_000
  /// Which side holds more.
  public var gamma = Gamma.positive
  /// Open interest of the options at the money, in coins.
  public var openInterest = Quantity(whole: 500)
  /// The defaults.
  public init() {}

  /// How often the chain is told.
  public static let chainInterval = Interval.minutes(15)
  /// How often the volatility index is told.
  public static let indexInterval = Interval.minutes(5)
  /// Which underlyings have options.
  public static let underlyings: [Symbol] = ["BTC", "ETH"]
}

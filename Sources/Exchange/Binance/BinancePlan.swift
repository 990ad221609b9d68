public import Market

/// What Binance tells of every market; shares are in parts per million.
public struct BinancePlan: Hashable, Sendable {
  /// How far takers lean on average: 1,000,000 buys only, −1,000,000 sells only.
  public var imbalance: Int64 = 0
  /// How far the lean of a minute strays from the average.
  public var imbalanceNoise: Int64 = 300_000
  /// Open interest at the start, in coins.
  public var openInterest = Quantity(whole: 80_000)
  /// How much open interest grows a day.
  public var openInterestTrend: Int64 = 0
  /// How far one reading of open interest strays from the one before.
  public var openInterestNoise: Int64 = 500
  /// The mean funding rate of eight hours.
  public var fundingRate: Int64 = 100
  /// How far one rate strays from the mean.
  public var fundingNoise: Int64 = 50
  /// The defaults: a balanced tape over flat open interest.
  public init() {}

  /// How often open interest is told.
  public static let openInterestInterval = Interval.minutes(5)
  /// How often funding is settled.
  public static let fundingInterval = Interval.hours(8)
}

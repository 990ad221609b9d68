public import Market

/// What Coinbase tells of every market and of the stablecoin; shares are in parts per million.
public struct CoinbasePlan: Hashable, Sendable {
  /// How far the perpetual trades above spot on average.
  public var premium: Int64 = 200
  /// How far the premium of one sample strays from what it reverts to.
  public var premiumNoise: Int64 = 100
  /// The largest shock to the premium, either way; it fades by a sixteenth a sample.
  public var shock: Int64 = 2_000
  /// The mean number of shocks a day.
  public var shocksPerDay: Int64 = 0
  /// How far the stablecoin is from a dollar.
  public var stablecoinOffset: Int64 = 0
  /// The defaults: a small steady premium.
  public init() {}

  /// How often spot is sampled.
  public static let interval = Interval.seconds(30)
}

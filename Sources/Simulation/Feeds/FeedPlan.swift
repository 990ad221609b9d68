public import Market

/// What other venues tell the strategies in a scenario: made from the true prices of its market,
/// and handed to the engine past the wire; nil where a venue is silent.
public struct FeedPlan: Hashable, Sendable {
  /// Taker splits, open interest and funding.
  public var binance: BinancePlan?
  /// Spot prices, the stablecoin's too.
  public var coinbase: CoinbasePlan?
  /// Option chains and a volatility index.
  public var deribit: DeribitPlan?
  /// Nobody tells anything.
  public init() {}

  /// Who tells something.
  public var venues: [Venue] {
    var venues: [Venue] = []
    if binance != nil { venues.append(.binance) }
    if coinbase != nil { venues.append(.coinbase) }
    if deribit != nil { venues.append(.deribit) }
    return venues
  }

  /// How long what a venue tells is on its way.
  func delay(of venue: Venue) -> FeedDelay {
    switch venue {
    case .binance: binance?.delay ?? FeedDelay()
    case .coinbase: coinbase?.delay ?? FeedDelay()
    case .deribit: deribit?.delay ?? FeedDelay()
    case .hyperliquid: FeedDelay()
    }
  }
}

/// How long a message of a feed takes.
public struct FeedDelay: Hashable, Sendable {
  /// The least time.
  public var latency = Interval.milliseconds(150)
  /// At most this much more, evenly spread.
  public var jitter = Interval.milliseconds(100)
  /// The defaults.
  public init() {}
}

/// What Binance tells of every market; shares are in parts per million.
public struct BinancePlan: Hashable, Sendable {
  /// How long it takes.
  public var delay = FeedDelay()
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

/// What Coinbase tells of every market and of the stablecoin; shares are in parts per million.
public struct CoinbasePlan: Hashable, Sendable {
  /// How long it takes.
  public var delay = FeedDelay()
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

/// What Deribit tells of the markets that have options there; shares are in parts per million.
public struct DeribitPlan: Hashable, Sendable {
  /// Which side of the chain holds more.
  public enum Gamma: String, Hashable, Sendable, CaseIterable {
    /// Calls: dealers who are long calls and short puts are long gamma.
    case positive
    /// Puts: they are short gamma.
    case negative
  }

  /// How long it takes.
  public var delay = FeedDelay()
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

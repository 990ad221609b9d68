public import Exchange
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
  /// How long messages of a venue take, where it is not the default.
  public var delays: [Venue: FeedDelay] = [:]
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
  func delay(of venue: Venue) -> FeedDelay { delays[venue] ?? FeedDelay() }
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

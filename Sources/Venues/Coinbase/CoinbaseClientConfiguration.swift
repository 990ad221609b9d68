public import Market

/// What a Coinbase client is to do, and how patiently.
public struct CoinbaseClientConfiguration: Hashable, Sendable {
  /// The perpetuals whose spot is wanted, and ``Market/Name/stablecoin`` where it is.
  public var symbols: [Symbol]
  /// The candles to make of the samples; their symbols are among ``symbols``.
  public var series: [CandleSeries]
  /// The owner of every timer that the client sets.
  public var timerOwner: UInt8
  /// Moves the jitter of every wait.
  public var seed: UInt64

  /// How often to ask for each price, at whole multiples of it by the wall clock.
  public var pollInterval: Interval = .seconds(30)
  /// The time between two requests of one round, which keeps a round under the venue's rate.
  public var spread: Interval = .milliseconds(125)
  /// How often to read the list of products, whose flags say whether a price can be trusted.
  public var listingInterval: Interval = .hours(1)
  /// How often to read it while a wanted product does not trade.
  public var closedListingInterval: Interval = .minutes(5)
  /// How the stablecoin is priced.
  public var stablecoin = StablecoinCross()
  /// A ticker whose last trade is older than this is not believed: the market stands still, or the
  /// answer comes from a cache.
  public var staleTradeLimit: Interval = .minutes(10)
  /// How far our wall clock and the venue's may be apart.
  public var clockTolerance: Interval = .seconds(30)
  /// The widest distance between bid and ask whose middle is a price, in parts per million of it.
  public var widestSpread: Int64 = 20_000
  /// How far apart the samples of the two legs of the stablecoin's price may be.
  public var legDistance: Interval = .seconds(5)

  /// The share of a candle's samples, in parts per million, below which it is not told: what they
  /// saw of its range is too little to be called its candle.
  public var leastCoverage: Int64 = 750_000
  /// How long after its close a candle is told although no later sample came.
  public var closeGrace: Interval = .seconds(5)
  /// How many closed candles of each series to read from the venue's history at the start; with
  /// any, a candle that the samples do not cover is asked for as well.
  public var historyCandles = 0

  /// How long to wait for an answer.
  public var timeout: Interval = .seconds(10)
  /// Waits between attempts of a request.
  public var retry = BackOff(first: .seconds(1), longest: .seconds(60))
  /// Waits after a 429 that names none: one to two seconds at first, since Coinbase promises no
  /// `Retry-After`.
  public var throttle = BackOff(first: .seconds(2), longest: .seconds(60))
  /// Waits after a 403 or 418 that names none: the address is turned away, and asking on makes it
  /// worse.
  public var ban = BackOff(first: .minutes(5), longest: .hours(1))
  /// Requests a second that we allow ourselves; the venue allows ten.
  public var requestsPerSecond: Int64 = 8
  /// Requests at once that we allow ourselves; the venue allows fifteen.
  public var burst: Int64 = 10
  /// The largest body.
  public var limits = JSONLimits()

  /// Describes a client; symbols of `series` that `symbols` lacks are added.
  public init(
    symbols: [Symbol], series: [CandleSeries] = [], timerOwner: UInt8, seed: UInt64
  ) {
    self.symbols = Array(Set(symbols + series.map(\.symbol))).sorted()
    self.series = Array(Set(series)).sorted()
    self.timerOwner = timerOwner
    self.seed = seed
  }
}

/// The two products whose ratio prices the stablecoin in dollars.
///
/// Coinbase keeps one book for dollars and USDC, so it lists no `USDC-USD`, and a pair quoted in
/// either cannot part from the other. What still can are two pairs of a third coin: its price in
/// dollars over its price in USDC is what a USDC is worth, whatever the third coin is worth itself.
public struct StablecoinCross: Hashable, Sendable {
  /// The third coin in dollars.
  public var inDollars = "USDT-USD"
  /// The third coin in the stablecoin.
  public var inStablecoin = "USDT-USDC"
  /// The defaults: by way of Tether, the only coin that has liquid books in both.
  public init() {}
}

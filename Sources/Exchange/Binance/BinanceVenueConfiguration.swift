public import Market

/// A perpetual margined in USDT, as the venue lists it.
public struct BinanceListing: Hashable, Sendable {
  /// The coin.
  public let symbol: Symbol
  /// The smallest step of a price.
  public var tick: Price
  /// The smallest step of a size.
  public var lot: Quantity
  /// How many places a price is printed with at least.
  public var pricePlaces: Int
  /// How many places a size is printed with at least.
  public var sizePlaces: Int

  /// Lists a coin with the venue's steps where they are known, and fine ones elsewhere.
  ///
  /// Sizes follow the one true market, whose lots are finer than the venue's own.
  public init(_ symbol: Symbol) {
    self.symbol = symbol
    (tick, lot, pricePlaces, sizePlaces) =
      switch symbol {
      case "BTC": ("0.1", "0.00001", 2, 5)
      case "ETH": ("0.01", "0.0001", 2, 4)
      case "SOL": ("0.0001", "0.01", 4, 2)
      default: ("0.00000001", "0.00000001", 4, 0)
      }
  }

  /// The venue's name of the contract.
  public var pair: String { symbol.description + "USDT" }
}

/// What one address may do at the venue.
public struct BinanceLimits: Hashable, Sendable {
  /// Request weight in a minute.
  public var weightPerMinute: Int64 = 2_400
  /// Requests for statistics in five minutes.
  public var statisticsPerFiveMinutes: Int64 = 1_000
  /// Requests for funding in five minutes.
  public var fundingPerFiveMinutes: Int64 = 500
  /// How many refusals in a minute end in a ban.
  public var refusalsBeforeBan = 10
  /// Connections in five minutes.
  public var connectionsPerFiveMinutes: Int64 = 300
  /// Frames in a second on one connection.
  public var framesPerSecond = 10
  /// The documented limits.
  public init() {}
}

/// How a simulated Binance is set up.
public struct BinanceVenueConfiguration: Sendable {
  /// When it opens.
  public var start: Instant
  /// The perpetuals.
  public var listings: [BinanceListing]
  /// What its flow, open interest and funding are like.
  public var plan: BinancePlan
  /// Its limits; nil counts without refusing.
  public var limits: BinanceLimits? = BinanceLimits()
  /// How often it looks at the market and publishes.
  public var cadence: Interval = .seconds(1)
  /// How long after its stamp a reading of open interest is in the history.
  public var openInterestLag: Interval = .seconds(5)
  /// How often a connection is pinged.
  public var pingInterval: Interval = .minutes(3)
  /// How long a connection lives without a pong.
  public var pongLimit: Interval = .minutes(10)
  /// How long a connection lives.
  public var connectionLife: Interval = .hours(24)
  /// The most streams on one connection.
  public var streamsPerConnection = 1_024
  /// The most connections; one more is closed at once.
  public var connections = 1_024
  /// The address that error texts name.
  public var address = "127.0.0.1"

  /// Lists `symbols`, in this order.
  public init(start: Instant, symbols: [Symbol], plan: BinancePlan = BinancePlan()) {
    self.start = start
    listings = symbols.map(BinanceListing.init)
    self.plan = plan
  }
}

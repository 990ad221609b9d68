public import Market

/// One candle stream.
public struct CandleSeries: Hashable, Comparable, Sendable {
  /// What trades.
  public let symbol: Symbol
  /// The length of its candles.
  public let timeframe: Timeframe
  /// Names a stream.
  public init(symbol: Symbol, timeframe: Timeframe) {
    self.symbol = symbol
    self.timeframe = timeframe
  }
  /// Orders by symbol, then length.
  public static func < (lhs: Self, rhs: Self) -> Bool {
    lhs.symbol != rhs.symbol ? lhs.symbol < rhs.symbol : lhs.timeframe < rhs.timeframe
  }
}

/// Which public channels besides candles a client subscribes to.
public struct MarketStreams: OptionSet, Hashable, Sendable {
  /// The bits.
  public let rawValue: UInt8
  /// Makes a set from bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Public trades of each symbol.
  public static let trades = MarketStreams(rawValue: 1)
  /// The best bid and offer of each symbol.
  public static let quotes = MarketStreams(rawValue: 2)
  /// Twenty levels of each symbol.
  public static let books = MarketStreams(rawValue: 4)
  /// Reference figures of each symbol.
  public static let contexts = MarketStreams(rawValue: 8)
  /// Every mid, in one stream.
  public static let mids = MarketStreams(rawValue: 16)
  /// All of them.
  public static let all: MarketStreams = [.trades, .quotes, .books, .contexts, .mids]
}

/// How long to wait before the next attempt.
public struct BackOff: Hashable, Sendable {
  /// The wait after the first failure.
  public var first: Interval
  /// The longest wait; doubling ends there.
  public var longest: Interval

  /// Makes a rule; waits double from `first` to `longest`.
  public init(first: Interval, longest: Interval) {
    self.first = first
    self.longest = longest
  }

  /// The wait before attempt `attempt` + 1, from half to all of the doubled wait.
  ///
  /// The jitter is a function of `seed` and `attempt`, so that a run repeats and two engines part.
  public func wait(after attempt: Int, seed: UInt64) -> Interval {
    var ceiling = max(first.nanoseconds, 1)
    let limit = max(longest.nanoseconds, ceiling)
    for _ in 1..<max(attempt, 1) where ceiling < limit {
      ceiling = ceiling > limit / 2 ? limit : ceiling * 2
    }
    let half = UInt64(ceiling) / 2
    // SplitMix64's finaliser over the seed and the attempt.
    var word = seed &+ UInt64(bitPattern: Int64(attempt)) &* 0x9e37_79b9_7f4a_7c15
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    word ^= word >> 31
    return Interval(nanoseconds: ceiling - Int64(half) + Int64(word % (half + 1)))
  }
}

/// What a Hyperliquid client is to do, and how patiently.
public struct HyperliquidClientConfiguration: Hashable, Sendable {
  /// The perpetuals.
  public var symbols: [Symbol]
  /// The candle streams; their symbols are among ``symbols``.
  public var series: [CandleSeries]
  /// The other public channels.
  public var streams: MarketStreams = .all
  /// Whose orders and fills to follow; nil for market data alone.
  public var user: Address?
  /// The owner of every timer that the client sets.
  public var timerOwner: UInt8
  /// Moves the jitter of every wait.
  public var seed: UInt64

  /// Waits between connection attempts.
  public var reconnect = BackOff(first: .milliseconds(500), longest: .seconds(30))
  /// Waits between attempts of a request for information, and after a 429 without `Retry-After`.
  public var retry = BackOff(first: .seconds(1), longest: .seconds(60))
  /// How long a connection lives before the count of attempts starts again.
  public var stableAfter: Interval = .seconds(60)
  /// How long a connection may take to open and to acknowledge every subscription.
  public var handshakeLimit: Interval = .seconds(15)
  /// How long no data may come before the connection is given up.
  public var silenceLimit: Interval = .seconds(30)
  /// How often to ping; a ping without any frame until the next one ends the connection.
  public var pingInterval: Interval = .seconds(20)
  /// How long to wait for an answer to a request for information.
  public var infoTimeout: Interval = .seconds(10)
  /// How long to wait for an answer to an action.
  public var actionTimeout: Interval = .seconds(10)
  /// How long after sending the venue may still accept an order.
  public var orderLifetime: Interval = .seconds(10)
  /// How far our wall clock and the venue's may be apart, and how long the venue may take to show
  /// what it did: added before "no such order" or "the candle is over" is believed.
  public var clockTolerance: Interval = .seconds(2)
  /// How often to read the list of perpetuals again.
  public var metaInterval: Interval = .hours(1)
  /// The venue's request weight in any minute.
  public var weightPerMinute: Int = 1_200
  /// The share of it that only cancels and reduce-only orders may use.
  public var reservedWeight: Int = 200
  /// How many of the address's actions are kept for cancels and reduce-only orders, once the venue
  /// has said how many there are.
  public var reservedActions: Int = 500
  /// How far our wall clock and the venue's times may be apart before it is told.
  public var clockAlarm: Interval = .minutes(1)
  /// The largest frame or body.
  public var limits = JSONLimits()
  /// Executions before this time are history that the owner already knows.
  public var fillsSince = Instant(nanoseconds: 0)
  /// The smallest nonce to use: above every one that an earlier run may have used.
  public var nonceFloor: UInt64 = 0

  /// Describes a client; symbols of `series` that `symbols` lacks are added.
  public init(
    symbols: [Symbol], series: [CandleSeries], user: Address? = nil, timerOwner: UInt8,
    seed: UInt64
  ) {
    self.symbols = Array(Set(symbols + series.map(\.symbol))).sorted()
    self.series = Array(Set(series)).sorted()
    self.user = user
    self.timerOwner = timerOwner
    self.seed = seed
  }
}

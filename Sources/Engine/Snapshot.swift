public import Market

/// What an engine believes, for oracles, health and people; never read back by the engine.
public struct Snapshot: Hashable, Sendable {
  /// The run's epoch.
  public var epoch: UInt32
  /// The latest wall time seen.
  public var wall: Instant
  /// The latest monotonic time seen.
  public var monotonic: Monotonic
  /// Money; nil until the opening balance is known.
  public var account: AccountRecord?
  /// Cash plus unrealised profit at the last marks.
  public var equity: Money
  /// Open positions, by id.
  public var positions: [PositionRecord]
  /// Orders that are not terminal, by client id.
  public var orders: [OrderRecord]
  /// The kill switch.
  public var killSwitch: KillSwitchRecord?
  /// Breakers that pause entries now.
  public var trippedBreakers: [BreakerRecord]
  /// Open drift alerts.
  public var drifts: [DriftRecord]
  /// Whether the execution venue's stream is connected, subscribed and fresh.
  public var isFeedLive: Bool
  /// Frames, answers and events that were rejected, by `venue.channel.reason`, in order of name.
  public var rejections: [Rejection]
  /// The newest closed candle of each series.
  public var newestCandles: [Candle]
  /// Decisions made in this run.
  public var decisionCount: Int
  /// Signals in this run.
  public var signalCount: Int
  /// Sizes of every queue and map that could grow, against their caps (S19).
  public var loads: [Load]
  /// The last price that each symbol is marked at.
  public var marks: [Mark]

  /// Rejected input of one kind.
  public struct Rejection: Hashable, Sendable {
    /// `hyperliquid.candle.price`.
    public let kind: String
    /// How often.
    public var count: Int
    /// Makes a count.
    public init(kind: String, count: Int) {
      self.kind = kind
      self.count = count
    }
  }

  /// How full something is.
  public struct Load: Hashable, Sendable {
    /// What.
    public let name: String
    /// How many elements it holds.
    public let count: Int
    /// How many it may hold.
    public let limit: Int
    /// Makes a load.
    public init(name: String, count: Int, limit: Int) {
      self.name = name
      self.count = count
      self.limit = limit
    }
  }

  /// A price to value positions at.
  public struct Mark: Hashable, Sendable {
    /// Of what.
    public let symbol: Symbol
    /// The price.
    public let price: Price
    /// When it was last set.
    public let time: Monotonic
    /// Makes a mark.
    public init(symbol: Symbol, price: Price, time: Monotonic) {
      self.symbol = symbol
      self.price = price
      self.time = time
    }
  }
}

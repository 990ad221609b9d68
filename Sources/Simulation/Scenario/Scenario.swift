public import Choice
public import Engine
public import Exchange
public import Market

/// A world, what goes wrong in it, and what must hold all the same; the content of one file.
public struct Scenario: Sendable {
  /// A short name in kebab case.
  public var name: String
  /// What it shows, and whose question it answers.
  public var about: String
  /// Where it was read, as given; empty where it was made in memory.
  public var path: String
  /// The seeds that a plain run uses.
  public var seeds: ClosedRange<UInt64>
  /// Choices that replay before the seed goes on; nil for a seeded run.
  public var choices: RecordedChoices?
  /// The first instant of the world.
  public var start: Instant
  /// How long the storm phase lasts.
  public var duration: Interval
  /// How long the world may take to converge once the faults are healed.
  public var settle: Interval
  /// What the engine is told.
  public var engine: EngineConfiguration
  /// Signals that the scripted strategy gives; nil where it does not run.
  public var script: Script?
  /// What is listed, and how prices move.
  public var market: MarketPlan
  /// How the venue behaves.
  public var venue: VenuePlan
  /// How the way between engine and venue behaves.
  public var link: LinkPlan
  /// Candles that another venue tells of.
  public var foreign: [ForeignFeed]
  /// What other venues tell the strategies.
  public var feeds: FeedPlan
  /// What goes wrong.
  public var faults: [FaultPlan]
  /// Faults that are not healed when the storm ends.
  public var frozen: [FaultKind]
  /// What an operator does.
  public var operations: [Operation]
  /// Where records go.
  public var disk: DiskKind
  /// What must hold beside the oracles.
  public var expectations: Expectations
}

/// What the scripted strategy does.
public struct Script: Hashable, Sendable {
  /// The candles whose close it decides at.
  public var trigger: Timeframe
  /// Timeframes that it declares besides.
  public var watched: [Timeframe]
  /// Its signals.
  public var signals: [ScriptedSignal]
}

/// A signal that the scripted strategy gives at a candle's close.
public struct ScriptedSignal: Hashable, Sendable {
  /// The candle close, counted from the start of the world.
  public var at: Interval
  /// In what.
  public var symbol: Symbol
  /// Long or short.
  public var side: Side
  /// The stop's distance from the close, in parts per million.
  public var stop: Int64
  /// The target's distance from the close, in parts per million.
  public var target: Int64
  /// How long after the close the position is closed whatever happened.
  public var hold: Interval
  /// The other leg of a pair, traded on the other side; nil for a trade in one symbol.
  public var other: Symbol?
  /// Notional of the other leg for one of the first.
  public var hedge: Fraction

  /// Makes a signal.
  public init(
    at: Interval, symbol: Symbol, side: Side, stop: Int64, target: Int64, hold: Interval,
    other: Symbol? = nil, hedge: Fraction = "1"
  ) {
    self.at = at
    self.symbol = symbol
    self.side = side
    self.stop = stop
    self.target = target
    self.hold = hold
    self.other = other
    self.hedge = hedge
  }
}

/// What is listed at the venue, and how its price moves.
public struct MarketPlan: Sendable {
  /// One market.
  public struct Listing: Sendable {
    /// The contract and the liquidity around its price.
    public var listing: PerpetualListing
    /// How the price moves.
    public var model: PriceModel
  }
  /// Every market, in order of symbol.
  public var listings: [Listing] = []
  /// How far back the venue's history goes.
  public var history = HistoryDepth()
}

/// How the simulated venue behaves.
public struct VenuePlan: Hashable, Sendable {
  /// The engine's deposit at the start.
  public var deposit = Money(whole: 10_000)
  /// The time between blocks.
  public var blockInterval = Interval.seconds(1)
  /// How often each kind of frame leaves.
  public var cadence = PublicationCadence()
  /// Budgets of calls; nil counts without refusing.
  public var rateLimits: VenueRateLimits?
  /// Whether order and fill frames leave before the reply.
  public var framesBeforeReplies = false
  /// The defaults.
  public init() {}
}

/// How long messages take between engine and venue.
public struct LinkPlan: Hashable, Sendable {
  /// The least time one way.
  public var latency = Interval.milliseconds(40)
  /// At most this much more, evenly spread.
  public var jitter = Interval.milliseconds(20)
  /// How often a message takes ``tailLatency`` more.
  public var tail = Ratio.never
  /// What a slow message takes more.
  public var tailLatency = Interval.seconds(1)
  /// How long a host waits for a connection that is not answered.
  public var connectTimeout = Interval.seconds(10)
  /// The defaults.
  public init() {}
}

/// Closed candles of another venue, made from the true prices of this one.
public struct ForeignFeed: Hashable, Sendable {
  /// Whose name they carry.
  public var venue: Venue
  /// Of what.
  public var symbol: Symbol
  /// How long each is.
  public var timeframe: Timeframe
  /// How long after the close each arrives; under the venue's own delay it comes first.
  public var delay: Interval
  /// How far its prices are off, in parts per million.
  public var offset: Int64
  /// From when on, counted from the start of the world.
  public var from: Interval
  /// Until when.
  public var until: Interval
}

/// Where a run's records go.
public enum DiskKind: UInt8, Hashable, Sendable {
  /// Folded in memory.
  case memory = 0
  /// Folded in memory and written to SQLite; every recovery compares the two.
  case sqlite = 1
}

/// Something that an operator does.
public struct Operation: Hashable, Sendable {
  /// When, counted from the start of the world.
  public var at: Interval
  /// What.
  public var command: OperatorCommand
  /// Makes an operation.
  public init(at: Interval, command: OperatorCommand) {
    self.at = at
    self.command = command
  }
}

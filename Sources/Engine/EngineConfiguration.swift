public import Market
public import Risk

/// How orders reach a market.
public enum ExecutionMode: Hashable, Sendable {
  /// Simulated fills with stated costs; no order leaves.
  case paper(PaperConfiguration)
  /// Orders at Hyperliquid; needs ``ArbitrationPolicy/batch``.
  case exchange(ExchangeConfiguration)
}

/// What the paper executor assumes.
public struct PaperConfiguration: Hashable, Sendable {
  /// Cash at the start.
  public var openingBalance = Money(whole: 10_000)
  /// Entry slippage in basis points.
  public var entrySlippageBasisPoints: Int64 = 5
  /// Stop and market-exit slippage in basis points.
  public var stopSlippageBasisPoints: Int64 = 10
  /// Taker fee in tenths of a basis point: 45 is the venue's base tier, 0.045 %.
  public var takerFeeTenthsOfBasisPoint: Int64 = 45
  /// From the decision to the fill.
  public var latency = Interval.milliseconds(500)
  /// The defaults of `strategies.md`.
  public init() {}
}

/// How orders are sent to Hyperliquid.
public struct ExchangeConfiguration: Hashable, Sendable {
  /// How far past the entry an immediate order may reach, in basis points.
  public var entryReachBasisPoints: Int64 = 50
  /// How far past its trigger a stop may fill, in basis points: the venue's own bound is 10 %.
  public var stopReachBasisPoints: Int64 = 500
  /// After this an unanswered order is asked about, by client id.
  public var answerTimeout = Interval.seconds(5)
  /// How long an order that the venue does not know may still turn up there.
  public var visibilityBound = Interval.seconds(20)
  /// How often positions and orders are compared with the venue's.
  public var reconciliationInterval = Interval.seconds(60)
  /// How long a filled entry may be without a resting stop before the position is closed.
  public var protectionDeadline = Interval.seconds(10)
  /// How far ahead the venue's dead-man's cancel is kept; nil leaves it off.
  public var scheduledCancel: Interval?
  /// Whether actions are computed and recorded but not sent.
  public var isDryRun = false
  /// Conservative defaults.
  public init() {}
}

/// What happens to several signals at one time.
public enum ArbitrationPolicy: UInt8, Hashable, Sendable {
  /// Each signal goes to the gate by itself, as in the source system.
  case independent = 0
  /// Signals of one time are weighed together (`strategies.md` section 4.1).
  case batch = 1
}

/// A symbol that the engine watches.
public struct SymbolConfiguration: Hashable, Sendable {
  /// What the venue is expected to say about it.
  public let instrument: Instrument
  /// Whether orders may be made for it; otherwise it is data only.
  public let isTradable: Bool
  /// Makes a configuration.
  public init(instrument: Instrument, isTradable: Bool = true) {
    self.instrument = instrument
    self.isTradable = isTradable
  }
}

/// Everything that decides how an engine behaves; part of a run's identity.
public struct EngineConfiguration: Hashable, Sendable {
  /// What it watches, in order of name.
  public var symbols: [SymbolConfiguration]
  /// Which strategies run, by id.
  public var strategies: [StrategyID]
  /// How orders reach a market.
  public var execution: ExecutionMode
  /// What happens to several signals at one time.
  public var arbitration: ArbitrationPolicy
  /// The limits of the gate and breakers.
  public var limits: Limits
  /// Whether market data comes over Hyperliquid's wire; off in a replay of candle files.
  public var isConnected = true
  /// Who supplies the strategies' inputs besides candles.
  public var sources = DataSources()
  /// Whether another venue may fill gaps.
  public var acceptsForeignCandles = true
  /// How long after a close the engine waits for the last candles of that close.
  public var closeGrace = Interval.seconds(2)
  /// How old the newest frame of a stream may be before what depends on it is gated.
  public var staleAfter = Interval.seconds(90)
  /// Whether strategies' memories are recorded, which recovery needs; a replay without a store
  /// does without.
  public var recordsStrategyStates = true
  /// How often equity and health are recorded.
  public var heartbeat = Interval.seconds(60)
  /// The venue address of the account in lower-case hex; needed for exchange execution.
  public var account: String?
  /// Seeds the client's reconnect jitter.
  public var jitterSeed: UInt64 = 0

  /// Makes a configuration with the defaults of each value not named.
  public init(
    symbols: [SymbolConfiguration], strategies: [StrategyID], execution: ExecutionMode,
    arbitration: ArbitrationPolicy, limits: Limits
  ) {
    self.symbols = symbols
    self.strategies = strategies
    self.execution = execution
    self.arbitration = arbitration
    self.limits = limits
  }
}

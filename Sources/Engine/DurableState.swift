public import Market
public import Risk

/// Everything that an engine recovers from: the fold of all its records.
///
/// The virtual disk folds records into one as they become durable; `Store` loads an equal one from
/// its tables. Only what a restart needs is kept: rows of finished orders and closed positions
/// stay in the tables.
public struct DurableState: Hashable, Sendable {
  /// The last run; nil on a store that never ran.
  public var run: RunRecord?
  /// Money; nil before the first account record.
  public var account: AccountRecord?
  /// The kill switch; nil before it was ever engaged.
  public var killSwitch: KillSwitchRecord?
  /// Orders that are not terminal, and those of open positions, by client id.
  public var orders: [OrderRecord] = []
  /// Open positions, by id.
  public var positions: [PositionRecord] = []
  /// The newest record of each breaker, by kind.
  public var breakers: [BreakerRecord] = []
  /// Open drift alerts, by symbol.
  public var drifts: [DriftRecord] = []
  /// Each strategy's memory, by strategy then symbol.
  public var strategyStates: [StrategyStateRecord] = []
  /// The newest closed candles of each series, by symbol then timeframe.
  public var candles: [CandleTail] = []
  /// The newest ``fillLimit`` executions, oldest first: what a venue's snapshot may repeat.
  public var fills: [FillRecord] = []
  /// The newest funding payment of each open position, by position.
  public var fundingPayments: [FundingPaymentRecord] = []
  /// The newest decision time of each strategy and symbol, by strategy then symbol.
  public var decisionTimes: [DecisionTime] = []

  /// The newest decision of one strategy about one symbol.
  public struct DecisionTime: Hashable, Sendable {
    /// Who decided.
    public let strategy: StrategyID
    /// About what.
    public let symbol: Symbol
    /// At what decision time.
    public let time: Instant
    /// Makes an entry.
    public init(strategy: StrategyID, symbol: Symbol, time: Instant) {
      self.strategy = strategy
      self.symbol = symbol
      self.time = time
    }
  }

  /// The newest closed candles of one series, in order of open time.
  public struct CandleTail: Hashable, Sendable {
    /// In what.
    public let symbol: Symbol
    /// How long each is.
    public let timeframe: Timeframe
    /// At most twice ``DurableState/candleLimit`` while folding, the limit once normalised.
    public var candles: [Candle]
    /// Makes a tail.
    public init(symbol: Symbol, timeframe: Timeframe, candles: [Candle]) {
      self.symbol = symbol
      self.timeframe = timeframe
      self.candles = candles
    }
  }

  /// How many closed candles of a series are recovered: above every strategy's warm-up.
  public static var candleLimit: Int { 1_000 }
  /// How many executions are recovered: what the venue's fill snapshot may repeat (2,000).
  public static var fillLimit: Int { 2_000 }

  /// The state of an empty store.
  public init() {}
}

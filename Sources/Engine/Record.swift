public import Market
public import Risk
public import Strategies

/// One durable fact.
///
/// The list of all records, in order, is the engine's memory:
/// ``DurableState`` is their fold, and recovery starts from nothing else.
public enum Record: Hashable, Sendable {
  /// A run began.
  case run(RunRecord)
  /// A candle closed.
  case candle(CandleRecord)
  /// A strategy decided.
  case decision(Decision)
  /// What arbitration and the gate made of a signal.
  indirect case signal(SignalRecord)
  /// An order as it now stands; replaces the earlier row of its client id.
  indirect case order(OrderRecord)
  /// An execution; its (symbol, trade id) never repeats.
  indirect case fill(FillRecord)
  /// A position as it now stands; replaces the earlier row of its id.
  indirect case position(PositionRecord)
  /// Money as it now stands; replaces the earlier row.
  indirect case account(AccountRecord)
  /// A point of the equity curve.
  case equity(EquityRecord)
  /// A strategy's memory; replaces the earlier one of the strategy and symbol.
  case strategyState(StrategyStateRecord)
  /// A change of health.
  indirect case health(HealthRecord)
  /// A breaker tripped or ended.
  case breaker(BreakerRecord)
  /// A drift alert opened or closed.
  indirect case drift(DriftRecord)
  /// The kill switch was engaged or lifted; the host also writes or removes its file.
  case killSwitch(KillSwitchRecord)
  /// A funding payment on a position.
  indirect case fundingPayment(FundingPaymentRecord)
  /// Settled funding of the market.
  case funding(Funding)
  /// A spot sample.
  case spot(SpotPrice)
  /// An open-interest reading.
  case openInterest(OpenInterest)
  /// A volatility index.
  case volatilityIndex(VolatilityIndex)
  /// Every option of one underlying.
  indirect case optionChain(OptionChain)
}

/// The start of a run.
public struct RunRecord: Hashable, Sendable {
  /// Counts runs on this store from 1; part of every client id, durable before its first use.
  public let epoch: UInt32
  /// When.
  public let startedAt: Instant
  /// Digest of the effective configuration.
  public let configuration: UInt64
  /// Makes a record.
  public init(epoch: UInt32, startedAt: Instant, configuration: UInt64) {
    self.epoch = epoch
    self.startedAt = startedAt
    self.configuration = configuration
  }
}

/// A candle that closed.
public struct CandleRecord: Hashable, Sendable {
  /// The candle; its venue tells whether it is foreign.
  public let candle: Candle
  /// Whether it came from history or a gap fill rather than live.
  public let isBackfilled: Bool
  /// Makes a record.
  public init(candle: Candle, isBackfilled: Bool) {
    self.candle = candle
    self.isBackfilled = isBackfilled
  }
}

/// What became of a signal.
public struct SignalRecord: Hashable, Sendable {
  /// Who asked.
  public let strategy: StrategyID
  /// For what.
  public let symbol: Symbol
  /// By which setup.
  public let setup: Setup
  /// At which decision time.
  public let time: Instant
  /// What was asked.
  public let signal: Signal
  /// `EXECUTED`, or the arbiter's or gate's reason code.
  public let outcome: String
  /// The entry order, where one was made.
  public let order: ClientOrderID?
  /// Makes a record.
  public init(
    strategy: StrategyID, symbol: Symbol, setup: Setup, time: Instant, signal: Signal,
    outcome: String, order: ClientOrderID?
  ) {
    self.strategy = strategy
    self.symbol = symbol
    self.setup = setup
    self.time = time
    self.signal = signal
    self.outcome = outcome
    self.order = order
  }
}

/// Money as it stands, and the references that the loss limits measure from.
public struct AccountRecord: Hashable, Sendable {
  /// Where the account began.
  public var opening: Money
  /// Profit realised, before fees and funding.
  public var realised: Money
  /// Fees paid.
  public var fees: Money
  /// Funding received less paid.
  public var funding: Money
  /// Equity when the UTC day began.
  public var dayStartEquity: Money
  /// The UTC day of `dayStartEquity`, its first instant.
  public var dayStart: Instant
  /// Equity when the session began.
  public var sessionStartEquity: Money
  /// The highest equity seen, across restarts.
  public var highWaterEquity: Money
  /// Whether the session drawdown has paused entries until an operator resumes.
  public var isPausedByDrawdown: Bool
  /// Whether the loss limit of the UTC day of `dayStart` was reached at any time of it.
  public var isStoppedForDay: Bool

  /// Makes a record.
  public init(
    opening: Money, realised: Money, fees: Money, funding: Money, dayStartEquity: Money,
    dayStart: Instant, sessionStartEquity: Money, highWaterEquity: Money, isPausedByDrawdown: Bool,
    isStoppedForDay: Bool = false
  ) {
    self.opening = opening
    self.realised = realised
    self.fees = fees
    self.funding = funding
    self.dayStartEquity = dayStartEquity
    self.dayStart = dayStart
    self.sessionStartEquity = sessionStartEquity
    self.highWaterEquity = highWaterEquity
    self.isPausedByDrawdown = isPausedByDrawdown
    self.isStoppedForDay = isStoppedForDay
  }

  /// Cash: opening plus everything realised, less fees, plus funding.
  public var cash: Money { opening + realised - fees + funding }
}

/// A point of the equity curve.
public struct EquityRecord: Hashable, Sendable {
  /// When.
  public let time: Instant
  /// Cash plus unrealised profit.
  public let equity: Money
  /// Cash alone.
  public let cash: Money
  /// Open positions.
  public let openPositions: Int
  /// Makes a record.
  public init(time: Instant, equity: Money, cash: Money, openPositions: Int) {
    self.time = time
    self.equity = equity
    self.cash = cash
    self.openPositions = openPositions
  }
}

/// A strategy's memory in canonical bytes.
public struct StrategyStateRecord: Hashable, Sendable {
  /// Whose memory.
  public let strategy: StrategyID
  /// About what.
  public let symbol: Symbol
  /// The close time of the newest candle that it has absorbed.
  public let time: Instant
  /// ``StrategyInstance/stateBytes``.
  public let bytes: [UInt8]
  /// Makes a record.
  public init(strategy: StrategyID, symbol: Symbol, time: Instant, bytes: [UInt8]) {
    self.strategy = strategy
    self.symbol = symbol
    self.time = time
    self.bytes = bytes
  }
}

/// A change of health of one component.
public struct HealthRecord: Hashable, Sendable {
  /// When.
  public let time: Instant
  /// `feed.hyperliquid`, `strategy.wick_flow.BTC`, `engine`.
  public let component: String
  /// `healthy`, `warming`, `degraded`, `starved`, `connected`, `disconnected`, `silent`, ….
  public let status: String
  /// One sentence with the values that explain it.
  public let detail: String
  /// Makes a record.
  public init(time: Instant, component: String, status: String, detail: String) {
    self.time = time
    self.component = component
    self.status = status
    self.detail = detail
  }
}

/// A breaker that tripped (`until` in the future) or ended (`until` equal to `time`).
public struct BreakerRecord: Hashable, Sendable {
  /// When.
  public let time: Instant
  /// Which.
  public let kind: BreakerKind
  /// Until when entries are paused.
  public let until: Instant
  /// One sentence with the values that explain it.
  public let detail: String
  /// Makes a record.
  public init(time: Instant, kind: BreakerKind, until: Instant, detail: String) {
    self.time = time
    self.kind = kind
    self.until = until
    self.detail = detail
  }
}

/// A drift alert that opened (`isOpen`) or closed.
public struct DriftRecord: Hashable, Sendable {
  /// When.
  public let time: Instant
  /// In what.
  public let symbol: Symbol
  /// Which kind.
  public let kind: DriftKind
  /// What the engine believes, signed.
  public let local: Quantity
  /// What the venue says, signed.
  public let venue: Quantity
  /// Whether it stands; while it does, the symbol takes no new entries.
  public let isOpen: Bool
  /// Makes a record.
  public init(
    time: Instant, symbol: Symbol, kind: DriftKind, local: Quantity, venue: Quantity, isOpen: Bool
  ) {
    self.time = time
    self.symbol = symbol
    self.kind = kind
    self.local = local
    self.venue = venue
    self.isOpen = isOpen
  }
}

/// The kill switch as it stands.
public struct KillSwitchRecord: Hashable, Sendable {
  /// When it was engaged or lifted.
  public let time: Instant
  /// Whether it is engaged.
  public let isEngaged: Bool
  /// Why.
  public let reason: String
  /// Makes a record.
  public init(time: Instant, isEngaged: Bool, reason: String) {
    self.time = time
    self.isEngaged = isEngaged
    self.reason = reason
  }
}

/// Funding that a position paid or received; (position, time) never repeats.
public struct FundingPaymentRecord: Hashable, Sendable {
  /// The position.
  public let position: ClientOrderID
  /// In what.
  public let symbol: Symbol
  /// The funding hour.
  public let time: Instant
  /// Received (positive) or paid (negative).
  public let amount: Money
  /// Makes a record.
  public init(position: ClientOrderID, symbol: Symbol, time: Instant, amount: Money) {
    self.position = position
    self.symbol = symbol
    self.time = time
    self.amount = amount
  }
}

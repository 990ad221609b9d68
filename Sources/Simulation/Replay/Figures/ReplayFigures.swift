public import Engine
public import Market
public import Risk
public import Strategies

/// What a replay came to; a function of candles and configuration alone.
public struct ReplayFigures: Hashable, Sendable {
  /// How often a strategy decided one thing.
  public struct DecisionCount: Hashable, Sendable {
    /// Who decided.
    public let strategy: StrategyID
    /// Why not; nil for a signal, and where it left what it held.
    public let reason: NoTradeReason?
    /// Whether it left what it held.
    public let isLeave: Bool
    /// How often.
    public internal(set) var count: Int

    /// The word for it: `SIGNAL`, `LEAVE` or the reason.
    public var word: String { reason?.rawValue ?? (isLeave ? "LEAVE" : "SIGNAL") }
    /// Whether it is a signal.
    public var isSignal: Bool { reason == nil && !isLeave }
  }

  /// How often signals of a strategy had one outcome.
  public struct SignalCount: Hashable, Sendable {
    /// Who asked.
    public let strategy: StrategyID
    /// `EXECUTED`, or the arbiter's or gate's reason code.
    public let outcome: String
    /// How often.
    public internal(set) var count: Int
  }

  /// How often a setup of a strategy signalled, whatever became of it.
  public struct SetupCount: Hashable, Sendable {
    /// Who asked.
    public let strategy: StrategyID
    /// By which setup.
    public let setup: Setup
    /// How often.
    public internal(set) var count: Int
  }

  /// A position that ended.
  public struct ClosedPosition: Hashable, Sendable {
    /// The position as it ended.
    public let record: PositionRecord
    /// Profit after fees and funding.
    public let net: Money
    /// `net` over the money that was at risk; nil where nothing was.
    public let multiple: TenThousandths?
  }

  /// Candles given to the engine.
  public internal(set) var candleCount = 0
  /// Inputs of every kind given to the engine.
  public internal(set) var eventCount = 0
  /// Records that the engine made.
  public internal(set) var recordCount = 0
  /// What every strategy decided, by strategy, then by first appearance.
  public internal(set) var decisions: [DecisionCount] = []
  /// What became of every signal, by strategy, then outcome.
  public internal(set) var signals: [SignalCount] = []
  /// How often every setup signalled, by strategy, then setup.
  public internal(set) var setups: [SetupCount] = []
  /// Executions.
  public internal(set) var fillCount = 0
  /// The trades that ended, in order of their end.
  public internal(set) var trades: [ReplayTrade] = []
  /// Readings given to the engine.
  public internal(set) var readingCount = 0
  /// The positions that ended, in order of their end.
  public internal(set) var closed: [ClosedPosition] = []
  /// Money after the last change; nil where the engine never told.
  public internal(set) var account: AccountRecord?
  /// Equity over time.
  public internal(set) var equity = EquityCurve()
  /// Alerts by code, in order of code.
  public internal(set) var alerts: [NamedCount] = []

  private var book: TradeBook

  /// Starts with nothing.
  ///
  /// - Parameter paper: What the executor assumes, so that slippage is told from the market's
  ///   moves; nil where executions are real.
  public init(paper: PaperConfiguration? = nil) { book = TradeBook(paper: paper) }

  /// How many decisions there were.
  public var decisionCount: Int { decisions.reduce(0) { $0 + $1.count } }
  /// How many signals there were.
  public var signalCount: Int { signals.reduce(0) { $0 + $1.count } }
  /// How many positions ended with a profit after costs.
  public var winCount: Int { closed.reduce(0) { $0 + ($1.net > .zero ? 1 : 0) } }

  /// Takes one record into account.
  mutating func add(_ record: Record) {
    recordCount += 1
    switch record {
    case .decision(let decision): add(decision)
    case .signal(let signal): add(signal)
    case .order(let order): book.add(order)
    case .fill(let fill):
      fillCount += 1
      book.add(fill)
    case .position(let position): add(position)
    case .account(let account): self.account = account
    case .equity(let point): equity.add(point)
    case .run, .candle, .strategyState, .health, .breaker, .drift, .killSwitch,
      .fundingPayment, .funding, .spot, .openInterest, .volatilityIndex,
      .optionChain:
      break
    }
  }

  /// Takes one alert into account.
  mutating func add(_ alert: Alert) {
    let index = alerts.firstIndex { $0.name >= alert.code } ?? alerts.endIndex
    if index < alerts.endIndex, alerts[index].name == alert.code {
      alerts[index].count += 1
    } else {
      alerts.insert(NamedCount(name: alert.code, count: 1), at: index)
    }
  }

  private mutating func add(_ decision: Decision) {
    var reason: NoTradeReason?
    if case .noTrade(let why) = decision.outcome { reason = why }
    let isLeave = decision.outcome == .leave
    var index = 0
    while index < decisions.count {
      let one = decisions[index]
      if one.strategy == decision.strategy, one.reason == reason, one.isLeave == isLeave {
        decisions[index].count += 1
        return
      }
      if decisions[index].strategy > decision.strategy { break }
      index += 1
    }
    decisions.insert(
      DecisionCount(strategy: decision.strategy, reason: reason, isLeave: isLeave, count: 1),
      at: index)
  }

  private mutating func add(_ signal: SignalRecord) {
    book.add(signal)
    count(signal.strategy, signal.setup)
    var index = 0
    while index < signals.count {
      let one = signals[index]
      if one.strategy == signal.strategy, one.outcome == signal.outcome {
        signals[index].count += 1
        return
      }
      if (one.strategy, one.outcome) > (signal.strategy, signal.outcome) { break }
      index += 1
    }
    signals.insert(
      SignalCount(strategy: signal.strategy, outcome: signal.outcome, count: 1), at: index)
  }

  private mutating func count(_ strategy: StrategyID, _ setup: Setup) {
    let index =
      setups.firstIndex { ($0.strategy, $0.setup) >= (strategy, setup) } ?? setups.endIndex
    if index < setups.endIndex, setups[index].strategy == strategy, setups[index].setup == setup {
      setups[index].count += 1
    } else {
      setups.insert(SetupCount(strategy: strategy, setup: setup, count: 1), at: index)
    }
  }

  private mutating func add(_ position: PositionRecord) {
    if let trade = book.add(position) { trades.append(trade) }
    guard position.closedAt != nil, closed.last?.record.id != position.id else { return }
    let net = position.realised - position.fees + position.funding
    var multiple: TenThousandths?
    if position.initialRisk > .zero {
      let quotient = Rounding.nearest.divide(
        Int128(net.steps) * 10_000, by: Int128(position.initialRisk.steps))
      multiple = Int64(exactly: quotient).map(TenThousandths.init)
    }
    closed.append(ClosedPosition(record: position, net: net, multiple: multiple))
  }
}

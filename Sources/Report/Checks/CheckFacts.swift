import Engine
import Market
public import Risk
public import Simulation
public import Store
import Strategies

/// Everything that the checks look at, read once.
public struct CheckFacts: Sendable {
  /// What the database holds.
  public var store: StoreFacts
  /// The configuration that is to trade; nil where none was named.
  public var configuration: LiveConfiguration?
  /// Runs of scenarios in which a breaker tripped, by kind: of the certificate's suite.
  public var drills: [BreakerKind: [String]]

  /// Gathers facts.
  ///
  /// - Parameters:
  ///   - store: What the database holds.
  ///   - configuration: The configuration that is to trade.
  ///   - drills: Where the scenario suite tripped a breaker of each kind.
  public init(
    store: StoreFacts, configuration: LiveConfiguration?,
    drills: [BreakerKind: [String]] = [:]
  ) {
    self.store = store
    self.configuration = configuration
    self.drills = drills
  }
}

/// What the checks read of a database.
public struct StoreFacts: Sendable {
  var path: String
  var verification: StoreVerification
  var runs: [RunRecord] = []
  var span: StoreInspection.JournalSpan?
  var equity: [EquityRecord] = []
  var candles: [StoreInspection.CandleCount] = []
  var holes: [StoreInspection.CandleHole] = []
  var ages = StoreInspection.CandleAges()
  var decisions: [StoreInspection.DecisionHealth] = []
  var signals: [StoreInspection.SignalCount] = []
  var health: [HealthRecord] = []
  var breakers: [BreakerRecord] = []
  var drifts: [DriftRecord] = []
  var killSwitch: [KillSwitchRecord] = []
  var orders: [StoreInspection.OrderCount] = []
  var ordersInDoubt: [OrderRecord] = []
  var fills: [StoreInspection.PricedFill] = []
  var positionCount = 0
  var unprotected: [PositionRecord] = []
  var differences: [StoreInspection.BookDifference] = []

  /// Reads them, in one pass a table.
  ///
  /// What a damaged database says shows nothing: of it only the damage is read.
  ///
  /// - Parameters:
  ///   - inspection: The database.
  ///   - configuration: Says how long an order may be in doubt and a position without its stop; the
  ///     engine's defaults where it is nil.
  /// - Throws: ``StoreError`` where the file cannot be read.
  public init(
    _ inspection: StoreInspection, configuration: LiveConfiguration?
  ) throws(StoreError) {
    var exchange = ExchangeConfiguration()
    if case .exchange(let own) = configuration?.engine.execution { exchange = own }
    path = inspection.path
    verification = try inspection.verify()
    guard verification.isSound else { return }
    runs = try inspection.runs()
    span = try inspection.journalSpan()
    let start = runs.first?.startedAt ?? Instant(nanoseconds: 0)
    let end = span?.last ?? start
    equity = try inspection.equityCurve()
    candles = try inspection.candleCounts()
    holes = try inspection.candleHoles()
    ages = try inspection.candleAges(since: start, bound: CheckPolicy.candleDelay)
    decisions = try inspection.decisionHealth(since: start, starving: CheckPolicy.starving)
    signals = try inspection.signalCounts()
    health = try inspection.healthEvents()
    breakers = try inspection.breakerEvents()
    drifts = try inspection.driftAlerts()
    killSwitch = try inspection.killSwitchEvents()
    orders = try inspection.orderCounts()
    ordersInDoubt = try inspection.ordersInDoubt(since: end - exchange.visibilityBound)
    fills = try inspection.pricedFills()
    (positionCount, unprotected) = try inspection.unprotectedPositions(
      after: exchange.protectionDeadline, asOf: end)
    differences = try inspection.bookDifferences()
  }

  /// From the first run's start to the last step; nil where there is neither.
  var window: (start: Instant, end: Instant, length: Interval)? {
    guard let start = runs.first?.startedAt, let end = span?.last, end > start else { return nil }
    return (start, end, end - start)
  }
}

/// The demands that are numbers.
enum CheckPolicy {
  /// The source system's rule: several market conditions, not a lucky streak.
  static let window = Interval.days(30)
  static let uptimeBasisPoints: Int64 = 9_900
  static let freshBasisPoints: Int64 = 9_900
  static let starvedBasisPoints: Int64 = 500
  static let failedOrderBasisPoints: Int64 = 100
  /// One a day of the window.
  static let signals = 30
  /// A live candle stored later than this after its close was late.
  static let candleDelay = Interval.seconds(60)
  /// How far ahead of this machine's clock a candle may close.
  static let clockAhead = Interval.seconds(1)
  /// How far a clock correction may step back.
  static let clockStepBack = Interval.seconds(1)
  /// The reasons that say that a decision lacked its data.
  static let starving: [NoTradeReason] = [.warmUp, .dataMissing, .dataStale, .gapInHistory]
}

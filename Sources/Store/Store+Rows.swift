public import Engine
public import enum Engine.Record
import GRDB
public import Market
public import Strategies

/// The rows of a store as the values that were recorded, in the order in which they came unless
/// said otherwise.
extension StoreInspection {
  /// Every run.
  public func runs() throws(StoreError) -> [RunRecord] {
    try list(.runs, "ORDER BY row") { fields throws(StoreError) in try fields.run() }
  }

  /// Every decision.
  public func decisions() throws(StoreError) -> [Decision] {
    try list(.decisions, "ORDER BY row") { fields throws(StoreError) in try fields.decision() }
  }

  /// Every signal with its outcome.
  public func signals() throws(StoreError) -> [SignalRecord] {
    try list(.signals, "ORDER BY row") { fields throws(StoreError) in try fields.signalRecord() }
  }

  /// Every order as it now stands, by time of making, then by client id.
  public func orders() throws(StoreError) -> [OrderRecord] {
    try list(.orders, "ORDER BY created_at_ns, client_id") { fields throws(StoreError) in
      try fields.order()
    }
  }

  /// Every execution.
  public func fills() throws(StoreError) -> [FillRecord] {
    try list(.fills, "ORDER BY row") { fields throws(StoreError) in try fields.fill() }
  }

  /// Every position, open or closed, as it now stands, by opening time, then by id.
  public func positions() throws(StoreError) -> [PositionRecord] {
    try list(.positions, "ORDER BY opened_at_ns, id") { fields throws(StoreError) in
      try fields.position()
    }
  }

  /// Every funding payment.
  public func fundingPayments() throws(StoreError) -> [FundingPaymentRecord] {
    try list(.fundingPayments, "ORDER BY row") { fields throws(StoreError) in
      try fields.fundingPayment()
    }
  }

  /// Every change of health, or those of one component.
  public func healthEvents(of component: String? = nil) throws(StoreError) -> [HealthRecord] {
    let clause = component == nil ? "" : "WHERE component = ? "
    return try list(.healthEvents, clause + "ORDER BY row", component.map { [$0] } ?? []) {
      fields throws(StoreError) in try fields.health()
    }
  }

  /// Every breaker that tripped or ended.
  public func breakerEvents() throws(StoreError) -> [BreakerRecord] {
    try list(.breakerEvents, "ORDER BY row") { fields throws(StoreError) in try fields.breaker() }
  }

  /// Every drift alert that opened or closed.
  public func driftAlerts() throws(StoreError) -> [DriftRecord] {
    try list(.driftAlerts, "ORDER BY row") { fields throws(StoreError) in try fields.drift() }
  }

  /// Every time that the kill switch was engaged or lifted.
  public func killSwitchEvents() throws(StoreError) -> [KillSwitchRecord] {
    try list(.killSwitchEvents, "ORDER BY row") { fields throws(StoreError) in
      try fields.killSwitch()
    }
  }

  /// The candles of one series that open in `range`, oldest first.
  public func candles(
    of symbol: Symbol, _ timeframe: Timeframe,
    opening range: ClosedRange<Instant> =
      Instant(nanoseconds: .min)...Instant(nanoseconds: .max)
  ) throws(StoreError) -> [CandleRecord] {
    let clause = """
      WHERE symbol = ? AND timeframe = ? AND open_time_ns BETWEEN ? AND ? ORDER BY open_time_ns
      """
    let arguments: StatementArguments = [
      symbol.description, timeframe.name, range.lowerBound.nanoseconds,
      range.upperBound.nanoseconds,
    ]
    return try list(.candles, clause, arguments) { fields throws(StoreError) in
      try fields.candle()
    }
  }

  /// The records of every step, oldest first, each step with its sequence and wall time.
  ///
  /// - Parameter body: Called once a step.
  /// - Throws: ``StoreError`` where the journal is damaged, naming the step.
  public func forEachStep(
    _ body: (_ sequence: Int64, _ wall: Instant, _ records: [Record]) -> Void
  ) throws(StoreError) {
    try read { db in
      try Journal.check(db) { body($0.head.sequence, $0.wall, $0.records) }
    }
  }
}

public import Engine
import GRDB
public import Market
public import Risk
public import Strategies

/// What pre-live checks ask of decisions, orders, fills and positions.
extension StoreInspection {
  /// How one strategy has been deciding on one symbol.
  public struct DecisionHealth: Hashable, Sendable {
    /// Who decides.
    public let strategy: StrategyID
    /// On what.
    public let symbol: Symbol
    /// Decisions since the start asked for.
    public let count: Int
    /// Those that failed for want of data.
    public let starved: Int
    /// The newest decision.
    public let newest: Instant
  }

  /// How each strategy has been deciding on each symbol since `start`, in that order.
  ///
  /// - Parameters:
  ///   - start: Earlier decisions are left out.
  ///   - starving: The reasons that say that data was wanting.
  /// - Returns: One row a strategy and symbol that has decided since.
  /// - Throws: ``StoreError`` where the file cannot be read.
  public func decisionHealth(
    since start: Instant, starving: [NoTradeReason]
  ) throws(StoreError) -> [DecisionHealth] {
    let reasons = starving.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    let sql = """
      SELECT strategy, symbol, count(*), sum(coalesce(reason IN (\(reasons)), 0)), max(time_ns)
      FROM decisions WHERE time_ns >= ? GROUP BY 1, 2 ORDER BY 1, 2
      """
    return try read { db in
      try Row.fetchAll(db, sql: sql, arguments: [start.nanoseconds]).compactMap { row in
        guard let strategy = StrategyID(row[0] as String), let symbol = Symbol(row[1] as String)
        else { return nil }
        return DecisionHealth(
          strategy: strategy, symbol: symbol, count: row[2], starved: row[3],
          newest: Instant(nanoseconds: row[4]))
      }
    }
  }

  /// How many orders of one role are in one state.
  public struct OrderCount: Hashable, Sendable {
    /// What they are for.
    public let role: OrderRole
    /// Where they are in their life.
    public let state: OrderState
    /// How many.
    public let count: Int
  }

  /// Orders by role and state, in that order.
  public func orderCounts() throws(StoreError) -> [OrderCount] {
    let sql = "SELECT role, state, count(*) FROM orders GROUP BY 1, 2"
    return try read { db in
      try Row.fetchAll(db, sql: sql).compactMap { row in
        guard let role = Words.role.value(row[0]), let state = Words.state.value(row[1]) else {
          return nil
        }
        return OrderCount(role: role, state: state, count: row[2])
      }
      .sorted { ($0.role.rawValue, $0.state.rawValue) < ($1.role.rawValue, $1.state.rawValue) }
    }
  }

  /// Orders of unknown outcome that have not changed since `limit`, oldest first.
  public func ordersInDoubt(since limit: Instant) throws(StoreError) -> [OrderRecord] {
    let clause = """
      WHERE state IN ('sent', 'unknown') AND updated_at_ns < ? ORDER BY updated_at_ns, client_id
      """
    return try list(.orders, clause, [limit.nanoseconds]) { fields throws(StoreError) in
      try fields.order()
    }
  }

  /// An execution beside the price that was decided on.
  public struct PricedFill: Hashable, Sendable {
    /// The order.
    public let order: ClientOrderID
    /// In what.
    public let symbol: Symbol
    /// What the order was for.
    public let role: OrderRole
    /// Which way.
    public let side: Side
    /// What it traded at.
    public let price: Price
    /// The signal's entry for an entry, the trigger for a stop.
    public let decided: Price
    /// When.
    public let time: Instant

    /// How much worse than decided, in hundredths of a basis point, rounded up; negative is better.
    public var slippageHundredths: Int64 {
      let worse =
        side == .buy ? Int128(price.steps - decided.steps) : Int128(decided.steps - price.steps)
      guard decided > .zero else { return 0 }
      return Int64(
        clamping: Rounding.up.divide(worse * 1_000_000, by: Int128(decided.steps)))
    }
  }

  /// Every fill of an entry with a signal and of every stop, in order.
  public func pricedFills() throws(StoreError) -> [PricedFill] {
    let sql = """
      SELECT f.client_id, f.symbol, o.role, f.side, f.price_e8, f.time_ns,
        CASE o.role WHEN 'entry'
          THEN (SELECT s.entry_e8 FROM signals s WHERE s.order_id = o.client_id LIMIT 1)
          ELSE o.price_e8 END
      FROM fills f JOIN orders o ON o.client_id = f.client_id
      WHERE o.role IN ('entry', 'stop') ORDER BY f.row
      """
    return try read { db in
      try Row.fetchAll(db, sql: sql).compactMap { row in
        guard let order = ClientOrderID(row[0] as String), let symbol = Symbol(row[1] as String),
          let role = Words.role.value(row[2]), let side = Words.side.value(row[3]),
          let decided = row[6] as Int64?
        else { return nil }
        return PricedFill(
          order: order, symbol: symbol, role: role, side: side, price: Price(steps: row[4]),
          decided: Price(steps: decided), time: Instant(nanoseconds: row[5]))
      }
    }
  }

  /// Positions that outlived `deadline` without a stop order made by then.
  ///
  /// - Returns: How many positions there are, and those, in order of opening.
  /// - Throws: ``StoreError`` where the file cannot be read.
  public func unprotectedPositions(
    after deadline: Interval, asOf now: Instant
  ) throws(StoreError) -> (count: Int, unprotected: [PositionRecord]) {
    let clause = """
      WHERE coalesce(closed_at_ns, ?) > opened_at_ns + ? AND NOT EXISTS (
        SELECT 1 FROM orders WHERE orders.position_id = positions.id AND orders.role = 'stop'
          AND orders.created_at_ns <= positions.opened_at_ns + ?)
      ORDER BY opened_at_ns, id
      """
    let bound = deadline.nanoseconds
    let bare = try list(.positions, clause, [now.nanoseconds, bound, bound]) {
      fields throws(StoreError) in try fields.position()
    }
    let count = try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM positions") ?? 0 }
    return (count, bare)
  }

  /// A position whose size is not the sum of its fills.
  public struct BookDifference: Hashable, Sendable {
    /// The position.
    public let position: ClientOrderID
    /// What the position says, signed.
    public let booked: Quantity
    /// What its fills add up to, signed.
    public let filled: Quantity
  }

  /// Every position whose size is not the sum of its fills, in order of id.
  public func bookDifferences() throws(StoreError) -> [BookDifference] {
    let sql = """
      SELECT id, positions.quantity_e8 AS booked,
        coalesce(sum(CASE fills.side WHEN 'buy' THEN fills.quantity_e8
          ELSE -fills.quantity_e8 END), 0) AS filled
      FROM positions LEFT JOIN fills ON fills.position_id = positions.id
      GROUP BY id HAVING booked <> filled ORDER BY id
      """
    return try read { db in
      try Row.fetchAll(db, sql: sql).compactMap { row in
        guard let id = ClientOrderID(row[0] as String) else { return nil }
        return BookDifference(
          position: id, booked: Quantity(steps: row[1]), filled: Quantity(steps: row[2]))
      }
    }
  }
}

import Engine
import enum Engine.Record
import GRDB
import Market
import Risk

/// Writes records into their tables, and marks there what a restart needs.
///
/// `is_kept` and `is_late` follow ``DurableState/apply(_:)`` row by row, because what the fold
/// keeps depends on the order in which records came: an order that ended before its position opened
/// is forgotten, one that ended after is kept until the position closes.
enum RowKeeper {
  /// Writes `record` as part of step `step`.
  ///
  /// - Returns: Whether it said anything new; a repeat changes nothing.
  /// - Throws: ``StoreError`` with code `contradiction` where a row of the same identity says
  ///   something else.
  static func apply(_ record: Record, step: Int64, _ db: Database) throws -> Bool {
    var (table, values) = record.row
    switch record {
    case .candle(let row): values.append(try isLate(row.candle, db).databaseValue)
    case .order(let row): values.append(try isKept(row, db).databaseValue)
    default: break
    }
    try db.cachedStatement(sql: table.insert)
      .execute(arguments: StatementArguments([step.databaseValue] + values))
    guard db.changesCount > 0 else {
      let match = try db.cachedStatement(sql: table.match)
      let same = StatementArguments(values.prefix(table.matchCount))
      guard table.repetition == .once, try Row.fetchOne(match, arguments: same) != nil else {
        throw contradiction(table, values)
      }
      return false
    }
    switch record {
    case .position(let row) where row.closedAt != nil: try forget(row.id, db)
    case .fundingPayment(let row): try keepNewest(row, db)
    default: break
    }
    return true
  }

  private static func isLate(_ candle: Candle, _ db: Database) throws -> Bool {
    let newer = try db.cachedStatement(
      sql: """
        SELECT 1 FROM candles WHERE symbol = ? AND timeframe = ? AND open_time_ns >= ? LIMIT 1
        """)
    return try Row.fetchOne(
      newer,
      arguments: [
        candle.symbol.description, candle.timeframe.name, candle.openTime.nanoseconds,
      ]) != nil
  }

  private static func isKept(_ order: OrderRecord, _ db: Database) throws -> Bool {
    guard order.state.isTerminal else { return true }
    let open = try db.cachedStatement(
      sql: "SELECT 1 FROM positions WHERE id = ? AND closed_at_ns IS NULL")
    return try Row.fetchOne(open, arguments: [order.position.description]) != nil
  }

  /// A closed position takes its ended orders and its funding out of what a restart needs.
  private static func forget(_ position: ClientOrderID, _ db: Database) throws {
    try db.cachedStatement(
      sql: """
        UPDATE orders SET is_kept = 0
        WHERE position_id = ? AND is_kept = 1 AND state IN (\(terminalStates))
        """
    ).execute(arguments: [position.description])
    try db.cachedStatement(
      sql: "UPDATE funding_payments SET is_kept = 0 WHERE position_id = ? AND is_kept = 1"
    ).execute(arguments: [position.description])
  }

  private static func keepNewest(_ payment: FundingPaymentRecord, _ db: Database) throws {
    try db.cachedStatement(
      sql: """
        UPDATE funding_payments SET is_kept = 0
        WHERE position_id = ? AND is_kept = 1 AND time_ns <> ?
        """
    ).execute(arguments: [payment.position.description, payment.time.nanoseconds])
  }

  private static let terminalStates = OrderState.allCases.filter(\.isTerminal)
    .map { "'\($0.name)'" }.joined(separator: ", ")

  private static func contradiction(_ table: Table, _ values: [DatabaseValue]) -> StoreError {
    let identity = zip(table.columns, values).filter { table.key.contains($0.0) }
      .map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    return StoreError(
      .contradiction,
      "A new row of \(table.name) (\(identity)) contradicts the one that is stored.",
      remedy: """
        Nothing of the step was stored. Stop trading, compare the stored row with the venue, and \
        report which of the two is wrong.
        """)
  }
}

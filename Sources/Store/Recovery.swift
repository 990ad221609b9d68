import Engine
import GRDB
import Market
import Risk

/// Loads the state that a restart needs from the tables, through the same fold as the records.
enum Recovery {
  static func state(_ db: Database) throws -> DurableState {
    var state = DurableState()
    for row in try rows(.runs, "ORDER BY row DESC LIMIT 1", db) {
      var fields = row
      state.apply(.run(try fields.run()))
    }
    for row in try rows(.account, "", db) {
      var fields = row
      state.apply(.account(try fields.account()))
    }
    for row in try rows(.killSwitchEvents, "ORDER BY row DESC LIMIT 1", db) {
      var fields = row
      state.apply(.killSwitch(try fields.killSwitch()))
    }
    // Positions first: the fold keeps an ended order only while its position is open.
    for row in try rows(.positions, "WHERE closed_at_ns IS NULL", db) {
      var fields = row
      state.apply(.position(try fields.position()))
    }
    for row in try rows(.orders, "WHERE is_kept = 1", db) {
      var fields = row
      state.apply(.order(try fields.order()))
    }
    try addEvents(to: &state, db)
    try addCandles(to: &state, db)
    return state.normalised()
  }

  private static func addEvents(to state: inout DurableState, _ db: Database) throws {
    let newestOfKind = "WHERE row IN (SELECT max(row) FROM breaker_events GROUP BY kind)"
    for row in try rows(.breakerEvents, newestOfKind, db) {
      var fields = row
      state.apply(.breaker(try fields.breaker()))
    }
    let newestOfSymbol = "WHERE row IN (SELECT max(row) FROM drift_alerts GROUP BY symbol)"
    for row in try rows(.driftAlerts, newestOfSymbol, db) {
      var fields = row
      state.apply(.drift(try fields.drift()))
    }
    for row in try rows(.strategyState, "", db) {
      var fields = row
      state.apply(.strategyState(try fields.strategyState()))
    }
    for row in try rows(.fundingPayments, "WHERE is_kept = 1", db) {
      var fields = row
      state.apply(.fundingPayment(try fields.fundingPayment()))
    }
    let newestDecision =
      "WHERE row IN (SELECT max(row) FROM decisions GROUP BY strategy, symbol)"
    for row in try rows(.decisions, newestDecision, db) {
      var fields = row
      state.apply(.decision(try fields.decision()))
    }
    let newestFills = "ORDER BY row DESC LIMIT \(DurableState.fillLimit)"
    for row in try rows(.fills, newestFills, db).reversed() {
      var fields = row
      state.apply(.fill(try fields.fill()))
    }
  }

  private static func addCandles(to state: inout DurableState, _ db: Database) throws {
    // Skips from symbol to symbol through the key instead of reading every candle.
    let symbols = try String.fetchAll(
      db,
      sql: """
        WITH RECURSIVE found(symbol) AS (
          SELECT min(symbol) FROM candles
          UNION ALL
          SELECT (SELECT min(symbol) FROM candles WHERE symbol > found.symbol) FROM found
          WHERE found.symbol IS NOT NULL
        ) SELECT symbol FROM found WHERE symbol IS NOT NULL
        """)
    for symbol in symbols {
      for timeframe in Timeframe.allCases {
        let tail = try rows(
          .candles,
          """
          WHERE symbol = ? AND timeframe = ? AND is_late = 0
          ORDER BY open_time_ns DESC LIMIT \(DurableState.candleLimit)
          """, db, [symbol, timeframe.name])
        for row in tail.reversed() {
          var fields = row
          state.apply(.candle(try fields.candle()))
        }
      }
    }
  }

  /// Rows of `table` that `clause` selects.
  static func rows(
    _ table: Table, _ clause: String, _ db: Database, _ arguments: StatementArguments = []
  ) throws -> [FieldReader] {
    try Row.fetchAll(db, sql: "\(table.select) \(clause)", arguments: arguments)
      .map { FieldReader($0, of: table) }
  }
}

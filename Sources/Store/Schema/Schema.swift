import GRDB

/// The file's format: an application id, named migrations that never change, and views for people.
enum Schema {
  /// `ASSY`: says that a SQLite file is one of ours.
  static let applicationID: Int64 = 0x4153_5359

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("2-tables") { db in
      try db.execute(sql: "PRAGMA application_id = \(applicationID)")
      try db.execute(sql: journalTables)
      try db.execute(sql: tradingTables)
      try db.execute(sql: stateTables)
      try db.execute(sql: marketTables)
      for table in [
        "candles", "decisions", "signals", "orders", "fills", "positions", "account", "equity",
        "runs", "strategy_state", "health_events", "breaker_events", "drift_alerts",
        "kill_switch_events", "funding_payments", "funding", "spot_prices", "open_interest",
        "volatility_index", "option_chains",
      ] {
        try db.execute(sql: try readableView(of: table, db))
      }
    }
    return migrator
  }

  /// A view in plain units and UTC times, so that a person can ask with `sqlite3`.
  ///
  /// Money there is floating point: for reading, not for adding up.
  private static func readableView(of table: String, _ db: Database) throws -> String {
    let columns = try db.columns(in: table).map { column in
      let name = column.name
      for (suffix, divisor) in [("_e8", "1e8"), ("_e10", "1e10"), ("_e4", "1e4")]
      where name.hasSuffix(suffix) {
        return "\(name) / \(divisor) AS \(name.dropLast(suffix.count))"
      }
      guard name.hasSuffix("_ns"), name != "period_ns" else { return name }
      return """
        strftime('%Y-%m-%d %H:%M:%S', \(name) / 1000000000, 'unixepoch') \
        || printf('.%03d', \(name) / 1000000 % 1000) AS \(name.dropLast(3))
        """
    }
    let list = columns.joined(separator: ", ")
    return "CREATE VIEW readable_\(table) AS SELECT \(list) FROM \(table)"
  }
}

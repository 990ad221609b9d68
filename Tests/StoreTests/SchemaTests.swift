import Engine
import GRDB
import Market
@testable import Store
import Testing

@Suite("Schema")
struct SchemaTests {
  @Test("Released migrations have not changed")
  func pinned() throws {
    let store = try Store(path: ":memory:")
    let sql = try store.writer.read { db in
      try String.fetchAll(
        db, sql: "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name")
    }
    var digest = Digest()
    for text in sql where !text.contains("grdb_migrations") { digest.add(text) }
    #expect(Schema.migrator.migrations == ["2-tables"])
    #expect(digest.description == "e15d93088fc0ee2a")
  }

  @Test("Rows are written and read in the order of the tables' columns")
  func columns() throws {
    let store = try Store(path: ":memory:")
    try store.writer.read { db in
      for table in Table.all {
        let names = try db.columns(in: table.name).map(\.name)
        let added = ["row", "step", table.name == "funding_payments" ? "is_kept" : ""]
        #expect(names.filter { !added.contains($0) }.sorted() == table.columns.sorted())
        #expect(try db.tableExists(table.name) && db.viewExists("readable_\(table.name)"))
        let text = try String.fetchOne(
          db, sql: "SELECT sql FROM sqlite_schema WHERE name = ?", arguments: [table.name])
        #expect(text?.contains("STRICT") == true)
      }
      #expect(Table.all.count == RecordMaker.kindCount)
    }
  }

  @Test("A person reads prices, ratios and times in plain units")
  func readable() throws {
    let store = try Store(path: ":memory:")
    let candle = try Candle(
      symbol: "BTC", timeframe: .m5, venue: .binance,
      openTime: Instant(nanoseconds: 1_767_225_600_000_000_000),
      open: try Price(decimal: "93000.5"),
      high: try Price(decimal: "94000"), low: try Price(decimal: "93000"),
      close: try Price(decimal: "93500.25"), volume: try Quantity(decimal: "1.25"))
    let funding = Funding(
      symbol: "BTC", venue: .hyperliquid, time: Instant(nanoseconds: 1_767_225_600_123_000_000),
      rate: FundingRate(steps: 125_000), period: .hours(1))
    try store.append(
      [.candle(CandleRecord(candle: candle, isBackfilled: true)), .funding(funding)],
      at: candle.closeTime)
    let rows = try store.writer.read { db in
      try [
        "SELECT open_time, timeframe, open, close, volume FROM readable_candles",
        "SELECT time, rate, period_ns FROM readable_funding",
      ].map { try Row.fetchOne(db, sql: $0).map { Array($0.databaseValues).map(\.description) } }
    }
    #expect(rows[0] == ["\"2026-01-01 00:00:00.000\"", "\"5m\"", "93000.5", "93500.25", "1.25"])
    #expect(rows[1] == ["\"2026-01-01 00:00:00.123\"", "1.25e-05", "3600000000000"])
  }
}

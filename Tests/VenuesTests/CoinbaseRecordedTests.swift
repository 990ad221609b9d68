import Choice
import Market
import Testing
import Venues

@testable import Exchange

/// Recorded messages of Coinbase, read and written again by the simulated venue's own writers.
///
/// What is not ours: the ids of orders, which follow from the trade; members that the venue added
/// after a recording (`best_bid_size`, `best_ask_size`, `account_ids`, a snapshot's `time`); the
/// free text of `current_time`; and more than eight decimals, in figures that are computed.
@Suite("Recorded Coinbase") struct CoinbaseRecordedTests {
  private func text(_ value: JSONValue, _ key: StaticString) throws -> String {
    try #require(value[key]?.string)
  }

  private func amount<Unit>(_ value: JSONValue?) throws -> Fixed<Unit> {
    try #require(value?.fixed(Fixed<Unit>.self))
  }

  private func time(_ value: JSONValue, _ key: StaticString = "time") throws -> Instant {
    try #require(Instant(iso8601: text(value, key)))
  }

  /// Whether two texts say the same: the same characters, or the same decimal.
  private func same(_ lhs: String, _ rhs: String) -> Bool {
    if lhs == rhs { return true }
    guard let left = try? Price(decimal: lhs), let right = try? Price(decimal: rhs) else {
      return false
    }
    return left == right
  }

  /// Expects that `ours` has every member of `real`, of its type and with its value, but for
  /// `others`.
  private func compare(
    _ ours: JSONWriter, _ real: JSONValue, except others: [String] = [],
    _ parser: inout JSONParser
  ) throws {
    let mine = try parser.parse(ours.bytes).root
    for member in try #require(real.members) {
      let name = String(member.key)
      guard !others.contains(name) else { continue }
      let value = try #require(mine.member(named: member.key), "\(name) in \(ours.text)")
      expectSame(value, member.value, name)
    }
  }

  private func expectSame(_ ours: JSONValue, _ real: JSONValue, _ name: String) {
    #expect(ours.kind == real.kind, "\(name)")
    switch real.kind {
    case .string: #expect(same(ours.string ?? "", real.string ?? ""), "\(name)")
    case .integer: #expect(ours.uint64 == real.uint64, "\(name)")
    case .array:
      let left = ours.elements.map(Array.init) ?? []
      let right = real.elements.map(Array.init) ?? []
      #expect(left.count == right.count, "\(name)")
      for (one, other) in zip(left, right) { expectSame(one, other, name) }
    case .object:
      guard let members = real.members else { return }
      for member in members {
        guard let value = ours.member(named: member.key) else {
          Issue.record("\(name).\(String(member.key)) is missing")
          continue
        }
        expectSame(value, member.value, "\(name).\(String(member.key))")
      }
    case .bool: #expect(ours.bool == real.bool, "\(name)")
    case .double: #expect(ours.double == real.double, "\(name)")
    case .null: break
    }
  }

  // MARK: The Exchange feed

  @Test("every ticker, match, snapshot and change of a recorded session comes out as it went in")
  func session() throws {
    guard let bytes = SharedData.bytes("data/raw/cryptofeed_COINBASE.ws.28.0.txt.gz") else {
      return
    }
    var parser = JSONParser()
    var writing = JSONParser()
    var counts: [String: Int] = [:]
    for line in bytes.split(separator: UInt8(ascii: "\n")) where !line.starts(with: "wss".utf8) {
      let start = try #require(line.firstIndex(of: UInt8(ascii: "{")))
      let message = try parser.parse(Array(line[start...])).root
      let type = try text(message, "type")
      counts[type, default: 0] += 1
      var writer = JSONWriter()
      var others: [String] = []
      switch type {
      case "ticker": try write(ticker: message, into: &writer)
      case "match", "last_match":
        let sequence = try #require(message["sequence"]?.int64)
        writer.exchangeMatch(
          try trade(message, size: "size", takerBuys: "sell"), try text(message, "product_id"),
          sequence, type, CoinbaseFaultState())
        others = ["maker_order_id", "taker_order_id"]
      case "snapshot":
        let book = SpotBook(bids: try levels(message["bids"]), asks: try levels(message["asks"]))
        writer.exchangeSnapshot(book, try text(message, "product_id"), "")
      case "l2update":
        writer.exchangeChanges(
          try changes(message["changes"]), try text(message, "product_id"),
          try time(message).wire(places: 6, CoinbaseFaultState()))
      case "subscriptions":
        for channel in try #require(message["channels"]?.elements) {
          #expect(channel["name"]?.kind == .string)
          #expect(channel["product_ids"]?[0]?.kind == .string)
        }
        continue
      default:
        Issue.record("\(type)")
        continue
      }
      try compare(writer, message, except: others, &writing)
    }
    #expect(
      counts == [
        "ticker": 107, "match": 97, "last_match": 10, "snapshot": 10, "l2update": 9_719,
        "subscriptions": 3,
      ])
  }

  private func trade(
    _ message: JSONValue, size: StaticString, takerBuys: String
  ) throws -> SpotTrade {
    let id = try #require(message["trade_id"]?.uint64 ?? UInt64(message["trade_id"]?.string ?? ""))
    return SpotTrade(
      id: id, time: try time(message),
      takerSide: try text(message, "side") == takerBuys ? .buy : .sell,
      price: try amount(message["price"]),
      quantity: try amount(message.member(named: size.description.utf8)))
  }

  private func write(ticker message: JSONValue, into writer: inout JSONWriter) throws {
    let bid: Price = try amount(message["best_bid"])
    let ask: Price = try amount(message["best_ask"])
    let open: Price = try amount(message["open_24h"])
    let last = try trade(message, size: "last_size", takerBuys: "buy")
    let day = SpotFigures(
      open: open, high: try amount(message["high_24h"]), low: try amount(message["low_24h"]),
      close: last.price, volume: try amount(message["volume_24h"]))
    writer.exchangeTicker(
      SpotTicker(
        last: last, bid: SpotLevel(price: bid, size: .zero, orders: 1),
        ask: SpotLevel(price: ask, size: .zero, orders: 1), day: day),
      try text(message, "product_id"), try #require(message["sequence"]?.int64),
      volumeOfMonth: try amount(message["volume_30d"]), CoinbaseFaultState())
  }

  private func levels(_ rows: JSONValue?) throws -> [SpotLevel] {
    var levels: [SpotLevel] = []
    for row in try #require(rows?.elements) {
      levels.append(SpotLevel(price: try amount(row[0]), size: try amount(row[1]), orders: 1))
    }
    return levels
  }

  private func changes(_ rows: JSONValue?) throws -> [SpotBook.Change] {
    var changes: [SpotBook.Change] = []
    for row in try #require(rows?.elements) {
      changes.append(
        SpotBook.Change(
          side: row[0]?.string == "buy" ? .buy : .sell, price: try amount(row[1]),
          size: try amount(row[2])))
    }
    return changes
  }

  // MARK: Advanced Trade

  private func fixture(_ name: String) throws -> [UInt8]? {
    guard let members = SharedData.archive("data/raw/nautilus_coinbase_test_data.tar.gz") else {
      return nil
    }
    return try #require(members.first { $0.path.hasSuffix("/\(name).json") }).bytes
  }

  @Test("recorded trades, buckets and books of Advanced Trade come out as they went in")
  func advancedAnswers() throws {
    guard let trades = try fixture("http_ticker"), let candles = try fixture("http_candles"),
      let book = try fixture("http_product_book")
    else { return }
    var parser = JSONParser()
    var writing = JSONParser()
    for row in try #require(parser.parse(trades).root["trades"]?.elements) {
      var writer = JSONWriter()
      writer.advancedAnswerTrade(
        try trade(row, size: "size", takerBuys: "SELL"), try text(row, "product_id"),
        CoinbaseFaultState())
      try compare(writer, row, &writing)
    }
    for row in try #require(parser.parse(candles).root["candles"]?.elements) {
      let seconds = try #require(Int64(text(row, "start")))
      var writer = JSONWriter()
      writer.advancedCandle(
        SpotCandle(
          start: Instant(milliseconds: seconds * 1_000), open: try amount(row["open"]),
          high: try amount(row["high"]), low: try amount(row["low"]),
          close: try amount(row["close"]), volume: try amount(row["volume"])))
      try compare(writer, row, &writing)
    }
    for row in try #require(parser.parse(book).root["pricebook"]?["bids"]?.elements) {
      var writer = JSONWriter()
      writer.advancedLevel(
        SpotLevel(price: try amount(row["price"]), size: try amount(row["size"]), orders: 1))
      try compare(writer, row, &writing)
    }
  }

  @Test("recorded frames of Advanced Trade come out as they went in")
  func advancedFrames() throws {
    guard let tickers = try fixture("ws_ticker"), let trades = try fixture("ws_market_trades"),
      let books = try ["ws_l2_data_snapshot", "ws_l2_data_update"].map(fixture) as? [[UInt8]]
    else { return }
    var parser = JSONParser()
    var writing = JSONParser()
    for row in try #require(parser.parse(tickers).root["events"]?[0]?["tickers"]?.elements) {
      let last = SpotTrade(
        id: 1, time: Instant(milliseconds: 0), takerSide: .buy, price: try amount(row["price"]),
        quantity: .zero)
      let day = SpotFigures(
        open: last.price, high: try amount(row["high_24_h"]), low: try amount(row["low_24_h"]),
        close: last.price, volume: try amount(row["volume_24_h"]))
      let year = SpotFigures(
        open: last.price, high: try amount(row["high_52_w"]), low: try amount(row["low_52_w"]),
        close: last.price, volume: .zero)
      let bid = SpotLevel(
        price: try amount(row["best_bid"]), size: try amount(row["best_bid_quantity"]), orders: 1)
      let ask = SpotLevel(
        price: try amount(row["best_ask"]), size: try amount(row["best_ask_quantity"]), orders: 1)
      var writer = JSONWriter()
      writer.advancedTicker(
        SpotTicker(last: last, bid: bid, ask: ask, day: day), try text(row, "product_id"),
        year: year, CoinbaseFaultState())
      try compare(writer, row, except: ["price_percent_chg_24_h"], &writing)
    }
    for row in try #require(parser.parse(trades).root["events"]?[0]?["trades"]?.elements) {
      var writer = JSONWriter()
      writer.advancedTrade(
        try trade(row, size: "size", takerBuys: "SELL"), try text(row, "product_id"),
        CoinbaseFaultState())
      try compare(writer, row, &writing)
    }
    for bytes in books {
      for event in try #require(parser.parse(bytes).root["events"]?.elements) {
        var changes: [SpotBook.Change] = []
        for row in try #require(event["updates"]?.elements) {
          changes.append(
            SpotBook.Change(
              side: try text(row, "side") == "bid" ? .buy : .sell,
              price: try amount(row["price_level"]), size: try amount(row["new_quantity"])))
        }
        let first = try #require(event["updates"]?[0])
        let time = try time(first, "event_time").wire(places: 6, CoinbaseFaultState())
        var writer = JSONWriter()
        writer.advancedLevels(
          changes, try text(event, "type"), try text(event, "product_id"), time)
        try compare(writer, event, &writing)
      }
    }
  }

  /// The names and types of a value, to the bottom; of an array, those of its first element.
  private func shape(_ value: JSONValue) -> String {
    switch value.kind {
    case .object:
      let members = value.members.map(Array.init) ?? []
      return "{" + members.map { "\(String($0.key)):\(shape($0.value))" }.joined(separator: ",")
        + "}"
    case .array: return "[" + (value[0].map(shape) ?? "") + "]"
    default: return "\(value.kind)"
    }
  }

  @Test("answers of the simulated venue have every name and type of the recorded ones, in order")
  func shapes() throws {
    let start = Instant(milliseconds: 1_700_000_000_000)
    var venue = CoinbaseVenue(
      configuration: CoinbaseVenueConfiguration(start: start, symbols: []), chooser: .seeded(1))
    var parser = JSONParser()
    for (name, target) in [
      ("http_products", "market/products?product_ids=USDT-USD"),
      ("http_ticker", "market/products/USDT-USD/ticker?limit=3"),
      (
        "http_candles",
        "market/products/USDT-USD/candles?granularity=ONE_HOUR&start=1699999000&end=1700000000"
      ),
      ("http_product_book", "market/product_book?product_id=USDT-USD&limit=5"),
    ] {
      guard let bytes = try fixture(name) else { return }
      let call = VenueCall(method: .get, target: "/api/v3/brokerage/" + target)
      var outputs: [VenueOutput] = []
      venue.handle(.call(CallID(number: 1), call), at: start, market: NoMarket(), into: &outputs)
      guard case .reply(_, let response)? = outputs.first else {
        Issue.record("no reply to \(target)")
        continue
      }
      // A pair that shares no book with another has an empty list where the recorded one does not.
      let real = shape(try parser.parse(bytes).root).replacing(
        "alias_to:[string]", with: "alias_to:[]")
      #expect(shape(try parser.parse(response.body).root) == real, "\(name)")
    }
  }

  /// Nothing trades: Coinbase then lists stablecoins alone.
  private struct NoMarket: TrueMarket {
    var symbols: [Symbol] { [] }
    func lastPrice(of symbol: Symbol) -> Price? { nil }
    func mark(of symbol: Symbol) -> Price? { nil }
    func candles(
      of symbol: Symbol, _ timeframe: Timeframe, from start: Instant, through end: Instant
    ) -> [Candle] { [] }
    func tradeCount(of symbol: Symbol) -> UInt64 { 0 }
    func trades(of symbol: Symbol, after count: UInt64) -> [Trade] { [] }
  }
}

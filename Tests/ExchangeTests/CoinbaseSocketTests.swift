import Choice
import Market
import Testing
import Venues

@testable import Exchange

@Suite("Coinbase sockets") struct CoinbaseSocketTests {
  /// Two sessions on a venue: 1 on the Exchange feed, 2 on Advanced Trade.
  private struct Wire {
    var bench = CoinbaseBench(limits: nil)
    let exchange = SessionID(number: 1)
    let advanced = SessionID(number: 2)

    init() {
      _ = bench.say(.opened(exchange, path: "/coinbase/exchange"))
      _ = bench.say(.opened(advanced, path: "/coinbase/advanced?x=1"))
    }

    mutating func send(_ id: SessionID, _ text: String) -> [JSONValue] {
      frames(bench.say(.frame(id, Array(text.utf8))), to: id)
    }

    /// Runs on, waking the venue when it asks for it; what a session is sent meanwhile.
    mutating func run(_ interval: Interval, _ id: SessionID) -> [JSONValue] {
      frames(outputs(interval), to: id)
    }

    mutating func outputs(_ interval: Interval) -> [VenueOutput] {
      let end = bench.now + interval
      var outputs: [VenueOutput] = []
      while let wake = bench.venue.nextWake, wake <= end {
        bench.now = max(wake, bench.now)
        outputs += bench.say(.advance)
      }
      bench.now = end
      return outputs + bench.say(.advance)
    }

    private func frames(_ outputs: [VenueOutput], to id: SessionID) -> [JSONValue] {
      outputs.compactMap { output in
        guard case .frame(id, let bytes) = output else { return nil }
        var parser = JSONParser()
        return try? parser.parse(bytes).root
      }
    }
  }

  private func text(_ value: JSONValue?) -> String {
    var writer = JSONWriter()
    if let value { writer.value(value) }
    return writer.text
  }

  private func keys(_ value: JSONValue?) -> String {
    (value?.members?.map { String($0.key) } ?? []).joined(separator: " ")
  }

  @Test("a session that does not subscribe within five seconds is closed, and one that does stays")
  func deadline() {
    var wire = Wire()
    _ = wire.send(
      wire.exchange, #"{"type":"subscribe","product_ids":["BTC-USD"],"channels":["ticker"]}"#)
    #expect(wire.outputs(Interval.seconds(5) - .milliseconds(1)).closed.isEmpty)
    #expect(wire.bench.venue.nextWake == CoinbaseBench.epoch + .seconds(5))
    #expect(wire.outputs(.milliseconds(1)).closed == [wire.advanced])
    #expect(wire.outputs(.minutes(5)).closed.isEmpty)
  }

  @Test("a path that no socket is served at is closed")
  func unknownPath() {
    var wire = Wire()
    #expect(wire.bench.say(.opened(SessionID(number: 3), path: "/ws")).closed.count == 1)
  }

  @Test("Exchange: acknowledgement, ticker at once, then one for each new trade")
  func exchangeTicker() {
    var wire = Wire()
    let first = wire.send(
      wire.exchange,
      #"{"type":"subscribe","product_ids":["BTC-USD"],"channels":["ticker","heartbeat"]}"#)
    #expect(
      text(first[0])
        == #"{"type":"subscriptions","channels":[{"name":"ticker","product_ids":["BTC-USD"],"#
        + #""account_ids":null},{"name":"heartbeat","product_ids":["BTC-USD"],"#
        + #""account_ids":null}]}"#
    )
    #expect(first.count == 2)
    #expect(
      keys(first[1])
        == "type sequence product_id price open_24h volume_24h low_24h high_24h volume_30d "
        + "best_bid best_bid_size best_ask best_ask_size side time trade_id last_size")
    let later = wire.run(.seconds(10), wire.exchange)
    let tickers = later.filter { $0["type"]?.string == "ticker" }
    let beats = later.filter { $0["type"]?.string == "heartbeat" }
    #expect(tickers.count == 10 && beats.count == 10)
    #expect(keys(beats.first) == "type last_trade_id product_id sequence time")
    let ids = tickers.compactMap { $0["trade_id"]?.int }
    #expect(ids == ids.sorted() && Set(ids).count == 10)
    let sequences = later.compactMap { $0["sequence"]?.int }
    #expect(sequences == sequences.sorted() && Set(sequences).count == sequences.count)
  }

  @Test("Exchange: the last match at once, then every trade once")
  func matches() {
    var wire = Wire()
    let first = wire.send(
      wire.exchange,
      #"{"type":"subscribe","channels":[{"name":"matches","product_ids":["BTC-USD","ETH-USD"]}]}"#)
    #expect(first.dropFirst().map { $0["type"]?.string } == ["last_match", "last_match"])
    #expect(
      keys(first.last)
        == "type trade_id maker_order_id taker_order_id side size price product_id sequence time")
    let later = wire.run(.seconds(65), wire.exchange).filter { $0["type"]?.string == "match" }
    for product in ["BTC-USD", "ETH-USD"] {
      let ids = later.filter { $0["product_id"]?.string == product }.compactMap {
        $0["trade_id"]?.int
      }
      // One a second from the market, and one a step of the product's own.
      #expect(ids.count == 67 && Set(ids).count == 67 && ids == ids.sorted())
    }
  }

  @Test(
    "Exchange: a book is its snapshot and every change since",
    arguments: ["level2", "level2_batch"])
  func exchangeBook(channel: String) throws {
    var wire = Wire()
    var frames = wire.send(
      wire.exchange,
      #"{"type":"subscribe","product_ids":["BTC-USD"],"channels":["\#(channel)"]}"#)
    frames.removeFirst()
    wire.bench.market.marks[0].price = "60010"
    frames += wire.run(.seconds(40), wire.exchange)
    var sides: [String: [String: String]] = ["buy": [:], "sell": [:]]
    for frame in frames {
      switch frame["type"]?.string {
      case "snapshot":
        for level in try #require(frame["bids"]?.elements) {
          sides["buy", default: [:]][level[0]?.string ?? ""] = level[1]?.string
        }
        for level in try #require(frame["asks"]?.elements) {
          sides["sell", default: [:]][level[0]?.string ?? ""] = level[1]?.string
        }
      case "l2update":
        for change in try #require(frame["changes"]?.elements) {
          let size = try #require(change[2]?.string)
          sides[change[0]?.string ?? "", default: [:]][change[1]?.string ?? ""] =
            size == "0" ? nil : size
        }
      default: Issue.record("\(text(frame))")
      }
    }
    #expect(frames.count > 1)
    var parser = JSONParser()
    let book = try parser.parse(wire.bench.get("/products/BTC-USD/book?level=2").body).root
    for (side, name) in [("buy", "bids"), ("sell", "asks")] {
      var expected: [String: String] = [:]
      for level in try #require(book.member(named: name.utf8)?.elements) {
        expected[level[0]?.string ?? ""] = level[1]?.string
      }
      #expect(sides[side] == expected)
    }
  }

  @Test("Advanced: envelopes are numbered one after another for each connection")
  func advancedTicker() {
    var wire = Wire()
    let first = wire.send(
      wire.advanced, #"{"type":"subscribe","product_ids":["BTC-USDC"],"channel":"ticker"}"#)
    #expect(keys(first[0]) == "channel client_id timestamp sequence_num events")
    #expect(text(first[0]["events"]) == #"[{"subscriptions":{"ticker":["BTC-USDC"]}}]"#)
    let event = first[1]["events"]?[0]
    #expect(event?["type"]?.string == "snapshot")
    #expect(
      keys(event?["tickers"]?[0])
        == "type product_id price volume_24_h low_24_h high_24_h low_52_w high_52_w "
        + "price_percent_chg_24_h best_bid best_bid_quantity best_ask best_ask_quantity")
    // The stream names the book by its own name, whatever the client called it.
    #expect(event?["tickers"]?[0]?["product_id"]?.string == "BTC-USD")
    let more = wire.send(wire.advanced, #"{"type":"subscribe","channel":"heartbeats"}"#)
    #expect(
      text(more[0]["events"])
        == #"[{"subscriptions":{"ticker":["BTC-USDC"],"heartbeats":["heartbeats"]}}]"#)
    let later = wire.run(.seconds(10), wire.advanced)
    let numbers = (first + more + later).compactMap { $0["sequence_num"]?.int }
    #expect(numbers == Array(0..<numbers.count))
    let beats = later.filter { $0["channel"]?.string == "heartbeats" }
    #expect(beats.compactMap { $0["events"]?[0]?["heartbeat_counter"]?.int } == Array(0..<10))
    #expect(later.filter { $0["channel"]?.string == "ticker" }.count == 10)
  }

  @Test("Advanced: trades and books")
  func advancedOthers() {
    var wire = Wire()
    let trades = wire.send(
      wire.advanced, #"{"type":"subscribe","product_ids":["SOL-USD"],"channel":"market_trades"}"#)
    #expect(trades.map { $0["channel"]?.string } == ["subscriptions", "market_trades"])
    #expect(
      keys(trades.last?["events"]?[0]?["trades"]?[0]) == "trade_id product_id price size side time")
    let book = wire.send(
      wire.advanced, #"{"type":"subscribe","product_ids":["SOL-USD"],"channel":"level2"}"#)
    #expect(book.last?["channel"]?.string == "l2_data")
    let event = book.last?["events"]?[0]
    #expect(event?["type"]?.string == "snapshot" && event?["updates"]?.elements?.count == 100)
    #expect(keys(event?["updates"]?[0]) == "side event_time price_level new_quantity")
    #expect(event?["updates"]?[99]?["side"]?.string == "offer")
  }

  @Test("Advanced: a quiet session is closed after ninety seconds, one with heartbeats is not")
  func quiet() {
    var wire = Wire()
    _ = wire.send(wire.advanced, #"{"type":"subscribe","channel":"heartbeats"}"#)
    #expect(!wire.outputs(.minutes(10)).closed.contains(wire.advanced))
    _ = wire.send(wire.advanced, #"{"type":"unsubscribe","channel":"heartbeats"}"#)
    #expect(!wire.outputs(.seconds(89)).closed.contains(wire.advanced))
    #expect(wire.outputs(.seconds(1)).closed == [wire.advanced])
  }

  @Test(
    "what cannot be subscribed to is refused with a message and a reason",
    arguments: [
      "{", "[]", #"{"type":"hello"}"#, #"{"type":"subscribe"}"#,
      #"{"type":"subscribe","channels":["ticker"]}"#, #"{"type":"subscribe","channel":"ticker"}"#,
      #"{"type":"subscribe","product_ids":["XXX-USD"],"channels":["ticker"],"channel":"ticker"}"#,
      #"{"type":"subscribe","product_ids":["BTC-USD"],"channels":["full"],"channel":"user"}"#,
      #"{"type":"subscribe","product_ids":[7],"channels":["ticker"],"channel":"ticker"}"#,
      #"{"type":"subscribe","product_ids":"BTC-USD","channels":["ticker"],"channel":"ticker"}"#,
    ])
  func refused(request: String) {
    var wire = Wire()
    for id in [wire.exchange, wire.advanced] {
      let answers = wire.send(id, request)
      #expect(answers.count == 1)
      #expect(keys(answers.first) == "type message reason")
      #expect(answers.first?["type"]?.string == "error")
    }
    #expect(wire.outputs(.seconds(5)).closed.count == 2)
  }

  @Test("subscribing twice sends nothing twice; unsubscribing ends it")
  func twice() {
    var wire = Wire()
    let request = #"{"type":"subscribe","product_ids":["BTC-USD","BTC-USD"],"channels":["ticker"]}"#
    #expect(wire.send(wire.exchange, request).count == 2)
    #expect(wire.send(wire.exchange, request).count == 1)
    #expect(wire.run(.seconds(5), wire.exchange).count == 5)
    let end = wire.send(
      wire.exchange, request.replacing(#""subscribe""#, with: #""unsubscribe""#))
    #expect(text(end.first) == #"{"type":"subscriptions","channels":[]}"#)
    #expect(wire.run(.seconds(5), wire.exchange).isEmpty)
  }

  @Test("a batch comes every five seconds")
  func batch() {
    var wire = Wire()
    _ = wire.send(
      wire.exchange, #"{"type":"subscribe","product_ids":["BTC-USD"],"channels":["ticker_batch"]}"#)
    #expect(wire.run(.seconds(30), wire.exchange).count == 6)
  }

  @Test("faults of the sockets: silence, other names, unknown messages, closing")
  func faults() {
    var wire = Wire()
    let request = #"{"type":"subscribe","product_ids":["BTC-USD"],"channels":["ticker"],"#
    let both = request + #""channel":"ticker"}"#
    wire.bench.venue.apply(.silence(true))
    #expect(wire.send(wire.exchange, both).count == 1)
    #expect(wire.send(wire.advanced, both).count == 1)
    #expect(wire.outputs(.minutes(10)).isEmpty)
    wire.bench.venue.apply(.silence(false))
    wire.bench.venue.apply(.aliasIDs(true))
    wire.bench.venue.apply(.unknownExtras(true))
    let later = wire.run(.seconds(5), wire.advanced)
    let names = later.compactMap { $0["events"]?[0]?["tickers"]?[0]?["product_id"]?.string }
    #expect(Set(names) == ["BTC-USDC"])
    #expect(later.contains { $0["channel"]?.string == "venue_notices" })
    let flat = wire.run(.seconds(5), wire.exchange)
    #expect(flat.contains { $0["type"]?.string == "venue_notice" })
    wire.bench.venue.apply(.closeSessions)
    #expect(wire.bench.venue.nextWake == wire.bench.now)
    #expect(wire.outputs(.zero).closed == [wire.exchange, wire.advanced])
    #expect(wire.outputs(.minutes(1)).isEmpty)
  }

  @Test("too many messages and too many connections are turned away")
  func budgets() {
    var bench = CoinbaseBench()
    let id = SessionID(number: 1)
    _ = bench.say(.opened(id, path: "/coinbase/advanced"))
    let request = Array(#"{"type":"subscribe","channel":"heartbeats"}"#.utf8)
    for _ in 0..<8 { _ = bench.say(.frame(id, request)) }
    guard case .frame(_, let bytes)? = bench.say(.frame(id, request)).first else {
      Issue.record("no answer")
      return
    }
    #expect(String(decoding: bytes, as: UTF8.self).contains("rate limit exceeded"))
    let closed = (2...40).flatMap { number in
      bench.say(.opened(SessionID(number: number), path: "/coinbase/exchange")).closed
    }
    #expect(closed.count == 20)
    #expect(closed.first == SessionID(number: 21))
  }
}

extension [VenueOutput] {
  fileprivate var closed: [SessionID] {
    compactMap { if case .close(let id) = $0 { id } else { nil } }
  }
}

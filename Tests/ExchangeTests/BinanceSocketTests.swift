import Choice
import Market
import Testing
import Venues

@testable import Exchange

@Suite("The sockets of the simulated Binance") struct BinanceSocketTests {
  private func frames(_ bench: BinanceBench, _ session: UInt64 = 1) -> [String] {
    bench.frames[session] ?? []
  }

  private func subscribe(_ names: String..., id: Int = 1) -> String {
    let list = names.map { "\"\($0)\"" }.joined(separator: ",")
    return #"{"method":"SUBSCRIBE","params":[\#(list)],"id":\#(id)}"#
  }

  @Test("requests are answered in the forms that clients understand")
  func requests() {
    var bench = BinanceBench()
    bench.open(
      path: "/market/ws/0", subscribe("btcusdt@kline_1m", "nosuch@kline_1m"),
      #"{"method":"LIST_SUBSCRIPTIONS","id":"three"}"#,
      #"{"method":"UNSUBSCRIBE","params":["nosuch@kline_1m"],"id":4}"#,
      #"{"method":"LIST_SUBSCRIPTIONS","id":5}"#,
      #"{"method":"GET_PROPERTY","params":["combined"],"id":6}"#,
      #"{"method":"SET_PROPERTY","params":["combined",true],"id":7}"#,
      #"{"method":"GET_PROPERTY","params":["combined"],"id":8}"#)
    #expect(
      frames(bench) == [
        #"{"result":null,"id":1}"#,
        #"{"result":["btcusdt@kline_1m","nosuch@kline_1m"],"id":"three"}"#,
        #"{"result":null,"id":4}"#, #"{"result":["btcusdt@kline_1m"],"id":5}"#,
        #"{"result":false,"id":6}"#, #"{"result":null,"id":7}"#, #"{"result":true,"id":8}"#,
      ])
  }

  @Test("errors carry the id of the request, or the older form without it")
  func errors() {
    var bench = BinanceBench()
    bench.open(
      path: "/market/ws", #"{"method":"SHOUT","id":9}"#, "{",
      #"{"method":"SET_PROPERTY","params":["combined",1],"id":2}"#,
      #"{"method":"GET_PROPERTY","params":["other"],"id":3}"#)
    let texts = frames(bench)
    #expect(texts[0].hasPrefix(#"{"error":{"code":2,"msg":"Invalid request: unknown variant"#))
    #expect(texts[0].hasSuffix(#"},"id":9}"#))
    #expect(texts[1].hasPrefix(#"{"error":{"code":3,"#))
    #expect(texts[2].hasPrefix(#"{"error":{"code":1,"#))
    #expect(texts[3].hasPrefix(#"{"error":{"code":0,"#))
    bench.apply(.bareErrors(true))
    bench.send(#"{"method":"SUBSCRIBE","id":4}"#)
    #expect(
      frames(bench).last == #"{"code":2,"msg":"Invalid request: missing field `params`"}"#)
  }

  @Test(
    "each class of streams is pushed on its own path; the old ones acknowledge all the same",
    arguments: [
      ("/market/ws", ["kline", "aggTrade", "markPriceUpdate", "24hrMiniTicker"]),
      ("/public/ws/0", ["trade", "bookTicker", "depthUpdate"]),
      ("/ws/0", ["trade", "bookTicker", "depthUpdate"]), ("/private/ws", []),
    ])
  func classes(_ path: String, _ expected: [String]) {
    var bench = BinanceBench()
    bench.advance(by: .seconds(1))
    bench.open(
      path: path,
      subscribe(
        "btcusdt@kline_1m", "btcusdt@aggTrade", "btcusdt@markPrice@1s", "btcusdt@miniTicker",
        "btcusdt@trade", "btcusdt@bookTicker", "btcusdt@depth20@100ms"))
    #expect(frames(bench) == [#"{"result":null,"id":1}"#])
    bench.advance(by: .seconds(5))
    let kinds = Set(
      frames(bench).dropFirst().compactMap { text in
        text.split(separator: "\"").dropFirst(3).first.map(String.init)
      })
    #expect(kinds == Set(expected))
  }

  @Test("streams in the path need no request, and combined frames name theirs")
  func combined() {
    var bench = BinanceBench()
    bench.open(path: "/market/stream?streams=btcusdt@markPrice/ethusdt@markPrice@1s")
    bench.open(2, path: "/market/ws/ethusdt@markPrice@1s")
    bench.advance(by: .seconds(6))
    let three = frames(bench).filter { $0.hasPrefix(#"{"stream":"btcusdt@markPrice","data":{"#) }
    let one = frames(bench).filter { $0.hasPrefix(#"{"stream":"ethusdt@markPrice@1s","data":{"#) }
    #expect(three.count == 2)
    #expect(one.count == 6)
    #expect(frames(bench, 2).count == 6)
    #expect(frames(bench, 2).allSatisfy { $0.hasPrefix(#"{"e":"markPriceUpdate","E":"#) })
  }

  @Test("a candle is pushed while it changes and once when it is over")
  func klines() throws {
    var bench = BinanceBench()
    bench.open(path: "/market/ws", subscribe("btcusdt@kline_1m", "btcusdt@kline_3m"))
    bench.advance(by: .minutes(3))
    let minute = frames(bench).filter { $0.contains(#""i":"1m""#) }
    #expect(minute.count > 100)
    let finals = minute.filter { $0.contains(#""x":true"#) }
    #expect(finals.count == 3)
    #expect(frames(bench).filter { $0.contains(#""i":"3m""#) && $0.contains("true") }.count == 1)
    var parser = JSONParser()
    for (number, text) in finals.enumerated() {
      let event = try parser.parse(Array(text.utf8)).root
      let body = try #require(event["k"])
      #expect(
        event.members?.map { String($0.key) } == ["e", "E", "s", "k"])
      #expect(
        body.members?.map { String($0.key) } == [
          "t", "T", "s", "i", "f", "L", "o", "c", "h", "l", "v", "n", "x", "q", "V", "Q", "B",
        ])
      let close = BinanceBench.start + .minutes(Int64(number) + 1)
      #expect(body["T"]?.int64 == close.milliseconds - 1)
      #expect(try #require(event["E"]?.int64) >= close.milliseconds)
      #expect(try #require(body["f"]?.int64) <= (try #require(body["L"]?.int64)))
    }
  }

  @Test("a candle in which nothing trades has no trades and stands where the last one ended")
  func empty() throws {
    var market = QuietMarket()
    var venue = BinanceVenue(
      configuration: BinanceVenueConfiguration(start: BinanceBench.start, symbols: ["BTC"]),
      chooser: .seeded(1))
    var outputs: [VenueOutput] = []
    let id = SessionID(number: 1)
    venue.handle(
      .opened(id, path: "/market/ws/btcusdt@kline_1m"), at: BinanceBench.start, market: market,
      into: &outputs)
    for second in 1...121 as ClosedRange<Int64> {
      market.now = BinanceBench.start + .seconds(second)
      venue.handle(.advance, at: market.now, market: market, into: &outputs)
    }
    let finals = outputs.compactMap { output -> String? in
      guard case .frame(_, let bytes) = output else { return nil }
      let text = String(decoding: bytes, as: UTF8.self)
      return text.contains(#""x":true"#) ? text : nil
    }
    #expect(finals.count == 2)
    let last = try #require(finals.last)
    #expect(
      last.contains(#""f":-1,"L":-1,"o":"7.00","c":"7.00","h":"7.00","l":"7.00","v":"0.00000""#))
    #expect(last.contains(#""n":0,"x":true"#))
  }

  @Test("frames beyond ten a second end the connection, and too many streams do")
  func excess() {
    var bench = BinanceBench(venue: { $0.streamsPerConnection = 3 })
    bench.open(path: "/market/ws")
    for number in 0..<10 { bench.send(#"{"method":"LIST_SUBSCRIPTIONS","id":\#(number)}"#) }
    #expect(bench.closed.isEmpty)
    bench.send(#"{"method":"LIST_SUBSCRIPTIONS","id":11}"#)
    #expect(bench.closed == [1])
    bench.open(2, path: "/market/ws", subscribe("a@trade", "b@trade"), subscribe("c@trade"))
    #expect(bench.closed == [1])
    bench.send(subscribe("d@trade"), session: 2)
    #expect(bench.closed == [1, 2])
    bench.open(3, path: "/nowhere")
    #expect(bench.closed == [1, 2, 3])
  }

  @Test("a connection is pinged every three minutes and ends after a day")
  func life() {
    var bench = BinanceBench(venue: { $0.connectionLife = .minutes(20) })
    bench.open(path: "/market/ws")
    bench.advance(by: .minutes(19) + .seconds(59))
    #expect(bench.pings == 6)
    #expect(bench.closed.isEmpty)
    bench.advance(by: .seconds(2))
    #expect(bench.closed == [1])
  }
}

/// A market that traded once, before the venue opened, and never again.
private struct QuietMarket: TrueMarket {
  var now = BinanceBench.start
  var symbols: [Symbol] { ["BTC"] }
  func lastPrice(of symbol: Symbol) -> Price? { "7" }
  func mark(of symbol: Symbol) -> Price? { "7" }
  func candles(
    of symbol: Symbol, _ timeframe: Timeframe, from start: Instant, through end: Instant
  ) -> [Candle] {
    let open = timeframe.open(containing: BinanceBench.start)
    guard start <= open, end >= open else { return [] }
    let candle = try? Candle(
      symbol: symbol, timeframe: timeframe, venue: .hyperliquid, openTime: open, open: "7",
      high: "7", low: "7", close: "7", volume: "1")
    return candle.map { [$0] } ?? []
  }
  func tradeCount(of symbol: Symbol) -> UInt64 { 0 }
  func trades(of symbol: Symbol, after count: UInt64) -> [Trade] { [] }
}

import Market
import Testing

@testable import Venues

@Suite("Market data") struct MarketDataTests {
  private func listening() -> Dialogue {
    var talk = Dialogue(Dialogue.configuration(streams: .all, user: Dialogue.user))
    talk.begin()
    return talk
  }

  private func events(_ frame: String) -> [MarketEvent] {
    var talk = listening()
    talk.frame(frame)
    return talk.effects.market
  }

  private func rejection(_ frame: String) -> RejectionReason? {
    var talk = listening()
    talk.frame(frame)
    #expect(talk.effects.count == 1, "\(talk.effects)")
    return talk.effects.rejections.first?.reason
  }

  private func milliseconds(_ count: Int64) -> Instant { Instant(milliseconds: count) }

  @Test("each channel of the fixtures becomes its event")
  func channels() throws {
    let frames = FixtureFile.lines("frames.jsonl").map { String(decoding: $0, as: UTF8.self) }
    try #require(frames.count == 11)
    #expect(
      events(frames[0]) == [
        .candle(
          try Candle(
            symbol: "BTC", timeframe: .m1, venue: .hyperliquid,
            openTime: milliseconds(1_699_999_980_000), open: "37017", high: "37024", low: "37016",
            close: "37021", volume: "3.40218"))
      ])
    #expect(
      events(frames[1]) == [
        .trade(
          Trade(
            symbol: "BTC", time: milliseconds(1_700_000_000_100), takerSide: .buy, price: "37021",
            quantity: "0.02", id: 118_906_512_037_719)),
        .trade(
          Trade(
            symbol: "BTC", time: milliseconds(1_700_000_000_150), takerSide: .sell, price: "37020",
            quantity: "0.5", id: 118_906_512_037_720)),
      ])
    #expect(
      events(frames[2]) == [
        .book(
          BookSnapshot(
            symbol: "BTC", time: milliseconds(1_700_000_000_200),
            bids: [
              BookLevel(price: "37020", quantity: "1.25", orderCount: 3),
              BookLevel(price: "37019", quantity: "4", orderCount: 9),
            ],
            asks: [
              BookLevel(price: "37021", quantity: "0.75", orderCount: 2),
              BookLevel(price: "37023", quantity: "2.5", orderCount: 4),
            ]))
      ])
    #expect(
      events(frames[3]) == [
        .quote(
          Quote(
            symbol: "ETH", time: milliseconds(1_700_000_000_210),
            bid: BookLevel(price: "2054.1", quantity: "10.5", orderCount: 4), ask: nil))
      ])
    #expect(
      events(frames[4]) == [
        .context(
          AssetContext(
            symbol: "BTC", mark: "37019.5", oracle: "37018", mid: "37020.5",
            hourlyFundingRate: FundingRate(steps: -239_653), openInterest: "27353.17682"))
      ])
    #expect(events(frames[5]) == [.mid("BTC", "37020.5"), .mid("ETH", "2054.15")])
  }

  @Test("every fixture frame is accepted")
  func accepted() {
    for frame in FixtureFile.lines("frames.jsonl") {
      var talk = listening()
      talk.frame(frame)
      #expect(talk.effects.rejections.isEmpty, "\(String(decoding: frame, as: UTF8.self))")
    }
  }

  @Test(
    "a candle that contradicts itself or our wishes is refused",
    arguments: [
      ("\"s\":\"BTC\"", "\"s\":\"DOGE\"", RejectionReason.unknownSymbol),
      ("\"i\":\"1m\"", "\"i\":\"3m\"", .member("i")),
      ("\"i\":\"1m\"", "\"i\":\"5m\"", .inconsistent),
      ("\"s\":\"BTC\"", "\"s\":7", .member("s")), ("\"s\":\"BTC\"", "\"s\":\"\"", .member("s")),
      ("\"o\":\"37017.0\"", "\"o\":37017.0", .member("o")),
      ("\"o\":\"37017.0\"", "\"o\":\"37017.000000001\"", .member("o")),
      ("\"o\":\"37017.0\"", "\"o\":\"99999999999999\"", .member("o")),
      ("\"o\":\"37017.0\"", "\"o\":\"NaN\"", .member("o")),
      ("\"o\":\"37017.0\"", "\"x\":\"37017.0\"", .member("o")),
      ("\"l\":\"37016.0\"", "\"l\":\"0.0\"", .inconsistent),
      ("\"l\":\"37016.0\"", "\"l\":\"-1.0\"", .inconsistent),
      ("\"h\":\"37024.0\"", "\"h\":\"37000.0\"", .inconsistent),
      ("\"v\":\"3.40218\"", "\"v\":\"-3.40218\"", .inconsistent),
      ("\"v\":\"3.40218\"", "\"v\":null", .member("v")),
      ("\"t\":1699999980000", "\"t\":1699999980001", .inconsistent),
      ("\"t\":1699999980000", "\"t\":\"1699999980000\"", .member("t")),
      ("\"t\":1699999980000", "\"t\":-1699999980000", .member("t")),
      ("\"T\":1700000039999", "\"T\":9223372036854775807", .member("T")),
      ("\"T\":1700000039999", "\"T\":1700000040000", .inconsistent),
    ])
  func badCandles(old: String, new: String, reason: RejectionReason) throws {
    let frame = try #require(FixtureFile.lines("frames.jsonl").first)
    let text = String(decoding: frame, as: UTF8.self)
    #expect(rejection(text.replacing(old, with: new)) == reason)
  }

  @Test("a candle from the far future is refused")
  func farFuture() {
    let open = 1_699_999_980_000 + 86_400_000 * 2 as Int64
    let frame = Dialogue.candleFrame(0).replacing("1699999980000", with: "\(open)")
      .replacing("1700000039999", with: "\(open + 59_999)")
    #expect(rejection(frame) == .inconsistent)
  }

  static func trade(
    _ coin: String, _ side: String, _ price: String, _ size: String, more: String = ""
  ) -> String {
    #"{"channel":"trades","data":[{"coin":"\#(coin)","time":1,"side":"\#(side)","#
      + #""px":"\#(price)","sz":"\#(size)","tid":1}\#(more)]}"#
  }

  static func book(_ levels: String) -> String {
    #"{"channel":"l2Book","data":{"coin":"BTC","time":1,"levels":\#(levels)}}"#
  }

  @Test(
    "other frames that say nothing we can use are refused",
    arguments: [
      ("", RejectionReason.json(.empty)), ("{", .json(.syntax)), ("[]", .member("channel")),
      ("{}", .member("channel")), (#"{"channel":7}"#, .member("channel")),
      (#"{"channel":"candle"}"#, .member("data")),
      (#"{"channel":"user","data":{}}"#, .unknownChannel),
      (#"{"channel":"candle","data":[]}"#, .member("data")),
      (#"{"channel":"candle","data":null}"#, .member("data")),
      (#"{"channel":"trades","data":{}}"#, .member("data")),
      (#"{"channel":"trades","data":[{}]}"#, .member("coin")),
      (#"{"channel":"trades","data":[{"coin":"BTC","time":1}]}"#, .member("side")),
      (
        trade("BTC", "X", "1", "1"),
        .member("side")
      ),
      (
        trade("BTC", "A", "0", "1"),
        .member("px")
      ),
      (
        trade("BTC", "A", "1", "-1"),
        .member("sz")
      ),
      (
        trade("BTC", "A", "1", "1", more: ",7"),
        .member("coin")
      ),
      (
        trade("SOL", "A", "1", "1"),
        .unknownSymbol
      ),
      (book(#"[[]]"#), .member("levels")),
      (
        book(#"[[{"px":"2","sz":"1","n":1}],[{"px":"2","sz":"1","n":1}]]"#),
        .inconsistent
      ),
      (
        book(#"[[{"px":"1","sz":"1"},{"px":"2","sz":"1"}],[]]"#),
        .inconsistent
      ),
      (
        book(#"[[],[{"px":"1","sz":"1"},{"px":"1","sz":"1"}]]"#),
        .inconsistent
      ),
      (
        book(#"[[],[{"px":"1","sz":"0"}]]"#),
        .member("sz")
      ),
      (#"{"channel":"bbo","data":{"coin":"BTC","time":1,"bbo":[null]}}"#, .member("bbo")),
      (#"{"channel":"allMids","data":{"mids":{"BTC":"-1"}}}"#, .member("mids")),
      (#"{"channel":"allMids","data":{"BTC":"1"}}"#, .member("mids")),
      (#"{"channel":"activeAssetCtx","data":{"coin":"BTC","ctx":{}}}"#, .member("openInterest")),
      (#"{"channel":"activeAssetCtx","data":{"coin":"SOL","ctx":{}}}"#, .unknownSymbol),
      (#"{"channel":"subscriptionResponse","data":{}}"#, .member("subscription")),
      (#"{"channel":"error","data":{}}"#, .member("data")),
    ])
  func badFrames(frame: String, reason: RejectionReason) {
    #expect(rejection(frame) == reason)
  }

  @Test("a frame over the limit is refused without being read")
  func oversize() {
    var configuration = Dialogue.configuration()
    configuration.limits = JSONLimits(bytes: 1_024)
    var talk = Dialogue(configuration)
    talk.begin()
    talk.frame("\"" + String(repeating: "x", count: 2_000) + "\"")
    #expect(talk.effects.rejections.map(\.reason) == [.json(.tooLarge)])
    #expect(talk.effects.rejections.first?.excerpt.utf8.count == RejectedInput.excerptLimit)
  }

  @Test("rejections are counted, their excerpts printable")
  func excerpts() {
    var talk = listening()
    talk.frame([0x7b, 0xff, 0x00, 0x0a, 0x41])
    talk.frame("{}")
    #expect(talk.effects.rejections.first?.ordinal == 2)
    talk.frame([0x22, 0xff, 0x0a, 0x41, 0x22])
    #expect(talk.effects.rejections.first?.excerpt == "\"..A\"")
  }

  @Test("a trade is told once, though each subscription repeats the last ones")
  func tradesOnce() {
    var talk = listening()
    let trade = { (tid: Int) in
      #"{"coin":"BTC","side":"B","px":"1","sz":"1","time":1700000000000,"tid":\#(tid)}"#
    }
    talk.frame(#"{"channel":"trades","data":[\#(trade(1)),\#(trade(2))]}"#)
    #expect(talk.effects.market.count == 2)
    #expect(talk.effects.count == 2)
    talk.frame(#"{"channel":"trades","data":[\#(trade(2)),\#(trade(3))]}"#)
    #expect(talk.effects.market.count == 1)
    #expect(talk.effects.contains(.latency(.frame(.trades, age: .zero))))
  }

  @Test("a book or quote never goes back in time, unless time itself was wrong")
  func backInTime() {
    var talk = listening()
    let book = { (time: Int) in
      #"{"channel":"l2Book","data":{"coin":"BTC","time":\#(time),"levels":[[],[]]}}"#
    }
    talk.frame(book(200))
    talk.frame(book(200))
    #expect(talk.effects.market.count == 1)
    for _ in 0..<NewestTime.patience {
      talk.frame(book(199))
      #expect(talk.effects.rejections.map(\.reason) == [.stale])
    }
    talk.frame(book(199))
    #expect(talk.effects.market.count == 1)
    let quote = { (time: Int) in
      #"{"channel":"bbo","data":{"coin":"BTC","time":\#(time),"bbo":[null,null]}}"#
    }
    talk.frame(quote(100))
    talk.frame(quote(99))
    #expect(talk.effects.rejections.map(\.reason) == [.stale])
  }

  @Test("a crossed quote is told and has no mid")
  func crossedQuote() {
    let frame =
      #"{"channel":"bbo","data":{"coin":"BTC","time":1,"bbo":[{"px":"2","sz":"1","n":1},"#
      + #"{"px":"1","sz":"1","n":1}]}}"#
    guard case .quote(let quote)? = events(frame).first else {
      Issue.record("no quote")
      return
    }
    #expect(quote.mid == nil)
  }

  @Test(
    "decimals round to the nearest place",
    arguments: [
      ("0.0000125", 10, 125_000), ("-0.00000000005", 10, -1), ("0.00000000004", 10, 0),
      ("605822.2557999999", 8, 60_582_225_580_000), ("1", 0, 1), ("1.5", 0, 2), ("-1.49", 0, -1),
    ] as [(String, Int, Int64)])
  func rounding(text: String, places: Int, steps: Int64) {
    #expect(decimalSteps(Array(text.utf8), places: places) == steps)
  }

  @Test(
    "what is no decimal has no steps",
    arguments: ["", "-", ".", ".5", "1.2.3", "1e5", "--1", "1-", "99999999999999999999", " 1"])
  func noDecimal(text: String) { #expect(decimalSteps(Array(text.utf8), places: 8) == nil) }
}

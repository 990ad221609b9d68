import Market
import Testing

@testable import Venues

@Suite("Binance client") struct BinanceClientTests {
  typealias Talk = BinanceDialogue

  @Test("at the start it asks for the clock and the newest candles, and connects where data is")
  func start() {
    var talk = Talk(openInterest: ["BTC"], funding: ["ETH"])
    talk.start()
    #expect(
      talk.effects.paths == [
        "/fapi/v1/time", "/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=3",
        "/futures/data/openInterestHist?symbol=BTCUSDT&period=5m&limit=30",
        "/fapi/v1/fundingInfo", "/fapi/v1/fundingRate?symbol=ETHUSDT&limit=3",
      ])
    #expect(
      talk.effects.contains(.transport(.connect(talk.connection, path: "/market/ws"))))
    talk.input(.opened(talk.connection))
    #expect(
      talk.effects.sent == [#"{"method":"SUBSCRIBE","params":["btcusdt@kline_1m"],"id":1}"#])
    talk.frame(#"{"result":null,"id":1}"#)
    #expect(talk.effects.feed == [.subscribed, .recovered])
    talk.start()
    #expect(talk.effects.isEmpty)
  }

  @Test("of history, what is over is told, with the takers' split")
  func history() throws {
    var talk = Talk()
    talk.start()
    talk.reply("/fapi/v1/klines", "[\(Talk.row(-2)),\(Talk.row(-1)),\(Talk.row(0))]")
    #expect(talk.effects.opensClosed == [Talk.open(-2), Talk.open(-1)])
    guard case .closedCandle(let candle) = try #require(talk.effects.market.first) else { return }
    #expect(candle.venue == .binance)
    #expect(candle.volume == "3.5")
    #expect(
      candle.takerSplit
        == TakerSplit(buy: "1.25", sell: "2.25", coverage: Fraction(whole: 1)))
  }

  @Test("a final frame is told once; its copies and what is older than it are not")
  func finals() {
    var talk = Talk()
    talk.listen()
    talk.frame(Talk.kline(0, isFinal: false))
    #expect(talk.effects.market.isEmpty)
    talk.frame(Talk.kline(0))
    #expect(talk.effects.opensClosed == [Talk.open(0)])
    talk.frame(Talk.kline(0))
    #expect(talk.effects.market.isEmpty && talk.effects.rejections.isEmpty)
    talk.frame(Talk.kline(0, close: "99.5", isFinal: false))
    #expect(talk.effects.market.isEmpty && talk.effects.rejections.isEmpty)
    talk.frame(Talk.kline(0, close: "99.5"))
    #expect(talk.effects.opensClosed == [Talk.open(0)])
  }

  @Test("a candle that was left out is a gap, asked for from the last certain one on")
  func leftOut() {
    var talk = Talk()
    talk.listen()
    talk.frame(Talk.kline(0))
    talk.frame(Talk.kline(3))
    #expect(talk.effects.opensClosed == [Talk.open(3)])
    #expect(talk.effects.feed == [.gap("BTC", .m1, from: Talk.open(1), to: Talk.open(2))])
    #expect(
      talk.effects.paths == [
        "/fapi/v1/klines?symbol=BTCUSDT&interval=1m&startTime=\(Talk.open(0).milliseconds)&limit=3"
      ])
    talk.frame(Talk.kline(2))
    #expect(talk.effects.opensClosed == [Talk.open(2)])
    #expect(talk.effects.feed.isEmpty && talk.effects.paths.isEmpty)
    talk.frame(Talk.kline(1))
    #expect(talk.effects.opensClosed == [Talk.open(1)])
    #expect(
      talk.effects.feed.first
        == .gapFilled("BTC", .m1, from: Talk.open(1), to: Talk.open(2), candles: 2))
  }

  @Test("a final that does not come is asked for three seconds after its close, not before")
  func grace() {
    var talk = Talk()
    talk.listen()
    talk.pass(.seconds(42))
    #expect(talk.effects.paths.isEmpty)
    talk.pass(.seconds(2))
    #expect(
      talk.effects.paths == [
        "/fapi/v1/klines?symbol=BTCUSDT&interval=1m&startTime="
          + "\(Talk.open(-1).milliseconds)&limit=3"
      ])
    // It is the row that still forms for the venue's clock: nothing is closed but by time.
    talk.reply("/fapi/v1/klines", "[\(Talk.row(-1)),\(Talk.row(0))]")
    #expect(talk.effects.opensClosed == [Talk.open(0)])
  }

  @Test("after a reconnect history is read from the last certain candle on, and compared")
  func reconnect() {
    var talk = Talk()
    talk.listen()
    talk.input(.closed(talk.connection, .connectionLost))
    talk.pass(.seconds(1))
    talk.input(.opened(talk.connection))
    #expect(talk.effects.paths.isEmpty)
    talk.frame(#"{"result":null,"id":2}"#)
    #expect(
      talk.effects.paths == [
        "/fapi/v1/klines?symbol=BTCUSDT&interval=1m&startTime="
          + "\(Talk.open(-1).milliseconds)&limit=3"
      ])
    talk.reply("/fapi/v1/klines", "[\(Talk.row(-1, close: "99.5")),\(Talk.row(0))]")
    #expect(talk.effects.opensClosed == [Talk.open(-1)])
  }

  @Test("a connection that is replaced is heard until the new one carries data")
  func replacement() {
    var talk = Talk()
    talk.listen()
    let old = talk.connection
    talk.frame(#"{"e":"serverShutdown","E":1700000000000}"#)
    let new = talk.connection
    #expect(new != old && talk.effects.closes.isEmpty)
    talk.input(.frame(old, Array(Talk.kline(0).utf8)))
    #expect(talk.effects.opensClosed == [Talk.open(0)])
    talk.input(.opened(new))
    talk.input(.frame(old, Array(Talk.kline(1).utf8)))
    #expect(talk.effects.opensClosed == [Talk.open(1)])
    talk.frame(#"{"result":null,"id":2}"#)
    #expect(talk.effects.closes.isEmpty)
    talk.frame(Talk.kline(1))
    #expect(talk.effects.closes == [old])
    #expect(talk.effects.opensClosed.isEmpty)
    talk.input(.frame(old, Array(Talk.kline(2).utf8)))
    #expect(talk.effects.rejections.map(\.kind) == [.stray])
    // The new connection goes on alone: its end is an end.
    talk.input(.closed(new, nil))
    #expect(talk.effects.feed.count == 1)
  }

  @Test("a replacement that fails leaves the old connection standing, and is tried again")
  func failedReplacement() {
    var talk = Talk()
    talk.listen()
    let old = talk.connection
    talk.frame(#"{"e":"serverShutdown","E":1700000000000}"#)
    talk.input(.closed(talk.connection, .unreachable))
    #expect(talk.effects.feed.isEmpty)
    talk.input(.frame(old, Array(Talk.kline(0).utf8)))
    #expect(talk.effects.opensClosed == [Talk.open(0)])
    talk.pass(.seconds(2))
    #expect(talk.effects.connectsMarket == 1)
    talk.input(.closed(old, nil))
    #expect(talk.effects.feed.contains { if case .disconnected = $0 { true } else { false } })
  }

  @Test("a row is not over by one clock alone", arguments: [-60_000, 60_000] as [Int64])
  func clocks(_ offset: Int64) {
    var talk = Talk()
    talk.start()
    talk.reply("/fapi/v1/time", #"{"serverTime":\#(talk.now.wall.milliseconds + offset)}"#)
    // By our clock the minute 0 forms; by a venue's clock a minute ahead it would be over.
    talk.reply("/fapi/v1/klines", "[\(Talk.row(-2)),\(Talk.row(-1)),\(Talk.row(0))]")
    #expect(talk.effects.opensClosed == [Talk.open(-2), Talk.open(-1)])
  }

  @Test(
    "rows and frames that contradict themselves move nothing",
    arguments: [
      (#""c":"100.5""#, #""c":"0""#), (#""c":"100.5""#, #""c":"-1""#),
      (#""c":"100.5""#, #""c":100.5"#), (#""h":"101.00""#, #""h":"100.00""#),
      (#""V":"1.250""#, #""V":"3.501""#), (#""v":"3.500""#, #""v":"-3.5""#),
      (#""i":"1m""#, #""i":"5m""#), (#""x":true"#, #""x":1"#),
      (#""s":"BTCUSDT","k""#, #""s":"ETHUSDT","k""#),
      (#""t":1699999980000"#, #""t":1699999980001"#),
      (#""t":1699999980000"#, #""t":"1699999980000""#), (#""E":"#, #""F":"#),
      (#""k":"#, #""j":"#), (#""T":1700000039999"#, #""T":1700000040000"#),
    ])
  func contradictions(_ part: String, _ damage: String) {
    var talk = Talk()
    talk.listen()
    let text = Talk.kline(0)
    #expect(text.contains(part))
    talk.frame(text.replacing(part, with: damage, maxReplacements: 1))
    #expect(talk.effects.market.isEmpty)
    #expect(talk.effects.rejections.map(\.kind) == [.kline])
  }

  @Test("a candle from the future or of another contract moves nothing")
  func foreign() {
    var talk = Talk()
    talk.listen()
    for text in [
      Talk.kline(60), Talk.kline(0, pair: "ETHUSDT"), Talk.kline(0, pair: "BTCUSD_PERP"),
    ] {
      talk.frame(text)
      #expect(talk.effects.market.isEmpty)
      #expect(talk.effects.rejections.count == 1)
    }
  }

  @Test("frames in combined form, and those with more members, say the same")
  func combined() {
    var talk = Talk()
    talk.listen()
    talk.frame(#"{"stream":"btcusdt@kline_1m","data":\#(Talk.kline(0))}"#)
    #expect(talk.effects.opensClosed == [Talk.open(0)])
    talk.frame(Talk.kline(1).dropLast() + #","new":[{}],"st":1}"#)
    #expect(talk.effects.opensClosed == [Talk.open(1)])
  }

  @Test("a subscription that is not acknowledged in time is given up, and so is a refused one")
  func handshake() {
    var talk = Talk()
    talk.start()
    talk.input(.opened(talk.connection))
    talk.frame(#"{"result":null,"id":77}"#)
    #expect(talk.effects.rejections.map(\.reason) == [.stray])
    talk.pass(.seconds(16))
    #expect(talk.effects.closes == [ConnectionID(venue: .binance, number: 1)])
    #expect(talk.effects.connectsMarket == 1)
    talk.input(.opened(talk.connection))
    talk.frame(#"{"error":{"code":2,"msg":"Invalid request: no"},"id":2}"#)
    #expect(talk.effects.feed.first == .subscriptionRefused("Invalid request: no"))
    talk.input(.closed(talk.connection, nil))
    talk.pass(.seconds(5))
    talk.input(.opened(talk.connection))
    talk.frame(#"{"code":3,"msg":"Invalid JSON"}"#)
    #expect(talk.effects.feed.first == .subscriptionRefused("Invalid JSON"))
    #expect(talk.effects.rejections.map(\.reason) == [.venueError])
  }

  @Test("more streams than one connection carries are spread, fifty names a frame")
  func many() {
    let symbols = (0..<130).compactMap { Symbol("C\($0)") }
    let series = symbols.map { CandleSeries(symbol: $0, timeframe: .m5) }
    var talk = Talk(series) { $0.streamsPerConnection = 120 }
    talk.start()
    #expect(talk.effects.connectsMarket == 2)
    talk.input(.opened(ConnectionID(venue: .binance, number: 1)))
    #expect(talk.effects.sent.map { $0.count(where: { $0 == "@" }) } == [50, 50, 20])
    talk.input(.opened(ConnectionID(venue: .binance, number: 2)))
    #expect(talk.effects.sent.map { $0.count(where: { $0 == "@" }) } == [10])
    // The venue takes ten frames a second.
    #expect(talk.client.sockets.allSatisfy { $0.pending.count <= 4 })
  }

  @Test("marks carry what the venue says, to the last place that fits")
  func marks() {
    var talk = Talk([]) { $0.marks = ["BTC"] }
    talk.listen()
    talk.frame(Talk.mark)
    #expect(
      talk.effects.market == [
        .mark(
          MarkPrice(
            symbol: "BTC", venue: .binance, time: Instant(milliseconds: 1_700_000_000_100),
            mark: "100.12345678", index: "100.00000001",
            fundingEstimate: FundingRate(steps: -1_234_500),
            nextFunding: Instant(milliseconds: 1_700_006_400_000)))
      ])
  }

  @Test("ids of trades rise by one: copies are dropped, holes counted, asked for and filled once")
  func trades() {
    var talk = Talk([]) { $0.trades = ["BTC"] }
    talk.listen()
    func ids() -> [UInt64] {
      talk.effects.market.compactMap {
        guard case .trade(let trade) = $0 else { return nil }
        return trade.id
      }
    }
    talk.frame(Talk.trade(10))
    talk.frame(Talk.trade(11, maker: true))
    guard case .trade(let sold) = talk.effects.market.first else {
      Issue.record("no trade")
      return
    }
    #expect(sold.takerSide == .sell)
    talk.frame(Talk.trade(11))
    #expect(ids().isEmpty)
    talk.frame(Talk.trade(15))
    #expect(ids() == [15])
    #expect(talk.client.missedTrades == 3)
    #expect(talk.effects.paths == ["/fapi/v1/aggTrades?symbol=BTCUSDT&fromId=12&limit=3"])
    func row(_ id: Int) -> String {
      #"{"a":\#(id),"p":"100.00","q":"0.1","nq":"0.1","f":1,"l":1,"T":1700000000000,"m":false}"#
    }
    talk.reply("/fapi/v1/aggTrades", "[\(row(12)),\(row(13)),\(row(15))]")
    #expect(ids() == [12, 13])
    #expect(talk.effects.paths == ["/fapi/v1/aggTrades?symbol=BTCUSDT&fromId=14&limit=1"])
    // The venue does not have it: it is not asked for again.
    talk.reply("/fapi/v1/aggTrades", "[]")
    #expect(talk.effects.paths.isEmpty)
    talk.frame(Talk.trade(1_000_000))
    #expect(ids() == [1_000_000])
    #expect(talk.effects.paths.isEmpty)
  }
}

extension [ClientEffect] {
  /// How many connections to the path of market streams were asked for.
  var connectsMarket: Int {
    count {
      if case .transport(.connect(_, path: "/market/ws")) = $0 { true } else { false }
    }
  }
}

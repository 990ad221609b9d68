import Market
import Testing

@testable import Venues

@Suite("Candles and gaps") struct SeriesTests {
  private let series = CandleSeries(symbol: "BTC", timeframe: .m1)

  /// A client that streams, with its socket lost and made again `seconds` later.
  private func afterOutage(_ seconds: Int64, listing: String = Dialogue.meta) -> Dialogue {
    var talk = patient()
    talk.frame(Dialogue.candleFrame(0))
    talk.frame(Dialogue.candleFrame(1))
    talk.input(.closed(ConnectionID(venue: .hyperliquid, number: 1), .connectionLost))
    talk.timers = [:]
    talk.pass(.seconds(seconds))
    talk.say { $0.connect(at: $1, into: &$2) }
    talk.openAndAcknowledge()
    // The list of perpetuals is asked for again too; its answer is not what these tests watch.
    var effects = talk.effects
    for request in talk.client.inFlight where request.work.kind == .meta {
      talk.answer(request.number, listing)
      if listing != Dialogue.meta { effects += talk.effects }
    }
    talk.effects = effects
    return talk
  }

  /// A connected client that waits for data as long as a test likes.
  private func patient() -> Dialogue {
    var configuration = Dialogue.configuration()
    configuration.silenceLimit = .hours(1)
    configuration.pingInterval = .hours(1)
    var talk = Dialogue(configuration)
    talk.begin()
    return talk
  }

  private func reply(_ minutes: ClosedRange<Int64>) -> String {
    "[" + minutes.map { Dialogue.candle($0) }.joined(separator: ",") + "]"
  }

  @Test("streamed candles are told as they come, none as closed")
  func streaming() {
    var talk = Dialogue()
    talk.begin()
    for minute in [0, 0, 1, 2] as [Int64] {
      talk.frame(Dialogue.candleFrame(minute))
      #expect(talk.effects.opensForming == [Dialogue.open(minute)])
      #expect(talk.effects.count == 1)
    }
  }

  @Test("a symbol that the venue no longer lists has no history that others wait for")
  func unlisted() {
    let talk = afterOutage(
      240, listing: #"{"universe":[{"szDecimals":3,"name":"ETH","maxLeverage":25}]}"#)
    #expect(talk.effects.feed.contains(.unlisted("BTC")))
    #expect(talk.effects.feed.contains(.recovered))
  }

  @Test("after an outage the history from the last certain candle is read and told once")
  func gap() throws {
    var talk = afterOutage(240)
    // Minute 0 was seen to its end; minute 1 was still growing when the socket died.
    let gap = FeedStatus.gap("BTC", .m1, from: Dialogue.open(1), to: Dialogue.open(4))
    #expect(talk.effects.feed.contains(gap))
    #expect(!talk.effects.feed.contains(.recovered))
    #expect(
      talk.effects.requests.last
        == #"/info {"type":"candleSnapshot","req":{"coin":"BTC","interval":"1m","#
        + #""startTime":1700000040000,"endTime":1700000279999}}"#)
    talk.answer(talk.client.requests, reply(1...4))
    #expect(talk.effects.opensClosed == [1, 2, 3].map(Dialogue.open))
    #expect(talk.effects.opensForming == [Dialogue.open(4)])
    #expect(
      talk.effects.feed == [
        .gapFilled("BTC", .m1, from: Dialogue.open(1), to: Dialogue.open(4), candles: 3),
        .recovered,
      ])
    talk.frame(Dialogue.candleFrame(4))
    talk.frame(Dialogue.candleFrame(5))
    #expect(talk.effects.feed.isEmpty)
    #expect(talk.effects.requests.isEmpty)
  }

  @Test("the last row is closed only when its time is over")
  func formingRow() {
    for (seconds, closes) in [(241, false), (281, false), (283, true)] as [(Int64, Bool)] {
      var talk = afterOutage(240)
      // 22:13:20 + 240 s is 22:17:20; minute 4 ends at 22:18:00, and two seconds are allowed for.
      talk.pass(.seconds(seconds - 240))
      talk.answer(talk.client.requests, reply(1...4))
      #expect(talk.effects.opensClosed.contains(Dialogue.open(4)) == closes, "\(seconds)")
    }
  }

  @Test("a fast wall clock does not close a candle that the venue's clock does not")
  func wallClockAhead() {
    var talk = Dialogue(Dialogue.configuration(streams: [.quotes]))
    talk.begin()
    talk.frame(
      #"{"channel":"bbo","data":{"coin":"BTC","time":1700000000000,"bbo":[null,null]}}"#)
    talk.now.wall = talk.now.wall + .hours(1)
    talk.say {
      $0.backfill(
        CandleSeries(symbol: "BTC", timeframe: .m1), from: Dialogue.open(-2), to: Dialogue.open(0),
        at: $1, into: &$2)
    }
    talk.answer(talk.client.requests, reply(-2...0))
    #expect(talk.effects.opensClosed == [-2, -1].map(Dialogue.open))
    #expect(talk.effects.opensForming == [Dialogue.open(0)])
  }

  @Test("a history row never overwrites a newer streamed candle")
  func streamWins() {
    var talk = afterOutage(240)
    talk.frame(Dialogue.candleFrame(4, close: "100.5"))
    talk.answer(talk.client.requests, reply(1...4))
    #expect(talk.effects.opensForming.isEmpty)
    #expect(talk.effects.opensClosed == [1, 2, 3].map(Dialogue.open))
  }

  @Test("a candle left out by a living stream is read from history")
  func hole() {
    var talk = patient()
    talk.frame(Dialogue.candleFrame(0))
    talk.frame(Dialogue.candleFrame(1))
    talk.pass(.seconds(170))
    talk.frame(Dialogue.candleFrame(4))
    #expect(
      talk.effects.feed == [
        .gap("BTC", .m1, from: Dialogue.open(2), to: Dialogue.open(3))
      ])
    talk.answer(talk.client.requests, reply(2...2))
    #expect(talk.effects.opensClosed == [Dialogue.open(2)])
    // Minute 3 had no trades: it is covered, and not asked for again.
    talk.frame(Dialogue.candleFrame(5))
    #expect(talk.effects.feed.isEmpty)
    #expect(talk.effects.requests.isEmpty)
  }

  @Test("a candle that closes between the history and the stream is asked for again")
  func race() {
    var talk = afterOutage(240)
    talk.answer(talk.client.requests, reply(1...4))
    talk.pass(.seconds(50))
    talk.frame(Dialogue.candleFrame(5))
    #expect(talk.effects.feed == [.gap("BTC", .m1, from: Dialogue.open(4), to: Dialogue.open(4))])
    talk.answer(talk.client.requests, reply(4...4))
    #expect(talk.effects.opensClosed == [Dialogue.open(4)])
  }

  @Test("history that does not come is asked for again, patiently")
  func retries() {
    var talk = afterOutage(240)
    talk.fail(talk.client.requests, .timeout)
    #expect(talk.effects.requests.isEmpty)
    guard case .requestFailed(.candles, .timeout)? = talk.effects.first else {
      Issue.record("\(talk.effects)")
      return
    }
    talk.pass(.seconds(1))
    #expect(talk.effects.requests.count == 1)
    talk.answer(talk.client.requests, "<html>busy</html>")
    #expect(talk.effects.rejections.map(\.reason) == [.json(.syntax)])
    #expect(talk.effects.market.isEmpty)
    talk.pass(.seconds(2))
    talk.answer(talk.client.requests, "null", status: 500)
    #expect(talk.effects.rejections.map(\.reason) == [.status(500)])
    talk.pass(.seconds(4))
    talk.answer(talk.client.requests, reply(1...4))
    #expect(talk.effects.feed.contains(.recovered))
  }

  @Test(
    "rows that are no candles of the series are counted, the others used, and all asked for again")
  func badRows() {
    var talk = afterOutage(240)
    let rows = [
      Dialogue.candle(1), Dialogue.candle(2, coin: "ETH"),
      Dialogue.candle(2).replacing("\"99.0\"", with: "\"-1\""),
      Dialogue.candle(2).replacing("\"101.0\"", with: "\"98.0\""), "7", "null",
      Dialogue.candle(3), Dialogue.candle(1),
    ]
    talk.answer(talk.client.requests, "[" + rows.joined(separator: ",") + "]")
    #expect(talk.effects.rejections.count == 6)
    #expect(talk.effects.opensClosed == [1, 3].map(Dialogue.open))
    #expect(!talk.effects.feed.contains(.recovered))
    talk.pass(.seconds(1))
    #expect(talk.effects.requests.count == 1)
    talk.answer(talk.client.requests, reply(1...3))
    #expect(talk.effects.opensClosed == [1, 2, 3].map(Dialogue.open))
    #expect(talk.effects.feed.contains(.recovered))
  }

  @Test("a row that stays unreadable does not hold recovery up for ever")
  func badRowForGood() {
    var talk = afterOutage(240)
    for attempt in 1...5 {
      talk.answer(talk.client.requests, "[" + Dialogue.candle(1) + ",7]")
      #expect(talk.effects.feed.contains(.recovered) == (attempt == 5))
      talk.pass(.seconds(60))
    }
  }

  @Test("what the owner already has is where the first connection begins")
  func resume() {
    var talk = Dialogue()
    talk.say { client, _, _ in
      client.resume(CandleSeries(symbol: "BTC", timeframe: .m1), lastClosed: Dialogue.open(-5))
    }
    talk.start()
    talk.openAndAcknowledge()
    #expect(
      talk.effects.feed.contains(
        .gap("BTC", .m1, from: Dialogue.open(-4), to: Dialogue.open(0))))
  }

  @Test("a backfill longer than a page is read page by page")
  func pages() {
    var talk = Dialogue()
    talk.begin()
    talk.say {
      $0.backfill(
        CandleSeries(symbol: "BTC", timeframe: .m1), from: Dialogue.open(-700),
        to: Dialogue.open(-1), at: $1, into: &$2)
    }
    talk.answer(talk.client.requests, reply(-700 ... -201))
    #expect(talk.effects.opensClosed.count == 500)
    #expect(talk.effects.requests.last?.contains("\"startTime\":1699987980000") == true)
    talk.answer(talk.client.requests, reply(-200 ... -1))
    #expect(talk.effects.opensClosed.count == 200)
    talk.frame(Dialogue.candleFrame(0))
    #expect(talk.effects.feed.isEmpty)
  }

  @Test("a repeated request for the same history is not made twice")
  func sameRange() {
    var talk = afterOutage(240)
    talk.say { $0.fillSinceConfirmed(0, at: $1, into: &$2) }
    #expect(talk.effects.isEmpty)
  }
}

import Market
import Testing

@testable import Venues

@Suite("Binance client: requests and readings") struct BinanceRequestTests {
  typealias Talk = BinanceDialogue

  private func listening() -> Talk {
    var talk = Talk()
    talk.listen()
    return talk
  }

  /// A client whose history request for minute 0 is on its way.
  private func asking() -> Talk {
    var talk = listening()
    talk.pass(.seconds(45))
    return talk
  }

  @Test(
    "what is no answer is counted and asked for again, later each time",
    arguments: [
      (200, "<!DOCTYPE html><html></html>"), (200, ""), (202, ""), (200, "[[1,2"), (200, "{}"),
      (500, #"{"code":-1000,"msg":"Request occur unknown error."}"#), (502, "<html>"),
      (503, #"{"code":-1008,"msg":"…"}"#), (504, "<html>"),
      (408, #"{"code":-1007,"msg":"Timeout"}"#),
    ])
  func failures(_ status: Int, _ body: String) {
    var talk = asking()
    talk.reply("/fapi/v1/klines", body, status: status)
    #expect(talk.effects.market.isEmpty)
    #expect(talk.effects.rejections.count == 1)
    #expect(talk.effects.paths.isEmpty)
    talk.pass(.seconds(1))
    #expect(talk.effects.paths.count == 1)
    talk.reply("/fapi/v1/klines", body, status: status)
    talk.pass(.milliseconds(900))
    #expect(talk.effects.paths.isEmpty)
    talk.pass(.milliseconds(1_200))
    #expect(talk.effects.paths.count == 1)
    // The third failure in a row: first a ping has to succeed.
    talk.reply("/fapi/v1/klines", body, status: status)
    talk.pass(.seconds(1))
    #expect(talk.effects.paths == ["/fapi/v1/ping"])
    talk.reply("/fapi/v1/ping", "<html>", status: 502)
    talk.pass(.milliseconds(900))
    #expect(talk.effects.paths.isEmpty)
    talk.pass(.milliseconds(1_200))
    #expect(talk.effects.paths == ["/fapi/v1/ping"])
    talk.reply("/fapi/v1/ping", "{}")
    talk.pass(.seconds(5))
    #expect(talk.effects.paths.count == 1)
    talk.reply("/fapi/v1/klines", "[\(Talk.row(-1)),\(Talk.row(0))]")
    #expect(talk.effects.opensClosed == [Talk.open(0)])
  }

  @Test("an outage that names a time is obeyed too")
  func unavailable() {
    var talk = asking()
    talk.reply(
      "/fapi/v1/klines", "<html>Maintenance</html>", status: 503,
      [HTTPHeader("retry-after", "40")])
    talk.pass(.seconds(39))
    #expect(talk.effects.paths.isEmpty)
    talk.pass(.seconds(1))
    #expect(talk.effects.paths.count == 1)
  }

  @Test("a 429 is obeyed to the second, by every request")
  func tooMany() {
    var talk = asking()
    talk.reply(
      "/fapi/v1/klines", #"{"code":-1003,"msg":"Too many requests"}"#, status: 429,
      [HTTPHeader("retry-after", "17")])
    #expect(talk.effects.limits == [.venue])
    talk.pass(.milliseconds(16_999))
    #expect(talk.effects.paths.isEmpty)
    talk.pass(.milliseconds(1))
    #expect(talk.effects.paths.count == 1)
  }

  @Test(
    "a ban lasts as long as the later of header and text, and no connection is made meanwhile",
    arguments: [("10", 100), ("200", 100), (nil, 100), ("200", 0)] as [(String?, Int64)])
  func banned(_ header: String?, _ told: Int64) {
    var talk = asking()
    let until = told > 0 ? talk.now.wall.milliseconds + told * 1_000 : 0
    talk.reply(
      "/fapi/v1/klines",
      #"{"code":-1003,"msg":"Way too many requests; IP(1.2.3.4) banned until \#(until). Use"}"#,
      status: 418, header.map { [HTTPHeader("retry-after", $0)] } ?? [])
    talk.input(.closed(talk.connection, .connectionLost))
    let wait = max(header.flatMap { Int64($0) } ?? 0, told)
    talk.pass(.seconds(wait) - .milliseconds(1))
    #expect(talk.effects.paths.isEmpty)
    #expect(talk.effects.connectsMarket == 0)
    talk.pass(.milliseconds(1))
    #expect(talk.effects.paths.count == 1)
    #expect(talk.effects.connectsMarket == 1)
  }

  @Test("a 403 is stayed away from for minutes, a 451 for good")
  func walls() {
    var talk = asking()
    talk.reply("/fapi/v1/klines", "<html>Forbidden</html>", status: 403)
    talk.pass(.minutes(2))
    #expect(talk.effects.paths.isEmpty)
    talk.pass(.minutes(4))
    #expect(!talk.effects.paths.isEmpty)
    talk = asking()
    talk.reply(
      "/fapi/v1/klines", #"{"code":0,"msg":"Service unavailable from a restricted location"}"#,
      status: 451)
    #expect(talk.effects.feed.count == 1)
    talk.pass(.hours(2))
    #expect(talk.effects.paths.isEmpty)
  }

  @Test("a symbol that the venue does not know is told once and not asked about again")
  func unlisted() {
    var talk = Talk([CandleSeries(symbol: "NOPE", timeframe: .m1)], openInterest: ["NOPE"])
    talk.start()
    talk.reply("/fapi/v1/klines", #"{"code":-1121,"msg":"Invalid symbol."}"#, status: 400)
    #expect(talk.effects.feed == [.unlisted("NOPE")])
    talk.reply("/futures/data", #"{"code":-1121,"msg":"Invalid symbol."}"#, status: 400)
    #expect(talk.effects.feed.isEmpty)
    talk.pass(.minutes(29))
    #expect(talk.effects.paths.allSatisfy { $0 == "/fapi/v1/time" })
  }

  @Test("the venue's own count of weight is believed where it is higher")
  func weight() {
    var talk = listening()
    talk.pass(.seconds(45))
    talk.reply(
      "/fapi/v1/klines", "[\(Talk.row(-1)),\(Talk.row(0))]",
      [HTTPHeader("x-mbx-used-weight-1m", "1200")])
    // Minute 1 does not come either; its request would have to wait for the next minute.
    talk.pass(.seconds(20))
    talk.frame(Talk.kline(2))
    #expect(talk.effects.paths.isEmpty)
    #expect(talk.effects.limits == [.ownBudget])
    talk.pass(.seconds(36))
    #expect(talk.effects.paths.count == 1)
  }

  @Test("no more leaves in a minute than the budget holds")
  func budget() {
    let symbols = (0..<60).compactMap { Symbol("C\($0)") }
    let series = symbols.map { CandleSeries(symbol: $0, timeframe: .m5) }
    var talk = Talk(series) { $0.weightPerMinute = 50 }
    talk.start()
    var sent = talk.effects.paths.count
    // Answers come at once, and empty.
    while let request = talk.client.inFlight.first {
      talk.answer(request.number, request.work == .time ? "{\"serverTime\":1700000000000}" : "[]")
      sent += talk.effects.paths.count
    }
    #expect(sent == 50)
    talk.pass(.seconds(39))
    #expect(talk.effects.paths.isEmpty)
    talk.pass(.seconds(3))
    #expect(talk.effects.paths.count == 8)
  }

  @Test("open interest is told in order, once, and asked for until its point is there")
  func openInterest() {
    var talk = Talk([], openInterest: ["BTC"])
    talk.start()
    func row(_ minute: Int64, _ amount: String = "106289.69300000") -> String {
      let time = 1_700_000_000_000 / 300_000 * 300_000 + minute * 60_000
      return #"{"symbol":"BTCUSDT","sumOpenInterest":"\#(amount)","#
        + #""sumOpenInterestValue":"1.5","timestamp":\#(time)}"#
    }
    talk.reply("/fapi/v1/time", #"{"serverTime":1700000000000}"#)
    talk.reply("/futures/data", "[\(row(-10)),\(row(-5)),\(row(0))]")
    #expect(talk.effects.market.count == 3)
    // 22:15:10 is the first time after the next point.
    talk.pass(.seconds(109))
    #expect(talk.effects.paths.isEmpty)
    talk.pass(.seconds(1))
    #expect(
      talk.effects.paths == [
        "/futures/data/openInterestHist?symbol=BTCUSDT&period=5m&startTime=1700000100000&limit=500"
      ])
    talk.reply("/futures/data", "[]")
    #expect(talk.effects.market.isEmpty)
    talk.pass(.seconds(15))
    #expect(talk.effects.paths.count == 1)
    talk.reply("/futures/data", "[\(row(0)),\(row(5, "-1")),\(row(5, "7"))]")
    #expect(talk.effects.rejections.map(\.reason) == [.member("sumOpenInterest")])
    #expect(
      talk.effects.market == [
        .openInterest(
          OpenInterest(
            symbol: "BTC", venue: .binance, time: Instant(milliseconds: 1_700_000_100_000),
            quantity: "7"))
      ])
  }

  @Test("settlements carry their hour and the period that lies between them")
  func funding() {
    var talk = Talk([], funding: ["BTC"])
    talk.start()
    let hour: Int64 = 1_699_999_200_000  // 22:00 UTC
    func row(_ hours: Int64, _ rate: String, late: Int64 = 5) -> String {
      #"{"symbol":"BTCUSDT","fundingTime":\#(hour + hours * 3_600_000 + late),"#
        + #""fundingRate":"\#(rate)","markPrice":"1","rateType":"Regular"}"#
    }
    talk.reply("/fapi/v1/fundingInfo", "[]")
    talk.reply(
      "/fapi/v1/fundingRate",
      "[\(row(-8, "0.0001")),\(row(-4, "-0.0002")),\(row(0, "0.00012345"))]")
    let told = talk.effects.market.compactMap { event -> Funding? in
      guard case .funding(let funding) = event else { return nil }
      return funding
    }
    #expect(
      told.map(\.time.milliseconds) == [hour - 28_800_000, hour - 14_400_000, hour])
    #expect(told.map(\.period) == [.hours(8), .hours(4), .hours(4)])
    #expect(told.map(\.rate.steps) == [1_000_000, -2_000_000, 1_234_500])
    // 02:00:15 of the next day is the first time after the next one.
    talk.pass(.hours(3) + .minutes(46) + .seconds(40))
    #expect(!talk.effects.paths.contains { $0.hasPrefix("/fapi/v1/fundingRate") })
    talk.pass(.seconds(20))
    #expect(
      talk.effects.paths == [
        "/fapi/v1/fundingRate?symbol=BTCUSDT&startTime=\(hour + 1_800_000)&limit=100"
      ])
    talk.reply("/fapi/v1/fundingRate", "[\(row(4, "2"))]")
    #expect(talk.effects.rejections.map(\.reason) == [.member("fundingRate")])
    talk.pass(.seconds(20))
    talk.reply("/fapi/v1/fundingRate", "[\(row(4, "0.0003", late: 0))]")
    #expect(talk.effects.market.count == 1)
  }

  @Test("what is for nobody is counted; after the end nothing is asked")
  func strays() {
    var talk = listening()
    talk.answer(999, "[]")
    #expect(talk.effects.rejections.map(\.kind) == [.stray])
    talk.input(.frame(ConnectionID(venue: .binance, number: 9), []))
    #expect(talk.effects.rejections.map(\.kind) == [.stray])
    talk.input(.closed(ConnectionID(venue: .hyperliquid, number: 1), nil))
    #expect(talk.effects.rejections.map(\.kind) == [.stray])
    talk.say { $0.timerFired(TimerID(owner: 8, number: 0), at: $1, into: &$2) }
    #expect(talk.effects.isEmpty)
    talk.say { $0.stop(at: $1, into: &$2) }
    #expect(talk.effects.closes.count == 1)
    #expect(talk.timers.isEmpty)
    talk.pass(.hours(1))
    #expect(talk.effects.isEmpty)
  }
}

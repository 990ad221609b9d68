import Market
import Risk
import Testing
import Venues

@testable import Exchange

@Suite("Information about terms, limits and longer candles")
struct TermsTests {
  private typealias Bench = VenueBench

  @Test(
    "a request of the official client that the venue has nothing to say to has an empty answer",
    arguments: [
      ("subAccounts", "null"), ("userToMultiSigSigners", "null"), ("userVaultEquities", "[]"),
      ("delegations", "[]"), ("delegatorRewards", "[]"), ("delegatorHistory", "[]"),
      ("userTwapSliceFills", "[]"), ("userAbstraction", #""default""#),
      ("userDexAbstraction", "false"),
    ])
  func empty(type: String, answer: String) {
    var bench = Bench()
    #expect(bench.info(#"{"type":"\#(type)","user":"\#(Bench.alice)"}"#) == answer)
  }

  @Test("fees are those that fills pay")
  func fees() throws {
    var bench = Bench()
    let fees = bench.parsed(bench.info(#"{"type":"userFees","user":"\#(Bench.alice)"}"#))
    #expect(fees?["userCrossRate"]?.string == "0.00045")
    #expect(fees?["userAddRate"]?.string == "0.00015")
    #expect(fees?["feeSchedule"]?["cross"]?.string == "0.00045")
  }

  @Test("who traded much in the fourteen days before today pays less")
  func feeTiers() throws {
    var bench = Bench(deposit: Money(whole: 100_000_000)) {
      $0.listings[0].levelNotional = Money(whole: 10_000_000)
      $0.blockInterval = .minutes(30)
    }
    for side: Side in [.buy, .sell, .buy] {
      let price = side == .buy ? "101000" : "99000"
      _ = bench.order(Bench.limit(side, "20", at: price, "Ioc"))
    }
    func rate() -> String? {
      bench.parsed(bench.info(#"{"type":"userFees","user":"\#(Bench.alice)"}"#))?["userCrossRate"]?
        .string
    }
    // Six million traded, today: it counts from tomorrow on.
    #expect(rate() == "0.00045")
    bench.advance(by: .days(1))
    #expect(rate() == "0.0004")
    _ = bench.order(Bench.limit(.sell, "1", at: "99000", "Ioc"))
    let fill = try #require(bench.venue.fills(of: Bench.alice).last)
    let notional = try #require(fill.price.notional(of: fill.quantity, .nearest))
    #expect((fill.fee - Money(steps: notional.steps / 2_500)).magnitude <= "0.000001")
    let fees = bench.parsed(bench.info(#"{"type":"userFees","user":"\#(Bench.alice)"}"#))
    #expect(fees?["dailyUserVlm"]?[0]?["date"]?.string == "2026-01-05")
    #expect(fees?["feeSchedule"]?["tiers"]?["vip"]?[0]?["ntlCutoff"]?.string == "5000000.0")
    bench.advance(by: .days(14))
    #expect(rate() == "0.00045")
  }

  @Test("what may still be traded can be, to the lot, and one lot more cannot")
  func limits() throws {
    var bench = Bench(deposit: Money(whole: 1_000)) { $0.fees.taker = 0 }
    let question = #"{"type":"activeAssetData","user":"\#(Bench.alice)","coin":"BTC"}"#
    let data = bench.parsed(bench.info(question))
    let mark = try #require(data?["markPx"]?.string)
    let largest = try #require(data?["maxTradeSzs"]?[0]?.fixed(Quantity.self))
    #expect(data?["availableToTrade"]?[0]?.string == "1000.0")
    #expect(data?["leverage"]?["value"]?.int == 20)
    let more = largest + bench.venue.markets[0].instrument.lot
    let tooLarge = bench.order(Bench.limit(.buy, "\(more)", at: mark, "Gtc"))
    #expect(bench.statuses(tooLarge)[0].hasPrefix(ErrorText.margin))
    let fitting = bench.order(Bench.limit(.buy, "\(largest)", at: mark, "Gtc"))
    #expect(["resting", "filled"].contains(bench.statuses(fitting)[0]))
  }

  @Test("limits are told on subscription and after every change of the account")
  func limitsChannel() {
    var bench = Bench()
    bench.open()
    let first = bench.subscribe(
      #"{"type":"activeAssetData","user":"\#(Bench.alice)","coin":"BTC"}"#)
    #expect(first.count == 2)
    #expect(first[1].hasPrefix(#"{"channel":"activeAssetData","data":{"user":"#))
    let frames = bench.frames { _ = $0.order(Bench.limit(.buy, "0.1", at: "99000")) }
    #expect(frames.contains { $0.hasPrefix(#"{"channel":"activeAssetData""#) })
    bench.send(
      #"{"method":"unsubscribe","subscription":{"type":"activeAssetData","#
        + #""user":"\#(Bench.alice)","coin":"BTC"}}"#)
    let after = bench.frames { $0.advance(by: .seconds(20)) }
    #expect(!after.contains { $0.hasPrefix(#"{"channel":"activeAssetData""#) })
  }

  @Test("an account that holds a position is told its worth as the mark moves")
  func markedStates() {
    var bench = Bench(btc: .walk(RandomWalk(price: "100000")))
    bench.open()
    _ = bench.subscribe(#"{"type":"clearinghouseState","user":"\#(Bench.alice)"}"#)
    #expect(bench.frames { $0.advance(by: .seconds(20)) }.isEmpty)
    _ = bench.order(Bench.limit(.buy, "0.1", at: "101000", "Ioc"))
    let frames = bench.frames { $0.advance(by: .seconds(20)) }
    #expect(frames.count == 4)
    #expect(Set(frames).count == 4)
  }

  @Test("a book that cannot be rounded as asked answers 500, an unknown coin null")
  func books() {
    var bench = Bench()
    for view in [#""nSigFigs":7"#, #""nSigFigs":1"#, #""nSigFigs":4,"mantissa":5"#] {
      let answer = bench.call("/info", #"{"type":"l2Book","coin":"BTC",\#(view)}"#)
      #expect(answer?.status == 500)
      #expect(answer.map { String(decoding: $0.body, as: UTF8.self) } == "null")
    }
    #expect(bench.info(#"{"type":"l2Book","coin":"NOPE"}"#) == "null")
  }

  @Test(
    "a longer candle is the sum of the shorter ones in it",
    arguments: [
      ("3m", "1m", 3), ("30m", "15m", 2), ("2h", "1h", 2), ("8h", "4h", 2), ("12h", "4h", 3),
      ("3d", "1d", 3), ("1w", "1d", 7), ("1M", "1d", 31),
    ])
  func derivedCandles(long: String, short: String, most: Int) throws {
    var bench = Bench {
      $0.history.days = long.hasSuffix("m") ? 2 : 70
      $0.history.fineDays = 1
    }
    let start = bench.now - (long.hasSuffix("m") ? .hours(12) : .days(65))
    func rows(_ interval: String) throws -> [JSONValue] {
      let answer = bench.parsed(
        bench.info(
          #"{"type":"candleSnapshot","req":{"coin":"BTC","interval":"\#(interval)","#
            + #""startTime":\#(start.milliseconds),"endTime":\#(bench.now.milliseconds)}}"#))
      return try #require(answer?.elements).map { $0 }
    }
    let whole = try rows(long)
    let parts = try rows(short)
    #expect(whole.count > 1)
    for (row, next) in zip(whole, whole.dropFirst()) {
      let open = try #require(row["t"]?.int64)
      let close = try #require(row["T"]?.int64)
      #expect(close + 1 == next["t"]?.int64)
      let inside = parts.filter { (open...close).contains($0["t"]?.int64 ?? 0) }
      #expect((1...most).contains(inside.count))
      #expect(row["i"]?.string == long)
      #expect(row["o"]?.string == inside.first?["o"]?.string)
      #expect(row["c"]?.string == inside.last?["c"]?.string)
      let highs = inside.compactMap { $0["h"]?.fixed(Price.self) }
      #expect(row["h"]?.fixed(Price.self) == highs.max())
      let volumes = inside.compactMap { $0["v"]?.fixed(Quantity.self) }
      #expect(row["v"]?.fixed(Quantity.self) == volumes.reduce(.zero, +))
    }
  }

  @Test("a stream of longer candles ends each with its last state, then begins the next")
  func derivedStream() throws {
    var bench = Bench()
    bench.open()
    let first = bench.subscribe(#"{"type":"candle","coin":"BTC","interval":"3m"}"#)
    #expect(first.first?.contains(#""interval":"3m"}"#) == true)
    let frames = bench.frames { $0.advance(by: .minutes(10)) }
    var last: [Int64: String] = [:]
    var opens: [Int64] = []
    for frame in frames {
      let data = bench.parsed(frame)?["data"]
      let open = try #require(data?["t"]?.int64)
      #expect(data?["i"]?.string == "3m" && data?["s"]?.string == "BTC")
      if opens.last != open { opens.append(open) }
      last[open] = data?["c"]?.string
    }
    #expect(opens == opens.sorted() && opens.count >= 3)
    let snapshot = bench.parsed(
      bench.info(
        #"{"type":"candleSnapshot","req":{"coin":"BTC","interval":"3m","#
          + #""startTime":\#(Bench.start.milliseconds)}}"#))
    for row in try #require(snapshot?.elements).dropLast() {
      let open = try #require(row["t"]?.int64)
      #expect(last[open] == row["c"]?.string, "\(open)")
    }
  }
}

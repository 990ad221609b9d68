import Market
import Testing
import Venues

@testable import Exchange

@Suite("Our client against a Binance that fails") struct BinanceFaultTests {
  /// The minutes of the run that were told, in order.
  private func told(_ bench: BinanceBench) -> [Int64] {
    bench.candles.map { ($0.openTime - BinanceBench.start).nanoseconds / 60_000_000_000 }
      .filter { $0 >= 0 }
  }

  private func expectTrue(_ bench: BinanceBench) throws {
    for candle in bench.candles where candle.openTime >= BinanceBench.start {
      let truth = try #require(bench.truth.venue.candle(of: "BTC", .m1, opening: candle.openTime))
      #expect(candle.close == truth.close)
      #expect(candle.volume == truth.volume)
    }
  }

  private func gaps(_ bench: BinanceBench) -> (told: Int, filled: Int) {
    var count = (told: 0, filled: 0)
    for status in bench.feed {
      if case .gap = status { count.told += 1 }
      if case .gapFilled = status { count.filled += 1 }
    }
    return count
  }

  @Test(
    "whatever becomes of final frames, each minute is told once and as it was",
    arguments: [
      FinalFrames.missing, .late(.seconds(2)), .late(.seconds(20)), .twice, .afterTheNext,
      .reopened,
    ])
  func finals(_ finals: FinalFrames) throws {
    var bench = BinanceBench()
    bench.apply(.finals(finals))
    bench.start()
    bench.advance(by: .minutes(8) + .seconds(30))
    #expect(told(bench).sorted() == Array(0..<8))
    try expectTrue(bench)
    #expect(bench.rejections.isEmpty)
  }

  @Test("a final frame that comes again with another close is told again")
  func changed() {
    var bench = BinanceBench()
    bench.start()
    bench.advance(by: .seconds(30))
    bench.apply(.finals(.changed))
    bench.advance(by: .minutes(1))
    #expect(told(bench) == [0, 0])
    let closes = bench.candles.suffix(2).map(\.close)
    #expect(closes[0] != closes[1])
  }

  @Test("a candle that the history lacks is a hole, asked about until the venue repairs it")
  func repaired() throws {
    var bench = BinanceBench()
    bench.start()
    bench.advance(by: .minutes(2) + .seconds(30))
    let open = BinanceBench.start + .minutes(2)
    bench.apply(.missingCandles("BTC", from: open, to: open))
    bench.apply(.finals(.missing))
    bench.advance(by: .minutes(1))
    bench.apply(.finals(.punctual))
    bench.advance(by: .minutes(10))
    #expect(told(bench) == [0, 1] + Array(3..<13))
    #expect(bench.feed.contains(.gap("BTC", .m1, from: open, to: open)))
    bench.apply(.repairedCandles)
    bench.advance(by: .minutes(30))
    #expect(told(bench).contains(2))
    #expect(bench.feed.contains(.gapFilled("BTC", .m1, from: open, to: open, candles: 1)))
    try expectTrue(bench)
  }

  @Test("a subscription that is acknowledged and says nothing is noticed, and history stands in")
  func silence() throws {
    var bench = BinanceBench()
    bench.start()
    bench.advance(by: .minutes(1) + .seconds(10))
    bench.apply(.silence(.marketClass))
    bench.advance(by: .minutes(5))
    #expect(bench.feed.contains { if case .silent = $0 { true } else { false } })
    #expect(told(bench) == Array(0..<6))
    bench.apply(.silence(.none))
    bench.advance(by: .minutes(4))
    #expect(told(bench) == Array(0..<10))
    #expect(bench.feed.last == .recovered)
    try expectTrue(bench)
  }

  @Test("one silent stream among several is noticed")
  func oneSilent() {
    var bench = BinanceBench(series: BinanceBench.series([.m1, .m5], ["BTC", "ETH"]))
    bench.start()
    bench.advance(by: .seconds(30))
    bench.apply(.silence(.one("ethusdt@kline_5m")))
    bench.advance(by: .seconds(89))
    #expect(!bench.feed.contains { if case .silent = $0 { true } else { false } })
    bench.advance(by: .seconds(3))
    #expect(bench.feed.contains { if case .silent = $0 { true } else { false } })
  }

  @Test("after an outage of the network the gap is told, filled and closed")
  func outage() throws {
    var bench = BinanceBench(series: BinanceBench.series([.m1, .m5]), openInterest: ["BTC"])
    bench.start()
    bench.advance(by: .minutes(3) + .seconds(20))
    bench.cut(true)
    bench.advance(by: .minutes(12))
    let asked = bench.requests.count
    bench.cut(false)
    bench.advance(by: .minutes(3))
    let minutes = bench.candles.filter { $0.timeframe == .m1 && $0.openTime >= BinanceBench.start }
    #expect(minutes.map(\.openTime) == (0..<18).map { BinanceBench.start + .minutes($0) })
    #expect(gaps(bench).told > 0)
    #expect(gaps(bench).told == gaps(bench).filled)
    #expect(bench.feed.last == .recovered)
    // Waits double: twelve minutes are not hammered at.
    #expect(asked < 60)
    let interest = bench.events.compactMap { effect -> Instant? in
      guard case .market(.openInterest(let reading)) = effect else { return nil }
      return reading.time
    }
    #expect(zip(interest, interest.dropFirst()).allSatisfy { $1 - $0 == .minutes(5) })
    #expect(interest.last == BinanceBench.start + .minutes(15))
  }

  @Test("every way to fail over HTTP is survived", arguments: BinanceOutage.allCases)
  func http(_ outage: BinanceOutage) throws {
    var bench = BinanceBench(openInterest: ["BTC"])
    bench.start()
    bench.advance(by: .minutes(1) + .seconds(10))
    bench.apply(.finals(.missing))
    bench.apply(.outage(outage))
    bench.advance(by: .minutes(5))
    #expect(told(bench) == [0])
    #expect(bench.rejections.allSatisfy { $0.venue == .binance })
    #expect(!bench.rejections.isEmpty)
    bench.apply(.outage(nil))
    bench.apply(.finals(.punctual))
    bench.advance(by: .minutes(11))
    if outage == .restricted {
      // Nothing is asked of a venue that does not serve us; its stream still counts.
      #expect(told(bench) == [0] + Array(6..<17))
    } else {
      #expect(told(bench).sorted() == Array(0..<17))
      #expect(gaps(bench).told == gaps(bench).filled)
    }
    try expectTrue(bench)
  }

  @Test(
    "while the venue refuses, nothing is asked before the time that it named",
    arguments: [(.tooManyRequests, 30), (.banned, 120)] as [(BinanceOutage, Int64)])
  func refusal(_ outage: BinanceOutage, seconds: Int64) {
    var bench = BinanceBench()
    bench.start()
    bench.advance(by: .seconds(30))
    bench.apply(.finals(.missing))
    bench.apply(.outage(outage))
    // The history is asked three seconds after the close, and the answer is the refusal.
    bench.advance(by: .seconds(34))
    let refused = bench.requests.count
    bench.advance(by: .seconds(seconds - 2))
    #expect(bench.requests.count == refused)
    bench.advance(by: .seconds(2))
    #expect(bench.requests.count == refused + 1)
    let limits = bench.events.filter { if case .rateLimited = $0 { true } else { false } }
    #expect(!limits.isEmpty)
  }

  @Test("a ban keeps new connections away too")
  func banned() {
    var bench = BinanceBench()
    bench.start()
    bench.advance(by: .seconds(30))
    bench.apply(.finals(.missing))
    bench.apply(.outage(.banned))
    bench.advance(by: .seconds(40))
    bench.apply(.closeConnections)
    let connecting = bench.feed.count { if case .connecting = $0 { true } else { false } }
    bench.advance(by: .seconds(100))
    #expect(bench.feed.count { if case .connecting = $0 { true } else { false } } == connecting)
    bench.apply(.outage(nil))
    bench.advance(by: .seconds(60))
    #expect(bench.feed.last == .recovered)
  }

  @Test("a connection is replaced before its day ends, without a gap")
  func rollover() throws {
    var bench = BinanceBench(
      venue: { $0.connectionLife = .minutes(10) }, client: { $0.rollover = .minutes(9) })
    bench.start()
    bench.advance(by: .minutes(40) + .seconds(10))
    #expect(told(bench) == Array(0..<40))
    #expect(!bench.feed.contains { if case .disconnected = $0 { true } else { false } })
    #expect(bench.feed.count { if case .connected = $0 { true } else { false } } == 5)
    #expect(bench.closed.isEmpty)
  }

  @Test("a notice of a shutdown replaces the connection at once")
  func shutdown() {
    var bench = BinanceBench()
    bench.start()
    bench.advance(by: .seconds(30))
    bench.apply(.shutdownNotice)
    bench.advance(by: .minutes(1))
    #expect(bench.feed.count { if case .connected = $0 { true } else { false } } == 2)
    #expect(!bench.feed.contains { if case .disconnected = $0 { true } else { false } })
  }

  @Test("a connection without pongs is dropped after ten minutes, and another is made")
  func deaf() {
    var bench = BinanceBench()
    bench.answersPings = false
    bench.start()
    bench.advance(by: .minutes(9) + .seconds(58))
    #expect(bench.closed.isEmpty)
    #expect(bench.pings == 3)
    bench.advance(by: .seconds(10))
    #expect(bench.closed.count == 1)
    #expect(bench.feed.last == .recovered)
    #expect(told(bench) == Array(0..<10))
  }

  @Test("a venue's clock that is off, either way, makes no candle of half a minute")
  func skew() throws {
    for skew in [-20, 20] as [Int64] {
      var bench = BinanceBench()
      bench.apply(.clockSkew(.seconds(skew)))
      bench.apply(.finals(.missing))
      bench.start()
      bench.advance(by: .minutes(6))
      #expect(told(bench) == Array(0..<5))
      try expectTrue(bench)
    }
  }

  @Test("members and events that nobody documented are passed over")
  func unknown() {
    var bench = BinanceBench(client: { $0.marks = ["BTC"] })
    bench.apply(.unknownMembers(true))
    bench.start()
    bench.advance(by: .seconds(30))
    bench.apply(.unknownEvent)
    bench.advance(by: .minutes(1))
    #expect(told(bench) == [0])
    #expect(bench.rejections.map(\.reason) == [.unknownChannel])
  }

  @Test("trades that the stream left out are counted and read from history")
  func trades() {
    var bench = BinanceBench(series: [], client: { $0.trades = ["BTC"] })
    bench.start()
    bench.advance(by: .seconds(20))
    bench.apply(.silence(.one("btcusdt@aggTrade")))
    bench.advance(by: .seconds(20))
    bench.apply(.silence(.none))
    bench.advance(by: .seconds(20))
    let ids = bench.events.compactMap { effect -> UInt64? in
      guard case .market(.trade(let trade)) = effect else { return nil }
      return trade.id
    }
    #expect(ids.count > 100)
    #expect(Set(ids).count == ids.count)
    #expect(ids.max().map { Int($0 - (ids.min() ?? 0)) } == ids.count - 1)
    #expect(bench.client.missedTrades > 20)
  }

  @Test("marks are those of the true market, with the next settlement")
  func marks() throws {
    var bench = BinanceBench(series: [], client: { $0.marks = ["ETH"] })
    bench.start()
    bench.advance(by: .seconds(10))
    let marks = bench.events.compactMap { effect -> MarkPrice? in
      guard case .market(.mark(let mark)) = effect else { return nil }
      return mark
    }
    #expect(marks.count == 10)
    let last = try #require(marks.last)
    #expect(last.mark == bench.truth.venue.mark(of: "ETH"))
    #expect(last.time == bench.truth.now)
    #expect(last.nextFunding == BinanceBench.start + .hours(8))
    #expect(last.fundingEstimate.steps != 0)
    #expect(last.index != last.mark)
  }

  @Test("readings that are published late are told once each, none left out")
  func withheld() {
    var bench = BinanceBench(series: [], openInterest: ["BTC", "ETH"])
    bench.start()
    bench.advance(by: .minutes(7))
    bench.apply(.withheldOpenInterest(true))
    bench.advance(by: .minutes(13))
    bench.apply(.withheldOpenInterest(false))
    bench.advance(by: .minutes(2))
    for symbol: Symbol in ["BTC", "ETH"] {
      let times = bench.events.compactMap { effect -> Instant? in
        guard case .market(.openInterest(let reading)) = effect, reading.symbol == symbol else {
          return nil
        }
        return reading.time
      }
      #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 == .minutes(5) })
      #expect(times.last == BinanceBench.start + .minutes(20))
    }
  }

  @Test("a venue with less room than the client thinks is obeyed, and everything comes in the end")
  func limits() {
    var bench = BinanceBench(
      series: BinanceBench.series([.m1, .m5, .m15, .h1], ["BTC", "ETH"]),
      venue: { $0.limits?.weightPerMinute = 4 })
    bench.start()
    bench.advance(by: .minutes(5))
    let opens = bench.candles.filter { $0.openTime < BinanceBench.start }
    #expect(Set(opens.map { CandleSeries(symbol: $0.symbol, timeframe: $0.timeframe) }).count == 8)
    let refusals = bench.rejections.filter { $0.reason == .status(429) }
    #expect(!refusals.isEmpty)
    #expect(!bench.rejections.contains { $0.reason == .status(418) })
  }

  @Test("equal seeds tell equal things, and what others ask moves nothing")
  func determinism() {
    func run(_ seed: UInt64, disturbed: Bool) -> [ClientEffect] {
      var bench = BinanceBench(openInterest: ["BTC"], funding: ["BTC"], seed: seed)
      bench.start()
      bench.advance(by: .minutes(3))
      if disturbed {
        bench.open(path: "/public/stream?streams=btcusdt@depth/ethusdt@bookTicker")
        _ = bench.text("/fapi/v1/ticker/24hr")
      }
      bench.advance(by: .minutes(4))
      return bench.events.filter { if case .market = $0 { true } else { false } }
    }
    let plain = run(5, disturbed: false)
    #expect(plain == run(5, disturbed: false))
    #expect(plain == run(5, disturbed: true))
    #expect(plain != run(6, disturbed: false))
  }
}

import Choice
import Market
import Testing
import Venues

@testable import Exchange

@Suite("Coinbase faults, and what our client makes of them") struct CoinbaseFaultTests {
  /// A bench that has run for a while, its record forgotten.
  private func settled(
    _ symbols: [Symbol] = ["BTC"], _ adjust: (inout CoinbaseClientConfiguration) -> Void = { _ in }
  ) -> CoinbaseBench {
    var bench = CoinbaseBench(symbols: symbols, adjust)
    bench.start()
    bench.advance(by: .seconds(75))
    bench.events = []
    bench.asked = []
    return bench
  }

  @Test(
    "whatever an outage answers, no price comes of it, and prices are back after it",
    arguments: CoinbaseFailure.allCases)
  func failing(failure: CoinbaseFailure) {
    var bench = settled { $0.ban = BackOff(first: .seconds(60), longest: .seconds(60)) }
    bench.venue.apply(.failing(failure))
    bench.advance(by: .minutes(3))
    #expect(bench.spots.isEmpty)
    let isRefusal = failure == .rateLimited || failure == .forbidden
    #expect(bench.rejections.isEmpty == isRefusal)
    let limits = bench.events.filter {
      if case .rateLimited(_, .venue) = $0.effect { true } else { false }
    }
    #expect(limits.isEmpty != isRefusal)
    #expect(bench.asked.count < 40)
    bench.venue.apply(.failing(nil))
    bench.events = []
    bench.advance(by: .minutes(3))
    #expect(bench.spots.count >= 3)
  }

  @Test(
    "a product that stops trading gives no price until it trades again",
    arguments: CoinbaseTrading.allCases.filter { $0 != .online })
  func trading(how: CoinbaseTrading) {
    var bench = settled(["BTC", "ETH"]) { $0.listingInterval = .minutes(2) }
    bench.venue.apply(.trading("BTC", how))
    bench.advance(by: .minutes(3))
    bench.events = []
    bench.advance(by: .minutes(10))
    #expect(Set(bench.spots.map(\.symbol)) == ["ETH"])
    bench.venue.apply(.trading("BTC", .online))
    bench.advance(by: .minutes(6))
    bench.events = []
    bench.advance(by: .minutes(1))
    #expect(Set(bench.spots.map(\.symbol)) == ["BTC", "ETH"])
  }

  @Test("quotes of a product that does not trade stand still while the market moves")
  func frozen() {
    var bench = CoinbaseBench()
    bench.venue.apply(.trading("BTC", .offline))
    let before = bench.get("/products/BTC-USD/book")
    bench.market.marks[0].price = "90000"
    let after = bench.get("/products/BTC-USD/book")
    #expect(before.body == after.body)
    bench.venue.apply(.trading("BTC", .online))
    #expect(bench.get("/products/BTC-USD/book").body != before.body)
  }

  @Test("a ticker whose trade time stands still is believed for ten minutes and no longer")
  func staleTime() {
    var bench = settled()
    bench.venue.apply(.staleTickerTime(true))
    bench.advance(by: .minutes(9))
    #expect(bench.rejections.isEmpty)
    #expect(bench.spots.count == 18)
    bench.advance(by: .minutes(2))
    bench.events = []
    bench.advance(by: .minutes(5))
    #expect(bench.spots.isEmpty)
    #expect(bench.rejections.allSatisfy { $0.reason == .stale && $0.kind == .spot })
    #expect(bench.rejections.count == 10)
    bench.venue.apply(.staleTickerTime(false))
    bench.events = []
    bench.advance(by: .minutes(1))
    #expect(bench.spots.count == 2)
  }

  @Test("empty figures are no prices; nanoseconds and unknown members change nothing")
  func texts() {
    var bench = settled()
    bench.venue.apply(.nanosecondTimes(true))
    bench.venue.apply(.unknownExtras(true))
    bench.advance(by: .minutes(1))
    #expect(bench.spots.count == 2)
    #expect(bench.rejections.isEmpty)
    bench.venue.apply(.emptyFigures(true))
    bench.events = []
    bench.advance(by: .minutes(1))
    #expect(bench.spots.isEmpty)
    #expect(!bench.rejections.isEmpty)
    #expect(bench.rejections.allSatisfy { $0.reason == .member("bid") })
  }

  @Test("missing buckets are missing candles, not candles of something else")
  func missingBuckets() {
    let series = CandleSeries(symbol: "BTC", timeframe: .m1)
    func opens(_ misses: Bool) -> [Int64] {
      var bench = CoinbaseBench(symbols: [], series: [series]) { $0.historyCandles = 20 }
      bench.venue.apply(.missingBuckets(misses))
      bench.start()
      bench.advance(by: .seconds(2))
      return bench.closedCandles.map { $0.openTime.milliseconds / 60_000 }
    }
    let all = opens(false)
    #expect(all.count == 20)
    #expect(zip(all, all.dropFirst()).allSatisfy { $1 - $0 == 1 })
    #expect(opens(true) == all.filter { $0 % 5 != 0 })
  }

  @Test("a client that overruns the budget is refused, and one that keeps ours never is")
  func budget() {
    var bench = CoinbaseBench()
    let statuses = (0..<20).map { _ in bench.get("/time").status }
    #expect(statuses == Array(repeating: 200, count: 15) + Array(repeating: 429, count: 5))
    let body = String(decoding: bench.get("/time").body, as: UTF8.self)
    #expect(body == #"{"message":"Public rate limit exceeded"}"#)
    // Another host, another budget.
    let others = (0..<16).map { _ in bench.get("/api/v3/brokerage/time") }
    #expect(others.map(\.status) == Array(repeating: 200, count: 15) + [429])
    let advanced = String(decoding: others[15].body, as: UTF8.self)
    #expect(advanced.contains("rate_limit_exceeded"))
    bench.now = bench.now + .milliseconds(100)
    #expect(bench.get("/time").status == 200)
    #expect(bench.get("/time").status == 429)
    var unlimited = CoinbaseBench(limits: nil)
    #expect((0..<100).allSatisfy { _ in unlimited.get("/time").status == 200 })
    var calm = settled(["BTC", "ETH", "SOL", .stablecoin])
    calm.advance(by: .hours(2))
    #expect(calm.rejections.isEmpty)
    #expect(!calm.events.contains { if case .rateLimited = $0.effect { true } else { false } })
  }

  @Test("a cut network costs the prices of its time and nothing else")
  func cut() {
    var bench = settled()
    bench.isCut = true
    bench.advance(by: .minutes(5))
    #expect(bench.spots.isEmpty)
    bench.isCut = false
    bench.advance(by: .seconds(40))
    #expect(bench.spots.count >= 1)
    bench.events = []
    bench.advance(by: .minutes(1))
    #expect(bench.spots.count == 2)
  }

  @Test("equal seeds make equal runs, other seeds others")
  func determinism() {
    func run(_ seed: UInt64) -> [SpotPrice] {
      var bench = CoinbaseBench(seed: seed)
      bench.start()
      bench.advance(by: .minutes(10))
      return bench.spots
    }
    #expect(run(1) == run(1))
    #expect(run(1) != run(2))
  }
}

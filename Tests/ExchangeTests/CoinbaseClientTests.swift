import Choice
import Market
import Testing
import Venues

@testable import Exchange

@Suite("Our client against the simulated Coinbase") struct CoinbaseClientTests {
  @Test("prices come at once and at every whole half minute, near the mark less the premium")
  func polls() throws {
    var bench = CoinbaseBench()
    bench.start()
    bench.advance(by: .minutes(5))
    let times = bench.spots.filter { $0.symbol == "BTC" }.map(\.time)
    #expect(times.count == 11)
    for time in times.dropFirst() {
      let past = time.nanoseconds % Interval.seconds(30).nanoseconds
      #expect(past < Interval.milliseconds(100).nanoseconds)
    }
    for spot in bench.spots where spot.symbol == "BTC" {
      // 60,000 less 0.02 % give or take 0.01 %.
      #expect(spot.price > "59981" && spot.price < "59995")
      #expect(spot.venue == .coinbase)
    }
    #expect(bench.rejections.isEmpty)
    #expect(Set(bench.spots.map(\.symbol)) == ["BTC", "ETH", .stablecoin])
  }

  @Test(
    "the stablecoin is worth what the cross of its two pairs says", arguments: [-30_000, 0, 4_000])
  func stablecoin(offset: Int64) {
    var plan = CoinbasePlan()
    plan.stablecoinOffset = offset
    var bench = CoinbaseBench(symbols: [.stablecoin], plan: plan)
    bench.start()
    bench.advance(by: .seconds(70))
    #expect(bench.spots.count == 3)
    for spot in bench.spots {
      let apart = spot.price.steps - Price.stepsPerWhole - offset * 100
      #expect(abs(apart) < 2_000, "\(spot.price)")
    }
  }

  @Test("over the matching venue: quotes, trades and candles follow its mark and its prints")
  func overMatching() throws {
    var truth = VenueBench(btc: .walk(RandomWalk(price: "100000")))
    let start = truth.now
    var venue = CoinbaseVenue(
      configuration: CoinbaseVenueConfiguration(start: start, symbols: truth.venue.symbols),
      chooser: .seeded(5))
    var parser = JSONParser()
    func get(_ target: String) throws -> JSONValue {
      var outputs: [VenueOutput] = []
      let call = VenueCall(method: .get, target: target)
      venue.handle(
        .call(CallID(number: 1), call), at: truth.now, market: truth.venue, into: &outputs)
      guard case .reply(_, let response)? = outputs.first else { return try parser.parse([]).root }
      return try parser.parse(response.body).root
    }
    var newest: UInt64 = 0
    for _ in 0..<60 {
      truth.advance(by: .seconds(7))
      let mark = try #require(truth.venue.mark(of: "BTC"))
      let ticker = try get("/products/BTC-USD/ticker")
      let bid = try #require(ticker["bid"]?.fixed(Price.self))
      let ask = try #require(ticker["ask"]?.fixed(Price.self))
      let premium = Double((mark - bid).steps) / Double(bid.steps)
      #expect(premium > 0.00009 && premium < 0.00031, "\(mark) \(bid)")
      #expect(ask.steps - bid.steps == 1_000_000)
      let id = try #require(ticker["trade_id"]?.uint64)
      #expect(id > newest)
      newest = id
      let trades = try get("/products/BTC-USD/trades").elements.map(Array.init) ?? []
      #expect(trades.first?["trade_id"]?.uint64 == id)
      let times = trades.compactMap { $0["time"]?.string.flatMap { Instant(iso8601: $0) } }
      #expect(times == times.sorted(by: >))
      #expect(times.allSatisfy { $0 < truth.now + .milliseconds(1) })
    }
    let rows = try get("/products/BTC-USD/candles?granularity=300").elements.map(Array.init) ?? []
    let last = try #require(rows.first)
    let candle = try #require(
      truth.venue.candles(of: "BTC", .m5, from: start, through: truth.now).last)
    #expect(last[0]?.int64 == candle.openTime.milliseconds / 1_000)
    #expect(last[5]?.double == candle.volume.double)
    let close = try #require(last[4]?.double)
    #expect(abs(close * 1.000_2 - candle.close.double) < 0.02)
  }
}

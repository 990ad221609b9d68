import Exchange
import Market
import Testing
import Venues

@Suite("Deribit with our own client") struct DeribitClientTests {
  private func connected(
    underlyings: [Symbol] = ["BTC", "ETH"],
    change: (inout DeribitClientConfiguration) -> Void = { _ in }
  ) -> DeribitBench {
    var bench = DeribitBench(underlyings: underlyings, change: change)
    bench.begin()
    return bench
  }

  @Test("chains come at the start and every quarter hour, the index every five minutes")
  func timetable() {
    var bench = connected()
    bench.advance(by: .minutes(61))
    #expect(bench.rejections.isEmpty, "\(bench.rejections)")
    #expect(bench.feed.contains(.subscribed))
    #expect(bench.feed.contains(.recovered))
    let quarters = (0...4).map { DeribitBench.start + .minutes(15 * $0) }
    for symbol in ["BTC", "ETH"] as [Symbol] {
      let chains = bench.chains.filter { $0.symbol == symbol }
      #expect(chains.map(\.time) == quarters)
      #expect(chains.allSatisfy { $0.venue == .deribit && $0.quotes.count == 104 })
      let fives = (0...12).map { DeribitBench.start + .minutes(5 * $0) }
      #expect(bench.indices.filter { $0.symbol == symbol }.map(\.time) == fives)
    }
  }

  @Test("what the wire carries is what the plan drew: percent became a fraction, dollars stayed")
  func units() throws {
    var bench = connected(underlyings: ["BTC", "ETH", "SOL"])
    bench.advance(by: .minutes(1))
    for (symbol, price) in [("BTC", "100000"), ("ETH", "4000"), ("SOL", "150.25")]
      as [(Symbol, Price)]
    {
      let chain = try #require(bench.chains.first { $0.symbol == symbol })
      #expect(chain.quotes.allSatisfy { $0.underlying == price })
      let nearest = try #require(
        chain.quotes.min {
          ($0.strike - price).magnitude < ($1.strike - price).magnitude
        })
      #expect(nearest.impliedVolatility > "0.5" && nearest.impliedVolatility < "0.6")
      #expect(
        chain.quotes.allSatisfy { $0.expiry.nanoseconds % 86_400_000_000_000 == 28_800_000_000_000 }
      )
      #expect(nearest.openInterest > "100")
    }
    #expect(bench.indices.allSatisfy { $0.value > "0.5" && $0.value < "0.6" })
    #expect(bench.indices.map(\.symbol) == ["BTC", "ETH"])
    #expect(bench.rejections.isEmpty, "\(bench.rejections)")
  }

  @Test("a quiet connection lives on: every test request is answered")
  func heartbeats() {
    var bench = connected()
    bench.advance(by: .hours(3))
    let asked = bench.heard.filter { $0.contains("test_request") }.count
    #expect(asked > 100)
    #expect(bench.sent.filter { $0.contains("public/test") }.count == asked)
    #expect(bench.feed.filter { if case .disconnected = $0 { true } else { false } }.isEmpty)
  }
}

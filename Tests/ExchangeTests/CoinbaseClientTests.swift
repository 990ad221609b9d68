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
}

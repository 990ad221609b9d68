import Market
import Testing
import Venues

@testable import Exchange

@Suite("Our client against the simulated Binance") struct BinanceClientTests {
  private func minutes(_ count: Int64) -> [Instant] {
    (0..<count).map { BinanceBench.start + .minutes($0) }
  }

  @Test("every minute is told once, as the true market traded it, with a split that adds up")
  func candles() throws {
    var bench = BinanceBench()
    bench.start()
    bench.advance(by: .minutes(10) + .seconds(5))
    let told = bench.candles.filter { $0.openTime >= BinanceBench.start }
    #expect(told.map(\.openTime) == minutes(10))
    // The newest two of before the start came from history.
    #expect(bench.candles.count == 12)
    for candle in told {
      let truth = try #require(bench.truth.venue.candle(of: "BTC", .m1, opening: candle.openTime))
      let split = try #require(candle.takerSplit)
      #expect(candle.close == truth.close)
      #expect(candle.volume == truth.volume)
      #expect(split.buy + split.sell == candle.volume)
      #expect(split.coverage == Fraction(whole: 1))
    }
    #expect(bench.rejections.isEmpty)
    #expect(bench.feed == [.connecting(attempt: 1), .connected, .subscribed, .recovered])
  }

  @Test("open interest is told every five minutes, after thirty readings of the past")
  func openInterest() {
    var bench = BinanceBench(series: [], openInterest: ["BTC"])
    bench.start()
    bench.advance(by: .minutes(21))
    let times = bench.events.compactMap { effect -> Instant? in
      guard case .market(.openInterest(let reading)) = effect else { return nil }
      return reading.time
    }
    #expect(times.count == 30 + 5)
    #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 == .minutes(5) })
    #expect(times.last == BinanceBench.start + .minutes(20))
  }

  @Test("funding is told at the start and after each settlement, on its hour, for eight hours")
  func funding() {
    var bench = BinanceBench(series: [], funding: ["BTC"])
    bench.apply(.lateSettlements(5))
    bench.start()
    bench.advance(by: .hours(16) + .minutes(2))
    let told = bench.events.compactMap { effect -> Funding? in
      guard case .market(.funding(let funding)) = effect else { return nil }
      return funding
    }
    let hours = told.map { ($0.time - BinanceBench.start).nanoseconds / 3_600_000_000_000 }
    #expect(hours == [-24, -16, -8, 0, 8, 16])
    #expect(told.allSatisfy { $0.period == .hours(8) && $0.venue == .binance })
    #expect(Set(told.map(\.rate)).count > 1)
  }
}

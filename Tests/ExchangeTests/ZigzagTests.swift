import Choice
import Market
import Testing

@testable import Exchange

/// The market of demonstrations.
@Suite struct ZigzagTests {
  /// How often averages of 12 and 26 closes cross in the last `length` candles.
  private static func crossings(_ candles: [Candle], last length: Int) -> Int {
    var (fast, slow) = (0.0, 0.0)
    var leading: Bool?
    var count = 0
    for (index, candle) in candles.enumerated() {
      let close = candle.close.double
      if fast == 0 { (fast, slow) = (close, close) }
      fast += (close - fast) * 2 / 13
      slow += (close - slow) * 2 / 27
      if let leading, leading != (fast > slow), index + length >= candles.count { count += 1 }
      leading = fast > slow
    }
    return count
  }

  @Test(arguments: [1, 2, 77] as [UInt64])
  func `averages cross in most minutes, before the start and after`(seed: UInt64) {
    var bench = VenueBench(
      btc: .zigzag(Zigzag(price: "60000")), eth: .zigzag(Zigzag(price: "3000")), seed: seed)
    let history = bench.venue.candles(of: "BTC", .m1)
    #expect(history.count > 600)
    #expect(Self.crossings(history, last: 500) > 450)
    bench.advance(by: .hours(3))
    for symbol: Symbol in ["BTC", "ETH"] {
      let candles = bench.venue.candles(of: symbol, .m1)
      #expect(Self.crossings(candles, last: 150) > 130, "\(symbol)")
    }
    #expect(bench.imbalance() == nil)
  }

  @Test func `the price stays near its middle and follows from seed and time`() {
    let zigzag = Zigzag(price: "60000")
    let noise = Noise(seed: 9)
    for second in stride(from: Int64(0), to: 40_000, by: 7) {
      let time = Instant(milliseconds: 1_780_000_000_000 + second * 1_000)
      let value = zigzag.value(at: time, noise)
      #expect(abs(value / 60_000 - 1) < 0.03)
      #expect(value == zigzag.value(at: time, Noise(seed: 9)))
    }
  }

  @Test func `it runs on after a close and is on the other side at the next`() {
    let zigzag = Zigzag(price: "100")
    let noise = Noise(seed: 3)
    for minute in Int64(20_000_000)..<20_000_100 {
      let open = Instant(milliseconds: minute * 60_000)
      let start = zigzag.value(at: open, noise)
      let turn = zigzag.value(at: open + .seconds(25), noise)
      let end = zigzag.value(at: open + .milliseconds(59_999), noise)
      let direction: Double = minute.isMultiple(of: 2) ? 1 : -1
      #expect((turn - start) * direction > 0.4)
      #expect((end - start) * direction < 0)
    }
  }

  @Test func `models move in time, recordings by whole candles`() throws {
    let open = Instant(milliseconds: 1_780_000_020_000)
    let candle = try Candle(
      symbol: "BTC", timeframe: .m1, venue: .hyperliquid, openTime: open, open: "1", high: "1",
      low: "1", close: "1", volume: "1")
    let moved = PriceModel.recorded([candle]).moved(by: .seconds(150))
    guard case .recorded(let candles) = moved else { throw Wrong() }
    #expect(candles.map(\.openTime) == [open + .seconds(120)])
    let path = PriceModel.path([PathPoint(time: open, price: "5")]).moved(by: .seconds(-3))
    #expect(path == .path([PathPoint(time: open - .seconds(3), price: "5")]))
  }

  private struct Wrong: Error {}
}

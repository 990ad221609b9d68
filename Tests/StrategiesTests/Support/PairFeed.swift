import Choice
import Market

/// Two legs of which the second walks and the first is drawn to a line over it.
struct PairFeed {
  /// Four-hour candles that close at one time, the first leg before the second.
  var bars: [[Candle]]

  /// Draws `count` bars; the spread keeps `memory` of its distance from one bar to the next.
  init(
    seed: UInt64, count: Int, memory: Double = 0.9, noise: Double = 0.004,
    first: Symbol = "BTC", other: Symbol = "ETH"
  ) throws {
    var stream = Chooser.seeded(seed).stream("pair")
    func draw() -> Double {
      (0..<4).reduce(0.0) { sum, _ in sum + Double(stream.draw(below: 1 << 20)) / 1_048_576 - 0.5 }
    }
    var walk = 8.0
    var spread = 0.0
    bars = []
    for index in 0..<count {
      walk += draw() * 0.012
      spread = spread * memory + draw() * noise
      let time = monday + .hours(4 * Int64(index))
      bars.append([
        try Self.bar(first, time, exp(2.6 + 0.9 * walk + spread)),
        try Self.bar(other, time, exp(walk)),
      ])
    }
  }

  /// A candle of one price.
  static func bar(
    _ symbol: Symbol, _ time: Instant, _ price: Double, _ timeframe: Timeframe = .h4
  ) throws -> Candle {
    let price = Price(steps: Int64(price * 1e8))
    return try Candle(
      symbol: symbol, timeframe: timeframe, venue: .hyperliquid, openTime: time, open: price,
      high: price, low: price, close: price, volume: Quantity(whole: 1))
  }

  /// The same with every price passed through `change`.
  func mapped(_ change: (Symbol, Double) -> Double) throws -> PairFeed {
    var feed = self
    feed.bars = try bars.map { group in
      try group.map { try Self.bar($0.symbol, $0.openTime, change($0.symbol, $0.close.double)) }
    }
    return feed
  }
}

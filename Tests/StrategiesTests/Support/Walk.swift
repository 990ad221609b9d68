import Choice
import Market

/// Candles of a random walk without drift: data in which no rule has an edge.
struct Walk {
  /// Repeats the walk.
  var seed: UInt64
  var timeframe: Timeframe = .m15
  /// The first open time; a Monday, so that weeks are whole.
  var start = monday
  /// How many candles.
  var count: Int
  /// The first price, in ticks.
  var price: Int64 = 30_000
  /// One tick.
  var tick: Price = "0.1"
  /// Steps within a candle.
  var steps = 15
  /// Volatility of a year, as a fraction of the price; nil for an arithmetic walk of `spread`
  /// ticks.
  var volatility = 0.55
  /// The standard deviation of a candle in ticks where the walk is arithmetic.
  var spread: Double?

  func candles() throws -> [Candle] {
    var prices = Chooser.seeded(seed).stream("prices")
    var volumes = Chooser.seeded(seed).stream("volumes")
    let perYear = Double(Interval.days(365).nanoseconds / timeframe.interval.nanoseconds)
    let deviation = (volatility * volatility / perYear / Double(steps)).squareRoot()
    let fixed = spread.map { $0 / Double(steps).squareRoot() }
    var level = Double(price)
    var candles: [Candle] = []
    candles.reserveCapacity(count)
    for index in 0..<count {
      let open = level.rounded()
      var high = open
      var low = open
      for _ in 0..<steps {
        level += Self.gaussian(&prices) * (fixed ?? level * deviation)
        high = max(high, level.rounded())
        low = min(low, level.rounded())
      }
      let spike = Int64(volumes.draw(below: 1_000))
      candles.append(
        try Candle(
          symbol: "BTC", timeframe: timeframe, venue: .hyperliquid,
          openTime: start + timeframe.interval * Int64(index), open: priced(open),
          high: priced(high), low: priced(low), close: priced(level.rounded()),
          volume: Quantity(whole: 1 + spike * spike / 300)))
    }
    return candles
  }

  private func priced(_ ticks: Double) -> Price { Price(steps: Int64(ticks) * tick.steps) }

  /// The sum of four uniform numbers with variance 1: near enough to normal once steps add up.
  private static func gaussian(_ stream: inout ChoiceStream) -> Double {
    var word = stream.draw(below: 1 << 63)
    var sum: Int64 = -4 * 16_384 + 2
    for _ in 0..<4 {
      sum += Int64(word & 0x7fff)
      word >>= 15
    }
    return Double(sum) / 32_768 * 1.732_050_807_568_877
  }
}

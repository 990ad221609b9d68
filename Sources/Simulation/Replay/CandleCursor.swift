import Market

/// Walks every series of a history at once, by close time, then timeframe, then symbol.
struct CandleCursor {
  private let series: [CandleHistory.Series]
  private var next: [Int]
  /// When the next candle of each series closes; the end of time where there is none.
  private var closes: [Instant]
  private var best: Int?

  init(_ history: CandleHistory) {
    // Shorter timeframes first among equals, so that the first smallest close time is the one.
    series = history.series.filter { !$0.candles.isEmpty }.sorted { one, other in
      one.timeframe != other.timeframe
        ? one.timeframe < other.timeframe : one.symbol < other.symbol
    }
    next = [Int](repeating: 0, count: series.count)
    closes = series.map { $0.candles[0].closeTime }
    best = nil
    choose()
  }

  /// The candle that comes next; nil at the end.
  var current: Candle? { best.map { series[$0].candles[next[$0]] } }

  /// Moves past ``current``.
  mutating func advance() {
    guard let best else { return }
    next[best] += 1
    let candles = series[best].candles
    closes[best] =
      next[best] < candles.count ? candles[next[best]].closeTime : Instant(nanoseconds: .max)
    choose()
  }

  private mutating func choose() {
    best = nil
    var earliest = Instant(nanoseconds: .max)
    for index in closes.indices where closes[index] < earliest {
      earliest = closes[index]
      best = index
    }
  }
}

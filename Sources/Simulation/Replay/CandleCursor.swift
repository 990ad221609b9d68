import Market

/// Walks every series of a history at once, by close time, then timeframe, then symbol.
struct CandleCursor {
  private let series: [CandleHistory.Series]
  private var next: [Int]
  private var best: Int?

  init(_ history: CandleHistory) {
    // Shorter timeframes first among equals, so that the first smallest close time is the one.
    series = history.series.filter { !$0.candles.isEmpty }.sorted { one, other in
      one.timeframe != other.timeframe
        ? one.timeframe < other.timeframe : one.symbol < other.symbol
    }
    next = [Int](repeating: 0, count: series.count)
    best = nil
    choose()
  }

  /// The candle that comes next; nil at the end.
  var current: Candle? { best.map { series[$0].candles[next[$0]] } }

  /// Moves past ``current``.
  mutating func advance() {
    guard let best else { return }
    next[best] += 1
    choose()
  }

  private mutating func choose() {
    best = nil
    var earliest = Instant(nanoseconds: .max)
    for index in series.indices where next[index] < series[index].candles.count {
      let close = series[index].candles[next[index]].closeTime
      if close < earliest {
        earliest = close
        best = index
      }
    }
  }
}

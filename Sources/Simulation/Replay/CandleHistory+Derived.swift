public import Market

extension CandleHistory {
  /// Adds the candles of `timeframe` that shorter ones make, for every symbol that has shorter
  /// ones.
  ///
  /// A candle is made only where every child is there, so that a gap stays one. Candles that a
  /// file gave stay; of the shorter series, the longest is asked first. Shorter candles are never
  /// made from longer ones.
  public mutating func derive(_ timeframe: Timeframe) {
    for symbol in symbols {
      let shorter = series.filter { one in
        one.symbol == symbol && one.timeframe < timeframe && !one.isDerived
      }
      for one in shorter.reversed() {
        let made = Self.rollUp(one.candles, to: timeframe)
        guard !made.isEmpty else { continue }
        let index = place(symbol, timeframe)
        let before = series[index].candles.count
        series[index].candles = Self.merge(series[index].candles, made)
        if series[index].candles.count > before { series[index].isDerived = true }
      }
    }
    measureGaps()
  }

  /// The candles of `timeframe` whose children are all in `candles`.
  static func rollUp(_ candles: [Candle], to timeframe: Timeframe) -> [Candle] {
    var made: [Candle] = []
    var bucket: [Candle] = []
    for candle in candles {
      let open = timeframe.open(containing: candle.openTime)
      if let last = bucket.last,
        last.closeTime != candle.openTime || timeframe.open(containing: last.openTime) != open
      {
        bucket.removeAll(keepingCapacity: true)
      }
      // A bucket counts only from its own first child.
      guard !bucket.isEmpty || candle.openTime == open else { continue }
      bucket.append(candle)
      guard candle.closeTime == open + timeframe.interval else { continue }
      if let whole = Candle(joining: bucket, as: timeframe) { made.append(whole) }
      bucket.removeAll(keepingCapacity: true)
    }
    return made
  }
}

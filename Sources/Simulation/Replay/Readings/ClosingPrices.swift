import Market

/// The closes of one symbol's candles by time, of all its timeframes.
struct ClosingPrices {
  private(set) var times: [Instant] = []
  private(set) var prices: [Price] = []
  private var intervals: [Interval] = []

  /// Takes the candles of several series; of two that close together, the shortest counts.
  init(_ series: [[Candle]]) {
    for candles in series {
      guard !times.isEmpty else {
        times = candles.map(\.closeTime)
        prices = candles.map(\.close)
        intervals = candles.map(\.timeframe.interval)
        continue
      }
      merge(candles)
    }
  }

  private mutating func merge(_ candles: [Candle]) {
    let before = self
    times.removeAll(keepingCapacity: true)
    prices.removeAll(keepingCapacity: true)
    intervals.removeAll(keepingCapacity: true)
    var index = 0
    func isDue(_ limit: Instant) -> Bool {
      index < before.times.count && before.times[index] < limit
    }
    for candle in candles {
      while isDue(candle.closeTime) {
        append(before.times[index], before.prices[index], before.intervals[index])
        index += 1
      }
      if index < before.times.count, before.times[index] == candle.closeTime {
        let isShorter = candle.timeframe.interval < before.intervals[index]
        append(
          candle.closeTime, isShorter ? candle.close : before.prices[index],
          isShorter ? candle.timeframe.interval : before.intervals[index])
        index += 1
      } else {
        append(candle.closeTime, candle.close, candle.timeframe.interval)
      }
    }
    while index < before.times.count {
      append(before.times[index], before.prices[index], before.intervals[index])
      index += 1
    }
  }

  private mutating func append(_ time: Instant, _ price: Price, _ interval: Interval) {
    times.append(time)
    prices.append(price)
    intervals.append(interval)
  }

  /// The newest close at `time` or before, where no candle is missing between; nil otherwise.
  func newest(at time: Instant) -> Price? {
    var low = 0
    var high = times.count
    while low < high {
      let middle = (low + high) / 2
      if times[middle] <= time { low = middle + 1 } else { high = middle }
    }
    guard low > 0, time - times[low - 1] < intervals[low - 1] else { return nil }
    return prices[low - 1]
  }

  /// Samples of both prices at the instants at which both markets have a close.
  ///
  /// A close is the last price before its instant on either side, so that neither is older than
  /// the other's candle: no drift of seconds stands between them.
  func samples(of symbol: Symbol, spot: ClosingPrices, _ venue: Venue) -> [SpotPrice] {
    var samples: [SpotPrice] = []
    var index = 0
    for (time, price) in zip(spot.times, spot.prices) {
      while index < times.count, times[index] < time { index += 1 }
      guard index < times.count else { break }
      guard times[index] == time else { continue }
      samples.append(
        SpotPrice(symbol: symbol, venue: venue, time: time, price: price, mid: prices[index]))
    }
    return samples
  }
}

import Market
import Strategies

/// What is known at one close time and was not at the one before.
struct Moment: Sendable {
  /// The close time.
  let time: Instant
  /// What was received since the moment before, until ``time``, in order of receipt.
  var readings: [ReceivedReading] = []
  /// What closes, shortest first, then by symbol.
  var candles: [Candle]
}

/// Candles and readings as the engine hands them on.
struct Feed: Sendable {
  private let allMoments: [Moment]
  /// After this, nothing is known.
  private let horizon: Instant?

  /// Derives `timeframes` from `base`; base candles that open before `start` only feed them.
  init(_ base: [Candle], deriving timeframes: [Timeframe], from start: Instant? = nil) {
    self.init(series: [base], readings: [], deriving: timeframes, from: start)
  }

  /// Derives `timeframes` from each of `series`, whose candles before `start` only feed them.
  ///
  /// A longer candle with a missing child is not made. Readings come in order of receipt; those
  /// received after the last close are of no use to anyone.
  init(
    series: [[Candle]], readings: [ReceivedReading], deriving timeframes: [Timeframe] = [],
    from start: Instant? = nil
  ) {
    var all: [Candle] = []
    for base in series {
      all += base.filter { $0.openTime >= start ?? $0.openTime }
      for timeframe in timeframes where timeframe != base.first?.timeframe {
        all += Self.resample(base, to: timeframe)
      }
    }
    all.sort {
      ($0.closeTime, $0.timeframe, $0.symbol) < ($1.closeTime, $1.timeframe, $1.symbol)
    }
    var moments: [Moment] = []
    var received = readings[...]
    for candle in all {
      if let last = moments.last, last.time == candle.closeTime {
        moments[moments.count - 1].candles.append(candle)
        continue
      }
      let known = received.prefix { $0.received <= candle.closeTime }
      received = received.dropFirst(known.count)
      moments.append(Moment(time: candle.closeTime, readings: Array(known), candles: [candle]))
    }
    self.init(moments: moments)
  }

  private init(moments: [Moment], horizon: Instant? = nil) {
    allMoments = moments
    self.horizon = horizon
  }

  /// Everything that is known, in order of time.
  var moments: ArraySlice<Moment> {
    guard let horizon else { return allMoments[...] }
    return allMoments[..<firstIndex(after: horizon)]
  }

  /// The candles of each close time.
  var groups: [[Candle]] { moments.map(\.candles) }

  /// The first moment later than `time`.
  private func firstIndex(after time: Instant) -> Int {
    var low = 0
    var high = allMoments.count
    while low < high {
      let middle = (low + high) / 2
      if allMoments[middle].time <= time { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The candle of one series that opens at `time`, where it is known: only a planted mistake asks.
  func candle(_ symbol: Symbol, _ timeframe: Timeframe, openingAt time: Instant) -> Candle? {
    let closeTime = time + timeframe.interval
    guard horizon == nil || closeTime <= horizon ?? closeTime else { return nil }
    let index = firstIndex(after: closeTime) - 1
    guard index >= 0, allMoments[index].time == closeTime else { return nil }
    return allMoments[index].candles.first { $0.symbol == symbol && $0.timeframe == timeframe }
  }

  /// The same feed cut off after `time`; O(1).
  func until(_ time: Instant) -> Feed { Feed(moments: allMoments, horizon: time) }

  /// The same feed with every candle and reading passed through a change; nil removes it.
  func mapped(
    _ change: (Candle) -> Candle?, readings: (ReceivedReading) -> ReceivedReading? = { $0 }
  ) -> Feed {
    Feed(
      moments: moments.map {
        Moment(
          time: $0.time, readings: $0.readings.compactMap(readings),
          candles: $0.candles.compactMap(change))
      }, horizon: horizon)
  }

  static func resample(_ base: [Candle], to timeframe: Timeframe) -> [Candle] {
    var result: [Candle] = []
    var bucket: [Candle] = []
    func flush() {
      guard let first = bucket.first,
        Int64(bucket.count) * first.timeframe.interval.nanoseconds
          == timeframe.interval.nanoseconds,
        let candle = Candle(joining: bucket, as: timeframe)
      else { return }
      result.append(candle)
    }
    for candle in base {
      if let first = bucket.first,
        timeframe.open(containing: first.openTime) != timeframe.open(containing: candle.openTime)
      {
        flush()
        bucket.removeAll(keepingCapacity: true)
      }
      bucket.append(candle)
    }
    flush()
    return result
  }
}

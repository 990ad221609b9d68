import Market

// Candles: made of the samples, and read from the venue's history where asked for.
extension CoinbaseClient {
  /// Adds a sample to the candles of its symbol.
  mutating func sample(
    _ price: Price, of symbol: Symbol, at time: Instant, _ now: Now,
    into effects: inout [ClientEffect]
  ) {
    for index in candles.indices where candles[index].series.symbol == symbol {
      let outcome = candles[index].add(price, at: time)
      finish(index, outcome, at: now, into: &effects)
    }
    awaitClose(at: now, into: &effects)
  }

  /// Ends the candles whose grace is over.
  mutating func closeCandles(at now: Now, into effects: inout [ClientEffect]) {
    for index in candles.indices {
      let outcome = candles[index].close(at: now.wall - configuration.closeGrace)
      finish(index, outcome, at: now, into: &effects)
    }
    awaitClose(at: now, into: &effects)
  }

  /// Tells a candle; one that the samples do not cover is asked for where history is wanted.
  private mutating func finish(
    _ index: Int, _ outcome: SampledCandle.Outcome?, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    switch outcome {
    case nil: break
    case .closed(let candle): effects.append(.market(.closedCandle(candle)))
    case .uncovered(let open):
      guard configuration.historyCandles > 0, hasHistory(index) else { return }
      ask(
        .history(series: index, OpenRange(from: open, to: open)), at: now, into: &effects)
    }
  }

  private mutating func awaitClose(at now: Now, into effects: inout [ClientEffect]) {
    guard stage == .running, let next = candles.compactMap(\.closeTime).min() else { return }
    let wait = (next + configuration.closeGrace) - now.wall
    set(.close, at: now.monotonic + max(wait, .milliseconds(1)), into: &effects)
  }

  // MARK: History

  /// Asks for the closed candles before now, in pages that the venue answers, oldest first.
  mutating func askHistory(_ index: Int, at now: Now, into effects: inout [ClientEffect]) {
    guard hasHistory(index) else { return }
    let timeframe = candles[index].series.timeframe
    let wanted = Int64(min(max(configuration.historyCandles, 0), Self.longestHistory))
    let length = timeframe.interval
    let bucket = Self.bucket(of: timeframe).interval
    let page = max(1, Self.rowsPerAnswer * bucket.nanoseconds / length.nanoseconds)
    let current = timeframe.open(containing: now.wall)
    var left = wanted
    while left > 0 {
      let count = min(left, page)
      let from = current - length * left
      let range = OpenRange(from: from, to: from + length * (count - 1))
      ask(.history(series: index, range), at: now, into: &effects)
      left -= count
    }
  }

  /// Whether the venue keeps candles of a series: a ratio of two products has none.
  private func hasHistory(_ index: Int) -> Bool { candles[index].series.symbol != .stablecoin }

  /// The longest history that is asked for of a series.
  private static var longestHistory: Int { 10_000 }
  /// How many buckets the venue answers at most.
  private static var rowsPerAnswer: Int64 { 300 }

  /// The longest bucket that the venue knows and that the candles of `timeframe` are made of.
  private static func bucket(of timeframe: Timeframe) -> Timeframe {
    switch timeframe {
    case .m1, .m5, .m15, .h1, .d1: timeframe
    case .h4: .h1
    case .d3, .w1: .d1
    }
  }

  func historyPath(_ index: Int, _ range: OpenRange) -> String {
    let timeframe = candles[index].series.timeframe
    let bucket = Self.bucket(of: timeframe).interval
    let last = range.to + timeframe.interval - bucket
    return "/products/\(candles[index].series.symbol)-USD/candles"
      + "?granularity=\(bucket.nanoseconds / 1_000_000_000)&start=\(range.from)&end=\(last)"
  }

  /// Takes the venue's history of a series; buckets without trades are missing, and tell nothing.
  mutating func history(
    _ index: Int, _ range: OpenRange, _ root: JSONValue, _ body: [UInt8], at now: Now,
    into effects: inout [ClientEffect]
  ) throws(WireFault) {
    let series = candles[index].series
    guard let rows = root.elements else { throw .member("candles") }
    var buckets: [Candle] = []
    for row in rows {
      buckets.append(
        try CoinbaseWire.candle(row, of: series.symbol, Self.bucket(of: series.timeframe)))
    }
    buckets.sort { $0.openTime < $1.openTime }
    for (earlier, later) in zip(buckets, buckets.dropFirst())
    where earlier.openTime == later.openTime {
      throw .inconsistent
    }
    let settled = now.wall - configuration.closeGrace
    var open = range.from
    var rest = buckets[...]
    while open <= range.to, open + series.timeframe.interval <= settled {
      let end = open + series.timeframe.interval
      rest = rest.drop { $0.openTime < open }
      let children = Array(rest.prefix { $0.openTime < end })
      // A joined candle opens where its first child does: without that child there is none.
      if let candle = Candle(joining: children, as: series.timeframe) {
        effects.append(.market(.closedCandle(candle)))
      }
      open = end
    }
  }
}

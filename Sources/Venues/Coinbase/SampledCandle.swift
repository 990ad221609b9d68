import Market

/// The candle of one series that samples are making.
struct SampledCandle: Sendable {
  let series: CandleSeries
  /// How many samples make it a candle.
  private let needed: Int64
  private var forming: Forming?

  private struct Forming: Sendable {
    let openTime: Instant
    let open: Price
    var high: Price
    var low: Price
    var close: Price
    var count: Int64 = 1
  }

  /// What became of a candle at its close.
  enum Outcome: Hashable, Sendable {
    /// It is known.
    case closed(Candle)
    /// Its samples are too few to know its range.
    case uncovered(openTime: Instant)
  }

  init(_ series: CandleSeries, _ configuration: CoinbaseClientConfiguration) {
    self.series = series
    let length = max(configuration.pollInterval.nanoseconds, 1)
    let whole = max(series.timeframe.interval.nanoseconds / length, 1)
    let share = Int128(whole) * Int128(min(max(configuration.leastCoverage, 0), 1_000_000))
    needed = max(Int64(truncatingIfNeeded: Rounding.up.divide(share, by: 1_000_000)), 1)
  }

  /// When the candle that forms closes; nil where none forms.
  var closeTime: Instant? { forming.map { $0.openTime + series.timeframe.interval } }

  /// Takes in a sample; returns what became of the candle before it, where this one is later.
  ///
  /// A sample from before the candle that forms, which a wall clock that was set back makes, is
  /// left out.
  mutating func add(_ price: Price, at time: Instant) -> Outcome? {
    let outcome = close(at: time)
    let openTime = series.timeframe.open(containing: time)
    guard var candle = forming else {
      forming = Forming(openTime: openTime, open: price, high: price, low: price, close: price)
      return outcome
    }
    guard candle.openTime == openTime else { return outcome }
    candle.high = max(candle.high, price)
    candle.low = min(candle.low, price)
    candle.close = price
    candle.count += 1
    forming = candle
    return outcome
  }

  /// Ends the candle that forms where `time` is at or after its close.
  mutating func close(at time: Instant) -> Outcome? {
    guard let candle = forming, let end = closeTime, end <= time else { return nil }
    forming = nil
    guard candle.count >= needed,
      let closed = try? Candle(
        symbol: series.symbol, timeframe: series.timeframe, venue: .coinbase,
        openTime: candle.openTime, open: candle.open, high: candle.high, low: candle.low,
        close: candle.close, volume: .zero)
    else { return .uncovered(openTime: candle.openTime) }
    return .closed(closed)
  }
}

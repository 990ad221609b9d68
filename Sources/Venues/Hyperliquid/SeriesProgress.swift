import Market

/// How much of one candle stream is known for certain.
struct SeriesProgress: Sendable {
  let series: CandleSeries
  /// The open of the newest candle known to be over, with none missing before it.
  private(set) var confirmed: Instant?
  /// The open of the newest candle that this connection streamed.
  private(set) var streaming: Instant?
  /// The opens that a request for history is to cover.
  var fill: OpenRange?

  init(_ series: CandleSeries) { self.series = series }

  var interval: Interval { series.timeframe.interval }

  /// The first open that is not confirmed.
  var next: Instant? { confirmed.map { $0 + interval } }

  /// Whether the stream itself shows that the candle is over.
  func isOver(_ open: Instant) -> Bool { streaming.map { open < $0 } ?? false }

  mutating func reconnected() { streaming = nil }

  mutating func confirm(through open: Instant) {
    confirmed = max(confirmed ?? open, open)
  }

  /// Takes a streamed candle; returns the opens that were left out before it.
  mutating func streamed(_ open: Instant) -> OpenRange? {
    guard streaming.map({ open > $0 }) ?? true else { return nil }
    let previous = streaming
    streaming = open
    // The candle before the stream's second one was seen to its end.
    if let previous, next == previous { confirm(through: previous) }
    guard let next else {
      confirm(through: open - interval)
      return nil
    }
    guard next < open else { return nil }
    return OpenRange(from: next, to: open - interval)
  }
}

/// The opens of a series from one to another, both included.
struct OpenRange: Hashable, Sendable {
  var from: Instant
  var to: Instant
}

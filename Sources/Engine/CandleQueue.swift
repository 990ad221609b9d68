import Market

/// Candles of one series in order of open time; taking the oldest is O(1) and keeps the storage.
struct CandleQueue: Sendable {
  private var candles: [Candle] = []
  private var head = 0

  /// How many wait.
  var count: Int { candles.count - head }

  /// The oldest.
  var first: Candle? { head < candles.count ? candles[head] : nil }

  /// The open time of the oldest, in nanoseconds.
  var firstOpen: Int64? {
    head < candles.count ? candles[head].openTime.nanoseconds : nil
  }

  /// The newest.
  var last: Candle? { head < candles.count ? candles[candles.count - 1] : nil }

  /// The candle that opens at `time`.
  func candle(openingAt time: Instant) -> Candle? {
    candles[head...].first { $0.openTime == time }
  }

  /// Removes the oldest; does nothing where none waits.
  mutating func removeFirst() {
    guard head < candles.count else { return }
    head += 1
    if head == candles.count {
      candles.removeAll(keepingCapacity: true)
      head = 0
    } else if head >= 1_024, head * 2 >= candles.count {
      candles.removeFirst(head)
      head = 0
    }
  }

  /// Inserts by open time; a candle of the same open time is replaced.
  mutating func insert(_ candle: Candle) {
    var index = candles.count
    while index > head, candles[index - 1].openTime >= candle.openTime { index -= 1 }
    if index < candles.count, candles[index].openTime == candle.openTime {
      candles[index] = candle
    } else {
      candles.insert(candle, at: index)
    }
  }
}

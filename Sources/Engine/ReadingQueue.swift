import Market

/// Readings that wait for the close at which the strategies may know them, in order of receipt.
///
/// A reading that came after a close must not take part in the decision at that close, although
/// the close itself may be told a little later; so readings wait until a close that is not earlier
/// than their receipt (`strategies.md` section 2.1).
struct ReadingQueue: Sendable {
  /// The most that wait; the oldest leave first.
  static let limit = 8_192

  private var waiting: ArraySlice<ReceivedReading> = []
  private var newest = Instant(nanoseconds: 0)

  /// How many wait.
  var count: Int { waiting.count }

  /// Adds a reading; a clock that stepped back does not change their order.
  ///
  /// - Returns: The reading as received, and whether an older one was lost for it.
  mutating func push(
    _ reading: Reading, at time: Instant
  ) -> (received: ReceivedReading, isFull: Bool) {
    newest = max(newest, time)
    let received = ReceivedReading(reading, received: newest)
    waiting.append(received)
    guard waiting.count > Self.limit else { return (received, false) }
    waiting.removeFirst()
    return (received, true)
  }

  /// Takes out the next reading that was received no later than `close`.
  mutating func take(until close: Instant) -> ReceivedReading? {
    guard let first = waiting.first, first.received <= close else { return nil }
    return waiting.popFirst()
  }
}

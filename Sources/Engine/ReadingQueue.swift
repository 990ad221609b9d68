import Market

/// Readings that wait for the close at which the strategies may know them, in order of receipt.
///
/// A reading that came after a close must not take part in the decision at that close, although
/// the close itself may be told a little later; so readings wait until a close that is not earlier
/// than their receipt (`strategies.md` section 2.1).
struct ReadingQueue: Sendable {
  /// The most that wait; the oldest leave first.
  static let limit = 8_192

  private var waiting: [ReceivedReading] = []
  /// Where the oldest stands; what was before it is taken.
  private var head = 0
  private var newest = Instant(nanoseconds: 0)

  /// How many wait.
  var count: Int { waiting.count - head }

  /// Adds a reading; a clock that stepped back does not change their order.
  ///
  /// - Returns: The reading as received, and whether an older one was lost for it.
  mutating func push(
    _ reading: Reading, at time: Instant
  ) -> (received: ReceivedReading, isFull: Bool) {
    newest = max(newest, time)
    let received = ReceivedReading(reading, received: newest)
    waiting.append(received)
    guard count > Self.limit else { return (received, false) }
    advance()
    return (received, true)
  }

  /// Takes out the next reading that was received no later than `close`.
  mutating func take(until close: Instant) -> ReceivedReading? {
    guard head < waiting.count, waiting[head].received <= close else { return nil }
    let first = waiting[head]
    advance()
    return first
  }

  /// Leaves the oldest behind; the storage is kept and used again.
  private mutating func advance() {
    head += 1
    if head == waiting.count {
      waiting.removeAll(keepingCapacity: true)
      head = 0
    } else if head > Self.limit {
      waiting.removeFirst(head)
      head = 0
    }
  }
}

import Market

/// The venue's time on a socket: the start, and from then on the machine's clock times a speed.
///
/// Where the machine cannot keep up it slows down instead of jumping, so that every reading is a
/// time up to which the venue has lived.
struct ExchangeClock: Sendable {
  /// How many seconds of the venue pass in one of the machine.
  let speed: Int
  private var anchor: Instant
  private var uptimeAtAnchor: UInt64
  private static let end = Instant(nanoseconds: 9_214_646_400_000_000_000)

  /// Reads `start` at an uptime of the machine in nanoseconds.
  init(start: Instant, uptime: UInt64, speed: Int) {
    anchor = start
    uptimeAtAnchor = uptime
    self.speed = max(1, speed)
  }

  /// The venue's time at an uptime.
  func time(at uptime: UInt64) -> Instant {
    let passed = Int128(uptime) - Int128(uptimeAtAnchor)
    let time = Int128(anchor.nanoseconds) + max(0, passed) * Int128(speed)
    return Instant(nanoseconds: Int64(clamping: min(time, Int128(Self.end.nanoseconds))))
  }

  /// The first uptime at which the venue's time is `time` or later.
  func uptime(of time: Instant) -> UInt64 {
    let wanted = Int128(time.nanoseconds) - Int128(anchor.nanoseconds)
    let passed = Rounding.up.divide(max(0, wanted), by: Int128(speed))
    return UInt64(clamping: Int128(uptimeAtAnchor) + passed)
  }

  /// Goes on from `time`, which is earlier than the reading at `uptime`.
  mutating func fallBack(to time: Instant, at uptime: UInt64) {
    anchor = time
    uptimeAtAnchor = uptime
  }
}

import Market

/// What was used of the budgets of the current minute.
struct RateUsage: Sendable {
  /// Weight of HTTP calls.
  var weight = MinuteUsage()
  /// Frames that clients sent.
  var messages = MinuteUsage()
  /// WebSockets that were opened.
  var connections = MinuteUsage()
}

/// What was used of one budget in the current minute.
struct MinuteUsage: Sendable {
  private var minute = Instant(nanoseconds: .min)
  private var used: Int64 = 0

  /// Uses `units`; false where they are not left, and none are used.
  mutating func use(_ units: Int64, of limit: Int64, at now: Instant) -> Bool {
    turn(to: now)
    guard used + units <= limit else { return false }
    used += units
    return true
  }

  /// Uses `units` of an answer that is already made, whether they are left or not.
  mutating func charge(_ units: Int64, at now: Instant) {
    turn(to: now)
    used += units
  }

  private mutating func turn(to now: Instant) {
    let current = Timeframe.m1.open(containing: now)
    guard current != minute else { return }
    minute = current
    used = 0
  }
}

import Market

/// What was used of the budgets.
struct RateUsage: Sendable {
  private var minute = Instant(nanoseconds: .min)
  private var weight: Int64 = 0

  /// Uses `units` of the minute's weight; false where they are not left.
  mutating func use(_ units: Int64, of limit: Int64, at now: Instant) -> Bool {
    let current = Timeframe.m1.open(containing: now)
    if current != minute {
      minute = current
      weight = 0
    }
    guard weight + units <= limit else { return false }
    weight += units
    return true
  }
}

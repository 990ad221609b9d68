import Market

/// What an address has left of the actions that the venue grants it: 10,000, and one more for each
/// dollar that it traded ("Rate limits", read 2026-08).
///
/// The count goes back to the address's first action, so only the venue knows it; until it has said
/// so, nothing is held back.
struct ActionBudget: Hashable, Sendable {
  private var known: Known?
  /// Until when the venue takes no more than cancels, after it refused an action.
  private var spentUntil: Monotonic?

  private struct Known: Hashable {
    var used: Int64
    var granted: Int64
    /// When the question was sent that this answers.
    let asOf: Instant
  }

  /// How many actions may still be sent; nil until the venue has told.
  var left: Int64? { known.map { max(0, $0.granted - $0.used) } }

  /// Takes what the venue counted at or after `time`.
  mutating func learn(used: Int64, granted: Int64, asOf time: Instant) {
    known = Known(
      used: Self.bounded(used), granted: Self.bounded(granted), asOf: time)
  }

  /// Nobody sends more in a lifetime, and sums of these fit.
  private static func bounded(_ count: Int64) -> Int64 { min(max(0, count), 1 << 60) }

  /// Counts actions that were sent.
  mutating func spend(_ count: Int) {
    guard let before = known else { return }
    known?.used = Self.bounded(before.used + Int64(count))
  }

  /// Counts what traded at `time`, unless the venue has counted it already.
  mutating func earn(_ notional: Money, at time: Instant) {
    guard let before = known, time > before.asOf else { return }
    let dollars = notional.magnitude.steps / Money.stepsPerWhole
    known?.granted = Self.bounded(before.granted + dollars)
  }

  /// Takes the venue's refusal, `Too many cumulative requests sent (N > M) …`: it now lets one
  /// action pass in ten seconds.
  mutating func refused(_ text: String, at now: Now) {
    spentUntil = now.monotonic + .seconds(10)
    let numbers = text.split { !("0"..."9").contains($0) }.prefix(2).compactMap { Int64($0) }
    if numbers.count == 2 { learn(used: numbers[1], granted: numbers[1], asOf: now.wall) }
  }

  /// Whether actions that are no cancels may be sent, with `reserve` left for what protects.
  func hasRoom(for count: Int, keeping reserve: Int, at now: Monotonic) -> Bool {
    if let spentUntil {
      if now < spentUntil { return false }
      if left == 0 { return count == 1 }
    }
    return left.map { Int64(count) + Int64(reserve) <= $0 } ?? true
  }
}

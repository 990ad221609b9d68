import Market
import Venues

/// The timers that an engine set; asking again with the same id moves one.
struct Timers {
  private var deadlines: [TimerID: Monotonic] = [:]

  /// Sets or moves a timer.
  mutating func set(_ id: TimerID, at deadline: Monotonic) { deadlines[id] = deadline }

  /// Forgets a timer.
  mutating func cancel(_ id: TimerID) { deadlines[id] = nil }

  /// The earliest deadline.
  var next: Monotonic? { deadlines.values.min() }

  /// Takes the earliest timer that is due at `now`; equal deadlines in order of id.
  mutating func take(dueAt now: Monotonic) -> TimerID? {
    let due = deadlines.filter { $0.value <= now }
    guard let first = due.min(by: { ($0.value, $0.key) < ($1.value, $1.key) }) else { return nil }
    deadlines[first.key] = nil
    return first.key
  }
}

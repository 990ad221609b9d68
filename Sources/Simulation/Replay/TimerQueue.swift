import Market
import Venues

/// The timers that an engine has set, earliest last, so that taking one costs nothing.
///
/// An engine has few timers at a time; a sorted list beats a heap there, and its order among
/// equals (by id) is easy to see.
struct TimerQueue {
  fileprivate struct Entry {
    let at: Monotonic
    let id: TimerID
  }
  private var entries: [Entry] = []

  /// When the earliest timer is due; nil without timers.
  var nextDue: Monotonic? { entries.last?.at }

  /// Sets a timer, or moves it.
  mutating func set(_ id: TimerID, at: Monotonic) {
    cancel(id)
    var index = entries.count
    while index > 0, entries[index - 1].isDue(before: at, id) { index -= 1 }
    entries.insert(Entry(at: at, id: id), at: index)
  }

  /// Forgets a timer; does nothing where it is not set.
  mutating func cancel(_ id: TimerID) {
    if let index = entries.lastIndex(where: { $0.id == id }) { entries.remove(at: index) }
  }

  /// Takes the earliest timer where it is due at `time` or before.
  mutating func take(dueAt time: Monotonic) -> (id: TimerID, at: Monotonic)? {
    guard let last = entries.last, last.at <= time else { return nil }
    entries.removeLast()
    return (last.id, last.at)
  }
}

extension TimerQueue.Entry {
  fileprivate func isDue(before at: Monotonic, _ id: TimerID) -> Bool {
    self.at != at ? self.at < at : self.id < id
  }
}

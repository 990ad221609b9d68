import Market

/// The timers of one client, told apart by their number.
struct ClientTimers: Sendable {
  private let owner: UInt8
  private var due: [Monotonic?]

  /// Makes `count` timers, none set.
  init(owner: UInt8, count: Int) {
    self.owner = owner
    due = Array(repeating: nil, count: count)
  }

  /// Sets or moves a timer.
  mutating func set(_ number: Int, at time: Monotonic, into effects: inout [ClientEffect]) {
    guard due.indices.contains(number), due[number] != time else { return }
    due[number] = time
    effects.append(.setTimer(id(number), at: time))
  }

  /// Forgets a timer.
  mutating func clear(_ number: Int, into effects: inout [ClientEffect]) {
    guard due.indices.contains(number), due[number] != nil else { return }
    due[number] = nil
    effects.append(.cancelTimer(id(number)))
  }

  /// Forgets every timer.
  mutating func clearAll(into effects: inout [ClientEffect]) {
    for number in due.indices { clear(number, into: &effects) }
  }

  /// The number of a timer that is due now, which then is no longer set; nil where it is another's,
  /// was moved or was cancelled.
  mutating func take(_ id: TimerID, at now: Monotonic) -> Int? {
    guard id.owner == owner, let number = Int(exactly: id.number), due.indices.contains(number),
      let time = due[number], time <= now
    else { return nil }
    due[number] = nil
    return number
  }

  private func id(_ number: Int) -> TimerID { TimerID(owner: owner, number: UInt64(number)) }
}

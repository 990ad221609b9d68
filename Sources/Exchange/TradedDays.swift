import Market

/// What an account traded on one day (UTC).
struct TradedDay: Hashable, Sendable {
  let date: CivilDate
  var taken = Money.zero
  var made = Money.zero

  var total: Money { taken.checkedAdding(made) ?? taken }
}

/// What an account traded on the days that count for its fees: today and the fourteen before it.
struct TradedDays: Hashable, Sendable {
  /// Oldest first; days without a trade are left out.
  private(set) var days: [TradedDay] = []

  private static var window: Int64 { 14 }

  mutating func add(_ notional: Money, isTaker: Bool, at now: Instant) {
    let today = CivilDate(now)
    if days.last?.date != today {
      days.removeAll { $0.date.dayNumber < today.dayNumber - Self.window }
      days.append(TradedDay(date: today))
    }
    let last = days.count - 1
    if isTaker {
      days[last].taken = days[last].taken.checkedAdding(notional) ?? days[last].taken
    } else {
      days[last].made = days[last].made.checkedAdding(notional) ?? days[last].made
    }
  }

  /// The volume that decides today's fees: that of the fourteen whole days before today, as the
  /// venue judges it when a day ends.
  func volume(at now: Instant) -> Money {
    let today = CivilDate(now).dayNumber
    return days.reduce(.zero) { sum, day in
      guard (today - Self.window..<today).contains(day.date.dayNumber) else { return sum }
      return sum.checkedAdding(day.total) ?? sum
    }
  }
}

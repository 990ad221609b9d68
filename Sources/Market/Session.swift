/// A place whose clocks decide when a session opens.
///
/// The rules are held here, so that no machine's time-zone files take part. They are those in
/// force since 2007; an earlier date is read with the same rules, which London and New York did
/// not always follow then.
public enum SessionCity: UInt8, Hashable, CaseIterable, Sendable {
  /// Europe/London: UTC, and an hour ahead from 01:00 UTC of the last Sunday of March to 01:00 UTC
  /// of the last Sunday of October (Directive 2000/84/EC; The Summer Time Order 2002).
  case london = 0
  /// America/New_York: five hours behind UTC, and four from 02:00 standard time of the second
  /// Sunday of March to 02:00 summer time of the first Sunday of November (Energy Policy Act of
  /// 2005, section 110).
  case newYork = 1

  /// How far the city's clocks are ahead of UTC at `instant`; negative behind.
  public func offset(at instant: Instant) -> Interval {
    let year = CivilDate(instant).year
    let begin: Instant
    let end: Instant
    switch self {
    case .london:
      begin = Self.lastSunday(ofMonth: 3, year: year) + .hours(1)
      end = Self.lastSunday(ofMonth: 10, year: year) + .hours(1)
    case .newYork:
      begin = Self.sunday(2, ofMonth: 3, year: year) + .hours(7)
      end = Self.sunday(1, ofMonth: 11, year: year) + .hours(6)
    }
    let isSummer = instant >= begin && instant < end
    return standardOffset + (isSummer ? .hours(1) : .zero)
  }

  /// When the city's main session opens on its local `date`: 08:00 in London, 09:30 in New York.
  ///
  /// Clocks change at night, so the opening exists once on every date.
  public func open(on date: CivilDate) -> Instant {
    let local: Interval = self == .london ? .hours(8) : .minutes(9 * 60 + 30)
    let asIfStandard = date.start + (local - standardOffset)
    return date.start + (local - offset(at: asIfStandard))
  }

  private var standardOffset: Interval { self == .london ? .zero : .hours(-5) }

  /// 00:00 UTC of the last Sunday of a month of 31 days.
  private static func lastSunday(ofMonth month: Int, year: Int) -> Instant {
    sunday(1, ofMonth: month, year: year, from: 25)
  }

  /// 00:00 UTC of the `count`-th Sunday on or after day `from` of a month.
  private static func sunday(
    _ count: Int, ofMonth month: Int, year: Int, from day: Int = 1
  ) -> Instant {
    // The two years that are only partly within `Instant` read as the whole one beside them.
    let year = min(max(year, 1_678), 2_261)
    guard let first = CivilDate(year: year, month: month, day: day) else {
      return Instant(nanoseconds: 0)
    }
    let wait = (7 - first.weekday.rawValue) + 7 * (count - 1)
    return first.start + .days(Int64(wait))
  }
}

/// A day of the week, Monday first as ISO 8601 counts them.
public enum Weekday: Int, Hashable, Comparable, CaseIterable, Sendable {
  /// The first day of the week.
  case monday = 1
  /// The second.
  case tuesday
  /// The third.
  case wednesday
  /// The fourth, to which an ISO week's year belongs.
  case thursday
  /// The fifth.
  case friday
  /// The sixth.
  case saturday
  /// The seventh.
  case sunday

  /// Orders from Monday.
  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// A week of the ISO 8601 calendar: Monday to Sunday, in the year that its Thursday is in.
public struct IsoWeek: Hashable, Comparable, Sendable {
  /// The ISO year, which near the turn of a year is not always the civil one.
  public let year: Int
  /// The week, 1 to 53.
  public let week: Int

  init(year: Int, week: Int) {
    self.year = year
    self.week = week
  }

  /// Orders by time.
  public static func < (lhs: Self, rhs: Self) -> Bool {
    lhs.year != rhs.year ? lhs.year < rhs.year : lhs.week < rhs.week
  }
}

extension IsoWeek: CustomStringConvertible {
  /// The ISO form, as in `2025-W05`.
  public var description: String { "\(year.padded(to: 4))-W\(week.padded(to: 2))" }
}

/// A day of the Gregorian calendar in UTC, within what ``Instant`` can hold.
public struct CivilDate: Hashable, Comparable, Sendable {
  /// The year, 1677 to 2262.
  public let year: Int
  /// The month, 1 to 12.
  public let month: Int
  /// The day of the month, 1 to 31.
  public let day: Int

  /// Names a day; nil where the calendar has no such day or it is not wholly within ``Instant``.
  public init?(year: Int, month: Int, day: Int) {
    guard (1_678...2_261).contains(year), (1...12).contains(month),
      (1...Self.dayCount(ofMonth: month, year: year)).contains(day)
    else { return nil }
    self.init(knownYear: year, month: month, day: day)
  }

  private init(knownYear year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// The UTC day that holds `instant`.
  public init(_ instant: Instant) {
    self.init(dayNumber: instant.nanoseconds.floorDivided(by: Interval.days(1).nanoseconds))
  }

  /// The day `dayNumber` days after 1970-01-01.
  ///
  /// Years are counted from March, so that the leap day ends a year, and in eras of 400 years,
  /// 146,097 days each.
  init(dayNumber: Int64) {
    let shifted = dayNumber + 719_468
    let era = shifted.floorDivided(by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    self.init(knownYear: Int(year), month: Int(month), day: Int(day))
  }

  /// Days since 1970-01-01.
  public var dayNumber: Int64 {
    let year = Int64(month <= 2 ? self.year - 1 : self.year)
    let era = year.floorDivided(by: 400)
    let yearOfEra = year - era * 400
    let monthFromMarch = Int64(month > 2 ? month - 3 : month + 9)
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + Int64(day) - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// 00:00 UTC; the earliest instant there is for the one day of 1677 that begins before it.
  public var start: Instant {
    let day = Interval.days(1).nanoseconds
    let (product, overflow) = dayNumber.multipliedReportingOverflow(by: day)
    return Instant(nanoseconds: overflow ? .min : product)
  }

  /// The day of the week.
  public var weekday: Weekday {
    // 1970-01-01 was a Thursday.
    let index = dayNumber + 3 - (dayNumber + 3).floorDivided(by: 7) * 7
    return Weekday(rawValue: Int(index) + 1) ?? .monday
  }

  /// The ISO week that holds the day.
  public var isoWeek: IsoWeek {
    let thursday = CivilDate(dayNumber: dayNumber + Int64(4 - weekday.rawValue))
    let first = CivilDate(knownYear: thursday.year, month: 1, day: 1)
    return IsoWeek(
      year: thursday.year, week: Int((thursday.dayNumber - first.dayNumber) / 7) + 1)
  }

  /// The day `days` later, or earlier where negative; nil beyond the years 1678 to 2261.
  public func advanced(by days: Int) -> CivilDate? {
    guard days.magnitude < 1_000_000 else { return nil }
    let moved = CivilDate(dayNumber: dayNumber + Int64(days))
    return CivilDate(year: moved.year, month: moved.month, day: moved.day)
  }

  /// How many days `month`, 1 to 12, of `year` has.
  static func dayCount(ofMonth month: Int, year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Orders by time.
  public static func < (lhs: Self, rhs: Self) -> Bool {
    (lhs.year, lhs.month, lhs.day) < (rhs.year, rhs.month, rhs.day)
  }
}

extension CivilDate: CustomStringConvertible {
  /// The ISO form, as in `2025-01-27`.
  public var description: String {
    "\(year.padded(to: 4))-\(month.padded(to: 2))-\(day.padded(to: 2))"
  }
}

extension Instant {
  /// The UTC day that holds it.
  public var date: CivilDate { CivilDate(self) }
  /// 00:00 of the UTC day that holds it.
  public var startOfDay: Instant { CivilDate(self).start }
}

extension Int {
  /// The decimal of a number that is not negative, with zeros in front up to `width` digits.
  func padded(to width: Int) -> String {
    let digits = String(self)
    return String(repeating: "0", count: Swift.max(0, width - digits.utf8.count)) + digits
  }
}

import Market
import Testing

@Suite("Calendar")
struct CalendarTests {
  /// A second calendar that counts days one by one, as an oracle.
  private struct Counted {
    var year = 1970
    var month = 1
    var day = 1
    /// 1 is Monday; the epoch was a Thursday.
    var weekday = 4

    mutating func advance() {
      weekday = weekday % 7 + 1
      day += 1
      let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
      let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      guard day > lengths[month - 1] else { return }
      day = 1
      month += 1
      guard month > 12 else { return }
      month = 1
      year += 1
    }
  }

  @Test("Every day from 1970 to 2200 is counted, named and found again")
  func everyDay() throws {
    var counted = Counted()
    var number: Int64 = 0
    var week = IsoWeekCounter()
    while counted.year <= 2_200 {
      let start = Instant(nanoseconds: number * Interval.days(1).nanoseconds)
      let date = start.date
      let isEqual =
        date.year == counted.year && date.month == counted.month && date.day == counted.day
        && date.weekday.rawValue == counted.weekday && date.dayNumber == number
        && date.start == start
        && CivilDate(year: counted.year, month: counted.month, day: counted.day) == date
        && (start + .days(1) - Interval(nanoseconds: 1)).date == date
        && (start + .hours(13)).startOfDay == start
        && CivilDate(iso8601: date.description) == date
      let isoWeek = date.isoWeek
      week.visit(counted.year, month: counted.month, day: counted.day, weekday: counted.weekday)
      #expect(isEqual && isoWeek.year == week.year && isoWeek.week == week.week, "\(date)")
      counted.advance()
      number += 1
    }
    #expect(number == 84_371)
  }

  /// Counts ISO weeks forward: a week belongs to the year that holds its fourth day, and the
  /// first of a year is the one with the fourth of January.
  private struct IsoWeekCounter {
    var year = 1970
    var week = 0

    mutating func visit(_ civilYear: Int, month: Int, day: Int, weekday: Int) {
      guard weekday == 1 || week == 0 else { return }
      // On a Monday: 29 December to 4 January begins week 1 of the year of the 4th of January.
      if (month == 12 && day >= 29) || (month == 1 && day <= 4) {
        year = month == 12 ? civilYear + 1 : civilYear
        week = 1
      } else {
        week += 1
      }
    }
  }

  @Test(
    "ISO weeks at the turn of a year",
    arguments: [
      ("2024-12-29", "2024-W52"), ("2024-12-30", "2025-W01"), ("2025-01-27", "2025-W05"),
      ("2020-12-31", "2020-W53"), ("2021-01-03", "2020-W53"), ("2021-01-04", "2021-W01"),
      ("2016-01-01", "2015-W53"), ("2022-01-01", "2021-W52"), ("2023-01-01", "2022-W52"),
    ])
  func isoWeeks(date: String, week: String) throws {
    #expect(try #require(CivilDate(iso8601: date)).isoWeek.description == week)
  }

  @Test("Days that the calendar lacks, or an instant cannot hold, are none")
  func impossible() {
    let impossible = [
      (2_025, 2, 29), (2_100, 2, 29), (2_024, 2, 30), (2_025, 4, 31), (2_025, 13, 1),
      (2_025, 0, 1), (2_025, 1, 0), (2_025, 1, 32), (1_677, 12, 31), (2_262, 1, 1), (0, 1, 1),
      (.max, 1, 1), (.min, 1, 1), (2_025, .max, 1), (2_025, 1, .min),
    ]
    for (year, month, day) in impossible {
      #expect(CivilDate(year: year, month: month, day: day) == nil)
    }
    #expect(CivilDate(year: 2_000, month: 2, day: 29) != nil)
    #expect(CivilDate(year: 2_024, month: 2, day: 29) != nil)
  }

  @Test("The extremes of an instant have a date and never trap")
  func extremes() {
    let first = Instant(nanoseconds: .min)
    #expect(first.date.description == "1677-09-21")
    #expect(first.startOfDay == first)
    #expect(first.description == "1677-09-21T00:12:43.145224192Z")
    let last = Instant(nanoseconds: .max)
    #expect(last.description == "2262-04-11T23:47:16.854775807Z")
    #expect(last.startOfDay <= last)
    for instant in [first, last] {
      #expect(SessionCity.london.offset(at: instant) >= .zero)
      #expect(SessionCity.newYork.offset(at: instant) < .zero)
    }
  }

  @Test("Days are added and taken away within the range")
  func advancing() throws {
    let date = try #require(CivilDate(iso8601: "2024-02-28"))
    #expect(date.advanced(by: 1)?.description == "2024-02-29")
    #expect(date.advanced(by: 2)?.description == "2024-03-01")
    #expect(date.advanced(by: -59)?.description == "2023-12-31")
    #expect(date.advanced(by: 100_000) == nil)
    #expect(date.advanced(by: .min) == nil)
    #expect(date.advanced(by: .max) == nil)
  }

  @Test(
    "Instants are written and read in ISO 8601",
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("2025-01-27T13:02:00Z", 1_737_982_920_000_000_000),
      ("2025-01-27T13:02:00.5Z", 1_737_982_920_500_000_000),
      ("2025-01-27T13:02:00.000000001Z", 1_737_982_920_000_000_001),
      ("1969-12-31T23:59:59.999999999Z", -1), ("2000-02-29T00:00:00Z", 951_782_400_000_000_000),
    ] as [(String, Int64)])
  func iso(text: String, nanoseconds: Int64) {
    #expect(Instant(nanoseconds: nanoseconds).description == text)
    #expect(Instant(iso8601: text) == Instant(nanoseconds: nanoseconds))
  }

  @Test(
    "Anything else is refused",
    arguments: [
      "", "2025-01-27", "2025-01-27T13:02:00", "2025-01-27 13:02:00Z", "2025-01-27T13:02Z",
      "2025-01-27t13:02:00z", "2025-01-27T24:00:00Z", "2025-01-27T13:60:00Z",
      "2025-01-27T13:02:60Z", "2025-02-29T00:00:00Z", "2025-01-27T13:02:00.Z",
      "2025-01-27T13:02:00.1234567890Z", "2025-01-27T13:02:00+00:00", "2025-1-27T13:02:00Z",
      "2025-01-27T13:02:00ZZ", " 2025-01-27T13:02:00Z", "2025-01-27T1a:02:00Z",
      "2025-01-27T13:02:00.12x4Z", "2025/01/27T13:02:00Z", "-025-01-27T13:02:00Z",
      "2025-01-27T+3:02:00Z", "９025-01-27T13:02:0Z",
    ])
  func isoRefuses(text: String) { #expect(Instant(iso8601: text) == nil) }

  @Test("What is written reads back", arguments: [1, 2] as [UInt64])
  func isoRoundTrip(seed: UInt64) {
    var words = Words(seed: seed)
    for _ in 0..<3_000 {
      let range = Int64(9_200_000_000_000_000_000)
      let word = Int64(words.below(UInt64(range))) * (words.below(2) == 0 ? 1 : -1)
      // Often whole seconds or milliseconds, so that every length of fraction comes up.
      let grain = [1, 1_000, 1_000_000, 1_000_000_000][Int(words.below(4))] as Int64
      let instant = Instant(nanoseconds: word / grain * grain)
      #expect(Instant(iso8601: instant.description) == instant)
    }
  }
}

import Market
import Testing

@Suite("Sessions")
struct SessionTests {
  /// Instants at which the clocks changed, from the public record of each place.
  @Test(
    "Clocks change at the published instants",
    arguments: [
      (.london, "2007-03-25T01:00:00Z", 0, 1), (.london, "2007-10-28T01:00:00Z", 1, 0),
      (.london, "2024-03-31T01:00:00Z", 0, 1), (.london, "2024-10-27T01:00:00Z", 1, 0),
      (.london, "2025-03-30T01:00:00Z", 0, 1), (.london, "2025-10-26T01:00:00Z", 1, 0),
      (.london, "2026-03-29T01:00:00Z", 0, 1), (.london, "2026-10-25T01:00:00Z", 1, 0),
      (.newYork, "2007-03-11T07:00:00Z", -5, -4), (.newYork, "2007-11-04T06:00:00Z", -4, -5),
      (.newYork, "2024-03-10T07:00:00Z", -5, -4), (.newYork, "2024-11-03T06:00:00Z", -4, -5),
      (.newYork, "2025-03-09T07:00:00Z", -5, -4), (.newYork, "2025-11-02T06:00:00Z", -4, -5),
      (.newYork, "2026-03-08T07:00:00Z", -5, -4), (.newYork, "2026-11-01T06:00:00Z", -4, -5),
    ] as [(SessionCity, String, Int64, Int64)])
  func changes(city: SessionCity, instant: String, before: Int64, after: Int64) throws {
    let instant = try #require(Instant(iso8601: instant))
    #expect(city.offset(at: instant - Interval(nanoseconds: 1)) == .hours(before))
    #expect(city.offset(at: instant) == .hours(after))
  }

  @Test(
    "Sessions open at the local hour, winter, summer and on the day of a change",
    arguments: [
      (.london, "2025-01-27", "2025-01-27T08:00:00Z"),
      (.london, "2025-07-01", "2025-07-01T07:00:00Z"),
      (.london, "2025-03-29", "2025-03-29T08:00:00Z"),
      (.london, "2025-03-30", "2025-03-30T07:00:00Z"),
      (.london, "2025-10-25", "2025-10-25T07:00:00Z"),
      (.london, "2025-10-26", "2025-10-26T08:00:00Z"),
      (.newYork, "2025-01-27", "2025-01-27T14:30:00Z"),
      (.newYork, "2025-07-01", "2025-07-01T13:30:00Z"),
      (.newYork, "2025-03-08", "2025-03-08T14:30:00Z"),
      (.newYork, "2025-03-09", "2025-03-09T13:30:00Z"),
      (.newYork, "2025-11-01", "2025-11-01T13:30:00Z"),
      (.newYork, "2025-11-02", "2025-11-02T14:30:00Z"),
      // Three weeks a year only one of the two has changed.
      (.london, "2025-03-20", "2025-03-20T08:00:00Z"),
      (.newYork, "2025-03-20", "2025-03-20T13:30:00Z"),
    ] as [(SessionCity, String, String)])
  func openings(city: SessionCity, date: String, open: String) throws {
    let date = try #require(CivilDate(iso8601: date))
    #expect(city.open(on: date).description == open)
  }

  @Test(
    "On every day of two centuries the opening reads the local hour",
    arguments: SessionCity.allCases)
  func everyDay(city: SessionCity) throws {
    var changes = 0
    var last = city.offset(at: Instant(nanoseconds: 0))
    for number in 0..<84_000 as Range<Int64> {
      let date = Instant(nanoseconds: number * Interval.days(1).nanoseconds).date
      let open = city.open(on: date)
      let offset = city.offset(at: open)
      let local = open + offset - date.start
      #expect(local == (city == .london ? .hours(8) : .minutes(570)), "\(date)")
      if offset != last {
        changes += 1
        #expect(date.weekday == .sunday, "\(date)")
        last = offset
      }
    }
    // Two a year from 1970 to 2199, in whose December day 84,000 is.
    #expect(changes == 2 * 230)
  }
}

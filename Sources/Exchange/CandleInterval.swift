import Market

/// A candle length that venues offer, by its name on their wires.
enum CandleInterval: String, Hashable, Sendable, CaseIterable {
  case m1 = "1m"
  case m3 = "3m"
  case m5 = "5m"
  case m15 = "15m"
  case m30 = "30m"
  case h1 = "1h"
  case h2 = "2h"
  case h4 = "4h"
  case h6 = "6h"
  case h8 = "8h"
  case h12 = "12h"
  case d1 = "1d"
  case d3 = "3d"
  case w1 = "1w"
  case month1 = "1M"

  /// The candles of the true market that it is made of.
  var base: Timeframe {
    switch self {
    case .m1, .m3: .m1
    case .m5: .m5
    case .m15, .m30: .m15
    case .h1, .h2, .h6: .h1
    case .h4, .h8, .h12: .h4
    case .d1, .d3, .w1, .month1: .d1
    }
  }

  /// The length; of a month, the longest.
  var length: Interval {
    switch self {
    case .m1: .minutes(1)
    case .m3: .minutes(3)
    case .m5: .minutes(5)
    case .m15: .minutes(15)
    case .m30: .minutes(30)
    case .h1: .hours(1)
    case .h2: .hours(2)
    case .h4: .hours(4)
    case .h6: .hours(6)
    case .h8: .hours(8)
    case .h12: .hours(12)
    case .d1: .days(1)
    case .d3: .days(3)
    case .w1: .days(7)
    case .month1: .days(31)
    }
  }

  /// The open of the candle that holds an instant: weeks open on Mondays, months on the first, the
  /// rest align with the epoch. (How Hyperliquid aligns weeks and months is not documented.)
  func open(containing instant: Instant) -> Instant {
    switch self {
    case .w1: return Timeframe.w1.open(containing: instant)
    case .month1:
      let date = CivilDate(instant)
      return CivilDate(year: date.year, month: date.month, day: 1)?.start ?? instant
    default:
      let length = length.nanoseconds
      return Instant(nanoseconds: instant.nanoseconds.floorDivided(by: length) * length)
    }
  }

  /// The open of the next candle.
  func close(ofOpen open: Instant) -> Instant {
    self == .month1 ? self.open(containing: open + length) : open + length
  }
}

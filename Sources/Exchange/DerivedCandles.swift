import Market
import Venues

/// A candle length that the venue offers and does not build from trades: it puts the candles of a
/// shorter one together.
enum DerivedInterval: String, Hashable, Sendable, CaseIterable {
  case m3 = "3m"
  case m30 = "30m"
  case h2 = "2h"
  case h8 = "8h"
  case h12 = "12h"
  case d3 = "3d"
  case w1 = "1w"
  case month1 = "1M"

  /// The timeframe whose candles it is made of.
  var base: Timeframe {
    switch self {
    case .m3: .m1
    case .m30: .m15
    case .h2: .h1
    case .h8, .h12: .h4
    case .d3, .w1, .month1: .d1
    }
  }

  private var length: Interval {
    switch self {
    case .m3: .minutes(3)
    case .m30: .minutes(30)
    case .h2: .hours(2)
    case .h8: .hours(8)
    case .h12: .hours(12)
    case .d3: .days(3)
    case .w1: .days(7)
    case .month1: .days(31)
    }
  }

  /// The open of the candle that holds an instant: weeks open on Mondays, months on the first, the
  /// rest align with the epoch. (How the live venue aligns weeks and months is not documented.)
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
    guard self == .month1 else { return open + length }
    return self.open(containing: open + length)
  }

  /// Puts ascending rows of the base together; a first part may be missing.
  func rows(from base: [CandleRow]) -> [CandleRow] {
    var rows: [CandleRow] = []
    for row in base {
      let open = open(containing: row.open)
      guard var whole = rows.last, whole.open == open else {
        var first = row
        first.open = open
        rows.append(first)
        continue
      }
      whole.high = max(whole.high, row.high)
      whole.low = min(whole.low, row.low)
      whole.last = row.last
      whole.volume = whole.volume.checkedAdding(row.volume) ?? whole.volume
      whole.trades += row.trades
      rows[rows.count - 1] = whole
    }
    return rows
  }
}

/// The listeners of one derived stream, and what they heard last.
struct DerivedAudience: Sendable {
  var sessions: [SessionID] = []
  var lastSent: CandleRow?
}

extension HyperliquidVenue {
  /// The derived candles of an asset that open within the bounds, ascending, the newest at most.
  func derivedRows(
    _ interval: DerivedInterval, of asset: Int, from start: Instant, through end: Instant
  ) -> [CandleRow] {
    guard let series = markets[asset].series.first(where: { $0.timeframe == interval.base }) else {
      return []
    }
    let first = interval.open(containing: start)
    let last = interval.close(ofOpen: interval.open(containing: end))
    let rows = interval.rows(from: series.rows(from: first, through: last))
    return rows.filter { $0.open >= start && $0.open <= end }.suffix(CandleSeries.limit)
  }

  /// Sends derived candles that changed since they were last sent; one that is over, a last time.
  mutating func publishDerivedCandles(_ asset: Int) {
    for interval in DerivedInterval.allCases {
      guard let audience = audiences[asset].derived[interval], !audience.sessions.isEmpty else {
        continue
      }
      let from = audience.lastSent?.open ?? interval.open(containing: clock)
      let rows = derivedRows(interval, of: asset, from: from, through: clock)
      for row in rows where row != audience.lastSent {
        let bytes = derivedFrame(asset, interval, row)
        for id in audience.sessions { send(bytes, to: id, .marketData) }
      }
      if let last = rows.last { audiences[asset].derived[interval]?.lastSent = last }
    }
  }

  /// Sends the forming candle to a session that has just subscribed.
  mutating func sendFirst(_ interval: DerivedInterval, of asset: Int, to id: SessionID) {
    let open = interval.open(containing: clock)
    guard let row = derivedRows(interval, of: asset, from: open, through: clock).last else {
      return
    }
    send(derivedFrame(asset, interval, row), to: id, .marketData)
  }

  private func derivedFrame(
    _ asset: Int, _ interval: DerivedInterval, _ row: CandleRow
  ) -> [UInt8] {
    var writer = JSONWriter(capacity: 256)
    let symbol = markets[asset].instrument.symbol
    writer.object {
      $0.string("channel", "candle")
      $0.key("data")
      $0.candle(row, of: symbol, interval.rawValue, until: interval.close(ofOpen: row.open))
    }
    return writer.bytes
  }
}

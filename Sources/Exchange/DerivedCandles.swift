import Market
import Venues

extension CandleInterval {
  /// What Hyperliquid offers and does not build from trades, but from candles of a shorter length.
  static let derived: [CandleInterval] = [.m3, .m30, .h2, .h8, .h12, .d3, .w1, .month1]

  /// Hyperliquid's derived length of a name; nil for every other.
  static func derived(named name: String) -> CandleInterval? {
    CandleInterval(rawValue: name).flatMap { derived.contains($0) ? $0 : nil }
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
    _ interval: CandleInterval, of asset: Int, from start: Instant, through end: Instant
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
    for interval in CandleInterval.derived {
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
  mutating func sendFirst(_ interval: CandleInterval, of asset: Int, to id: SessionID) {
    let open = interval.open(containing: clock)
    guard let row = derivedRows(interval, of: asset, from: open, through: clock).last else {
      return
    }
    send(derivedFrame(asset, interval, row), to: id, .marketData)
  }

  private func derivedFrame(
    _ asset: Int, _ interval: CandleInterval, _ row: CandleRow
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

import Market

/// The parts of a candle's rows that a query asks for.
struct KlineWindow: Hashable, Sendable {
  var from: Instant
  var through: Instant
  var limit: Int
  /// Whether the newest rows are wanted where there are more than ``limit``.
  var wantsNewest: Bool
}

extension BinanceVenue {
  /// The candles of a symbol that open within a window, ascending, the unfinished one last.
  func klines(
    _ index: Int, _ interval: CandleInterval, _ window: KlineWindow, _ market: some TrueMarket
  ) -> [KlineRow] {
    var from = interval.open(containing: max(window.from, Self.oldest))
    var last = interval.open(containing: min(window.through, clock))
    guard from <= last, window.limit > 0 else { return [] }
    // Only what can be answered is read.
    let span = Interval(
      nanoseconds: interval.length.nanoseconds * Int64(min(window.limit, 1_500)))
    if window.wantsNewest {
      from = max(from, interval.open(containing: last - span))
    } else {
      // One row more than asked for tells nothing; holes may only be at the beginning.
      let first = firstCandle(index, interval, from, last, market)
      guard let first else { return [] }
      from = max(from, interval.open(containing: first))
      last = min(last, interval.open(containing: from + span))
    }
    let rows = filled(index, interval, from, last, market).filter {
      $0.open >= window.from && $0.open <= window.through
    }
    return Array(window.wantsNewest ? rows.suffix(window.limit) : rows.prefix(window.limit))
  }

  /// Years before this have no candles.
  private static var oldest: Instant { Instant(nanoseconds: 0) }

  private func firstCandle(
    _ index: Int, _ interval: CandleInterval, _ from: Instant, _ last: Instant,
    _ market: some TrueMarket
  ) -> Instant? {
    let symbol = markets[index].listing.symbol
    let near = from + Interval(nanoseconds: interval.length.nanoseconds * 4)
    let close = market.candles(of: symbol, interval.base, from: from, through: min(near, last))
    if let first = close.first { return first.openTime }
    return market.candles(
      of: symbol, interval.base, from: from, through: interval.close(ofOpen: last)
    ).first?.openTime
  }

  /// Candles without a hole: where nothing traded, an empty one stands.
  private func filled(
    _ index: Int, _ interval: CandleInterval, _ from: Instant, _ last: Instant,
    _ market: some TrueMarket
  ) -> [KlineRow] {
    let end = min(interval.close(ofOpen: last) - Interval(nanoseconds: 1), clock)
    let candles = market.candles(
      of: markets[index].listing.symbol, interval.base, from: from, through: end)
    var rows = leading(index, interval, from, candles.first, market)
    for candle in candles where candle.openTime >= from && candle.openTime <= end {
      let row = KlineRow(
        candle, markets[index].flow.page(interval.base, opening: candle.openTime))
      let open = interval.open(containing: candle.openTime)
      if rows.last?.open == open {
        rows[rows.count - 1].add(row)
      } else {
        appendEmpty(upTo: open, interval, to: &rows)
        rows.append(KlineRow(row, opening: open, until: interval.close(ofOpen: open)))
      }
    }
    appendEmpty(upTo: interval.close(ofOpen: last), interval, to: &rows)
    return rows
  }

  /// The empty candle that a row begins with where its first candle is missing, with the price at
  /// which the one before ended; none before the history began.
  private func leading(
    _ index: Int, _ interval: CandleInterval, _ from: Instant, _ first: Candle?,
    _ market: some TrueMarket
  ) -> [KlineRow] {
    let symbol = markets[index].listing.symbol
    guard first.map({ interval.open(containing: $0.openTime) > from }) ?? true else { return [] }
    let lookBack = Interval(nanoseconds: interval.base.interval.nanoseconds * 60)
    let before = market.candles(
      of: symbol, interval.base, from: from - lookBack, through: from - Interval(nanoseconds: 1))
    // Nothing traded since, and the venue was open: the last price is the one that stood then.
    let standing =
      first == nil && from >= configuration.start ? market.lastPrice(of: symbol) : nil
    guard let price = before.last?.close ?? standing else { return [] }
    return [KlineRow(emptyAt: from, until: interval.close(ofOpen: from), price: price)]
  }

  private func appendEmpty(
    upTo open: Instant, _ interval: CandleInterval, to rows: inout [KlineRow]
  ) {
    while let before = rows.last, before.next < open, rows.count < 3_000 {
      rows.append(
        KlineRow(
          emptyAt: before.next, until: interval.close(ofOpen: before.next), price: before.last))
    }
  }
}

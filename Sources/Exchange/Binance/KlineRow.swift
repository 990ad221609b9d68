import Market

/// One candle as the venue tells it.
struct KlineRow: Hashable, Sendable {
  let open: Instant
  /// The open of the next one.
  let next: Instant
  var first: Price
  var high: Price
  var low: Price
  var last: Price
  var volume: Quantity
  /// Steps of 1e-8.
  var quote: Int128
  var takerBuy: Quantity
  var takerBuyQuote: Int128
  var trades: Int64
  /// The ids of the first and the last trade; nil in an empty candle and before the tape began.
  var ids: ClosedRange<UInt64>?

  /// A candle in which nothing traded: it stands where the one before ended.
  init(emptyAt open: Instant, until next: Instant, price: Price) {
    self.open = open
    self.next = next
    (first, high, low, last) = (price, price, price, price)
    volume = .zero
    quote = 0
    takerBuy = .zero
    takerBuyQuote = 0
    trades = 0
  }

  /// A true candle with what the tape shows of it; volume that the tape did not see is split
  /// evenly, as one purchase and one sale in the middle of the range.
  init(_ candle: Candle, _ page: FlowPage?) {
    open = candle.openTime
    next = candle.closeTime
    (first, high, low, last) = (candle.open, candle.high, candle.low, candle.close)
    let buy = page?.buy.steps ?? 0
    let seen = buy + (page?.sell.steps ?? 0)
    let unseen = max(candle.volume.steps - seen, 0)
    volume = Quantity(steps: max(candle.volume.steps, seen))
    takerBuy = Quantity(steps: buy + unseen / 2)
    let middle = (Int128(candle.high.steps) + Int128(candle.low.steps)) / 2
    let whole = Int128(Price.stepsPerWhole)
    takerBuyQuote = (page?.buyQuote ?? 0) + middle * Int128(unseen / 2) / whole
    quote =
      takerBuyQuote + (page?.sellQuote ?? 0) + middle * Int128(unseen - unseen / 2) / whole
    trades = (page?.trades ?? 0) + (unseen > 0 ? 2 : 0)
    ids = page.map { $0.firstID...max($0.firstID, $0.lastID) }
  }

  /// The first part of a longer candle.
  init(_ row: KlineRow, opening open: Instant, until next: Instant) {
    self.init(emptyAt: open, until: next, price: row.first)
    add(row)
  }

  /// Adds a shorter candle that follows.
  mutating func add(_ row: KlineRow) {
    if row.high > high { high = row.high }
    if row.low < low { low = row.low }
    last = row.last
    volume = volume.checkedAdding(row.volume) ?? volume
    quote += row.quote
    takerBuy = takerBuy.checkedAdding(row.takerBuy) ?? takerBuy
    takerBuyQuote += row.takerBuyQuote
    trades += row.trades
    if let new = row.ids {
      ids = ids.map { $0.lowerBound...max($0.upperBound, new.upperBound) } ?? new
    }
  }
}

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
    _ index: Int, _ interval: BinanceInterval, _ window: KlineWindow, _ market: some TrueMarket
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
    _ index: Int, _ interval: BinanceInterval, _ from: Instant, _ last: Instant,
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
    _ index: Int, _ interval: BinanceInterval, _ from: Instant, _ last: Instant,
    _ market: some TrueMarket
  ) -> [KlineRow] {
    let end = min(interval.close(ofOpen: last) - Interval(nanoseconds: 1), clock)
    let candles = market.candles(
      of: markets[index].listing.symbol, interval.base, from: from, through: end)
    var rows: [KlineRow] = []
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

  private func appendEmpty(
    upTo open: Instant, _ interval: BinanceInterval, to rows: inout [KlineRow]
  ) {
    while let before = rows.last, before.next < open, rows.count < 3_000 {
      rows.append(
        KlineRow(
          emptyAt: before.next, until: interval.close(ofOpen: before.next), price: before.last))
    }
  }
}

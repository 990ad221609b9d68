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

  /// What a coin cost on average; nil where nothing traded.
  var average: Price? {
    guard volume > .zero else { return nil }
    let steps = quote * Int128(Price.stepsPerWhole) / Int128(volume.steps)
    return Int64(exactly: steps).map(Price.init(steps:))
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

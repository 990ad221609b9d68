import Market
import Venues

extension JSONWriter {
  /// Writes an amount of quote currency, in steps of 1e-8, as a quoted decimal.
  mutating func quote(_ steps: Int128) {
    let (whole, rest) = steps.magnitude.quotientAndRemainder(dividingBy: 100_000_000)
    let digits = String(rest)
    string(
      (steps < 0 ? "-" : "") + "\(whole)."
        + String(repeating: "0", count: 8 - digits.utf8.count) + digits)
  }

  /// Writes a rate in steps of 1e-10 with eight places, more where it has them.
  mutating func rate(_ name: StaticString, _ rate: FundingRate) {
    let (whole, rest) = rate.steps.magnitude.quotientAndRemainder(dividingBy: 10_000_000_000)
    var digits = String(rest)
    digits = String(repeating: "0", count: 10 - digits.utf8.count) + digits
    while digits.utf8.count > 8, digits.utf8.last == UInt8(ascii: "0") { digits.removeLast() }
    string(name, (rate.steps < 0 ? "-" : "") + "\(whole).\(digits)")
  }

  /// Writes a row of candles.
  mutating func kline(_ row: KlineRow, _ listing: BinanceListing) {
    array { writer in
      writer.integer(row.open.milliseconds)
      writer.decimal(row.first, places: listing.pricePlaces)
      writer.decimal(row.high, places: listing.pricePlaces)
      writer.decimal(row.low, places: listing.pricePlaces)
      writer.decimal(row.last, places: listing.pricePlaces)
      writer.decimal(row.volume, places: listing.sizePlaces)
      writer.integer(row.next.milliseconds - 1)
      writer.quote(row.quote)
      writer.integer(row.trades)
      writer.decimal(row.takerBuy, places: listing.sizePlaces)
      writer.quote(row.takerBuyQuote)
      writer.string("0")
    }
  }

  /// Writes a `kline` event.
  mutating func klineEvent(
    _ row: KlineRow, _ interval: CandleInterval, _ listing: BinanceListing, isFinal: Bool,
    at time: Instant
  ) {
    object { writer in
      writer.string("e", "kline")
      writer.integer("E", time.milliseconds)
      writer.string("s", listing.pair)
      writer.object("k") { writer in
        writer.integer("t", row.open.milliseconds)
        writer.integer("T", row.next.milliseconds - 1)
        writer.string("s", listing.pair)
        writer.string("i", interval.rawValue)
        writer.integer("f", row.ids.map { Int64(clamping: $0.lowerBound) } ?? -1)
        writer.integer("L", row.ids.map { Int64(clamping: $0.upperBound) } ?? -1)
        writer.decimal("o", row.first, places: listing.pricePlaces)
        writer.decimal("c", row.last, places: listing.pricePlaces)
        writer.decimal("h", row.high, places: listing.pricePlaces)
        writer.decimal("l", row.low, places: listing.pricePlaces)
        writer.decimal("v", row.volume, places: listing.sizePlaces)
        writer.integer("n", row.trades)
        writer.bool("x", isFinal)
        writer.key("q")
        writer.quote(row.quote)
        writer.decimal("V", row.takerBuy, places: listing.sizePlaces)
        writer.key("Q")
        writer.quote(row.takerBuyQuote)
        writer.string("B", "0")
      }
    }
  }
}

/// In which of its forms the statistics of a day are told.
enum DayForm: Hashable {
  case rest
  case full
  case mini
}

extension JSONWriter {
  /// Writes a row of mark or index candles: no volume, and a count of samples.
  mutating func referenceKline(_ row: KlineRow) {
    array { writer in
      writer.integer(row.open.milliseconds)
      for price in [row.first, row.high, row.low, row.last] { writer.decimal(price, places: 8) }
      writer.string("0")
      writer.integer(row.next.milliseconds - 1)
      writer.string("0")
      writer.integer((row.next - row.open).nanoseconds / 1_000_000_000)
      for _ in 0..<3 { writer.string("0") }
    }
  }

  /// Writes a row of premium candles: the premium that funding would settle.
  mutating func premiumKline(_ row: KlineRow, _ rate: FundingRate) {
    let premium = Price(steps: rate.steps / 100)
    array { writer in
      writer.integer(row.open.milliseconds)
      for _ in 0..<4 { writer.decimal(premium, places: 8) }
      writer.string("0")
      writer.integer(row.next.milliseconds - 1)
      writer.string("0")
      writer.integer((row.next - row.open).nanoseconds / 5_000_000_000)
      for _ in 0..<3 { writer.string("0") }
    }
  }

  /// Writes the members that an aggregate trade has everywhere.
  mutating func aggregateMembers(_ trade: AggregateTrade, _ listing: BinanceListing) {
    integer("a", trade.id)
    decimal("p", trade.price, places: listing.pricePlaces)
    decimal("q", trade.quantity, places: listing.sizePlaces)
    integer("f", trade.id)
    integer("l", trade.id)
    integer("T", trade.time.milliseconds)
    bool("m", trade.takerSide == .sell)
  }

  /// Writes an `aggTrade` event.
  mutating func aggregateEvent(
    _ trade: AggregateTrade, _ listing: BinanceListing, at time: Instant
  ) {
    object {
      $0.string("e", "aggTrade")
      $0.integer("E", time.milliseconds)
      $0.string("s", listing.pair)
      $0.aggregateMembers(trade, listing)
      $0.decimal("nq", trade.quantity, places: listing.sizePlaces)
      $0.integer("st", 1)
    }
  }

  /// Writes a `trade` event.
  mutating func tradeEvent(_ trade: AggregateTrade, _ listing: BinanceListing, at time: Instant) {
    object {
      $0.string("e", "trade")
      $0.integer("E", time.milliseconds)
      $0.integer("T", trade.time.milliseconds)
      $0.string("s", listing.pair)
      $0.integer("t", trade.id)
      $0.decimal("p", trade.price, places: listing.pricePlaces)
      $0.decimal("q", trade.quantity, places: listing.sizePlaces)
      $0.string("X", "MARKET")
      $0.bool("m", trade.takerSide == .sell)
    }
  }

  /// Writes the statistics of a day: by name over HTTP, by letter on streams.
  mutating func dayMembers(
    _ day: KlineRow?, _ last: Price, _ lastQuantity: Quantity, _ listing: BinanceListing,
    _ form: DayForm
  ) {
    let open = day?.first ?? last
    let change = Price(steps: last.steps.subtractingReportingOverflow(open.steps).partialValue)
    let places = listing.pricePlaces
    let isRest = form == .rest
    if form != .mini {
      decimal(isRest ? "priceChange" : "p", change, places: places)
      string(isRest ? "priceChangePercent" : "P", Self.percent(change, of: open))
      decimal(
        isRest ? "weightedAvgPrice" : "w",
        day?.average?.rounded(to: listing.tick, .nearest) ?? last,
        places: places)
    }
    decimal(isRest ? "lastPrice" : "c", last, places: places)
    if form != .mini {
      decimal(isRest ? "lastQty" : "Q", lastQuantity, places: listing.sizePlaces)
    }
    decimal(isRest ? "openPrice" : "o", open, places: places)
    decimal(isRest ? "highPrice" : "h", max(day?.high ?? last, last), places: places)
    decimal(isRest ? "lowPrice" : "l", min(day?.low ?? last, last), places: places)
    decimal(isRest ? "volume" : "v", day?.volume ?? .zero, places: listing.sizePlaces)
    key(isRest ? "quoteVolume" : "q")
    quote(day?.quote ?? 0)
  }

  /// A change in percent with three places.
  private static func percent(_ change: Price, of open: Price) -> String {
    guard open > .zero else { return "0.000" }
    let thousandths = Rounding.nearest.divide(
      Int128(change.steps) * 100_000, by: Int128(open.steps))
    let (whole, rest) = thousandths.magnitude.quotientAndRemainder(dividingBy: 1_000)
    let digits = String(rest)
    return (thousandths < 0 ? "-" : "") + "\(whole)."
      + String(repeating: "0", count: 3 - digits.utf8.count) + digits
  }

  /// Writes a limit as the list of symbols states it.
  mutating func rateLimit(_ type: String, _ interval: String, _ count: Int, _ limit: Int64) {
    object {
      $0.string("rateLimitType", type)
      $0.string("interval", interval)
      $0.integer("intervalNum", count)
      $0.integer("limit", limit)
    }
  }
}

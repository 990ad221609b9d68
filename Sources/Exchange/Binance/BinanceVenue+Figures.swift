import Market
import Venues

// Marks, tickers, quotes and books: what is told over HTTP and on streams alike.
extension BinanceVenue {
  /// The price of the underlying: where the mark would be without the premium that funding settles.
  private func index(of place: Int, _ mark: Price) -> Price {
    let whole: Int64 = 10_000_000_000
    let rate = markets[place].readings.coming.steps
    return mark.checkedScaled(by: whole, over: max(whole + rate, 1), .nearest) ?? mark
  }

  /// Writes the premium index of a market.
  func premium(at place: Int, _ writer: inout JSONWriter, _ market: some TrueMarket) {
    let entry = markets[place]
    let mark = market.mark(of: entry.listing.symbol) ?? .zero
    let index = index(of: place, mark)
    writer.object {
      $0.string("symbol", entry.listing.pair)
      $0.decimal("markPrice", mark, places: 8)
      $0.decimal("indexPrice", index, places: 8)
      $0.decimal("estimatedSettlePrice", index, places: 8)
      $0.rate("lastFundingRate", entry.readings.coming)
      $0.string("interestRate", "0.00010000")
      $0.integer("nextFundingTime", entry.readings.nextFunding.milliseconds)
      $0.integer("time", told.milliseconds)
    }
  }

  /// Writes the price of the last trade.
  func price(at place: Int, _ writer: inout JSONWriter, _ market: some TrueMarket) {
    let listing = markets[place].listing
    writer.object {
      $0.string("symbol", listing.pair)
      $0.decimal(
        "price", market.lastPrice(of: listing.symbol) ?? .zero, places: listing.pricePlaces)
      $0.integer("time", told.milliseconds)
    }
  }

  /// What traded in the last 24 hours, as one row; nil without a candle.
  private func day(_ place: Int, _ market: some TrueMarket) -> KlineRow? {
    let window = KlineWindow(
      from: clock - .days(1), through: clock, limit: 96, wantsNewest: true)
    let rows = klines(place, .m15, window, market)
    guard let first = rows.first else { return nil }
    var day = KlineRow(first, opening: first.open, until: clock)
    for row in rows.dropFirst() { day.add(row) }
    return day
  }

  /// Writes the statistics of 24 hours.
  func dayTicker(at place: Int, _ writer: inout JSONWriter, _ market: some TrueMarket) {
    let listing = markets[place].listing
    let last = market.lastPrice(of: listing.symbol) ?? .zero
    let day = day(place, market)
    let newest = markets[place].flow.trades.last
    writer.object { writer in
      writer.string("symbol", listing.pair)
      writer.dayMembers(day, last, newest?.quantity ?? .zero, listing, .rest)
      writer.integer("openTime", (clock - .days(1)).milliseconds)
      writer.integer("closeTime", told.milliseconds)
      writer.integer("firstId", day?.ids.map { Int64(clamping: $0.lowerBound) } ?? -1)
      writer.integer("lastId", day?.ids.map { Int64(clamping: $0.upperBound) } ?? -1)
      writer.integer("count", day?.trades ?? 0)
    }
  }

  /// Rises with every publication, and with the time.
  func updateID(_ place: Int) -> Int64 { max(clock.milliseconds, 0) * 8 + Int64(place % 8) }

  private func quote(_ place: Int, _ market: some TrueMarket) -> (bid: Price, ask: Price)? {
    let listing = markets[place].listing
    guard let last = market.lastPrice(of: listing.symbol),
      let bid = last.rounded(to: listing.tick, .down), bid > .zero,
      let ask = bid.checkedAdding(listing.tick)
    else { return nil }
    return (bid, ask)
  }

  /// The size at a level of the book, which follows from the price alone.
  private func size(_ price: Price, _ listing: BinanceListing) -> Quantity {
    let noise = Noise(seed: UInt64(bitPattern: price.steps)).word(1)
    let lots = Int64(noise % 997) + 3
    return listing.lot.checkedScaled(by: lots * 100, over: 1, .nearest) ?? listing.lot
  }

  /// Writes both sides of a book around the last price, one tick apart.
  func writeBook(
    _ place: Int, levels: Int, _ names: (bids: StaticString, asks: StaticString),
    to writer: inout JSONWriter, _ market: some TrueMarket
  ) {
    let listing = markets[place].listing
    let quote = quote(place, market)
    for (name, side) in [(names.bids, Side.buy), (names.asks, Side.sell)] {
      writer.array(name) { writer in
        guard var price = side == .buy ? quote?.bid : quote?.ask else { return }
        for _ in 0..<levels {
          guard price > .zero else { return }
          writer.array {
            $0.decimal(price, places: listing.pricePlaces)
            $0.decimal(size(price, listing), places: listing.sizePlaces)
          }
          let tick = side == .buy ? -listing.tick : listing.tick
          guard let next = price.checkedAdding(tick) else { return }
          price = next
        }
      }
    }
  }

  /// The event of a stream that tells what is so now; empty where there is nothing to tell.
  func eventBytes(_ channel: BinanceChannel, _ market: some TrueMarket) -> [UInt8] {
    var writer = JSONWriter(capacity: 512)
    switch channel {
    case .mark(let place, _): markEvent(place, &writer, market)
    case .marks: writer.array(markets.indices) { markEvent($1, &$0, market) }
    case .ticker(let place): tickerEvent(place, .full, &writer, market)
    case .tickers: writer.array(markets.indices) { tickerEvent($1, .full, &$0, market) }
    case .miniTicker(let place): tickerEvent(place, .mini, &writer, market)
    case .miniTickers: writer.array(markets.indices) { tickerEvent($1, .mini, &$0, market) }
    case .quote(let place): quoteEvent(place, &writer, market)
    case .book(let place, let levels): bookEvent(place, levels, &writer, market)
    case .kline, .aggregateTrades, .trades, .quotes: break
    }
    return writer.bytes
  }

  private func markEvent(_ place: Int, _ writer: inout JSONWriter, _ market: some TrueMarket) {
    let entry = markets[place]
    let mark = market.mark(of: entry.listing.symbol) ?? .zero
    let index = index(of: place, mark)
    writer.object {
      $0.string("e", "markPriceUpdate")
      $0.integer("E", told.milliseconds)
      $0.string("s", entry.listing.pair)
      $0.decimal("p", mark, places: 8)
      $0.decimal("ap", mark, places: 8)
      $0.decimal("P", index, places: 8)
      $0.decimal("i", index, places: 8)
      $0.rate("r", entry.readings.coming)
      $0.integer("T", entry.readings.nextFunding.milliseconds)
      $0.integer("st", 1)
    }
  }

  private func tickerEvent(
    _ place: Int, _ form: DayForm, _ writer: inout JSONWriter, _ market: some TrueMarket
  ) {
    let listing = markets[place].listing
    let last = market.lastPrice(of: listing.symbol) ?? .zero
    let day = day(place, market)
    writer.object { writer in
      writer.string("e", form == .mini ? "24hrMiniTicker" : "24hrTicker")
      writer.integer("E", told.milliseconds)
      writer.string("s", listing.pair)
      writer.dayMembers(
        day, last, markets[place].flow.trades.last?.quantity ?? .zero, listing, form)
      guard form == .full else { return }
      writer.integer("O", (clock - .days(1)).milliseconds)
      writer.integer("C", told.milliseconds)
      writer.integer("F", day?.ids.map { Int64(clamping: $0.lowerBound) } ?? -1)
      writer.integer("L", day?.ids.map { Int64(clamping: $0.upperBound) } ?? -1)
      writer.integer("n", day?.trades ?? 0)
    }
  }

  private func quoteEvent(_ place: Int, _ writer: inout JSONWriter, _ market: some TrueMarket) {
    let listing = markets[place].listing
    guard let quote = quote(place, market) else { return }
    writer.object {
      $0.string("e", "bookTicker")
      $0.integer("u", updateID(place))
      $0.string("s", listing.pair)
      $0.decimal("b", quote.bid, places: listing.pricePlaces)
      $0.decimal("B", size(quote.bid, listing), places: listing.sizePlaces)
      $0.decimal("a", quote.ask, places: listing.pricePlaces)
      $0.decimal("A", size(quote.ask, listing), places: listing.sizePlaces)
      $0.integer("T", told.milliseconds)
      $0.integer("E", told.milliseconds)
      $0.integer("st", 1)
      $0.string("ps", listing.pair)
    }
  }

  private func bookEvent(
    _ place: Int, _ levels: Int, _ writer: inout JSONWriter, _ market: some TrueMarket
  ) {
    let id = updateID(place)
    writer.object { writer in
      writer.string("e", "depthUpdate")
      writer.integer("E", told.milliseconds)
      writer.integer("T", told.milliseconds)
      writer.string("s", markets[place].listing.pair)
      writer.integer("U", id)
      writer.integer("u", id)
      writer.integer("pu", id - 1)
      writeBook(place, levels: min(levels, 20), ("b", "a"), to: &writer, market)
    }
  }

  /// Writes what the venue lists.
  func writeListing(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.string("timezone", "UTC")
      writer.integer("serverTime", (told - faults.listingAge).milliseconds)
      writer.string("futuresType", "U_MARGINED")
      writer.array("rateLimits") { writer in
        let weight = configuration.limits?.weightPerMinute ?? BinanceLimits().weightPerMinute
        writer.rateLimit("REQUEST_WEIGHT", "MINUTE", 1, weight)
        writer.rateLimit("ORDERS", "MINUTE", 1, 1_200)
        writer.rateLimit("ORDERS", "SECOND", 10, 300)
      }
      writer.array("exchangeFilters") { _ in }
      writer.array("assets") { writer in
        writer.object {
          $0.string("asset", "USDT")
          $0.bool("marginAvailable", true)
          $0.string("autoAssetExchange", "-10000")
        }
      }
      writer.array("symbols", markets) { $0.listing($1.listing) }
    }
  }
}

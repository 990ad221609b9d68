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

  /// The best prices, one tick apart; nil without a price.
  private func quote(_ place: Int, _ market: some TrueMarket) -> BinanceQuote? {
    let listing = markets[place].listing
    guard let last = market.lastPrice(of: listing.symbol),
      let bid = last.rounded(to: listing.tick, .down), bid > .zero,
      let ask = bid.checkedAdding(listing.tick)
    else { return nil }
    return BinanceQuote(
      bid: BinanceLevel(price: bid, size: size(bid, listing)),
      ask: BinanceLevel(price: ask, size: size(ask, listing)))
  }

  /// The size at a level of the book, which follows from the price alone.
  private func size(_ price: Price, _ listing: BinanceListing) -> Quantity {
    let noise = Noise(seed: UInt64(bitPattern: price.steps)).word(1)
    let lots = Int64(noise % 997) + 3
    return listing.lot.checkedScaled(by: lots * 100, over: 1, .nearest) ?? listing.lot
  }

  /// Both sides of a book around the last price.
  func book(_ place: Int, levels: Int, _ market: some TrueMarket) -> BinanceBook {
    let listing = markets[place].listing
    var book = BinanceBook()
    guard let quote = quote(place, market) else { return book }
    var bid = quote.bid.price
    var ask = quote.ask.price
    for _ in 0..<levels {
      guard bid > .zero, let nextBid = bid.checkedAdding(-listing.tick),
        let nextAsk = ask.checkedAdding(listing.tick)
      else { break }
      book.bids.append(BinanceLevel(price: bid, size: size(bid, listing)))
      book.asks.append(BinanceLevel(price: ask, size: size(ask, listing)))
      (bid, ask) = (nextBid, nextAsk)
    }
    return book
  }

  /// The event of a stream that tells what is so now; empty where there is nothing to tell.
  func eventBytes(_ channel: BinanceChannel, _ market: some TrueMarket) -> [UInt8] {
    var writer = JSONWriter(capacity: 512)
    switch channel {
    case .mark(let place, _): markEvent(place, &writer, market)
    case .marks:
      writer.array { writer in
        for place in markets.indices { markEvent(place, &writer, market) }
        // The live venue mixes contracts that are margined in coins in here.
        if faults.hasUnknownMembers { writer.coinMarginedMark(at: told) }
      }
    case .ticker(let place): tickerEvent(place, .full, &writer, market)
    case .tickers: writer.array(markets.indices) { tickerEvent($1, .full, &$0, market) }
    case .miniTicker(let place): tickerEvent(place, .mini, &writer, market)
    case .miniTickers: writer.array(markets.indices) { tickerEvent($1, .mini, &$0, market) }
    case .quote(let place):
      guard let quote = quote(place, market) else { break }
      writer.quoteEvent(quote, markets[place].listing, id: updateID(place), at: told, told)
    case .book(let place, let levels):
      let id = updateID(place)
      writer.bookEvent(
        book(place, levels: min(levels, 20), market), markets[place].listing,
        ids: (id, id, id - 1), at: told, told)
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

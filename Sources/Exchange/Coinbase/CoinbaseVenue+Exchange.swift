import Market
import Venues

// The Exchange API: `/products` and its like.
extension CoinbaseVenue {
  func exchange(
    _ path: [String], _ query: CallQuery, _ market: some TrueMarket
  ) -> HTTPResponse {
    switch (path.first, path.count) {
    case ("time", 1):
      return .json { $0.exchangeTime(clock, faults) }
    case ("currencies", 1):
      return .json { writer in
        writer.array(currencies) { $0.exchangeCurrency($1) }
      }
    case ("currencies", 2):
      guard let currency = currencies.first(where: { $0.code == path[1] }) else {
        return .notFound
      }
      return .json { $0.exchangeCurrency(currency) }
    case ("products", 1): return .json { $0.array(products) { $0.exchangeProduct($1, faults) } }
    case ("products", 2) where path[1] == "spark-lines": return sparkLines(market)
    case ("products", 2...3):
      guard let product = product(path[1]) else { return .notFound }
      guard path.count == 3 else { return .json { $0.exchangeProduct(product, faults) } }
      return exchange(product, path[2], query, market)
    default: return .notFound
    }
  }

  private func exchange(
    _ product: SpotProduct, _ name: String, _ query: CallQuery, _ market: some TrueMarket
  ) -> HTTPResponse {
    switch name {
    case "ticker": return ticker(of: product, market)
    case "stats": return stats(of: product, market)
    case "candles": return candles(of: product, query, market)
    case "book": return book(of: product, query, market)
    case "trades": return trades(of: product, query, market)
    default: return .notFound
    }
  }

  private func ticker(of product: SpotProduct, _ market: some TrueMarket) -> HTTPResponse {
    guard let quote = product.quote(configuration.plan, market),
      let last = lastTrade(of: product, market)
    else { return .notFound }
    let volume = day(of: product, market)?.volume ?? .zero
    return .json { writer in
      writer.object { writer in
        writer.figure("ask", quote.ask, faults)
        writer.figure("bid", quote.bid, faults)
        writer.decimal("volume", volume)
        writer.integer("trade_id", last.id)
        writer.figure("price", last.price, faults)
        writer.decimal("size", last.quantity)
        writer.string("time", last.time.wire(places: 9, faults))
        writer.decimal("rfq_volume", Quantity.zero)
        if faults.hasExtras { writer.decimal("conversions_volume", Quantity.zero) }
      }
    }
  }

  /// The trade that tickers tell of.
  func lastTrade(of product: SpotProduct, _ market: some TrueMarket) -> SpotTrade? {
    guard let stopped = faults.tickersStoppedAt else {
      return product.lastTrade(configuration.plan, market)
    }
    let trades = product.trades(configuration.plan, market)
    return trades.last { $0.time <= stopped } ?? trades.first
  }

  private func stats(of product: SpotProduct, _ market: some TrueMarket) -> HTTPResponse {
    guard let day = day(of: product, market), let last = lastTrade(of: product, market) else {
      return .notFound
    }
    let month = days(30, of: product, market)?.volume ?? day.volume
    return .json { writer in
      writer.object { writer in
        writer.figure("open", day.open, faults)
        writer.figure("high", max(day.high, last.price), faults)
        writer.figure("low", min(day.low, last.price), faults)
        writer.figure("last", last.price, faults)
        writer.decimal("volume", day.volume)
        writer.decimal("volume_30day", month)
        writer.decimal("rfq_volume_24hour", Quantity.zero)
        writer.decimal("rfq_volume_30day", Quantity.zero)
      }
    }
  }

  private func candles(
    of product: SpotProduct, _ query: CallQuery, _ market: some TrueMarket
  ) -> HTTPResponse {
    let lengths: [Int64] = [60, 300, 900, 3_600, 21_600, 86_400]
    guard let seconds = Int64(query["granularity"] ?? "60"), lengths.contains(seconds),
      let granularity = Granularity(seconds: seconds)
    else { return .message(400, "Unsupported granularity") }
    let now = clock.nanoseconds.floorDivided(by: 1_000_000_000)
    var (start, end) = ((now.floorDivided(by: seconds) - 299) * seconds, now)
    // Where one of the two is missing, the other means nothing.
    if let first = query["start"], let last = query["end"] {
      guard let from = Self.seconds(first) else { return .message(400, "Invalid start") }
      guard let through = Self.seconds(last) else { return .message(400, "Invalid end") }
      guard from <= through else { return .message(400, "start must be before end") }
      (start, end) = (from, through)
    }
    guard end.floorDivided(by: seconds) - (start - 1).floorDivided(by: seconds) <= 300 else {
      return .message(
        400,
        "granularity too small for the requested time range. Count of aggregations requested "
          + "exceeds 300")
    }
    let candles = granularity.candles(
      of: product, from: start, through: end, at: clock, configuration.plan, market)
    return .json { writer in
      writer.array(told(candles, granularity).reversed()) { writer, candle in
        writer.array { writer in
          writer.integer(candle.start.milliseconds / 1_000)
          for price in [candle.low, candle.high, candle.open, candle.close] {
            writer.raw(price.description.utf8)
          }
          writer.raw(candle.volume.description.utf8)
        }
      }
    }
  }

  /// The buckets that a history tells of.
  func told(_ candles: [SpotCandle], _ granularity: Granularity) -> [SpotCandle] {
    guard faults.missesBuckets else { return candles }
    return candles.filter { $0.start.milliseconds / 1_000 / granularity.seconds % 5 != 0 }
  }

  /// Reads a time as ISO 8601 or as seconds since the epoch, rounded up to whole seconds.
  static func seconds(_ text: String) -> Int64? {
    if let seconds = Int64(text) {
      return (0..<7_258_118_400).contains(seconds) ? seconds : nil
    }
    guard let time = Instant(iso8601: text), time.nanoseconds >= 0 else { return nil }
    return (time.nanoseconds - 1).floorDivided(by: 1_000_000_000) + 1
  }

  private func book(
    of product: SpotProduct, _ query: CallQuery, _ market: some TrueMarket
  ) -> HTTPResponse {
    let level = query["level"] ?? "1"
    guard level == "1" || level == "2" else { return .message(400, "Invalid level") }
    guard
      let book = product.book(depth: level == "1" ? 1 : 50, configuration.plan, market)
    else { return .notFound }
    return .json { writer in
      writer.object { writer in
        writer.array("bids", book.bids) { $0.exchangeLevel($1) }
        writer.array("asks", book.asks) { $0.exchangeLevel($1) }
        writer.integer("sequence", sequence(0))
        writer.bool("auction_mode", product.trading == .auction)
        writer.null("auction")
        writer.string("time", clock.wire(places: 9, faults))
      }
    }
  }

  private func trades(
    of product: SpotProduct, _ query: CallQuery, _ market: some TrueMarket
  ) -> HTTPResponse {
    guard let limit = Int(query["limit"] ?? "100"), (1...1_000).contains(limit) else {
      return .message(400, "Invalid limit")
    }
    var trades = product.trades(configuration.plan, market)
    if let after = query["after"].flatMap(UInt64.init) { trades.removeAll { $0.id >= after } }
    if let before = query["before"].flatMap(UInt64.init) { trades.removeAll { $0.id <= before } }
    return .json { writer in
      writer.array(trades.suffix(limit).reversed()) { writer, trade in
        writer.object { writer in
          writer.integer("trade_id", trade.id)
          writer.string("side", trade.makerSide)
          writer.decimal("size", trade.quantity)
          writer.decimal("price", trade.price, places: 2)
          writer.string("time", trade.time.wire(places: 6, faults))
        }
      }
    }
  }

  /// A day of hours for every product: time, low, high, open, close, newest first.
  private func sparkLines(_ market: some TrueMarket) -> HTTPResponse {
    let now = clock.nanoseconds.floorDivided(by: 1_000_000_000)
    return .json { writer in
      writer.object { writer in
        for product in products {
          let candles =
            Granularity(seconds: 3_600)?.candles(
              of: product, from: now - 86_399, through: now, at: clock, configuration.plan,
              market) ?? []
          writer.key(product.id.utf8)
          writer.array(candles.reversed()) { writer, candle in
            writer.array { writer in
              writer.integer(candle.start.milliseconds / 1_000)
              for price in [candle.low, candle.high, candle.open, candle.close] {
                writer.raw(price.description.utf8)
              }
            }
          }
        }
      }
    }
  }
}

extension SpotTrade {
  /// The side of the order that rested, as both interfaces of the Exchange API name it.
  var makerSide: String { takerSide == .buy ? "sell" : "buy" }
}

extension HTTPResponse {
  /// The Exchange API knows no such path or product.
  static var notFound: HTTPResponse { message(404, "NotFound") }
}

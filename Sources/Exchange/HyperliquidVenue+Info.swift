import Market
import Risk
import Venues

extension HyperliquidVenue {
  /// Answers a request of `/info`; fields that it does not know are ignored.
  mutating func info(_ request: JSONValue) -> Answer {
    guard let type = request["type"]?.text else { return .unreadable }
    if faults.failingInfo > 0 {
      faults.failingInfo -= 1
      return .status(500, "null")
    }
    // The live venue answers so where it cannot round a book to what was asked.
    if type == "l2Book", request.asksForNumbers(["nSigFigs", "mantissa"]),
      BookView(request) == nil
    {
      return .status(500, "null")
    }
    var writer = JSONWriter(capacity: 1_024)
    guard marketInfo(type, request, &writer) || accountInfo(type, request, &writer) else {
      return .unreadable
    }
    return .json(writer.bytes)
  }

  /// Writes what concerns everybody; false where it is none of that, or mistyped.
  private func marketInfo(
    _ type: JSONText, _ request: JSONValue, _ writer: inout JSONWriter
  ) -> Bool {
    switch type {
    case "meta": writeMeta(to: &writer)
    case "metaAndAssetCtxs":
      writer.array { writer in
        writeMeta(to: &writer)
        writer.array(markets.indices) { writeContext(of: $1, to: &$0) }
      }
    case "spotMeta": writeSpotMeta(to: &writer)
    case "spotMetaAndAssetCtxs":
      writer.array { writer in
        writeSpotMeta(to: &writer)
        writer.array { _ in }
      }
    case "perpDexs": writer.array { $0.null() }
    case "allMids": writer.object { writeMids(to: &$0) }
    case "exchangeStatus":
      writer.object {
        $0.time("time", clock)
        $0.null("specialStatuses")
      }
    case "l2Book": return writeBook(request, to: &writer)
    case "recentTrades":
      guard let asset = asset(request["coin"]) else { return unknownCoin(request, &writer) }
      let symbol = markets[asset].instrument.symbol
      writer.array(markets[asset].recentTrades.elements.reversed()) { $0.trade($1, of: symbol) }
    case "candleSnapshot": return writeCandles(request["req"], to: &writer)
    case "fundingHistory": return writeFundingHistory(request, to: &writer)
    case "predictedFundings":
      writer.array(markets.indices) { writePrediction(of: $1, to: &$0) }
    default: return false
    }
    return true
  }

  /// The asset that a coin's name means; nil where it is none.
  func asset(_ coin: JSONValue?) -> Int? {
    coin?.text.flatMap { Symbol($0) }.flatMap { assetOf[$0] }
  }

  private func unknownCoin(_ request: JSONValue, _ writer: inout JSONWriter) -> Bool {
    guard request["coin"]?.text != nil else { return false }
    writer.null()
    return true
  }

  private func writeMeta(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.array("universe", markets) { writer, market in
        writer.object {
          $0.integer("szDecimals", market.instrument.sizeDecimals)
          $0.name("name", market.instrument.symbol)
          $0.integer("maxLeverage", market.instrument.maximumLeverage)
          $0.integer("marginTableId", tableID(market))
          if market.listing.isDelisted { $0.bool("isDelisted", true) }
          if let mode = market.listing.marginMode {
            $0.bool("onlyIsolated", true)
            $0.string("marginMode", mode.rawValue)
          }
        }
      }
      let tiered = markets.filter { !$0.listing.marginTiers.isEmpty }
      writer.array("marginTables", tiered) { writer, market in
        writer.array { writer in
          writer.integer(tableID(market))
          writer.object { writer in
            writer.string("description", "tiered \(market.instrument.maximumLeverage)x")
            writer.array("marginTiers", market.listing.marginTiers) { writer, tier in
              writer.object {
                $0.number("lowerBound", tier.lowerBound)
                $0.integer("maxLeverage", tier.maximumLeverage)
              }
            }
          }
        }
      }
      writer.integer("collateralToken", 0)
    }
  }

  /// Ids below 50 stand for one tier of that leverage.
  private func tableID(_ market: PerpetualMarket) -> Int64 {
    market.listing.marginTiers.isEmpty
      ? market.instrument.maximumLeverage : Int64(50 + market.asset)
  }

  private func writeSpotMeta(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.array("tokens") { writer in
        writer.object {
          $0.string("name", "USDC")
          $0.integer("szDecimals", 8)
          $0.integer("weiDecimals", 8)
          $0.integer("index", 0)
          $0.string("tokenId", "0x6d1e7cde53ba9467b783cb7c530ce054")
          $0.bool("isCanonical", true)
          $0.null("evmContract")
          $0.null("fullName")
          $0.string("deployerTradingFeeShare", "0.0")
        }
      }
      writer.array("universe") { _ in }
    }
  }

  /// Writes the member `ctx`'s value: what `metaAndAssetCtxs` and `activeAssetCtx` have in common.
  func writeContext(of asset: Int, to writer: inout JSONWriter) {
    let market = markets[asset]
    writer.object { writer in
      writer.fraction("funding", market.funding.currentRate.steps)
      writer.number("openInterest", market.longInterest)
      writer.number("prevDayPx", market.day.previousPrice)
      writer.number("dayNtlVlm", market.day.value)
      let bid = market.impactPrice(.buy)
      let ask = market.impactPrice(.sell)
      if bid != nil, ask != nil {
        writer.fraction("premium", market.funding.lastPremium)
      } else {
        writer.null("premium")
      }
      writer.number("oraclePx", market.reference.oracle)
      writer.number("markPx", market.reference.mark)
      writer.number("midPx", market.mid)
      if let bid, let ask {
        writer.array("impactPxs", [bid, ask]) { $0.decimal($1, places: 1) }
      } else {
        writer.null("impactPxs")
      }
      writer.number("dayBaseVlm", market.day.quantity)
    }
  }

  /// Writes what the next funding of an asset would be; other exchanges are not predicted.
  private func writePrediction(of asset: Int, to writer: inout JSONWriter) {
    let funding = markets[asset].funding
    writer.array { writer in
      writer.name(markets[asset].instrument.symbol)
      writer.array { writer in
        writer.array { writer in
          writer.string("HlPerp")
          writer.object {
            $0.fraction("fundingRate", funding.currentRate.steps)
            $0.time("nextFundingTime", funding.nextHour)
            $0.integer("fundingIntervalHours", 1)
          }
        }
      }
    }
  }

  func writeMids(to writer: inout JSONWriter) {
    for market in markets {
      writer.key(market.instrument.symbol.description.utf8)
      writer.decimal(market.mid ?? market.last, places: 1)
    }
  }

  private func writeBook(_ request: JSONValue, to writer: inout JSONWriter) -> Bool {
    guard let asset = asset(request["coin"]) else { return unknownCoin(request, &writer) }
    guard let view = BookView(request) else { return false }
    writeBook(of: asset, view, to: &writer)
    return true
  }

  func writeBook(of asset: Int, _ view: BookView, to writer: inout JSONWriter) {
    let depth = view.isFast ? 5 : 20
    let bids = levels(asset, .buy, view, depth)
    let asks = levels(asset, .sell, view, depth)
    let symbol = markets[asset].instrument.symbol
    writer.book(
      of: symbol, at: clock, bids, asks, saysSpread: view.significantFigures != nil)
  }

  /// The levels of one side, put together in coarser steps where the view asks for it.
  private func levels(_ asset: Int, _ side: Side, _ view: BookView, _ depth: Int) -> [BookLevel] {
    guard let figures = view.significantFigures else {
      return markets[asset].levels(side, count: depth)
    }
    var coarse: [BookLevel] = []
    for level in markets[asset].levels(side, count: 1_000) {
      let step = view.step(at: level.price, figures)
      let price = level.price.rounded(to: step, side == .buy ? .down : .up) ?? level.price
      if let last = coarse.last, last.price == price {
        coarse[coarse.count - 1] = BookLevel(
          price: price, quantity: last.quantity.checkedAdding(level.quantity) ?? last.quantity,
          orderCount: last.orderCount + level.orderCount)
      } else if coarse.count == depth {
        break
      } else {
        coarse.append(level.at(price))
      }
    }
    return coarse
  }

  private func writeCandles(_ request: JSONValue?, to writer: inout JSONWriter) -> Bool {
    guard let request, let coin = request["coin"], coin.text != nil,
      let interval = request["interval"]?.string, let start = request["startTime"]?.milliseconds,
      Self.offers(interval)
    else { return false }
    guard let end = request.end(before: clock), let asset = asset(coin) else { return false }
    let symbol = markets[asset].instrument.symbol
    if let derived = CandleInterval.derived(named: interval) {
      let rows = derivedRows(derived, of: asset, from: start, through: end)
      writer.array(rows) {
        let close = derived.close(ofOpen: $1.open)
        $0.candle($1, of: symbol, interval, until: close)
      }
      return true
    }
    let series = markets[asset].series.first { $0.timeframe.name == interval }
    writer.array(series?.rows(from: start, through: end) ?? []) { writer, row in
      if let series { writer.candle(row, of: symbol, series.timeframe) }
    }
    return true
  }

  /// Whether a candle length is one of the fourteen of the real venue.
  private static func offers(_ interval: String) -> Bool {
    CandleSeries.timeframes.contains { $0.name == interval }
      || CandleInterval.derived(named: interval) != nil
  }

  private func writeFundingHistory(_ request: JSONValue, to writer: inout JSONWriter) -> Bool {
    guard let start = request["startTime"]?.milliseconds else { return false }
    guard let asset = asset(request["coin"]) else { return unknownCoin(request, &writer) }
    guard let end = request.end(before: clock) else { return false }
    let symbol = markets[asset].instrument.symbol
    let rows = markets[asset].funding.history.elements.filter { $0.time >= start && $0.time <= end }
    writer.array(rows.prefix(500)) { $0.funding($1, of: symbol) }
    return true
  }
}

extension JSONValue {
  /// The member `endTime`, or `limit` where it is left out or null; nil where it is mistyped.
  func end(before limit: Instant) -> Instant? {
    guard let given = self["endTime"], !given.isNull else { return limit }
    return given.milliseconds
  }

  /// Whether these members are whole numbers, null or left out.
  fileprivate func asksForNumbers(_ names: [StaticString]) -> Bool {
    names.allSatisfy { name in self[name].map { $0.isNull || $0.kind == .integer } ?? true }
  }
}

extension BookLevel {
  fileprivate func at(_ price: Price) -> BookLevel {
    BookLevel(price: price, quantity: quantity, orderCount: orderCount)
  }
}

extension BookView {
  /// Reads `nSigFigs`, `mantissa` and `fast`; nil where they are not offered.
  init?(_ request: JSONValue) {
    if let given = request["nSigFigs"], !given.isNull {
      guard let figures = given.int, (2...5).contains(figures) else { return nil }
      significantFigures = figures
    }
    if let given = request["mantissa"], !given.isNull {
      guard let mantissa = given.int, [1, 2, 5].contains(mantissa), significantFigures == 5 else {
        return nil
      }
      self.mantissa = mantissa
    }
    isFast = request["fast"]?.bool ?? false
  }

  /// The price step of `figures` significant figures, times the mantissa.
  func step(at price: Price, _ figures: Int) -> Price {
    var step: Int64 = 1
    while price.steps / step >= Self.power(figures), step < .max / 100 { step *= 10 }
    return Price(steps: step * Int64(mantissa ?? 1))
  }

  private static func power(_ exponent: Int) -> Int64 {
    (0..<exponent).reduce(1) { product, _ in product * 10 }
  }
}

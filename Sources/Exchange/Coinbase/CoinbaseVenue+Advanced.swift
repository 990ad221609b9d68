import Market
import Venues

/// A product under one of the names that Advanced Trade has for it.
///
/// Dollars and USDC share a book there, so that `BTC-USDC` is `BTC-USD` by another name.
struct AdvancedProduct: Sendable {
  let product: SpotProduct
  let isAlias: Bool

  var id: String { isAlias ? product.id + "C" : product.id }
  var quote: String { isAlias ? product.quote + "C" : product.quote }
}

// Advanced Trade: the public twins of its signed calls.
extension CoinbaseVenue {
  /// Every product by every name.
  var advancedProducts: [AdvancedProduct] {
    products.flatMap { product in
      guard product.sharesBook else { return [AdvancedProduct(product: product, isAlias: false)] }
      return [false, true].map { AdvancedProduct(product: product, isAlias: $0) }
    }
  }

  /// The product that has this name on Advanced Trade.
  func advancedProduct(_ id: String) -> AdvancedProduct? {
    advancedProducts.first { $0.id == id }
  }

  func advanced(
    _ path: [String], _ query: CallQuery, _ market: some TrueMarket
  ) -> HTTPResponse {
    switch (path.first, path.count) {
    case ("time", 1):
      return .json { writer in
        writer.object {
          $0.string("iso", clock.wire(places: 3, faults))
          $0.string("epochSeconds", String(clock.milliseconds / 1_000))
          $0.string("epochMillis", String(clock.milliseconds))
        }
      }
    case ("market", 2) where path[1] == "products": return list(query, market)
    case ("market", 2) where path[1] == "product_book": return priceBook(query, market)
    case ("market", 3...4) where path[1] == "products":
      guard let product = advancedProduct(path[2]) else { return .unknownProduct(path[2]) }
      switch path.count == 4 ? path[3] : "" {
      case "":
        return .json { write(product, market, into: &$0) }
      case "ticker": return marketTrades(of: product, query, market)
      case "candles": return candles(of: product, query, market)
      default: return .advancedError(404, "NOT_FOUND", "no such resource")
      }
    // Everything else is somebody's account, or the signed twin of what is public.
    default:
      return HTTPResponse(
        status: 401, headers: [HTTPHeader("content-type", "text/plain; charset=utf-8")],
        body: Array("Unauthorized\n".utf8))
    }
  }

  private func write(
    _ name: AdvancedProduct, _ market: some TrueMarket, into writer: inout JSONWriter
  ) {
    let last = lastTrade(of: name.product, market)?.price ?? .zero
    writer.advancedProduct(name, last: last, day(of: name.product, market), faults)
  }

  private func list(_ query: CallQuery, _ market: some TrueMarket) -> HTTPResponse {
    let ids = query.all("product_ids").flatMap { $0.split(separator: ",").map(String.init) }
    var listed = advancedProducts
    if let type = query["product_type"], type != "SPOT" { listed = [] }
    if !ids.isEmpty { listed.removeAll { !ids.contains($0.id) } }
    if let offset = query["offset"].flatMap(Int.init), offset > 0 {
      listed = Array(listed.dropFirst(offset))
    }
    if let limit = query["limit"].flatMap(Int.init), limit > 0 {
      listed = Array(listed.prefix(limit))
    }
    return .json { writer in
      writer.object { writer in
        writer.array("products", listed) { write($1, market, into: &$0) }
        writer.integer("num_products", listed.count)
        writer.null("pagination")
      }
    }
  }

  private func marketTrades(
    of product: AdvancedProduct, _ query: CallQuery, _ market: some TrueMarket
  ) -> HTTPResponse {
    guard let limit = Int(query["limit"] ?? "100"), limit > 0 else {
      return .advancedError(400, "INVALID_ARGUMENT", "limit must be positive")
    }
    guard let quote = product.product.quote(configuration.plan, market) else {
      return .unknownProduct(product.id)
    }
    var trades = product.product.trades(configuration.plan, market)
    if let stopped = faults.tickersStoppedAt { trades.removeAll { $0.time > stopped } }
    if let start = query["start"].flatMap(Int64.init) {
      trades.removeAll { $0.time.milliseconds / 1_000 < start }
    }
    if let end = query["end"].flatMap(Int64.init) {
      trades.removeAll { $0.time.milliseconds / 1_000 > end }
    }
    return .json { writer in
      writer.object { writer in
        writer.array("trades", trades.suffix(limit).reversed()) {
          $0.advancedAnswerTrade($1, product.id, faults)
        }
        writer.figure("best_bid", quote.bid, faults)
        writer.figure("best_ask", quote.ask, faults)
      }
    }
  }

  private func candles(
    of product: AdvancedProduct, _ query: CallQuery, _ market: some TrueMarket
  ) -> HTTPResponse {
    guard let granularity = query["granularity"].flatMap(Granularity.init(advanced:)) else {
      return .advancedError(400, "INVALID_ARGUMENT", "granularity argument is invalid")
    }
    guard let start = query["start"].flatMap(Self.seconds),
      let end = query["end"].flatMap(Self.seconds), start <= end
    else { return .advancedError(400, "INVALID_ARGUMENT", "start and end must be times") }
    let length = granularity.seconds
    guard end.floorDivided(by: length) - (start - 1).floorDivided(by: length) <= 350 else {
      return .advancedError(
        400, "INVALID_ARGUMENT", "number of candles requested should be less than 350")
    }
    let candles = granularity.candles(
      of: product.product, from: start, through: end, at: clock, configuration.plan, market)
    return .json { writer in
      writer.object { writer in
        writer.array("candles", told(candles, granularity).reversed()) { $0.advancedCandle($1) }
      }
    }
  }

  private func priceBook(_ query: CallQuery, _ market: some TrueMarket) -> HTTPResponse {
    let id = query["product_id"] ?? ""
    guard let product = advancedProduct(id) else { return .unknownProduct(id) }
    let limit = query["limit"].flatMap(Int.init) ?? 50
    guard let book = product.product.book(depth: max(1, limit), configuration.plan, market),
      let bid = book.bids.first?.price, let ask = book.asks.first?.price
    else { return .unknownProduct(id) }
    let spread = Price(steps: ask.steps - bid.steps)
    let mid = Price(steps: bid.steps + spread.steps / 2)
    let points = Price(whole: 10_000).checkedScaled(by: spread.steps, over: mid.steps, .nearest)
    return .json { writer in
      writer.object { writer in
        writer.object("pricebook") { writer in
          writer.string("product_id", product.id)
          writer.array("bids", book.bids) { $0.advancedLevel($1) }
          writer.array("asks", book.asks) { $0.advancedLevel($1) }
          writer.string("time", clock.wire(places: 6, faults))
        }
        writer.decimal("last", mid)
        writer.decimal("mid_market", mid)
        writer.decimal("spread_bps", points ?? .zero)
        writer.decimal("spread_absolute", spread)
      }
    }
  }
}

extension SpotProduct {
  /// Whether Advanced Trade lists the product against USDC too.
  var sharesBook: Bool { if case .coin = kind { true } else { false } }
}

extension Granularity {
  /// Reads Advanced Trade's name of a length.
  init?(advanced name: String) {
    let seconds: Int64
    switch name {
    case "ONE_MINUTE": seconds = 60
    case "FIVE_MINUTE": seconds = 300
    case "FIFTEEN_MINUTE": seconds = 900
    case "THIRTY_MINUTE": seconds = 1_800
    case "ONE_HOUR": seconds = 3_600
    case "TWO_HOUR": seconds = 7_200
    case "FOUR_HOUR": seconds = 14_400
    case "SIX_HOUR": seconds = 21_600
    case "ONE_DAY": seconds = 86_400
    default: return nil
    }
    self.init(seconds: seconds)
  }
}

extension HTTPResponse {
  /// Advanced Trade's form of an error.
  static func advancedError(_ status: Int, _ name: String, _ details: String) -> HTTPResponse {
    json(status) { writer in
      writer.object {
        $0.string("error", name)
        $0.string("error_details", details)
        $0.string("message", details)
      }
    }
  }

  static func unknownProduct(_ id: String) -> HTTPResponse {
    advancedError(404, "NOT_FOUND", "ProductID \"\(id)\" could not be found")
  }
}

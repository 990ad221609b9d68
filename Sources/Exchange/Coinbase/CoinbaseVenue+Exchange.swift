import Market
import Venues

// The Exchange API: `/products` and its like.
extension CoinbaseVenue {
  func exchange(
    _ path: [String], _ query: CallQuery, _ market: some TrueMarket
  ) -> HTTPResponse {
    switch path.first {
    case "products" where path.count == 1:
      return .json { $0.array(products) { $0.exchangeProduct($1, faults) } }
    case "products":
      guard let product = product(path[1]) else { return .notFound }
      guard path.count == 3 else {
        return path.count == 2
          ? .json { $0.exchangeProduct(product, faults) } : .notFound
      }
      return exchange(product, path[2], query, market)
    default: return .notFound
    }
  }

  private func exchange(
    _ product: SpotProduct, _ name: String, _ query: CallQuery, _ market: some TrueMarket
  ) -> HTTPResponse {
    switch name {
    case "ticker": return ticker(of: product, market)
    default: return .notFound
    }
  }

  private func ticker(of product: SpotProduct, _ market: some TrueMarket) -> HTTPResponse {
    guard let quote = product.quote(configuration.plan, market),
      let last = lastTrade(of: product, market)
    else { return .notFound }
    return .json { writer in
      writer.object { writer in
        writer.figure("ask", quote.ask, faults)
        writer.figure("bid", quote.bid, faults)
        writer.integer("trade_id", last.id)
        writer.figure("price", last.price, faults)
        writer.decimal("size", last.quantity)
        writer.string("time", last.time.wire(places: 9, faults))
        writer.decimal("rfq_volume", Quantity.zero)
      }
    }
  }

  /// The trade that tickers tell of.
  func lastTrade(of product: SpotProduct, _ market: some TrueMarket) -> SpotTrade? {
    let trades = product.trades(configuration.plan, market)
    guard let stopped = faults.tickersStoppedAt else { return trades.last }
    return trades.last { $0.time <= stopped } ?? trades.first
  }
}

extension HTTPResponse {
  /// The Exchange API knows no such path or product.
  static var notFound: HTTPResponse { message(404, "NotFound") }
}

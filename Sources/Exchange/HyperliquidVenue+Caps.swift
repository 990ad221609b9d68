import Market

// Bounds that depend on the oracle, the margin tiers and the open interest of the market.
extension HyperliquidVenue {
  /// Why the market's bounds refuse an order; nil where they let it pass.
  func capRefusal(
    of order: ExchangeOrder, crosses: Bool
  ) -> (ExchangeOrderStatus, String)? {
    let market = markets[order.asset]
    let oracle = market.reference.oracle
    if let band = market.listing.oracleBand {
      let distance = Int128((order.limit - oracle).magnitude.steps) * 1_000_000
      guard distance <= Int128(oracle.steps) * Int128(band) else {
        return (.oracleRejected, ErrorText.oracle)
      }
    }
    guard order.opening > .zero else { return nil }
    guard fitsTier(order) else { return (.perpMaxPositionRejected, ErrorText.tierLimit) }
    guard isCapped(order.asset) else { return nil }
    let position = ledger[order.accountIndex].positions[order.asset].quantity
    guard position.steps.signum() * order.side.sign >= 0 else {
      return (.positionFlipAtOpenInterestCapRejected, ErrorText.interestGrows)
    }
    guard !crosses else {
      return (.positionIncreaseAtOpenInterestCapRejected, ErrorText.interestGrows)
    }
    guard (order.limit.steps - oracle.steps) * order.side.sign <= 0 else {
      return (.tooAggressiveAtOpenInterestCapRejected, ErrorText.interestPrice)
    }
    return nil
  }

  /// Whether a resting order would grow a position that may not grow any more.
  func growsBeyondCap(_ order: ExchangeOrder) -> Bool {
    let position = ledger[order.accountIndex].positions[order.asset].quantity
    return isCapped(order.asset) && position.steps.signum() * order.side.sign >= 0
  }

  /// Whether the value of all long positions has reached the market's cap.
  private func isCapped(_ asset: Int) -> Bool {
    guard let cap = markets[asset].listing.openInterestCap else { return false }
    let mark = markets[asset].reference.mark
    return mark.notional(of: markets[asset].longInterest, .nearest).map { $0 >= cap } ?? true
  }

  /// Whether the position that an order leads to is one that the tiers allow at its leverage.
  private func fitsTier(_ order: ExchangeOrder) -> Bool {
    let position = ledger[order.accountIndex].positions[order.asset]
    let table = markets[order.asset].maintenance
    guard let bound = table.largestValue(atLeverage: position.leverage) else { return true }
    let closes = position.quantity.steps.signum() * order.side.sign < 0
    let held = closes ? .zero : position.quantity.magnitude
    guard let size = held.checkedAdding(order.opening),
      let value = markets[order.asset].reference.mark.notional(of: size, .nearest)
    else { return false }
    return value < bound
  }
}

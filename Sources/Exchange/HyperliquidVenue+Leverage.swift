import Market
import Venues

extension HyperliquidVenue {
  /// Sets the leverage of an asset, and whether its position has margin of its own.
  mutating func setLeverage(
    _ leverage: Int64, isCross: Bool, asset: Int, of account: Int
  ) -> Answer {
    guard markets.indices.contains(asset),
      (1...markets[asset].instrument.maximumLeverage).contains(leverage)
    else { return .refused("Invalid leverage value") }
    guard !isCross || markets[asset].listing.marginMode == nil else {
      return .refused("Cross margin is not allowed for this asset.")
    }
    let before = ledger[account].positions[asset]
    guard before.isIsolated != isCross || before.quantity.isZero else {
      return .refused("Cannot switch leverage type with open position.")
    }
    ledger[account].positions[asset].leverage = leverage
    ledger[account].positions[asset].isIsolated = !isCross
    if leverage < before.leverage, let text = leverageRefusal(asset, of: account) {
      ledger[account].positions[asset].leverage = before.leverage
      ledger[account].positions[asset].isIsolated = before.isIsolated
      return .refused(text)
    }
    for id in ledger[account].openOrders.elements { refreshReservation(id, asset) }
    return .done("default")
  }

  /// Why a position does not bear its leverage, which has just been lowered.
  private func leverageRefusal(_ asset: Int, of account: Int) -> String? {
    let position = ledger[account].positions[asset]
    guard position.isIsolated else {
      return crossMarginUsed(account) > crossValue(account)
        ? "Cross position does not have sufficient margin available to decrease leverage." : nil
    }
    guard isolatedEquity(account, asset) < initialMargin(account, asset) else { return nil }
    return "Isolated position does not have sufficient margin available to decrease leverage. "
      + "To decrease leverage, add margin to the position."
  }

  private mutating func refreshReservation(_ id: UInt64, _ asset: Int) {
    guard var order = orders[id], order.asset == asset, !order.reserved.isZero else { return }
    let needed = reservation(for: order)
    ledger[order.accountIndex].reserved += needed - order.reserved
    order.reserved = needed
    orders[id] = order
  }

  /// Moves money into an isolated position, or out of it where `amount` is negative.
  mutating func addMargin(_ amount: Money, asset: Int, of account: Int) -> Answer {
    guard markets.indices.contains(asset) else {
      return .refused("Position does not use isolated margin.")
    }
    let position = ledger[account].positions[asset]
    guard position.isIsolated, !position.quantity.isZero else {
      return .refused("Position does not use isolated margin.")
    }
    if amount > .zero {
      guard amount <= withdrawable(account) else {
        return .refused("Insufficient margin to add to the isolated position.")
      }
    } else {
      guard markets[asset].listing.marginMode != .strictIsolated else {
        return .refused("Margin cannot be removed from this position.")
      }
      let notional = positionValue(account, asset).magnitude
      let tenth = Money(steps: notional.steps / 10 + 1)
      let kept = max(initialMargin(account, asset), tenth)
      guard isolatedEquity(account, asset) + amount >= kept else {
        return .refused("Insufficient margin in the isolated position to remove.")
      }
    }
    ledger[account].positions[asset].isolatedCash += amount
    tell(.marginMoved(ledger[account].address))
    return .done("default")
  }
}

import Market

// What happens to the other side where an account owes more than it has.
extension HyperliquidVenue {
  /// Closes a position at the previous mark, against those who hold the other side.
  ///
  /// What they do not hold is left to the backstop ("Auto-deleveraging", read 2026-08).
  mutating func deleverage(_ account: Int, _ asset: Int) {
    let price = markets[asset].reference.previousMark
    for other in counterparties(of: account, asset) {
      let held = ledger[account].positions[asset].quantity
      let size = min(held.magnitude, ledger[other].positions[asset].quantity.magnitude)
      guard size > .zero else { return }
      let id = nextTradeID()
      for (owner, side) in [
        (account, held > .zero ? Side.sell : .buy), (other, held > .zero ? .buy : .sell),
      ] {
        var order = systemOrder(owner, asset, side, size, isReduceOnly: true)
        order.origin = .deleveraging
        open(&order)
        bookFill(&order, size, price, id, isTaker: true, nil)
      }
    }
  }

  /// Who holds the other side of a position, the first to be closed first: by mark over entry,
  /// times the position's value over the equity behind it.
  private func counterparties(of account: Int, _ asset: Int) -> [Int] {
    let sign = ledger[account].positions[asset].quantity.steps.signum()
    let mark = markets[asset].reference.mark.double
    var ranked: [(account: Int, rank: Double)] = []
    for other in ledger.indices {
      let position = ledger[other].positions[asset]
      guard position.quantity.steps.signum() * sign < 0 else { continue }
      let equity =
        position.isIsolated ? isolatedEquity(other, asset) : crossValue(other)
      // Who has nothing left is about to be liquidated.
      guard equity > .zero, position.entryPrice > .zero else { continue }
      let leverage = positionValue(other, asset).magnitude.double / equity.double
      ranked.append((other, mark / position.entryPrice.double * leverage))
    }
    ranked.sort { $0.rank != $1.rank ? $0.rank > $1.rank : $0.account < $1.account }
    return ranked.map(\.account)
  }
}

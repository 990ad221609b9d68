import Market
import Risk

extension HyperliquidVenue {
  /// Runs the block at the clock: prices, triggers, liquidations, funding, then publication.
  mutating func runBlock() {
    for asset in markets.indices {
      prints.removeAll(keepingCapacity: true)
      markets[asset].prints.appendPrints(at: clock, to: &prints)
      // While the chain stands still the world's price moves on without it.
      if faults.isHalted { continue }
      for print in prints { apply(print, to: asset) }
      markets[asset].reference.endDisplacement(at: clock)
      markets[asset].updateReference(after: configuration.blockInterval)
      fireTriggers(asset)
      sampleFunding(asset)
    }
    guard !faults.isHalted else { return }
    liquidateWhereDue()
    cancelWhereScheduled()
    flushNews()
    publish()
  }

  private mutating func sampleFunding(_ asset: Int) {
    if let row = markets[asset].funding.settleIfDue(at: clock) { settleFunding(asset, row.rate) }
    markets[asset].samplePremium(at: clock)
  }

  /// Fires every trigger that the mark has reached, the one that it reached first, first.
  mutating func fireTriggers(_ asset: Int) {
    let mark = markets[asset].reference.mark.steps
    while let key = markets[asset].firingAbove.first, key.rank <= mark {
      markets[asset].firingAbove.remove(key)
      fire(key.id)
    }
    while let key = markets[asset].firingBelow.first, -key.rank >= mark {
      markets[asset].firingBelow.remove(key)
      fire(key.id)
    }
  }

  private mutating func fire(_ id: UInt64) {
    guard var order = orders[id], order.isOpen, let trigger = order.trigger else { return }
    order.hasTriggered = true
    order.status = .triggered
    order.statusTime = clock
    order.timeInForce = trigger.isMarket ? .immediateOrCancel : .goodTilCancelled
    if trigger.isMarket { order.limit = worstPrice(order, trigger) }
    if order.takesWholePosition {
      let position = ledger[order.accountIndex].positions[order.asset].quantity
      let isOpposite = position.steps.signum() * order.side.sign < 0
      order.quantity = isOpposite ? position.magnitude : .zero
      order.remaining = order.quantity
    }
    orders[id] = order
    tell(.update(order))
    if order.isReduceOnly, reducible(by: order).isZero {
      finish(&order, .reduceOnlyCanceled)
      return
    }
    if !order.isReduceOnly, !affords(order, at: order.limit) {
      finish(&order, .marginCanceled)
      return
    }
    _ = execute(&order)
    if order.remaining < order.quantity, let sibling = order.sibling {
      cancel(sibling, .siblingFilledCanceled)
    }
  }

  /// A market trigger slips by at most a tenth of its trigger price, and not past its own limit.
  private func worstPrice(_ order: ExchangeOrder, _ trigger: ExchangeTrigger) -> Price {
    let share = 100 + 10 * order.side.sign
    let bound = trigger.price.checkedScaled(by: share, over: 100, .nearest) ?? order.limit
    return order.side == .buy ? min(order.limit, bound) : max(order.limit, bound)
  }

  private mutating func cancelWhereScheduled() {
    for account in ledger.indices {
      guard let due = ledger[account].scheduledCancel, due <= clock else { continue }
      ledger[account].scheduledCancel = nil
      ledger[account].countScheduledCancel(at: clock)
      for id in ledger[account].openOrders.elements { cancel(id, .scheduledCancel) }
    }
  }

  /// An order that the venue itself sends for an account, at any price.
  mutating func systemOrder(
    _ account: Int, _ asset: Int, _ side: Side, _ quantity: Quantity, isReduceOnly: Bool
  ) -> ExchangeOrder {
    nextOrderID += 1
    return ExchangeOrder(
      id: nextOrderID, clientID: nil, account: ledger[account].address,
      symbol: markets[asset].instrument.symbol, side: side,
      limit: side == .buy ? Price(steps: .max / 2) : .ulp, quantity: quantity,
      remaining: quantity, timeInForce: .immediateOrCancel, trigger: nil,
      isReduceOnly: isReduceOnly, placed: clock, status: .open, statusTime: clock,
      accountIndex: account, asset: asset, sequence: sequence)
  }

  /// Takes the other side of a fill that happens outside the book.
  mutating func absorb(_ signed: Quantity, _ asset: Int, at price: Price) {
    let cash = price.notional(of: signed, .nearest) ?? .zero
    let position = markets[asset].backgroundPosition
    markets[asset].backgroundPosition = position.checkedAdding(signed) ?? position
    markets[asset].backgroundCash =
      markets[asset].backgroundCash.checkedAdding(-cash)
      ?? markets[asset].backgroundCash
  }
}

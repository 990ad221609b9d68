import Market

extension HyperliquidVenue {
  /// What an account's position is worth at the mark, signed.
  func positionValue(_ account: Int, _ asset: Int) -> Money {
    let quantity = ledger[account].positions[asset].quantity
    guard !quantity.isZero else { return .zero }
    return markets[asset].reference.mark.notional(of: quantity, .nearest) ?? .zero
  }

  /// Cash plus positions at the mark.
  func accountValue(_ account: Int) -> Money {
    var value = ledger[account].cash
    for asset in markets.indices {
      value = value.checkedAdding(positionValue(account, asset)) ?? value
    }
    return value
  }

  /// The part of ``accountValue(_:)`` that stands behind cross positions and new orders: all but
  /// the equity of isolated positions.
  func crossValue(_ account: Int) -> Money {
    var value = accountValue(account)
    for asset in markets.indices where ledger[account].positions[asset].isIsolated {
      value = value.checkedAdding(-isolatedEquity(account, asset)) ?? value
    }
    return value
  }

  /// Cash that is not set aside for isolated positions.
  func crossCash(_ account: Int) -> Money {
    ledger[account].positions.reduce(ledger[account].cash) {
      $1.isIsolated ? $0 - $1.isolatedCash : $0
    }
  }

  /// What is left of an isolated position's own margin at the mark.
  func isolatedEquity(_ account: Int, _ asset: Int) -> Money {
    ledger[account].positions[asset].isolatedCash + positionValue(account, asset)
  }

  /// The initial margin of a position at the mark.
  func initialMargin(_ account: Int, _ asset: Int) -> Money {
    let value = positionValue(account, asset).magnitude
    let leverage = ledger[account].positions[asset].leverage
    return value.checkedScaled(by: 1, over: leverage, .up) ?? value
  }

  /// The margin that a position uses: its initial margin, or all its own if it is isolated.
  func marginUsed(_ account: Int, _ asset: Int) -> Money {
    ledger[account].positions[asset].isIsolated
      ? isolatedEquity(account, asset) : initialMargin(account, asset)
  }

  /// The margin that all positions use.
  func marginUsed(_ account: Int) -> Money {
    markets.indices.reduce(.zero) { $0.checkedAdding(marginUsed(account, $1)) ?? $0 }
  }

  /// The initial margin of the cross positions.
  func crossMarginUsed(_ account: Int) -> Money {
    markets.indices.reduce(.zero) { sum, asset in
      guard !ledger[account].positions[asset].isIsolated else { return sum }
      return sum.checkedAdding(initialMargin(account, asset)) ?? sum
    }
  }

  /// The maintenance margin of one position.
  func maintenance(_ account: Int, _ asset: Int) -> Money {
    let value = positionValue(account, asset).magnitude
    return value.isZero ? .zero : markets[asset].maintenance.maintenance(of: value)
  }

  /// The maintenance margin of the cross positions.
  func crossMaintenance(_ account: Int) -> Money {
    markets.indices.reduce(.zero) { sum, asset in
      guard !ledger[account].positions[asset].isIsolated else { return sum }
      return sum.checkedAdding(maintenance(account, asset)) ?? sum
    }
  }

  /// The value of all positions, longs and shorts added; of the cross ones alone where so asked.
  func totalNotional(_ account: Int, isCrossOnly: Bool = false) -> Money {
    markets.indices.reduce(.zero) { sum, asset in
      guard !isCrossOnly || !ledger[account].positions[asset].isIsolated else { return sum }
      return sum.checkedAdding(positionValue(account, asset).magnitude) ?? sum
    }
  }

  /// What could be withdrawn: never below initial margin and a tenth of the notional.
  func withdrawable(_ account: Int) -> Money {
    let notional = totalNotional(account, isCrossOnly: true)
    let kept = max(crossMarginUsed(account), Money(steps: (notional.steps + 9) / 10))
    return max(.zero, crossValue(account) - kept)
  }

  /// The margin that an order on `side` may use for what it opens; one that first closes frees the
  /// margin of what it closes.
  func availableMargin(_ account: Int, _ asset: Int, _ side: Side) -> Money {
    let position = ledger[account].positions[asset]
    let closes = position.quantity.steps.signum() * side.sign < 0
    let freed = closes ? marginUsed(account, asset) : .zero
    let used = crossMarginUsed(account) + ledger[account].reserved - freed
    return crossValue(account) - used
  }

  /// Whether the account has the margin that the opening part of a new order needs.
  func affords(_ order: ExchangeOrder, at price: Price?) -> Bool {
    guard order.opening > .zero else { return true }
    let account = order.accountIndex
    let position = ledger[account].positions[order.asset]
    guard position.quantity.magnitude + order.opening <= Self.largestPosition else { return false }
    let price = price ?? markets[order.asset].reference.mark
    guard let notional = price.notional(of: order.opening, .up),
      let needed = notional.checkedScaled(by: 1, over: position.leverage, .up)
    else { return false }
    return needed <= availableMargin(account, order.asset, order.side)
  }

  /// Whether a resting order's owner can still carry it; what it has set aside counts for it.
  func holdsMargin(_ order: ExchangeOrder) -> Bool {
    guard min(order.opening, order.remaining) > .zero else { return true }
    let account = order.accountIndex
    let position = ledger[account].positions[order.asset].quantity
    let grows = position.steps.signum() * order.side.sign >= 0
    guard position.magnitude + order.remaining <= Self.largestPosition else { return false }
    return !grows || crossMarginUsed(account) + order.reserved <= crossValue(account)
  }

  /// The mark at which a position would be liquidated; nil where no positive price does it.
  func liquidationPrice(_ account: Int, _ asset: Int) -> Price? {
    let quantity = ledger[account].positions[asset].quantity
    guard !quantity.isZero else { return nil }
    let isIsolated = ledger[account].positions[asset].isIsolated
    let equity = isIsolated ? isolatedEquity(account, asset) : crossValue(account)
    // What other positions need does not move with this mark.
    let others = isIsolated ? .zero : crossMaintenance(account) - maintenance(account, asset)
    return markets[asset].maintenance.liquidationPrice(
      of: quantity, at: markets[asset].reference.mark, available: equity - others)
  }

  /// Liquidates what fell below its maintenance margin: the cross positions of an account
  /// together, isolated ones each for itself.
  mutating func liquidateWhereDue() {
    for account in ledger.indices where holdsPositions(account) {
      let value = crossValue(account)
      let needed = crossMaintenance(account)
      if value < needed {
        let held = heldAssets(account) { !$0.isIsolated }
        let isBackstop = Self.isForBackstop(value, needed)
        liquidate(account, held, isBackstop: isBackstop, value, cancelling: nil)
      }
      for asset in heldAssets(account, where: \.isIsolated) {
        let equity = isolatedEquity(account, asset)
        let needed = maintenance(account, asset)
        guard equity < needed else { continue }
        let isBackstop = Self.isForBackstop(equity, needed)
        liquidate(account, [asset], isBackstop: isBackstop, equity, cancelling: asset)
      }
    }
  }

  /// Below two thirds of maintenance the liquidator vault takes over.
  private static func isForBackstop(_ value: Money, _ needed: Money) -> Bool {
    Int128(value.steps) * 3 < Int128(needed.steps) * 2
  }

  func holdsPositions(_ account: Int) -> Bool {
    ledger[account].positions.contains { !$0.quantity.isZero }
  }

  private func heldAssets(
    _ account: Int, where isMeant: (ExchangePosition) -> Bool
  ) -> [Int] {
    markets.indices.filter { asset in
      let position = ledger[account].positions[asset]
      return !position.quantity.isZero && isMeant(position)
    }
  }

  /// Liquidates positions whose margin is `value`, after their orders: all of the account, or those
  /// of the asset `cancelling`.
  private mutating func liquidate(
    _ account: Int, _ held: [Int], isBackstop: Bool, _ value: Money, cancelling asset: Int?
  ) {
    for id in ledger[account].openOrders.elements
    where asset == nil || orders[id]?.asset == asset {
      cancel(id, .liquidatedCanceled)
    }
    let notional = held.reduce(Money.zero) { sum, asset in
      sum.checkedAdding(positionValue(account, asset).magnitude) ?? sum
    }
    tell(.liquidated(ledger[account].address, notional: notional, accountValue: value))
    guard !isBackstop else {
      let apart = crossCash(account)
      for asset in held {
        if value < .zero { deleverage(account, asset) }
        takeOver(account, asset)
      }
      // The liquidator vault takes what margin is left, or makes up what is missing.
      let kept = asset == nil ? .zero : apart
      ledger[account].transfer(kept - crossCash(account), at: clock)
      return
    }
    for asset in held {
      let cooling = ledger[account].liquidationCooldown[asset].map { clock < $0 } ?? false
      let worth = positionValue(account, asset).magnitude
      let partial = worth > configuration.partialLiquidationAbove && !cooling
      liquidate(account, asset, share: partial ? 5 : 1)
      if partial { ledger[account].liquidationCooldown[asset] = clock + .seconds(30) }
    }
  }

  /// Sells a position off in the book, or a part of it, whatever the price.
  mutating func liquidate(_ account: Int, _ asset: Int, share: Int64) {
    let quantity = ledger[account].positions[asset].quantity
    guard !quantity.isZero else { return }
    let lot = markets[asset].instrument.lot
    let part = Quantity(steps: quantity.magnitude.steps / share).rounded(to: lot, .up)
    let size = min(quantity.magnitude, part ?? quantity.magnitude)
    let mark = markets[asset].reference.mark
    var order = systemOrder(
      account, asset, quantity.steps > 0 ? .sell : .buy, size, isReduceOnly: true)
    order.origin = .liquidation
    open(&order)
    let isIsolated = ledger[account].positions[asset].isIsolated
    _ = take(
      &order,
      liquidation: ExchangeLiquidation(
        account: order.account, isIsolated: isIsolated, mark: mark, isBackstop: false))
    if order.remaining > .zero { finish(&order, .canceled) }
  }

  /// Hands a position to the liquidator at the mark.
  private mutating func takeOver(_ account: Int, _ asset: Int) {
    let quantity = ledger[account].positions[asset].quantity
    guard !quantity.isZero else { return }
    let mark = markets[asset].reference.mark
    var order = systemOrder(
      account, asset, quantity.steps > 0 ? .sell : .buy, quantity.magnitude, isReduceOnly: true)
    order.origin = .liquidation
    open(&order)
    absorb(quantity, asset, at: mark)
    let isIsolated = ledger[account].positions[asset].isIsolated
    bookFill(
      &order, quantity.magnitude, mark, order.id & (1 << 50 - 1), isTaker: true,
      ExchangeLiquidation(
        account: order.account, isIsolated: isIsolated, mark: mark, isBackstop: true))
  }

  /// Settles funding of one market for every account, at a rate.
  mutating func settleFunding(_ asset: Int, _ rate: FundingRate) {
    for account in ledger.indices {
      let position = ledger[account].positions[asset].quantity
      guard !position.isZero,
        let payment = FundingMeter.payment(
          position: position, oracle: markets[asset].reference.oracle, rate: rate)
      else { continue }
      ledger[account].receive(payment, in: asset)
      let funding = ExchangeFunding(
        account: ledger[account].address, symbol: markets[asset].instrument.symbol, time: clock,
        payment: payment, position: position, rate: rate)
      ledger[account].fundings.append(funding)
      tell(.funding(funding))
    }
  }
}

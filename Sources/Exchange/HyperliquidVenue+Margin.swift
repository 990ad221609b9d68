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

  /// The initial margin of a position at the mark.
  func marginUsed(_ account: Int, _ asset: Int) -> Money {
    let value = positionValue(account, asset).magnitude
    let leverage = ledger[account].positions[asset].leverage
    return value.checkedScaled(by: 1, over: leverage, .up) ?? value
  }

  /// The initial margin of all positions.
  func marginUsed(_ account: Int) -> Money {
    markets.indices.reduce(.zero) { $0.checkedAdding(marginUsed(account, $1)) ?? $0 }
  }

  /// The maintenance margin of all positions.
  func maintenance(_ account: Int) -> Money {
    markets.indices.reduce(.zero) { sum, asset in
      let value = positionValue(account, asset).magnitude
      guard !value.isZero else { return sum }
      return sum.checkedAdding(markets[asset].maintenance.maintenance(of: value)) ?? sum
    }
  }

  /// The value of all positions, longs and shorts added.
  func totalNotional(_ account: Int) -> Money {
    markets.indices.reduce(.zero) {
      $0.checkedAdding(positionValue(account, $1).magnitude) ?? $0
    }
  }

  /// What could be withdrawn: never below initial margin and a tenth of the notional.
  func withdrawable(_ account: Int) -> Money {
    let kept = max(
      marginUsed(account), Money(steps: (totalNotional(account).steps + 9) / 10))
    return max(.zero, accountValue(account) - kept)
  }

  /// Whether the account has the margin that the opening part of a new order needs.
  ///
  /// An order that first closes frees the margin of what it closes.
  func affords(_ order: ExchangeOrder, at price: Price?) -> Bool {
    guard order.opening > .zero else { return true }
    let account = order.accountIndex
    let position = ledger[account].positions[order.asset]
    guard position.quantity.magnitude + order.opening <= Self.largestPosition else { return false }
    let price = price ?? markets[order.asset].reference.mark
    guard let notional = price.notional(of: order.opening, .up),
      let needed = notional.checkedScaled(by: 1, over: position.leverage, .up)
    else { return false }
    let closes = position.quantity.steps.signum() * order.side.sign < 0
    let freed = closes ? marginUsed(account, order.asset) : .zero
    let used = marginUsed(account) + ledger[account].reserved - freed
    return needed <= accountValue(account) - used
  }

  /// Whether a resting order's owner can still carry it; what it has set aside counts for it.
  func holdsMargin(_ order: ExchangeOrder) -> Bool {
    guard min(order.opening, order.remaining) > .zero else { return true }
    let account = order.accountIndex
    let position = ledger[account].positions[order.asset].quantity
    let grows = position.steps.signum() * order.side.sign >= 0
    guard position.magnitude + order.remaining <= Self.largestPosition else { return false }
    return !grows || marginUsed(account) + order.reserved <= accountValue(account)
  }

  /// The mark at which a position would be liquidated; nil where no positive price does it.
  func liquidationPrice(_ account: Int, _ asset: Int) -> Price? {
    let quantity = ledger[account].positions[asset].quantity
    guard !quantity.isZero else { return nil }
    let value = positionValue(account, asset).magnitude
    let leverage = markets[asset].maintenance.maximumLeverage(of: value)
    let available = (accountValue(account) - maintenance(account)).double
    let side = Double(quantity.steps.signum())
    let share = 1 / Double(2 * leverage)
    let distance = side * available / quantity.magnitude.double / (1 - share * side)
    return Price(nearest: markets[asset].reference.mark.double - distance)
      .flatMap { $0 > .zero ? $0 : nil }
  }

  /// Liquidates every account whose value fell below its maintenance margin.
  mutating func liquidateWhereDue() {
    for account in ledger.indices where holdsPositions(account) {
      let value = accountValue(account)
      let needed = maintenance(account)
      guard value < needed else { continue }
      let backstop = Int128(value.steps) * 3 < Int128(needed.steps) * 2
      liquidate(account, backstop: backstop, value)
    }
  }

  func holdsPositions(_ account: Int) -> Bool {
    ledger[account].positions.contains { !$0.quantity.isZero }
  }

  private mutating func liquidate(_ account: Int, backstop: Bool, _ value: Money) {
    for id in ledger[account].openOrders.elements { cancel(id, .liquidatedCanceled) }
    let held = markets.indices.filter { !ledger[account].positions[$0].quantity.isZero }
    tell(
      .liquidated(
        ledger[account].address, notional: totalNotional(account), accountValue: value))
    guard !backstop else {
      for asset in held { takeOver(account, asset) }
      // The liquidator vault takes what margin is left, or makes up what is missing.
      ledger[account].transfer(-ledger[account].cash, at: clock)
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
    open(&order)
    _ = take(&order, liquidation: ExchangeLiquidation(mark: mark, isBackstop: false))
    if order.remaining > .zero { finish(&order, .canceled) }
  }

  /// Hands a position to the liquidator at the mark.
  private mutating func takeOver(_ account: Int, _ asset: Int) {
    let quantity = ledger[account].positions[asset].quantity
    let mark = markets[asset].reference.mark
    var order = systemOrder(
      account, asset, quantity.steps > 0 ? .sell : .buy, quantity.magnitude, isReduceOnly: true)
    open(&order)
    absorb(quantity, asset, at: mark)
    bookFill(
      &order, quantity.magnitude, mark, order.id & (1 << 50 - 1), isTaker: true,
      ExchangeLiquidation(mark: mark, isBackstop: true))
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

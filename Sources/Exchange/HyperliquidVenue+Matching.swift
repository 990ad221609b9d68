import Market

/// What an order took.
struct Taken {
  var quantity = Quantity.zero
  var notional = Money.zero

  /// The average price, rounded to a step.
  var average: Price {
    guard quantity > .zero else { return .zero }
    let scaled = Int128(notional.steps) * Int128(Quantity.stepsPerWhole)
    return Price(
      steps: Int64(clamping: Rounding.nearest.divide(scaled, by: Int128(quantity.steps))))
  }
}

extension HyperliquidVenue {
  /// Who stands on the other side of a fill.
  private enum Maker {
    case account(UInt64)
    case background(BookLevel)
  }

  /// Takes from the other side, best price first, then first come, up to the order's limit.
  mutating func take(
    _ order: inout ExchangeOrder, liquidation: ExchangeLiquidation? = nil
  ) -> Taken {
    var taken = Taken()
    while order.remaining > .zero {
      let wanted = order.isReduceOnly ? reducible(by: order) : order.remaining
      guard wanted > .zero, let (maker, price) = nextMaker(against: order) else { break }
      switch maker {
      case .background(let level):
        let quantity = min(wanted, level.quantity)
        markets[order.asset].background.take(quantity, order.side.opposite)
        settle(&order, quantity, price, liquidation, &taken)
      case .account(let id):
        guard var resting = orders[id] else { return taken }
        let quantity = min(wanted, available(of: &resting))
        guard quantity > .zero else { continue }
        settle(&order, quantity, price, liquidation, &taken, with: &resting)
      }
    }
    return taken
  }

  /// The maker that comes next and its price; nil where none is within the order's limit.
  private mutating func nextMaker(against order: ExchangeOrder) -> (Maker, Price)? {
    let side = order.side.opposite
    let own = side == .buy ? markets[order.asset].bids.best : markets[order.asset].asks.best
    let others = markets[order.asset].background.remaining(0, side)
    let ownPrice = own.map { markets[order.asset].asks.price(side == .sell ? $0.rank : -$0.rank) }
    let maker: Maker
    let price: Price
    switch (own, ownPrice, others) {
    case (let key?, let mine?, let level?):
      let better = (mine.steps - level.price.steps) * side.sign
      let first = better > 0 || (better == 0 && isOlder(key, order.asset))
      maker = first ? .account(key.id) : .background(level)
      price = first ? mine : level.price
    case (let key?, let mine?, nil): (maker, price) = (.account(key.id), mine)
    case (_, _, let level?): (maker, price) = (.background(level), level.price)
    default: return nil
    }
    guard (price.steps - order.limit.steps) * order.side.sign <= 0 else { return nil }
    guard case .account(let id) = maker, let resting = orders[id],
      resting.accountIndex == order.accountIndex
    else { return (maker, price) }
    cancel(id, .selfTradeCanceled)
    return nextMaker(against: order)
  }

  private func isOlder(_ key: BookKey, _ asset: Int) -> Bool {
    key.sequence < markets[asset].background.anchoredAt
  }

  /// How much of a resting order may trade now; cancels it where that is nothing.
  private mutating func available(of resting: inout ExchangeOrder) -> Quantity {
    if resting.isReduceOnly {
      let quantity = min(resting.remaining, reducible(by: resting))
      if quantity.isZero { cancel(resting.id, .reduceOnlyCanceled) }
      return quantity
    }
    guard holdsMargin(resting) else {
      cancel(resting.id, .marginCanceled)
      return .zero
    }
    guard !growsBeyondCap(resting) else {
      cancel(resting.id, .openInterestCapCanceled)
      return .zero
    }
    return resting.remaining
  }

  /// How much a reduce-only order could trade without turning the position.
  func reducible(by order: ExchangeOrder) -> Quantity {
    let position = ledger[order.accountIndex].positions[order.asset].quantity
    guard position.steps.signum() * order.side.sign < 0 else { return .zero }
    return min(order.remaining, position.magnitude)
  }

  /// Books a match with the background.
  private mutating func settle(
    _ order: inout ExchangeOrder, _ quantity: Quantity, _ price: Price,
    _ liquidation: ExchangeLiquidation?, _ taken: inout Taken
  ) {
    let id = nextTradeID()
    let signed = Quantity(steps: quantity.steps * order.side.sign)
    moveBackground(order.asset, by: -signed, at: price)
    let buys = order.side == .buy
    markets[order.asset].record(
      PublicTrade(
        time: clock, price: price, quantity: quantity, takerSide: order.side, id: id,
        buyer: buys ? order.account : Self.backgroundAddress,
        seller: buys ? Self.backgroundAddress : order.account),
      ofAccounts: true, published: hearsTrades(order.asset))
    bookFill(&order, quantity, price, id, isTaker: true, liquidation)
    taken.add(quantity, at: price)
  }

  /// Books a match of two accounts.
  private mutating func settle(
    _ order: inout ExchangeOrder, _ quantity: Quantity, _ price: Price,
    _ liquidation: ExchangeLiquidation?, _ taken: inout Taken, with resting: inout ExchangeOrder
  ) {
    let id = nextTradeID()
    let buys = order.side == .buy
    markets[order.asset].record(
      PublicTrade(
        time: clock, price: price, quantity: quantity, takerSide: order.side, id: id,
        buyer: buys ? order.account : resting.account,
        seller: buys ? resting.account : order.account),
      ofAccounts: true, published: hearsTrades(order.asset))
    fillResting(&resting, quantity, price, id, liquidation)
    bookFill(&order, quantity, price, id, isTaker: true, liquidation)
    taken.add(quantity, at: price)
  }

  /// Books a fill of a resting order and keeps the book in step.
  mutating func fillResting(
    _ resting: inout ExchangeOrder, _ quantity: Quantity, _ price: Price, _ id: UInt64,
    _ liquidation: ExchangeLiquidation? = nil
  ) {
    let whole = quantity == resting.remaining
    switch resting.side {
    case .buy where whole: markets[resting.asset].bids.remove(resting)
    case .buy: markets[resting.asset].bids.reduce(resting, by: quantity)
    case .sell where whole: markets[resting.asset].asks.remove(resting)
    case .sell: markets[resting.asset].asks.reduce(resting, by: quantity)
    }
    bookFill(&resting, quantity, price, id, isTaker: false, liquidation)
  }

  /// A print at `price` trades with every order that rests at a better price, and up to its own
  /// quantity with those at the price itself; then it moves the book.
  mutating func apply(_ print: MarketPrint, to asset: Int) {
    let takerBought =
      print.price == markets[asset].last
      ? print.price.steps & 1 == 0 : print.price > markets[asset].last
    sweep(asset, takerBought ? .sell : .buy, to: print.price, quantity: print.quantity)
    let trade = PublicTrade(
      time: print.time, price: print.price, quantity: print.quantity,
      takerSide: takerBought ? .buy : .sell, id: nextTradeID(),
      buyer: Self.backgroundAddress, seller: Self.backgroundAddress)
    markets[asset].record(trade, ofAccounts: false, published: hearsTrades(asset))
    markets[asset].lastTakerBought = takerBought
    sequence += 1
    markets[asset].background.anchor(
      at: print.price, takerBought: takerBought, listing: markets[asset].listing,
      sequence: sequence, salt: markets[asset].prints.salt)
    sweepCrossed(asset)
  }

  /// Orders that the moved book crosses trade whole, at their own price.
  mutating func sweepCrossed(_ asset: Int) {
    if !markets[asset].bids.isEmpty {
      sweep(asset, .buy, to: markets[asset].background.bestAsk, quantity: nil)
    }
    if !markets[asset].asks.isEmpty {
      sweep(asset, .sell, to: markets[asset].background.bestBid, quantity: nil)
    }
  }

  /// Fills resting orders of `side` that are better than `price`, and at it up to `quantity` (all
  /// of them where that is nil).
  private mutating func sweep(_ asset: Int, _ side: Side, to price: Price, quantity: Quantity?) {
    var atPrice = quantity ?? Quantity(steps: .max)
    while let key = side == .buy ? markets[asset].bids.best : markets[asset].asks.best {
      let distance =
        (Price(steps: side == .buy ? -key.rank : key.rank).steps - price.steps)
        * side.sign
      guard distance >= 0, var resting = orders[key.id] else { return }
      var part = available(of: &resting)
      guard part > .zero else { continue }
      if distance == 0 {
        part = min(part, atPrice)
        guard part > .zero else { return }
        atPrice -= part
      }
      let id = nextTradeID()
      moveBackground(asset, by: Quantity(steps: -part.steps * side.sign), at: resting.limit)
      let buys = side == .buy
      markets[asset].record(
        PublicTrade(
          time: clock, price: resting.limit, quantity: part, takerSide: side.opposite, id: id,
          buyer: buys ? resting.account : Self.backgroundAddress,
          seller: buys ? Self.backgroundAddress : resting.account),
        ofAccounts: true, published: hearsTrades(asset))
      fillResting(&resting, part, resting.limit, id)
    }
  }

  private mutating func moveBackground(_ asset: Int, by signed: Quantity, at price: Price) {
    let notional = price.notional(of: signed, .nearest) ?? .zero
    let position = markets[asset].backgroundPosition
    let cash = markets[asset].backgroundCash
    markets[asset].backgroundPosition = position.checkedAdding(signed) ?? position
    markets[asset].backgroundCash = cash.checkedAdding(-notional) ?? cash
  }

  /// Fifty bits, another for every match (an odd factor permutes the counter).
  mutating func nextTradeID() -> UInt64 {
    tradeCount += 1
    return tradeCount &* 0x2545_f491_4f6c_dd1d & (1 << 50 - 1)
  }
}

extension Taken {
  mutating func add(_ quantity: Quantity, at price: Price) {
    self.quantity += quantity
    notional += price.notional(of: quantity, .nearest) ?? .zero
  }
}

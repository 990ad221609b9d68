public import Market
import Risk

/// A client id within an account.
struct ClientKey: Hashable, Sendable {
  let account: Int
  let clientID: ClientOrderID
}

/// What happened to an account.
public enum AccountNews: Hashable, Sendable {
  /// An order rests, sleeps, fired, ended or was refused.
  case update(ExchangeOrder)
  /// An order traded.
  case fill(ExchangeFill)
  /// Funding was paid or received.
  case funding(ExchangeFunding)
  /// The account is being liquidated.
  case liquidated(AccountAddress, notional: Money, accountValue: Money)
  /// An order was cancelled otherwise than by its owner.
  case cancelledByVenue(ExchangeOrder)
  /// In or out of the account, or of its wallet for perpetuals.
  case transferred(AccountAddress, ExchangeTransfer)
  /// In or out of an isolated position.
  case marginMoved(AccountAddress)

  /// Whose account.
  public var account: AccountAddress {
    switch self {
    case .update(let order), .cancelledByVenue(let order): order.account
    case .fill(let fill): fill.account
    case .funding(let funding): funding.account
    case .liquidated(let account, _, _), .transferred(let account, _),
      .marginMoved(let account):
      account
    }
  }
}

extension HyperliquidVenue {
  /// Makes an order known; it neither rests nor sleeps yet.
  mutating func open(_ order: inout ExchangeOrder) {
    orders[order.id] = order
    ledger[order.accountIndex].openOrders.insert(order.id)
    remember(clientID: order)
  }

  /// Keeps an order that was refused at run time, so that its status can be asked for.
  mutating func record(refused order: ExchangeOrder) {
    orders[order.id] = order
    remember(clientID: order)
    retire(order)
    tell(.update(order))
  }

  private mutating func remember(clientID order: ExchangeOrder) {
    guard let clientID = order.clientID else { return }
    orderOfClient[ClientKey(account: order.accountIndex, clientID: clientID)] = order.id
  }

  /// Counts an order as past; forgets the oldest beyond ten thousand of an account.
  private mutating func retire(_ order: ExchangeOrder) {
    guard let dropped = ledger[order.accountIndex].orderHistory.append(order.id),
      let oldest = orders[dropped]
    else { return }
    orders[dropped] = nil
    guard let clientID = oldest.clientID else { return }
    let key = ClientKey(account: oldest.accountIndex, clientID: clientID)
    if orderOfClient[key] == dropped { orderOfClient[key] = nil }
  }

  /// Puts what is left of an order into the book.
  mutating func rest(_ order: inout ExchangeOrder) {
    sequence += 1
    order.sequence = sequence
    reserve(&order)
    if order.isReduceOnly {
      ledger[order.accountIndex].reduceOnlyOrders[order.asset].insert(order.id)
    }
    orders[order.id] = order
    switch order.side {
    case .buy: markets[order.asset].bids.insert(order)
    case .sell: markets[order.asset].asks.insert(order)
    }
    tell(.update(order))
    if order.isReduceOnly { trimReduceOnly(order.accountIndex, order.asset) }
  }

  /// Sets the margin aside that an order needs while it rests, in place of what it had.
  func reservation(for order: ExchangeOrder) -> Money {
    let opening = min(order.opening, order.remaining)
    let leverage = ledger[order.accountIndex].positions[order.asset].leverage
    let notional = order.limit.notional(of: opening, .up) ?? .zero
    return notional.checkedScaled(by: 1, over: leverage, .up) ?? notional
  }

  private mutating func reserve(_ order: inout ExchangeOrder) {
    let needed = reservation(for: order)
    ledger[order.accountIndex].reserved += needed - order.reserved
    order.reserved = needed
  }

  private mutating func release(_ order: inout ExchangeOrder) {
    ledger[order.accountIndex].reserved -= order.reserved
    order.reserved = .zero
  }

  /// Lets a trigger wait for the mark.
  mutating func arm(_ order: ExchangeOrder) {
    guard let trigger = order.trigger else { return }
    if firesAbove(order, trigger) {
      markets[order.asset].firingAbove.insert(triggerKey(order, trigger))
    } else {
      markets[order.asset].firingBelow.insert(triggerKey(order, trigger))
    }
    tell(.update(order))
  }

  private mutating func disarm(_ order: ExchangeOrder) {
    guard let trigger = order.trigger else { return }
    markets[order.asset].firingAbove.remove(triggerKey(order, trigger))
    markets[order.asset].firingBelow.remove(triggerKey(order, trigger))
  }

  private func triggerKey(_ order: ExchangeOrder, _ trigger: ExchangeTrigger) -> BookKey {
    let rank = firesAbove(order, trigger) ? trigger.price.steps : -trigger.price.steps
    return BookKey(rank: rank, sequence: order.sequence, id: order.id)
  }

  /// A buy that stops a loss and a sale that takes profit wait for the mark to rise.
  private func firesAbove(_ order: ExchangeOrder, _ trigger: ExchangeTrigger) -> Bool {
    (order.side == .buy) != trigger.takesProfit
  }

  func firesNow(_ order: ExchangeOrder, _ trigger: ExchangeTrigger) -> Bool {
    let mark = markets[order.asset].reference.mark
    return firesAbove(order, trigger) ? mark >= trigger.price : mark <= trigger.price
  }

  /// Books one fill of an order: position, cash, fee, margin, and what follows for other orders.
  mutating func bookFill(
    _ order: inout ExchangeOrder, _ quantity: Quantity, _ price: Price, _ tradeID: UInt64,
    isTaker: Bool, _ liquidation: ExchangeLiquidation?
  ) {
    let account = order.accountIndex
    let signed = Quantity(steps: quantity.steps * order.side.sign)
    let before = ledger[account].positions[order.asset].quantity
    let notional = price.notional(of: quantity, .nearest) ?? .zero
    let rates = feeRates(of: account)
    let isFree = liquidation?.isBackstop == true || order.origin == .deleveraging
    let rate = isFree ? 0 : isTaker ? rates.taker : rates.maker
    // A tenth of a basis point is ten parts per million.
    let builderFee = Self.fee(on: notional, partsPerMillion: order.builderRate * 10)
    let fee = Self.fee(on: notional, partsPerMillion: rate) + builderFee
    let profit = ledger[account].trade(signed, at: price, in: order.asset)
    ledger[account].pay(fee: fee, volume: notional, isTaker: isTaker, at: clock)
    let after = ledger[account].positions[order.asset].quantity
    countInterest(order.asset, from: before, to: after)
    order.remaining -= quantity
    let fill = ExchangeFill(
      account: order.account, symbol: order.symbol, side: order.side, price: price,
      quantity: quantity, fee: fee, builderFee: builderFee, orderID: order.id,
      clientID: order.clientID,
      tradeID: tradeID, time: clock, isTaker: isTaker, startPosition: before,
      closedProfit: profit, liquidation: liquidation,
      isDeleveraging: order.origin == .deleveraging)
    ledger[account].fills.append(fill)
    ledger[account].fillCount += 1
    tell(.fill(fill))
    if order.remaining.isZero {
      finish(&order, .filled)
    } else {
      if !order.reserved.isZero { reserve(&order) }
      orders[order.id] = order
      if !isTaker { tell(.update(order)) }
    }
    if !before.isZero, after.steps.signum() != before.steps.signum() {
      positionClosed(account, order.asset)
    } else if after.magnitude < before.magnitude {
      trimReduceOnly(account, order.asset)
    }
  }

  /// What an account pays in parts per million.
  func feeRates(of account: Int) -> (taker: Int64, maker: Int64) {
    configuration.fees.rates(ofVolume: ledger[account].tradedDays.volume(at: clock))
  }

  /// A fee to the nearest 1e-6.
  static func fee(on notional: Money, partsPerMillion: Int64) -> Money {
    let scaled = Int128(notional.steps) * Int128(partsPerMillion)
    return Money(
      steps: Int64(clamping: Rounding.nearest.divide(scaled, by: 100_000_000)) * 100)
  }

  func longPart(_ quantity: Quantity) -> Quantity { max(.zero, quantity) }

  mutating func countInterest(_ asset: Int, from before: Quantity, to after: Quantity) {
    let interest = markets[asset].longInterest
    markets[asset].longInterest =
      interest.checkedAdding(longPart(after) - longPart(before)) ?? interest
  }

  /// Resting reduce-only orders, and triggers that belong to the position, go with it.
  private mutating func positionClosed(_ account: Int, _ asset: Int) {
    for id in ledger[account].reduceOnlyOrders[asset].elements {
      cancel(id, .reduceOnlyCanceled)
    }
    for id in ledger[account].openOrders.elements {
      guard let order = orders[id], order.asset == asset, order.isPositionTrigger, order.sleeps
      else { continue }
      cancel(id, .reduceOnlyCanceled)
    }
  }

  /// Where the resting reduce-only orders together are larger than the position, the oldest go.
  private mutating func trimReduceOnly(_ account: Int, _ asset: Int) {
    let resting = ledger[account].reduceOnlyOrders[asset].elements
    guard resting.count > 1 else { return }
    let position = ledger[account].positions[asset].quantity.magnitude
    var sum = resting.reduce(Quantity.zero) { sum, id in
      sum.checkedAdding(orders[id]?.remaining ?? .zero) ?? sum
    }
    for id in resting.dropLast() {
      guard sum > position else { return }
      sum -= orders[id]?.remaining ?? .zero
      cancel(id, .reduceOnlyCanceled)
    }
  }

  /// Ends an order that no longer rests or sleeps anywhere.
  mutating func finish(_ order: inout ExchangeOrder, _ status: ExchangeOrderStatus) {
    release(&order)
    order.status = status
    order.statusTime = clock
    let children = order.children
    let sibling = order.sibling
    order.children = []
    orders[order.id] = order
    ledger[order.accountIndex].openOrders.remove(order.id)
    ledger[order.accountIndex].reduceOnlyOrders[order.asset].remove(order.id)
    retire(order)
    tell(.update(order))
    if status == .filled {
      for child in children { wake(child) }
      if let sibling { cancel(sibling, .siblingFilledCanceled) }
    } else {
      let traded = order.remaining < order.quantity
      for child in children {
        if status == .marginCanceled, traded { wake(child) } else { cancel(child, .canceled) }
      }
    }
  }

  /// A child whose parent filled begins to wait for the mark.
  private mutating func wake(_ id: UInt64) {
    guard var order = orders[id], order.isOpen else { return }
    order.parent = nil
    orders[id] = order
    arm(order)
  }

  /// Takes an open order away; false where it is not open.
  @discardableResult
  mutating func cancel(_ id: UInt64, _ status: ExchangeOrderStatus) -> Bool {
    guard var order = orders[id], order.isOpen else { return false }
    if order.sleeps {
      disarm(order)
    } else if order.side == .buy {
      markets[order.asset].bids.remove(order)
    } else {
      markets[order.asset].asks.remove(order)
    }
    finish(&order, status)
    if status != .canceled { tell(.cancelledByVenue(order)) }
    return true
  }

  mutating func tell(_ item: AccountNews) {
    watched?.append(item)
    guard faults.announces else { return }
    news.append(item)
  }
}

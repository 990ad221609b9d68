import Market
import Risk

extension HyperliquidVenue {
  /// Why an order cannot be meant, whatever the state of book and account; nil where it can.
  func staticFault(
    _ request: OrderRequest, of account: Int, grouping: OrderGrouping = .none
  ) -> String? {
    guard markets.indices.contains(request.asset) else { return ErrorText.invalidPrice }
    let market = markets[request.asset]
    guard !market.listing.isDelisted else { return ErrorText.delisted }
    // A trigger that belongs to the position may leave its size to it.
    let takesWhole = grouping == .positionTriggers && request.quantity.isZero
    guard request.quantity != .zero || takesWhole else { return ErrorText.zeroSize }
    guard request.quantity >= .zero,
      request.quantity.steps % market.instrument.lot.steps == 0,
      request.quantity <= Self.largestPosition,
      let notional = request.price.notional(of: request.quantity, .nearest),
      notional <= Self.largestValue(request, market.instrument)
    else { return ErrorText.invalidSize }
    guard request.price > .zero else { return ErrorText.invalidPrice }
    guard isOnTick(request.price, market.instrument) else { return ErrorText.tick }
    var reference = market.reference.mark
    if case .trigger(let trigger) = request.kind {
      guard trigger.price > .zero else { return ErrorText.trigger }
      guard isOnTick(trigger.price, market.instrument) else { return ErrorText.tick }
      reference = trigger.price
    }
    let distance = (request.price - reference).magnitude
    guard Int128(distance.steps) * 100 <= Int128(reference.steps) * 95 else {
      return ErrorText.band
    }
    let position = ledger[account].positions[request.asset].quantity
    let closesAll =
      request.isReduceOnly && !position.isZero && request.quantity >= position.magnitude
    guard notional >= market.instrument.minimumNotional || closesAll || takesWhole else {
      return ErrorText.minimumValue
    }
    return nil
  }

  /// No position grows beyond this many coins, so that sums of a few of them fit.
  static var largestPosition: Quantity { Quantity(whole: 10_000_000_000) }

  /// The largest value of an order that takes at once, by the leverage that the asset allows, and
  /// ten times that for one with a limit ("Order types", read 2026-08).
  private static func largestValue(_ request: OrderRequest, _ instrument: Instrument) -> Money {
    let immediate: Int64 =
      switch instrument.maximumLeverage {
      case 25...: 30_000_000
      case 20...: 5_000_000
      case 10...: 2_000_000
      default: 500_000
      }
    return Money(whole: request.isImmediate ? immediate : 10 * immediate)
  }

  /// The largest of all caps, for trades that no request asks for.
  static var largestOrder: Money { Money(whole: 300_000_000) }

  private func isOnTick(_ price: Price, _ instrument: Instrument) -> Bool {
    price.steps % instrument.tick(at: price).steps == 0
  }

  /// Places one order that passed ``staticFault(_:of:)``.
  mutating func place(
    _ request: OrderRequest, of account: Int, grouping: OrderGrouping = .none,
    parent: UInt64? = nil
  ) -> OrderVerdict {
    if let text = modeRefusal(of: request) { return .refused(text) }
    var order = makeOrder(request, of: account)
    order.isPositionTrigger = grouping == .positionTriggers
    if let (status, text) = runtimeRefusal(of: request, order) {
      order.status = status
      record(refused: order)
      return .refused(text)
    }
    if let parent {
      order.parent = parent
      open(&order)
      return .waitingForFill
    }
    guard order.trigger == nil else {
      open(&order)
      arm(order)
      return grouping == .positionTriggers ? .waitingForTrigger : .resting(id: order.id)
    }
    return execute(&order)
  }

  /// What a fault or mode of the venue says to an order; nil where it lets it pass.
  private mutating func modeRefusal(of request: OrderRequest) -> String? {
    if faults.rejections.count > 0 {
      faults.rejections.count -= 1
      return faults.rejections.text
    }
    if faults.isCancelOnly { return ErrorText.cancelOnlyMode }
    if faults.isPostOnly, request.timeInForce != .addLiquidityOnly {
      return ErrorText.postOnlyMode
    }
    return nil
  }

  private mutating func makeOrder(_ request: OrderRequest, of account: Int) -> ExchangeOrder {
    nextOrderID += 1
    sequence += 1
    var order = ExchangeOrder(
      id: nextOrderID, clientID: request.clientID, account: ledger[account].address,
      symbol: markets[request.asset].instrument.symbol, side: request.side, limit: request.price,
      quantity: request.quantity, remaining: request.quantity, timeInForce: nil, trigger: nil,
      isReduceOnly: request.isReduceOnly, placed: clock, status: .open, statusTime: clock,
      accountIndex: account, asset: request.asset, sequence: sequence)
    switch request.kind {
    case .limit, .market:
      order.timeInForce = request.timeInForce
      if request.kind == .market { order.origin = .market }
    case .trigger(let trigger): order = order.sleeping(until: trigger)
    }
    order.children = childrenOfNextOrder
    order.builderRate = builderRateOfOrders
    if !request.isReduceOnly {
      let position = ledger[account].positions[request.asset].quantity
      let against = position.steps * request.side.sign < 0
      order.opening =
        against ? max(.zero, request.quantity - position.magnitude) : request.quantity
    }
    return order
  }

  private func runtimeRefusal(
    of request: OrderRequest, _ order: ExchangeOrder
  ) -> (ExchangeOrderStatus, String)? {
    let account = ledger[order.accountIndex]
    let limit = openOrderLimit(of: account)
    if account.openOrders.count >= limit
      || (account.openOrders.count >= 1_000 && (order.isReduceOnly || order.trigger != nil))
    {
      return (.tooManyOpenOrdersRejected, ErrorText.tooMany)
    }
    if let trigger = order.trigger {
      return firesNow(order, trigger) ? (.badTriggerPxRejected, ErrorText.trigger) : nil
    }
    let market = markets[order.asset]
    if order.isReduceOnly {
      let position = account.positions[order.asset].quantity
      guard position.steps.signum() * order.side.sign < 0 else {
        return (.reduceOnlyRejected, ErrorText.reduceOnly)
      }
    } else if !affords(order, at: order.timeInForce == .immediateOrCancel ? nil : order.limit) {
      return (.perpMarginRejected, ErrorText.margin)
    }
    let best = market.bestPrice(order.side.opposite)
    let crosses = best.map { ($0.steps - order.limit.steps) * order.side.sign <= 0 } ?? false
    if let refusal = capRefusal(of: order, crosses: crosses) { return refusal }
    switch order.timeInForce {
    case .addLiquidityOnly where crosses:
      let text = ErrorText.wouldMatch(market.bestPrice(.buy), market.bestPrice(.sell))
      return (.badAloPxRejected, text)
    case .immediateOrCancel where !crosses: return (.iocCancelRejected, ErrorText.immediate)
    default: return nil
    }
  }

  /// 1000 open orders and one more for each 5 million traded, at most 5000.
  private func openOrderLimit(of account: ExchangeAccount) -> Int {
    min(5_000, 1_000 + Int(account.volume.steps / Money(whole: 5_000_000).steps))
  }

  /// Lets an order take what it can and, where it may wait, rest.
  mutating func execute(_ order: inout ExchangeOrder) -> OrderVerdict {
    let isNew = orders[order.id] == nil
    if isNew { open(&order) }
    let taken = take(&order)
    guard order.remaining > .zero else {
      return .filled(quantity: taken.quantity, average: taken.average, id: order.id)
    }
    if order.timeInForce == .immediateOrCancel {
      if taken.quantity.isZero {
        finish(&order, isNew ? .iocCancelRejected : .canceled)
        return .refused(ErrorText.immediate)
      }
      finish(&order, .canceled)
      return .filled(quantity: taken.quantity, average: taken.average, id: order.id)
    }
    if order.isReduceOnly, reducible(by: order).isZero {
      finish(&order, .reduceOnlyCanceled)
      return taken.quantity.isZero
        ? .refused(ErrorText.reduceOnly)
        : .filled(quantity: taken.quantity, average: taken.average, id: order.id)
    }
    rest(&order)
    return taken.quantity.isZero
      ? .resting(id: order.id)
      : .filled(quantity: taken.quantity, average: taken.average, id: order.id)
  }
}

extension ExchangeOrder {
  /// The same order, just made, asleep until `trigger` fires.
  func sleeping(until trigger: ExchangeTrigger) -> ExchangeOrder {
    ExchangeOrder(
      id: id, clientID: clientID, account: account, symbol: symbol, side: side, limit: limit,
      quantity: quantity, remaining: remaining, timeInForce: nil, trigger: trigger,
      isReduceOnly: isReduceOnly, placed: placed, status: status, statusTime: statusTime,
      accountIndex: accountIndex, asset: asset, sequence: sequence)
  }
}

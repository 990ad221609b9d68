public import Market

/// An entry that a strategy's signal asks for; the gate alone decides its size.
public struct EntryRequest: Hashable, Sendable {
  /// The order's id.
  public var clientID: ClientOrderID
  /// Whose decision it is.
  public var strategy: StrategyID
  /// What to trade, with the venue's lot, minimum and leverage.
  public var instrument: Instrument
  /// Long or short.
  public var side: Side
  /// The decision's price.
  public var entry: Price
  /// Where the order is expected to fill.
  public var fillEstimate: Price
  /// The worst price that the order may trade at, on tick.
  public var limit: Price
  /// How long the order may wait.
  public var timeInForce: TimeInForce
  /// Where the idea is wrong.
  public var stop: Price
  /// Where the profit is taken.
  public var target: Price
  /// The last instant at which the signal may be acted on.
  public var validUntil: Instant
  /// Slots that the whole trade needs: 1, or 2 for the first leg of a pair.
  public var slots: Int

  /// Describes an entry; nothing is checked until the gate sees it.
  public init(
    clientID: ClientOrderID, strategy: StrategyID, instrument: Instrument, side: Side,
    entry: Price, fillEstimate: Price, limit: Price, timeInForce: TimeInForce, stop: Price,
    target: Price, validUntil: Instant, slots: Int = 1
  ) {
    self.clientID = clientID
    self.strategy = strategy
    self.instrument = instrument
    self.side = side
    self.entry = entry
    self.fillEstimate = fillEstimate
    self.limit = limit
    self.timeInForce = timeInForce
    self.stop = stop
    self.target = target
    self.validUntil = validUntil
    self.slots = slots
  }
}

/// An entry that the gate let through, with what it puts at stake.
public struct ClearedEntry: Hashable, Sendable {
  /// The order, of the size that sizing chose.
  public let order: Cleared
  /// The loss at the stop with slippage and fees, rounded up.
  public let risk: Money
  /// Size times the dearer of entry and limit price, rounded up.
  public let notional: Money
}

/// The only maker of ``Cleared`` orders: the rules of ``judge(_:account:symbol:policy:in:)`` and
/// ``judgeReduction(_:in:)``, read with integers under one set of limits.
public struct Gate: Sendable {
  /// The limits in force.
  public let limits: Limits
  /// The same limits as the rules read them.
  public let policy: Policy<Int64>

  /// Makes the gate of `limits`.
  public init(limits: Limits) {
    self.limits = limits
    self.policy = Policy(limits)
  }

  /// Judges and sizes an order that adds risk.
  ///
  /// The order that comes back is built here from the very values that were judged; the caller
  /// chooses neither its size nor whether it may grow a position.
  ///
  /// - Parameters:
  ///   - request: The trade, before its size is known.
  ///   - account: The account, with unresolved orders at their worst.
  ///   - symbol: The symbol, with unresolved orders at their worst.
  /// - Returns: The cleared order with its stakes, or the first reason against it.
  public func clearEntry(
    _ request: EntryRequest, account: AccountState<Int64>, symbol: SymbolState<Int64>
  ) -> Result<ClearedEntry, RejectReason> {
    let trade = TradeProposal<Int64>(request)
    let d = Integers()
    switch judge(trade, account: account, symbol: symbol, policy: policy, in: d) {
    case .rejected(let reason):
      return .failure(reason)
    case .approved(let quantity):
      guard let stakes = stakes(of: quantity, in: trade, policy: policy, reading: d) else {
        return .failure(.malformed)
      }
      let intent = OrderIntent(
        clientID: request.clientID, strategy: request.strategy, symbol: request.instrument.symbol,
        role: .entry, side: request.side, quantity: Quantity(steps: quantity),
        pricing: .limit(price: request.limit, timeInForce: request.timeInForce),
        isReduceOnly: false)
      return .success(
        ClearedEntry(
          order: Cleared(intent), risk: Money(steps: stakes.risk),
          notional: Money(steps: stakes.notional)))
    }
  }

  /// Judges an order that can only shrink a position: a stop, a target or an exit.
  ///
  /// Allowed while killed or paused. A stop and a target of one position may rest together, since
  /// the venue cancels or clips the one when the other trades; two orders of the same role may not
  /// ask for more than the position between them.
  ///
  /// - Parameters:
  ///   - intent: The whole order, reduce-only.
  ///   - position: The signed quantity that its owner holds.
  ///   - outstanding: Base coin of the other orders of the same role that are out for the position,
  ///     unknown ones included.
  /// - Returns: The cleared order, or the first reason against it.
  public func clearReduction(
    _ intent: OrderIntent, position: Quantity, outstanding: Quantity
  ) -> Result<Cleared, ReductionRefusal> {
    let reduction = Reduction<Int64>(
      role: intent.role, isBuy: intent.side == .buy, isReduceOnly: intent.isReduceOnly,
      quantity: intent.quantity.steps, price: intent.pricing.worstPrice.steps,
      position: position.steps, outstanding: outstanding.steps)
    if let refusal = judgeReduction(reduction, in: Integers()) { return .failure(refusal) }
    return .success(Cleared(intent))
  }
}

extension TradeProposal<Int64> {
  /// The numbers of `request`, as the gate reads them.
  public init(_ request: EntryRequest) {
    self.init(
      isLong: request.side == .buy, entry: request.entry.steps,
      fillEstimate: request.fillEstimate.steps, worstPrice: request.limit.steps,
      stop: request.stop.steps, target: request.target.steps,
      validUntil: request.validUntil.nanoseconds, slots: Int64(request.slots),
      lot: request.instrument.lot.steps,
      minimumNotional: request.instrument.minimumNotional.steps,
      venueLeverage: request.instrument.maximumLeverage)
  }
}

extension OrderPricing {
  /// The worst price that an order of this pricing may trade at.
  var worstPrice: Price {
    switch self {
    case .limit(let price, _): price
    case .trigger(_, let worst): worst
    }
  }
}

extension Gate {
  /// The loss of `quantity` at the stop once it was bought or sold at `price`, with both fees and
  /// the stop's slippage, rounded up; nil where a value is beyond ``Bounds``.
  public func lossAtStop(filledAt price: Price, stop: Price, quantity: Quantity) -> Money? {
    Risk.lossAtStop(
      filledAt: price.steps, stop: stop.steps, quantity: quantity.steps, policy: policy,
      in: Integers()
    ).map(Money.init(steps:))
  }
}

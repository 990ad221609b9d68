/// Books one execution: opens, adds, reduces, closes, or closes and opens the other way round.
///
/// Rounding is against us and nothing is lost: the signed cost of each piece (what closes, what
/// opens) is rounded up, so a purchase costs the step more and a sale brings the step less; the
/// basis that a closing piece releases is rounded up too, and the last piece releases all of it.
/// Therefore a flip is exactly its close and its opening, and a flat position has no cost.
@inlinable
public func booked<D: Domain>(
  _ fill: LedgerFill<D.Number>, on position: LedgerPosition<D.Number>, in d: D
) -> LedgerStep<D.Number> {
  typealias N = D.Number
  let isSane = isSane(position).and(isWithin(fill.price, 1, Bounds.largestPrice))
    .and(isWithin(fill.quantity, 1, Bounds.largestQuantity))
    .and(isWithin(fill.fee, -Bounds.largestMoney, Bounds.largestMoney))
  if d.holds(isSane.negated) { return .refused(.malformed) }
  if d.holds(N(constant: Bounds.largestMoney) * 100_000_000 < fill.price * fill.quantity) {
    return .refused(.outOfRange)
  }
  let held = position.quantity.magnitudeTerm
  let isOpposite = fill.isBuy.and(position.quantity < 0)
    .or(fill.isBuy.negated.and(0 < position.quantity))
  let closed = N.select(isOpposite, held.atMost(fill.quantity), 0)
  let opened = fill.quantity - closed
  let closedCost = signedCost(closed, at: fill.price, isBuy: fill.isBuy)
  let openedCost = signedCost(opened, at: fill.price, isBuy: fill.isBuy)
  let released = (position.cost * closed).ceilingQuotient(by: held.atLeast(1).wide).narrowed
  let realised = 0 - closedCost - released

  var next = position
  next.quantity = position.quantity + N.select(fill.isBuy, fill.quantity, 0 - fill.quantity)
  next.cost = position.cost - released + openedCost
  next.realised = position.realised + realised
  next.fees = position.fees + fill.fee
  if d.holds(Risk.isSane(next).negated) { return .refused(.outOfRange) }
  return .booked(
    LedgerBooking(
      position: next, realised: realised, closed: closed, traded: closedCost + openedCost))
}

/// Books a funding payment, received (positive) or paid (negative).
@inlinable
public func booked<D: Domain>(
  funding amount: D.Number, on position: LedgerPosition<D.Number>, in d: D
) -> LedgerStep<D.Number> {
  let isPaymentSane = isWithin(amount, -Bounds.largestMoney, Bounds.largestMoney)
  if d.holds(isSane(position).and(isPaymentSane).negated) { return .refused(.malformed) }
  var next = position
  next.funding = position.funding + amount
  if d.holds(isSane(next).negated) { return .refused(.outOfRange) }
  return .booked(LedgerBooking(position: next, realised: 0, closed: 0, traded: 0))
}

/// What a piece of an execution costs, rounded up: paid is positive, received negative.
@inlinable @inline(__always)
func signedCost<N: DomainNumber>(_ quantity: N, at price: N, isBuy: N.Truth) -> N {
  (N.select(isBuy, quantity, 0 - quantity) * price)
    .ceilingQuotient(by: N(constant: 100_000_000).wide).narrowed
}

/// The fee of a taker for an execution, rounded up; nil where a value is beyond ``Bounds``.
///
/// - Parameters:
///   - price: Quote currency a coin, in steps of 1e-8.
///   - quantity: Base coin, in steps of 1e-8.
///   - rate: The fee in tenths of a basis point: 45 is 4.5 basis points.
///   - d: The reading.
/// - Returns: The fee in steps of 1e-8.
@inlinable
public func takerFee<D: Domain>(
  price: D.Number, quantity: D.Number, rate: D.Number, in d: D
) -> D.Number? {
  let isSane = isWithin(price, 1, Bounds.largestPrice)
    .and(isWithin(quantity, 1, Bounds.largestQuantity))
    .and(isWithin(rate, 0, Bounds.largestFeeTenthsOfBasisPoint))
  if d.holds(isSane.negated) { return nil }
  let notional = price * quantity
  if d.holds(D.Number(constant: Bounds.largestMoney) * 100_000_000 < notional) { return nil }
  return (notional * rate).ceilingQuotient(by: D.Number(constant: 10_000_000_000_000).wide).narrowed
}

/// The funding that a position receives (positive) or pays (negative), rounded against us.
///
/// - Parameters:
///   - quantity: Base coin, signed, in steps of 1e-8.
///   - price: The oracle or mark price, in steps of 1e-8.
///   - rate: The fraction for the period in steps of 1e-10; positive means that longs pay.
///   - d: The reading.
/// - Returns: The payment in steps of 1e-8; nil where a value is beyond ``Bounds``.
@inlinable
public func fundingPayment<D: Domain>(
  quantity: D.Number, price: D.Number, rate: D.Number, in d: D
) -> D.Number? {
  let isSane = isWithin(price, 1, Bounds.largestPrice)
    .and(isWithin(quantity, -Bounds.largestQuantity, Bounds.largestQuantity))
    .and(isWithin(rate, -Bounds.largestFundingRate, Bounds.largestFundingRate))
  if d.holds(isSane.negated) { return nil }
  let notional = quantity.magnitudeTerm * price
  if d.holds(D.Number(constant: Bounds.largestMoney) * 100_000_000 < notional) { return nil }
  return (quantity * price * (0 - rate))
    .floorQuotient(by: D.Number(constant: 1_000_000_000_000_000_000).wide).narrowed
}

/// The profit that a position would realise at `mark`, rounded down; nil beyond ``Bounds``.
@inlinable
public func unrealised<D: Domain>(
  _ position: LedgerPosition<D.Number>, at mark: D.Number, in d: D
) -> D.Number? {
  let isSane = isSane(position).and(isWithin(mark, 1, Bounds.largestPrice))
  if d.holds(isSane.negated) { return nil }
  let notional = position.quantity.magnitudeTerm * mark
  if d.holds(D.Number(constant: Bounds.largestMoney) * 100_000_000 < notional) { return nil }
  let value = (position.quantity * mark).floorQuotient(by: D.Number(constant: 100_000_000).wide)
  return value.narrowed - position.cost
}

/// Whether every total of a position may enter arithmetic.
@inlinable @inline(__always)
func isSane<N: DomainNumber>(_ position: LedgerPosition<N>) -> N.Truth {
  isWithin(position.quantity, -Bounds.largestQuantity, Bounds.largestQuantity)
    .and(isWithin(position.cost, -Bounds.largestMoney, Bounds.largestMoney))
    .and(isWithin(position.realised, -Bounds.largestMoney, Bounds.largestMoney))
    .and(isWithin(position.fees, -Bounds.largestMoney, Bounds.largestMoney))
    .and(isWithin(position.funding, -Bounds.largestMoney, Bounds.largestMoney))
}

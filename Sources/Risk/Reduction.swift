/// An order that is meant to shrink a position, as the gate sees it.
@frozen
public struct Reduction<Number: DomainNumber> {
  /// What the order is for.
  public var role: OrderRole
  /// Buy rather than sell.
  public var isBuy: Number.Truth
  /// Whether the venue may only let it shrink a position.
  public var isReduceOnly: Number.Truth
  /// Base coin asked for.
  public var quantity: Number
  /// The worst price that it may trade at.
  public var price: Number
  /// The signed quantity that its owner holds.
  public var position: Number
  /// Base coin of the other orders of the same role that are out for the position.
  public var outstanding: Number

  /// Describes an order; amounts in steps of 1e-8.
  @inlinable @inline(__always)
  public init(
    role: OrderRole, isBuy: Number.Truth, isReduceOnly: Number.Truth, quantity: Number,
    price: Number, position: Number, outstanding: Number
  ) {
    self.role = role
    self.isBuy = isBuy
    self.isReduceOnly = isReduceOnly
    self.quantity = quantity
    self.price = price
    self.position = position
    self.outstanding = outstanding
  }
}

extension Reduction: Sendable where Number: Sendable, Number.Truth: Sendable {}

/// Whether an order can only shrink its position, whatever fills first; nil lets it pass.
///
/// Reads neither the kill switch nor any pause: getting out is always allowed.
@inlinable
public func judgeReduction<D: Domain>(
  _ order: Reduction<D.Number>, in d: D
) -> ReductionRefusal? {
  let isSane = isWithin(order.quantity, 1, Bounds.largestQuantity)
    .and(isWithin(order.price, 1, Bounds.largestPrice))
    .and(isWithin(order.position, -Bounds.largestQuantity, Bounds.largestQuantity))
    .and(isWithin(order.outstanding, 0, Bounds.largestQuantity))
  if d.holds(isSane.negated) { return .malformed }
  if order.role == .entry { return .isEntry }
  if d.holds(order.isReduceOnly.negated) { return .notReduceOnly }
  if d.holds(order.position == 0) { return .noPosition }
  let isShort = order.position < 0
  // A buy shrinks a short and a sell shrinks a long.
  let shrinks = order.isBuy.and(isShort).or(order.isBuy.negated.and(isShort.negated))
  if d.holds(shrinks.negated) { return .increases }
  let held = order.position.magnitudeTerm
  if d.holds(held < order.quantity) { return .flips }
  if d.holds(held < order.quantity + order.outstanding) { return .exceedsPosition }
  return nil
}

/// Whether `value` lies between two constants, both included.
@inlinable @inline(__always)
func isWithin<N: DomainNumber>(_ value: N, _ least: Int64, _ most: Int64) -> N.Truth {
  (N(constant: least) <= value).and(value <= N(constant: most))
}

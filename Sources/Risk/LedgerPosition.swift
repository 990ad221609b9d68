/// What one owner holds in one symbol, in steps of 1e-8.
@frozen
public struct LedgerPosition<Number: DomainNumber> {
  /// Base coin; negative is short.
  public var quantity: Number
  /// Signed cost of what is held, in quote currency: positive for a long.
  public var cost: Number
  /// Profit realised so far, before fees and funding.
  public var realised: Number
  /// Fees paid so far; rebates lower it.
  public var fees: Number
  /// Funding received less paid so far.
  public var funding: Number

  /// A flat position that never traded, unless told otherwise.
  @inlinable @inline(__always)
  public init(
    quantity: Number = 0, cost: Number = 0, realised: Number = 0, fees: Number = 0,
    funding: Number = 0
  ) {
    self.quantity = quantity
    self.cost = cost
    self.realised = realised
    self.fees = fees
    self.funding = funding
  }
}

/// One execution, as the ledger sees it; amounts in steps of 1e-8.
@frozen
public struct LedgerFill<Number: DomainNumber> {
  /// Bought rather than sold.
  public var isBuy: Number.Truth
  /// The price, positive.
  public var price: Number
  /// The base coin, positive.
  public var quantity: Number
  /// Paid in quote currency; negative is a rebate.
  public var fee: Number

  /// Describes an execution.
  @inlinable @inline(__always)
  public init(isBuy: Number.Truth, price: Number, quantity: Number, fee: Number) {
    self.isBuy = isBuy
    self.price = price
    self.quantity = quantity
    self.fee = fee
  }
}

/// What booking one event did: the position after it, and its double entry.
@frozen
public struct LedgerBooking<Number: DomainNumber> {
  /// The position after the event.
  public var position: LedgerPosition<Number>
  /// Profit realised by the event, before its fee.
  public var realised: Number
  /// Base coin of the execution that closed; the rest of it opened.
  public var closed: Number
  /// Signed cost of the execution: paid is positive, received negative.
  public var traded: Number

  /// Gathers the parts of a booking.
  @inlinable @inline(__always)
  public init(
    position: LedgerPosition<Number>, realised: Number, closed: Number, traded: Number
  ) {
    self.position = position
    self.realised = realised
    self.closed = closed
    self.traded = traded
  }
}

/// Why the ledger did not book an event; the position stays as it was.
public enum LedgerFault: UInt8, Hashable, Sendable, CaseIterable, Error {
  /// A value is not positive where it must be, or beyond ``Bounds``.
  case malformed = 0
  /// The notional, or a total after the event, is beyond ``Bounds``.
  case outOfRange = 1
}

/// What the ledger made of an event.
@frozen
public enum LedgerStep<Number: DomainNumber> {
  /// Booked.
  case booked(LedgerBooking<Number>)
  /// Not booked.
  case refused(LedgerFault)
}

extension LedgerPosition: Sendable where Number: Sendable {}
extension LedgerPosition: Equatable, Hashable where Number: Hashable {}
extension LedgerFill: Sendable where Number: Sendable, Number.Truth: Sendable {}
extension LedgerBooking: Sendable where Number: Sendable {}
extension LedgerBooking: Equatable, Hashable where Number: Hashable {}
extension LedgerStep: Sendable where Number: Sendable {}
extension LedgerStep: Equatable, Hashable where Number: Hashable {}

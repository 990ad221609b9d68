/// Where an order is in its life.
///
/// ```
///             sent              acknowledged            cancelRequested
///  intended ────────▶ sent ───────────────▶ working ───────────────▶ cancelling
///     │                 │ outcomeUnknown       │ traded to the full      │ cancelled
///     │ abandoned       ▼                      ▼                         ▼
///     ▼              unknown ──▶ any        filled                  cancelled
///  neverReached ◀──────┘ notFound, never acknowledged      rejected
/// ```
///
/// The first five states count toward the limits; the last four are terminal. No time-out leads to
/// a terminal state: that takes the venue's evidence.
public enum OrderState: UInt8, Hashable, Sendable, CaseIterable {
  /// Durable, and not yet known to have left.
  case intended = 0
  /// Handed to the network; no answer yet.
  case sent = 1
  /// Its outcome is unknown: it may stand, have traded, or never have arrived.
  case unknown = 2
  /// The venue acknowledged it; it may have traded in part.
  case working = 3
  /// As working, and a cancel has been asked for.
  case cancelling = 4
  /// Traded to the full.
  case filled = 5
  /// Ended by the venue, on our request or by itself; it may have traded in part.
  case cancelled = 6
  /// Refused by the venue; it never traded.
  case rejected = 7
  /// Never left, or the venue never knew it.
  case neverReached = 8

  /// The stable lower-case name.
  public var name: String {
    switch self {
    case .intended: "intended"
    case .sent: "sent"
    case .unknown: "unknown"
    case .working: "working"
    case .cancelling: "cancelling"
    case .filled: "filled"
    case .cancelled: "cancelled"
    case .rejected: "rejected"
    case .neverReached: "never_reached"
    }
  }

  /// Whether nothing but a late execution can come any more.
  public var isTerminal: Bool {
    switch self {
    case .intended, .sent, .unknown, .working, .cancelling: false
    case .filled, .cancelled, .rejected, .neverReached: true
    }
  }

  /// Whether what is left of the order counts fully against the limits.
  public var countsTowardLimits: Bool { !isTerminal }
}

/// An order as the table of states sees it.
@frozen
public struct OrderStanding<Number> {
  /// Where it is.
  public var state: OrderState
  /// Whether the venue has ever shown that it knows the order.
  public var wasAcknowledged: Bool
  /// Base coin asked for, positive.
  public var quantity: Number
  /// Base coin of the executions that were booked.
  public var filled: Number

  /// Describes an order; amounts in steps of 1e-8.
  @inlinable @inline(__always)
  public init(state: OrderState, wasAcknowledged: Bool, quantity: Number, filled: Number) {
    self.state = state
    self.wasAcknowledged = wasAcknowledged
    self.quantity = quantity
    self.filled = filled
  }
}

/// Base coin of an order that counts toward the limits.
///
/// All that has not traded counts, as long as the venue has not shown that the order is over: an
/// unknown outcome counts in full.
@inlinable
public func openQuantity<N: DomainNumber>(of order: OrderStanding<N>) -> N {
  order.state.countsTowardLimits ? order.quantity - order.filled : 0
}

/// What can happen to an order.
@frozen
public enum OrderEvent<Number> {
  /// We hand it to the network.
  case sent
  /// We decide not to send it after all.
  case abandoned
  /// We ask the venue to cancel it.
  case cancelRequested
  /// The process restarted: whatever was on its way may or may not have arrived.
  case restarted
  /// A request about it ended without an answer.
  case outcomeUnknown
  /// The venue says that it stands.
  case acknowledged
  /// One execution, not seen before: base coin traded by it.
  case traded(quantity: Number)
  /// The venue's total of its executions; those themselves come as ``traded(quantity:)``.
  case reported(total: Number)
  /// The venue ended it after `total` had traded in all.
  case cancelled(total: Number)
  /// The venue refused to cancel it: it is gone, or never was.
  case cancelRefused
  /// The venue refused it.
  case rejected
  /// The venue knows no such order, and was asked longer after the send than orders take to show.
  case notFound
}

/// Why an event is impossible in a state; the order stays as it was.
public enum OrderFault: UInt8, Hashable, Sendable, CaseIterable, Error {
  /// A quantity is not positive, or beyond ``Bounds``.
  case malformed = 0
  /// More traded than was asked for.
  case overfilled = 1
  /// It would be sent twice.
  case sentTwice = 2
  /// It cannot be abandoned once it may have left.
  case alreadySent = 3
  /// It is over: nothing can be asked for it.
  case terminal = 4
  /// The venue refuses what it has traded or ends with less than it has reported.
  case contradiction = 5
}

/// What an event did to an order.
@frozen
public enum OrderStep<Number> {
  /// The order now stands so.
  case moved(OrderStanding<Number>)
  /// News that was known, late, or weaker than what is known: nothing changes.
  case ignored
  /// An execution after the end: it is booked, the state stays terminal.
  case lateFill(OrderStanding<Number>)
  /// Impossible by the rules: alert, and believe nothing of it.
  case illegal(OrderFault)
}

extension OrderStanding: Sendable where Number: Sendable {}
extension OrderStanding: Equatable, Hashable where Number: Hashable {}
extension OrderEvent: Sendable where Number: Sendable {}
extension OrderEvent: Equatable, Hashable where Number: Hashable {}
extension OrderStep: Sendable where Number: Sendable {}
extension OrderStep: Equatable, Hashable where Number: Hashable {}

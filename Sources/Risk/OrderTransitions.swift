/// The table of order states: what `event` makes of `order`.
///
/// Every pair of state and event has an answer. Terminal states are absorbing: a late execution is
/// booked (``OrderStep/lateFill(_:)``) and never reopens the order. Executions only add up, and
/// never beyond the quantity.
@inlinable
public func advance<D: Domain>(
  _ order: OrderStanding<D.Number>, on event: OrderEvent<D.Number>, in d: D
) -> OrderStep<D.Number> {
  let isSane = isWithin(order.quantity, 1, Bounds.largestQuantity)
    .and(isWithin(order.filled, 0, Bounds.largestQuantity)).and(order.filled <= order.quantity)
  if d.holds(isSane.negated) { return .illegal(.malformed) }
  switch event {
  case .traded(let quantity): return traded(quantity, of: order, in: d)
  case .reported(let total): return reported(total, of: order, in: d)
  case .cancelled(let total): return cancelled(total, of: order, in: d)
  case .rejected: return rejected(order, in: d)
  case .sent: return order.sent()
  case .abandoned: return order.abandoned()
  case .cancelRequested: return order.cancelRequested()
  case .restarted: return order.outcomeUnknown(evenWhenAcknowledged: true)
  case .outcomeUnknown: return order.outcomeUnknown(evenWhenAcknowledged: false)
  case .acknowledged: return order.acknowledged()
  case .cancelRefused: return order.cancelRefused()
  case .notFound: return order.notFound()
  }
}

/// One execution that was not seen before.
@inlinable @inline(__always)
func traded<D: Domain>(
  _ quantity: D.Number, of order: OrderStanding<D.Number>, in d: D
) -> OrderStep<D.Number> {
  if d.holds(isWithin(quantity, 1, Bounds.largestQuantity).negated) { return .illegal(.malformed) }
  let total = order.filled + quantity
  if d.holds(order.quantity < total) { return .illegal(.overfilled) }
  var next = order
  next.filled = total
  next.wasAcknowledged = true
  if order.state.isTerminal { return .lateFill(next) }
  if d.holds(total == order.quantity) {
    next.state = .filled
    return .moved(next)
  }
  // A fill can overtake the acknowledgement; it proves the same thing.
  if order.state != .cancelling { next.state = .working }
  return .moved(next)
}

/// The venue's total, which proves that the order arrived; only the executions end it.
@inlinable @inline(__always)
func reported<D: Domain>(
  _ total: D.Number, of order: OrderStanding<D.Number>, in d: D
) -> OrderStep<D.Number> {
  if d.holds(isWithin(total, 0, Bounds.largestQuantity).negated) { return .illegal(.malformed) }
  if d.holds(order.quantity < total) { return .illegal(.overfilled) }
  return order.acknowledged()
}

/// The venue ended the order, which stays counted until the executions of `total` are booked.
@inlinable @inline(__always)
func cancelled<D: Domain>(
  _ total: D.Number, of order: OrderStanding<D.Number>, in d: D
) -> OrderStep<D.Number> {
  if d.holds(isWithin(total, 0, Bounds.largestQuantity).negated) { return .illegal(.malformed) }
  if d.holds(order.quantity < total) { return .illegal(.overfilled) }
  if order.state.isTerminal { return .ignored }
  // The stream of executions may run ahead of a snapshot, never behind the truth.
  if d.holds(total < order.filled) { return .illegal(.contradiction) }
  var next = order
  next.wasAcknowledged = true
  next.state = d.holds(order.filled < total) ? .cancelling : .cancelled
  return next.state == order.state && order.wasAcknowledged ? .ignored : .moved(next)
}

/// The venue refused the order, at once or when its trigger was reached.
@inlinable @inline(__always)
func rejected<D: Domain>(_ order: OrderStanding<D.Number>, in d: D) -> OrderStep<D.Number> {
  if order.state.isTerminal { return .ignored }
  if d.holds(0 < order.filled) { return .illegal(.contradiction) }
  var next = order
  next.state = .rejected
  next.wasAcknowledged = true
  return .moved(next)
}

extension OrderStanding {
  @inlinable @inline(__always)
  func moved(to state: OrderState, acknowledged: Bool = false) -> OrderStep<Number> {
    var next = self
    next.state = state
    next.wasAcknowledged = wasAcknowledged || acknowledged
    return .moved(next)
  }

  @inlinable
  func sent() -> OrderStep<Number> {
    switch state {
    case .intended: moved(to: .sent)
    case .sent, .unknown, .working, .cancelling: .illegal(.sentTwice)
    case .filled, .cancelled, .rejected, .neverReached: .illegal(.terminal)
    }
  }

  @inlinable
  func abandoned() -> OrderStep<Number> {
    switch state {
    case .intended: moved(to: .neverReached)
    case .sent, .unknown, .working, .cancelling: .illegal(.alreadySent)
    case .filled, .cancelled, .rejected, .neverReached: .illegal(.terminal)
    }
  }

  @inlinable
  func cancelRequested() -> OrderStep<Number> {
    switch state {
    case .intended, .sent, .working: moved(to: .cancelling)
    // Still unknown: asking to cancel tells nothing about whether it stands.
    case .unknown, .cancelling: .ignored
    case .filled, .cancelled, .rejected, .neverReached: .illegal(.terminal)
    }
  }

  /// A time-out says nothing about an order that is known to stand; a restart makes all doubtful.
  @inlinable
  func outcomeUnknown(evenWhenAcknowledged: Bool) -> OrderStep<Number> {
    switch state {
    case .intended, .sent, .cancelling: moved(to: .unknown)
    case .working: evenWhenAcknowledged ? moved(to: .unknown) : .ignored
    case .unknown, .filled, .cancelled, .rejected, .neverReached: .ignored
    }
  }

  @inlinable
  func acknowledged() -> OrderStep<Number> {
    switch state {
    case .intended, .sent, .unknown: moved(to: .working, acknowledged: true)
    case .cancelling: wasAcknowledged ? .ignored : moved(to: .cancelling, acknowledged: true)
    case .working, .filled, .cancelled, .rejected, .neverReached: .ignored
    }
  }

  @inlinable
  func cancelRefused() -> OrderStep<Number> {
    switch state {
    // "Gone, or never was", said of an order that may stand: ask, and count it until answered.
    case .cancelling: moved(to: .unknown)
    case .intended, .sent, .unknown, .working, .filled, .cancelled, .rejected, .neverReached:
      .ignored
    }
  }

  @inlinable
  func notFound() -> OrderStep<Number> {
    switch state {
    case .intended: return .ignored
    case .sent, .unknown, .cancelling:
      // What the venue once knew cannot have failed to arrive: it stays unknown until explained.
      if !wasAcknowledged { return moved(to: .neverReached) }
      return state == .unknown ? .ignored : moved(to: .unknown)
    case .working: return moved(to: .unknown)
    case .filled, .cancelled, .rejected, .neverReached: return .ignored
    }
  }
}

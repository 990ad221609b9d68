/// The equities that losses are measured from, in steps of 1e-8.
@frozen
public struct EquityReferences<Number> {
  /// Equity when the UTC day began.
  public var dayStart: Number
  /// Equity when the session began.
  public var sessionStart: Number
  /// The highest equity seen.
  public var highWater: Number

  /// Gathers the three references.
  @inlinable @inline(__always)
  public init(dayStart: Number, sessionStart: Number, highWater: Number) {
    self.dayStart = dayStart
    self.sessionStart = sessionStart
    self.highWater = highWater
  }
}

extension EquityReferences: Sendable where Number: Sendable {}
extension EquityReferences: Equatable, Hashable where Number: Hashable {}

/// Whether equity is at or past the loss limit of the UTC day; equality trips.
@inlinable @inline(__always)
public func isAtDayLoss<N: DomainNumber>(
  _ equity: N, _ references: EquityReferences<N>, _ policy: Policy<N>
) -> N.Truth {
  equity * 10_000 <= references.dayStart * policy.dayFloorBasisPoints
}

/// Whether equity is at or past the session drawdown from the configured reference.
@inlinable @inline(__always)
public func isAtSessionDrawdown<N: DomainNumber>(
  _ equity: N, _ references: EquityReferences<N>, _ policy: Policy<N>
) -> N.Truth {
  let peak = references.highWater.atLeast(references.sessionStart)
  let reference = N.select(policy.usesHighWater, peak, references.sessionStart)
  return equity * 10_000 <= reference * policy.drawdownFloorBasisPoints
}

/// The references after equity was marked: the high-water mark follows it up and never down.
@inlinable @inline(__always)
public func marked<N: DomainNumber>(
  _ references: EquityReferences<N>, at equity: N
) -> EquityReferences<N> {
  EquityReferences(
    dayStart: references.dayStart, sessionStart: references.sessionStart,
    highWater: references.highWater.atLeast(equity))
}

/// The references after a UTC day began: the day's alone starts again.
@inlinable @inline(__always)
public func dayRolled<N: DomainNumber>(
  _ references: EquityReferences<N>, at equity: N
) -> EquityReferences<N> {
  marked(
    EquityReferences(
      dayStart: equity, sessionStart: references.sessionStart, highWater: references.highWater),
    at: equity)
}

/// The references after a session began: the session's alone starts again.
@inlinable @inline(__always)
public func sessionStarted<N: DomainNumber>(
  _ references: EquityReferences<N>, at equity: N
) -> EquityReferences<N> {
  marked(
    EquityReferences(
      dayStart: references.dayStart, sessionStart: equity, highWater: references.highWater),
    at: equity)
}

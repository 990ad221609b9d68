/// The breakers that pause entries for a while.
public enum BreakerKind: UInt8, Hashable, Sendable, CaseIterable {
  /// A round trip took too long.
  case latency = 0
  /// Orders failed in a row.
  case orderFailures = 1
  /// The execution venue's feed fell silent.
  case staleFeed = 2
  /// The venue limited our rate again and again.
  case rateLimit = 3

  /// The stable lower-case name: `latency`, `order_failures`.
  public var name: String {
    switch self {
    case .latency: "latency"
    case .orderFailures: "order_failures"
    case .staleFeed: "stale_feed"
    case .rateLimit: "rate_limit"
    }
  }
}

/// What a breaker remembers.
///
/// Times are wall time in nanoseconds, so that a pause survives a restart.
@frozen
public struct BreakerState<Number: DomainNumber> {
  /// Entries are paused before this instant; 0 for never tripped.
  public var pausedUntil: Number
  /// Bad events that count toward the next trip.
  public var count: Number
  /// When the window of ``count`` began; only the windowed breaker reads it.
  public var windowStart: Number

  /// A breaker that never tripped, unless told otherwise.
  @inlinable @inline(__always)
  public init(pausedUntil: Number = 0, count: Number = 0, windowStart: Number = 0) {
    self.pausedUntil = pausedUntil
    self.count = count
    self.windowStart = windowStart
  }
}

/// What an event did to a breaker.
@frozen
public enum BreakerStep<Number: DomainNumber> {
  /// Nothing to tell; keep this state.
  case kept(BreakerState<Number>)
  /// It tripped in this very step; keep this state and tell.
  case tripped(BreakerState<Number>)
  /// A value is beyond ``Bounds``; the state stays as it was.
  case malformed

  /// The state to keep, given the one before the step.
  @inlinable
  public func state(after before: BreakerState<Number>) -> BreakerState<Number> {
    switch self {
    case .kept(let state), .tripped(let state): state
    case .malformed: before
    }
  }
}

extension BreakerState: Sendable where Number: Sendable {}
extension BreakerState: Equatable, Hashable where Number: Hashable {}
extension BreakerStep: Sendable where Number: Sendable {}
extension BreakerStep: Equatable, Hashable where Number: Hashable {}

/// A level was measured, such as a round trip or the age of a feed: at `threshold` it trips.
///
/// - Parameters:
///   - level: What was measured, in nanoseconds.
///   - breaker: The state before.
///   - threshold: What trips, in nanoseconds.
///   - pause: How long entries are paused, in nanoseconds.
///   - now: Wall time in nanoseconds.
///   - d: The reading.
/// - Returns: The state after; a pause is never shortened.
@inlinable
public func measured<D: Domain>(
  _ level: D.Number, on breaker: BreakerState<D.Number>, threshold: D.Number, pause: D.Number,
  now: D.Number, in d: D
) -> BreakerStep<D.Number> {
  let isSane = isSane(breaker, pause: pause, now: now)
    .and(isWithin(level, 0, Bounds.latestInstant))
    .and(isWithin(threshold, 1, Bounds.latestInstant))
  if d.holds(isSane.negated) { return .malformed }
  if d.holds(level < threshold) { return .kept(breaker) }
  return .tripped(paused(breaker, until: now + pause))
}

/// An order failed: the `threshold`-th failure in a row trips and begins the count again.
@inlinable
public func orderFailed<D: Domain>(
  on breaker: BreakerState<D.Number>, threshold: D.Number, pause: D.Number, now: D.Number, in d: D
) -> BreakerStep<D.Number> {
  let isSane = isSane(breaker, pause: pause, now: now)
    .and(isWithin(threshold, 1, Bounds.largestCount))
  if d.holds(isSane.negated) { return .malformed }
  return counted(
    BreakerState(
      pausedUntil: breaker.pausedUntil, count: breaker.count + 1,
      windowStart: breaker.windowStart),
    threshold: threshold, pause: pause, now: now, in: d)
}

/// An order succeeded: failures are no longer in a row, and a pause goes on to its end.
@inlinable
public func orderSucceeded<N: DomainNumber>(on breaker: BreakerState<N>) -> BreakerState<N> {
  BreakerState(pausedUntil: breaker.pausedUntil, count: 0, windowStart: breaker.windowStart)
}

/// The venue limited our rate: the `threshold`-th time within `window` trips and begins again.
///
/// A window opens with the first event after the last one closed, so a storm cannot hide in its
/// seams for longer than one window.
@inlinable
public func rateLimited<D: Domain>(
  on breaker: BreakerState<D.Number>, threshold: D.Number, window: D.Number, pause: D.Number,
  now: D.Number, in d: D
) -> BreakerStep<D.Number> {
  let isSane = isSane(breaker, pause: pause, now: now)
    .and(isWithin(threshold, 1, Bounds.largestCount))
    .and(isWithin(window, 1, Bounds.latestInstant))
  if d.holds(isSane.negated) { return .malformed }
  // A wall clock that stepped back opens a window too; the pause itself is never shortened.
  let isOver = (window <= now - breaker.windowStart).or(now < breaker.windowStart)
    .or(breaker.count == 0)
  let next = BreakerState<D.Number>(
    pausedUntil: breaker.pausedUntil, count: .select(isOver, 1, breaker.count + 1),
    windowStart: .select(isOver, now, breaker.windowStart))
  return counted(next, threshold: threshold, pause: pause, now: now, in: d)
}

/// Trips where the count has reached `threshold`; equality trips.
@inlinable @inline(__always)
func counted<D: Domain>(
  _ breaker: BreakerState<D.Number>, threshold: D.Number, pause: D.Number, now: D.Number, in d: D
) -> BreakerStep<D.Number> {
  if d.holds(breaker.count < threshold) { return .kept(breaker) }
  var tripped = paused(breaker, until: now + pause)
  tripped.count = 0
  return .tripped(tripped)
}

/// The breaker paused until `end`, or longer where it already is.
@inlinable @inline(__always)
func paused<N: DomainNumber>(_ breaker: BreakerState<N>, until end: N) -> BreakerState<N> {
  var breaker = breaker
  breaker.pausedUntil = breaker.pausedUntil.atLeast(end)
  return breaker
}

/// Whether every value of a breaker's step may enter arithmetic.
@inlinable @inline(__always)
func isSane<N: DomainNumber>(_ breaker: BreakerState<N>, pause: N, now: N) -> N.Truth {
  // A pause begins at a legal instant and lasts at most as long again: sums stay in 64 bits.
  isWithin(now, 0, Bounds.latestInstant).and(isWithin(pause, 1, Bounds.longestPause))
    .and(isWithin(breaker.count, 0, Bounds.largestCount))
    .and(isWithin(breaker.windowStart, 0, Bounds.latestInstant))
    .and(isWithin(breaker.pausedUntil, 0, Bounds.latestInstant + Bounds.longestPause))
}

/// A length of time in nanoseconds.
@frozen
public struct Interval: Hashable, Comparable, Sendable {
  /// The length in nanoseconds; negative looks back.
  public var nanoseconds: Int64

  /// Makes a length from nanoseconds.
  @inlinable @inline(__always)
  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// `count` milliseconds.
  @inlinable public static func milliseconds(_ count: Int64) -> Self {
    Self(nanoseconds: count * 1_000_000)
  }
  /// `count` seconds.
  @inlinable public static func seconds(_ count: Int64) -> Self {
    Self(nanoseconds: count * 1_000_000_000)
  }
  /// `count` minutes.
  @inlinable public static func minutes(_ count: Int64) -> Self { .seconds(count * 60) }
  /// `count` hours.
  @inlinable public static func hours(_ count: Int64) -> Self { .seconds(count * 3_600) }
  /// `count` days of 24 hours.
  @inlinable public static func days(_ count: Int64) -> Self { .seconds(count * 86_400) }
  /// No time.
  @inlinable public static var zero: Self { Self(nanoseconds: 0) }

  /// Orders by length.
  @inlinable
  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.nanoseconds < rhs.nanoseconds }
  /// The sum; traps on overflow.
  @inlinable public static func + (lhs: Self, rhs: Self) -> Self {
    Self(nanoseconds: lhs.nanoseconds + rhs.nanoseconds)
  }
  /// The difference; traps on overflow.
  @inlinable public static func - (lhs: Self, rhs: Self) -> Self {
    Self(nanoseconds: lhs.nanoseconds - rhs.nanoseconds)
  }
  /// `count` times this length.
  @inlinable public static func * (lhs: Self, count: Int64) -> Self {
    Self(nanoseconds: lhs.nanoseconds * count)
  }
  /// Whole milliseconds, rounded down.
  @inlinable public var milliseconds: Int64 { nanoseconds.floorDivided(by: 1_000_000) }
}

/// A point of wall time: nanoseconds since 1970-01-01T00:00:00Z.
@frozen
public struct Instant: Hashable, Comparable, Sendable {
  /// Nanoseconds since the epoch.
  public var nanoseconds: Int64

  /// Makes an instant from nanoseconds since the epoch.
  @inlinable @inline(__always)
  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
  /// Makes an instant from milliseconds since the epoch; traps beyond the year 2262.
  @inlinable
  public init(milliseconds: Int64) { self.nanoseconds = milliseconds * 1_000_000 }
  /// Makes an instant from milliseconds that came from outside; nil outside 1970 to 2261.
  ///
  /// The months left until `Int64` ends keep the close of any candle within it.
  @inlinable
  public init?(exactlyMilliseconds milliseconds: Int64) {
    guard (0..<9_214_646_400_000).contains(milliseconds) else { return nil }
    self.nanoseconds = milliseconds * 1_000_000
  }

  /// Milliseconds since the epoch, rounded down.
  @inlinable public var milliseconds: Int64 { nanoseconds.floorDivided(by: 1_000_000) }

  /// Orders by time.
  @inlinable @inline(__always)
  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.nanoseconds < rhs.nanoseconds }
  /// The instant `interval` later.
  @inlinable public static func + (lhs: Self, interval: Interval) -> Self {
    Self(nanoseconds: lhs.nanoseconds + interval.nanoseconds)
  }
  /// The instant `interval` earlier.
  @inlinable public static func - (lhs: Self, interval: Interval) -> Self {
    Self(nanoseconds: lhs.nanoseconds - interval.nanoseconds)
  }
  /// The time from `rhs` to `lhs`.
  @inlinable public static func - (lhs: Self, rhs: Self) -> Interval {
    Interval(nanoseconds: lhs.nanoseconds - rhs.nanoseconds)
  }
}

/// A reading of the clock that never steps back: nanoseconds since the process (or world) began.
///
/// Timers, ages and time-outs use it; the calendar uses ``Instant``.
@frozen
public struct Monotonic: Hashable, Comparable, Sendable {
  /// Nanoseconds since the beginning.
  public var nanoseconds: Int64

  /// Makes a reading from nanoseconds since the beginning.
  @inlinable @inline(__always)
  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// Orders by time.
  @inlinable
  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.nanoseconds < rhs.nanoseconds }
  /// The reading `interval` later.
  @inlinable public static func + (lhs: Self, interval: Interval) -> Self {
    Self(nanoseconds: lhs.nanoseconds + interval.nanoseconds)
  }
  /// The time from `rhs` to `lhs`.
  @inlinable public static func - (lhs: Self, rhs: Self) -> Interval {
    Interval(nanoseconds: lhs.nanoseconds - rhs.nanoseconds)
  }
}

/// Both clocks of a host at one moment; every input carries one.
@frozen
public struct Now: Hashable, Sendable {
  /// Wall time, which may step when it is corrected.
  public var wall: Instant
  /// Time that only goes forward.
  public var monotonic: Monotonic

  /// Pairs the two readings.
  @inlinable
  public init(wall: Instant, monotonic: Monotonic) {
    self.wall = wall
    self.monotonic = monotonic
  }
}

extension Int64 {
  /// The whole number nearest to `value`, ties away from zero; nil where it is not finite or is
  /// beyond 9.2e18.
  ///
  /// Written out because `rounded(_:)` calls the platform's mathematics library.
  public init?(nearest value: Double) {
    guard value.isFinite, Swift.abs(value) < 9.2e18 else { return nil }
    let whole = Int64(value)
    let rest = value - Double(whole)
    self = rest >= 0.5 ? whole + 1 : rest <= -0.5 ? whole - 1 : whole
  }

  /// The quotient rounded toward minus infinity; `divisor` is positive.
  @inlinable @inline(__always)
  public func floorDivided(by divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}

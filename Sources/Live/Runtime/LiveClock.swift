import Glibc
public import Market

/// The clocks of a host in the real or the loopback world.
public protocol LiveClock: Sendable {
  /// Both clocks now.
  func now() -> Now
  /// How long the machine has to wait until the monotonic clock reads `deadline`, in nanoseconds,
  /// not below zero; nil where somebody else moves the clock and fires what is due.
  func wait(until deadline: Monotonic) -> Int64?
  /// What a length of this clock is on the machine's.
  func real(_ interval: Interval) -> Interval
}

/// The machine's own clocks.
public struct SystemClock: LiveClock {
  private let origin: Int64

  /// Begins to count now.
  public init() { origin = Self.read(CLOCK_MONOTONIC) }

  /// Wall time, and the time since the clock was made.
  public func now() -> Now {
    Now(
      wall: Instant(nanoseconds: Self.read(CLOCK_REALTIME)),
      monotonic: Monotonic(nanoseconds: Self.read(CLOCK_MONOTONIC) - origin))
  }

  /// The difference to now.
  public func wait(until deadline: Monotonic) -> Int64? {
    max(0, deadline.nanoseconds - (Self.read(CLOCK_MONOTONIC) - origin))
  }

  /// The same length.
  public func real(_ interval: Interval) -> Interval { interval }

  /// A clock of the system in nanoseconds.
  static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}

/// The clock that `assay exchange` serves, which may run faster than the machine's.
public struct ServedClock: LiveClock {
  private let origin: Int64
  private let start: Instant
  /// How many times faster than the machine's it runs, from 1.
  public let speed: Int64

  /// Follows a clock that reads `start` now.
  public init(start: Instant, speed: Int64) {
    origin = SystemClock.read(CLOCK_MONOTONIC)
    self.start = start
    self.speed = max(1, speed)
  }

  /// The venue's time, and the venue's time since the clock was made.
  public func now() -> Now {
    let elapsed = elapsed
    return Now(
      wall: start + Interval(nanoseconds: elapsed), monotonic: Monotonic(nanoseconds: elapsed))
  }

  /// The difference to now, as the machine counts.
  public func wait(until deadline: Monotonic) -> Int64? {
    let left = max(0, deadline.nanoseconds - elapsed)
    return (left + speed - 1) / speed
  }

  /// The length over the speed.
  public func real(_ interval: Interval) -> Interval {
    Interval(nanoseconds: interval.nanoseconds / speed)
  }

  private var elapsed: Int64 {
    let (product, overflow) = (SystemClock.read(CLOCK_MONOTONIC) - origin)
      .multipliedReportingOverflow(by: speed)
    return overflow ? .max / 2 : product
  }
}

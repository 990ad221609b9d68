import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// The two clocks of a host as functions of the world's time.
///
/// The monotonic clock runs at a rate that may drift; the wall clock runs along with it and may be
/// set. Neither is the world's time, which no party sees.
struct HostClock: Sendable {
  /// World time at the last change of rate.
  private var anchor: Instant
  private var monotonicAtAnchor: Int64
  private var wallAtAnchor: Instant
  /// Parts per million that the clocks gain.
  private(set) var drift: Int64 = 0

  init(start: Instant) {
    anchor = start
    monotonicAtAnchor = 0
    wallAtAnchor = start
  }

  /// Both readings at a time of the world that is not before the last change.
  func reading(at time: Instant) -> Now {
    let elapsed = elapsed(to: time)
    return Now(
      wall: wallAtAnchor + Interval(nanoseconds: elapsed),
      monotonic: Monotonic(nanoseconds: monotonicAtAnchor + elapsed))
  }

  /// The first time of the world at which the monotonic clock reads at least `reading`.
  func time(of reading: Monotonic) -> Instant {
    let wanted = reading.nanoseconds - monotonicAtAnchor
    guard wanted > 0 else { return anchor }
    guard drift != 0 else { return anchor + Interval(nanoseconds: wanted) }
    let scaled = Rounding.up.divide(
      Int128(wanted) * 1_000_000, by: Int128(1_000_000 + drift))
    var time = anchor + Interval(nanoseconds: Int64(clamping: scaled))
    // One step more where rounding of the forward reading falls short.
    while elapsed(to: time) < wanted { time.nanoseconds += 1 }
    return time
  }

  /// Sets the wall clock by `step`.
  mutating func step(by step: Interval, at time: Instant) {
    moveAnchor(to: time)
    wallAtAnchor = wallAtAnchor + step
  }

  /// Changes the rate.
  mutating func setDrift(partsPerMillion: Int64, at time: Instant) {
    moveAnchor(to: time)
    drift = partsPerMillion
  }

  private func elapsed(to time: Instant) -> Int64 {
    let passed = time.nanoseconds - anchor.nanoseconds
    guard drift != 0 else { return passed }
    let gained = Rounding.down.divide(Int128(passed) * Int128(drift), by: 1_000_000)
    return passed + Int64(clamping: gained)
  }

  private mutating func moveAnchor(to time: Instant) {
    let now = reading(at: time)
    anchor = time
    monotonicAtAnchor = now.monotonic.nanoseconds
    wallAtAnchor = now.wall
  }
}

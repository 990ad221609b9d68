import Market
import Testing

@testable import Risk

@Suite struct BreakerTests {
  private let d = Integers()
  private let pause: Int64 = 300_000_000_000
  private let now: Int64 = 1_700_000_000_000_000_000

  @Test func aLevelTripsAtItsThreshold() {
    let idle = BreakerState<Int64>()
    #expect(
      measured(1_999, on: idle, threshold: 2_000, pause: pause, now: now, in: d) == .kept(idle))
    for level: Int64 in [2_000, 2_001] {
      #expect(
        measured(level, on: idle, threshold: 2_000, pause: pause, now: now, in: d)
          == .tripped(BreakerState(pausedUntil: now + pause)))
    }
  }

  @Test func aPauseIsNeverShortened() {
    let long = BreakerState<Int64>(pausedUntil: now + 10 * pause)
    #expect(
      measured(9, on: long, threshold: 9, pause: pause, now: now, in: d) == .tripped(long))
    // Nor by a wall clock that stepped back.
    let tripped = BreakerState<Int64>(pausedUntil: now + pause)
    #expect(
      measured(9, on: tripped, threshold: 9, pause: pause, now: now - pause, in: d)
        == .tripped(tripped))
  }

  @Test func failuresInARowTripAndBeginAgain() {
    var breaker = BreakerState<Int64>()
    func fail() -> BreakerStep<Int64> {
      orderFailed(on: breaker, threshold: 3, pause: pause, now: now, in: d)
    }
    breaker = fail().state(after: breaker)
    breaker = fail().state(after: breaker)
    #expect(breaker.pausedUntil == 0 && breaker.count == 2)
    breaker = orderSucceeded(on: breaker)
    breaker = fail().state(after: breaker)
    breaker = fail().state(after: breaker)
    #expect(breaker.pausedUntil == 0)
    #expect(fail() == .tripped(BreakerState(pausedUntil: now + pause, count: 0)))
    breaker = fail().state(after: breaker)
    #expect(orderSucceeded(on: breaker).pausedUntil == now + pause)
  }

  @Test func aStormIsCountedWithinItsWindow() {
    let window: Int64 = 60_000_000_000
    func run(_ offsets: [Int64]) -> [Bool] {
      var breaker = BreakerState<Int64>()
      return offsets.map { offset in
        let step = rateLimited(
          on: breaker, threshold: 3, window: window, pause: pause, now: now + offset, in: d)
        breaker = step.state(after: breaker)
        if case .tripped = step { return true }
        return false
      }
    }
    #expect(run([0, 1, 2]) == [false, false, true])
    #expect(run([0, 1, window - 1]) == [false, false, true])
    // At exactly the window's length a new one opens.
    #expect(run([0, 1, window, window + 1, window + 2]) == [false, false, false, false, true])
    #expect(run([0, 1, 2, 3, 4, 5]) == [false, false, true, false, false, true])
    // The clock stepped back: counting begins again, and still trips.
    #expect(run([0, 1, -5, -4, -3]) == [false, false, false, false, true])
  }

  @Test func nonsenseMovesNothing() {
    let breaker = BreakerState<Int64>(pausedUntil: 5, count: 1, windowStart: 2)
    let steps = [
      measured(-1, on: breaker, threshold: 1, pause: pause, now: now, in: d),
      measured(1, on: breaker, threshold: 0, pause: pause, now: now, in: d),
      measured(1, on: breaker, threshold: 1, pause: 0, now: now, in: d),
      measured(1, on: breaker, threshold: 1, pause: .max, now: now, in: d),
      orderFailed(on: breaker, threshold: 1, pause: pause, now: .max, in: d),
      rateLimited(on: breaker, threshold: 1, window: -1, pause: pause, now: now, in: d),
    ]
    for step in steps {
      #expect(step == .malformed)
      #expect(step.state(after: breaker) == breaker)
    }
  }

  @Test func escalationEngagesAtItsLimits() {
    func cause(_ equity: Int64, _ failures: Int64) -> KillCause? {
      escalation(
        equity: equity, reference: dollars(10_000), collapse: 5_000, failures: failures,
        threshold: 3, in: d)
    }
    #expect(cause(dollars(5_000) + 1, 2) == nil)
    #expect(cause(dollars(5_000), 0) == .balanceCollapse)
    #expect(cause(dollars(-1), 0) == .balanceCollapse)
    #expect(cause(dollars(10_000), 3) == .reconciliationFailures)
    #expect(cause(dollars(10_000), 4) == .reconciliationFailures)
    #expect(cause(dollars(1), 9) == .balanceCollapse)
  }

  @Test func theKillSwitchIsALatch() {
    for isEngaged in [true, false] {
      #expect(killSwitch(isEngaged, after: .engaged))
      #expect(!killSwitch(isEngaged, after: .lifted))
      #expect(killSwitch(isEngaged, after: .other) == isEngaged)
      // Engaging twice is engaging once.
      #expect(killSwitch(killSwitch(isEngaged, after: .engaged), after: .engaged))
    }
  }

  @Test func theOrderRateForgetsAfterAMinute() {
    var rate = OrderRate()
    let start = Monotonic(nanoseconds: 5)
    for second: Int64 in [0, 10, 20] { rate.record(at: start + .seconds(second)) }
    #expect(rate.count(at: start + .seconds(20)) == 3)
    #expect(rate.count(at: start + Interval(nanoseconds: 59_999_999_999)) == 3)
    #expect(rate.count(at: start + .minutes(1)) == 2)
    #expect(rate.count(at: start + .minutes(5)) == 0)
  }

  @Test func namesAreStable() {
    #expect(
      BreakerKind.allCases.map(\.name) == ["latency", "order_failures", "stale_feed", "rate_limit"])
    #expect(KillCause.allCases.map(\.name) == ["balance_collapse", "reconciliation_failures"])
    #expect(
      DriftKind.allCases.map(\.name) == ["phantom", "orphan", "side_mismatch", "size_mismatch"])
  }
}

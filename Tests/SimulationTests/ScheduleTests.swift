import Choice
import Market
import Testing

@testable import Simulation

@Suite struct ScheduleTests {
  @Test func givesEventsByTimeAndThenByOrderOfAsking() {
    var schedule = Schedule<Int>()
    var stream = Chooser.seeded(11).stream("schedule")
    var expected: [(time: Int64, order: Int)] = []
    for order in 0..<500 {
      let time = Int64(stream.draw(below: 40))
      schedule.add(order, at: Instant(nanoseconds: time))
      expected.append((time, order))
    }
    expected.sort { $0.time != $1.time ? $0.time < $1.time : $0.order < $1.order }
    for entry in expected {
      let next = schedule.next(until: Instant(nanoseconds: 100))
      #expect(next?.time.nanoseconds == entry.time)
      #expect(next?.event == entry.order)
    }
    #expect(schedule.next(until: Instant(nanoseconds: 100)) == nil)
  }

  @Test func waitsForEventsBeyondTheEnd() {
    var schedule = Schedule<String>()
    schedule.add("late", at: Instant(nanoseconds: 10))
    #expect(schedule.next(until: Instant(nanoseconds: 9)) == nil)
    #expect(schedule.count == 1)
    #expect(schedule.next(until: Instant(nanoseconds: 10))?.event == "late")
  }

  @Test func usesItsStorageAgain() {
    var schedule = Schedule<Int>()
    for round in 0..<10_000 {
      schedule.add(round, at: Instant(nanoseconds: Int64(round)))
      schedule.add(-round, at: Instant(nanoseconds: Int64(round)))
      #expect(schedule.next(until: Instant(nanoseconds: .max))?.event == round)
      #expect(schedule.next(until: Instant(nanoseconds: .max))?.event == -round)
    }
    #expect(schedule.slotCount <= 2)
  }
}

@Suite struct HostClockTests {
  private let start = Instant(nanoseconds: 1_000_000_000_000)

  @Test func wallStepsAndMonotonicDoesNot() {
    var clock = HostClock(start: start)
    clock.step(by: .seconds(-37), at: start + .seconds(10))
    let now = clock.reading(at: start + .seconds(20))
    #expect(now.monotonic == Monotonic(nanoseconds: 20_000_000_000))
    #expect(now.wall == start + .seconds(-17))
  }

  @Test(arguments: [-500, -1, 0, 1, 500, 100_000] as [Int64])
  func aDriftingClockNeverReachesADeadlineEarly(partsPerMillion: Int64) {
    var clock = HostClock(start: start)
    clock.setDrift(partsPerMillion: partsPerMillion, at: start + .seconds(3))
    for nanoseconds in [3_000_000_001, 4_000_000_007, 3_600_000_000_123] as [Int64] {
      let deadline = Monotonic(nanoseconds: nanoseconds)
      let time = clock.time(of: deadline)
      #expect(clock.reading(at: time).monotonic >= deadline)
      let before = Instant(nanoseconds: time.nanoseconds - 1)
      #expect(clock.reading(at: before).monotonic < deadline)
    }
  }
}

@Suite struct LinkTests {
  @Test func staysWithinItsPlan() {
    var plan = LinkPlan()
    plan.latency = .milliseconds(40)
    plan.jitter = .milliseconds(20)
    var link = Link(plan, stream: Chooser.seeded(5).stream("link"))
    for _ in 0..<1_000 {
      let delay = link.delay()
      #expect(delay >= .milliseconds(40) && delay <= .milliseconds(60))
    }
    link.extra = .seconds(3)
    #expect(link.delay() >= .seconds(3))
  }

  @Test func slowMessagesComeAsOftenAsSaid() throws {
    var plan = LinkPlan()
    plan.jitter = .zero
    plan.tail = try #require(Ratio(1, over: 10))
    plan.tailLatency = .seconds(1)
    var link = Link(plan, stream: Chooser.seeded(5).stream("link"))
    let slow = (0..<10_000).filter { _ in link.delay() > .seconds(1) }.count
    #expect((900...1_100).contains(slow), "seed 5 gave \(slow) of 10,000")
  }

  @Test func framesOfAPipeDoNotOvertake() {
    var pipe = Pipe()
    let start = Instant(nanoseconds: 0)
    let first = pipe.arrivalAtHost(start, .milliseconds(100))
    let second = pipe.arrivalAtHost(start + .milliseconds(1), .milliseconds(10))
    #expect(second >= first)
    #expect(pipe.arrivalAtVenue(start, .milliseconds(10)) == start + .milliseconds(10))
  }
}

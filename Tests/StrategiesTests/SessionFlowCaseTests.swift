import Market
import Risk
import Testing

@testable import Strategies

/// The worked cases of `strategies.md` section 3.3, through the code that trades.
@Suite struct SessionFlowCaseTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let id: String
    var bar: Int64 = 9
    var candle: [Int64] = breakout
    var volume: Int64 = 300
    var average: Int64 = 150
    var range: [Int64] = [63_900, 64_300]
    var trueRange = Mean(sum: Int128(Price(whole: 120 * 14).steps), count: 14)
    var dayOpen: Int64 = 63_800
    var isSwept = true
    var isTraded = false
    let expected: Expected
    var testDescription: String { id }
  }

  static let breakout: [Int64] = [64_180, 64_420, 64_170, 64_400]
  static let anchor = tuesday + .hours(8)

  /// An average true range of `steps` over three candles.
  static func third(_ steps: Int64) -> Mean { Mean(sum: Int128(steps), count: 3) }

  static func long(
    stop: Int64 = 64_100, target: Int64 = 65_000, confidence: Int64
  ) -> Expected {
    .trade(.buy, stop: stop, target: target, rr: 20_000, confidence: confidence)
  }

  static let cases = [
    Case(id: "SF-1", expected: long(confidence: 8_820)),
    Case(id: "SF-2", average: 250, expected: .refused(.volumeNotElevated)),
    Case(id: "SF-3", candle: [64_180, 64_620, 64_170, 64_600], expected: .refused(.chased)),
    Case(
      id: "SF-4", trueRange: Mean(sum: Int128(Price(whole: 60).steps), count: 1),
      expected: .refused(.rangeWidth)),
    Case(id: "SF-5", bar: 36, expected: .refused(.sessionClosed)),
    Case(
      id: "SF-6", bar: 20, candle: [63_950, 63_960, 63_690, 63_700], volume: 240, isSwept: false,
      expected: .trade(.sell, stop: 64_100, target: 62_900, rr: 20_000, confidence: 6_989)),
    // Beyond the table: each check at its edge.
    Case(id: "the last bar of the range", bar: 5, expected: .refused(.rangeForming)),
    Case(id: "the first bar after the range", bar: 6, expected: long(confidence: 8_820)),
    Case(id: "the last bar of the window", bar: 35, expected: long(confidence: 8_820)),
    Case(id: "a session that traded", isTraded: true, expected: .refused(.sessionDone)),
    Case(
      id: "a session that traded is done before it is closed", bar: 36, isTraded: true,
      expected: .refused(.sessionDone)),
    Case(
      id: "width of exactly one average range", trueRange: third(Price(whole: 1_200).steps),
      expected: long(confidence: 8_820)),
    Case(
      id: "width just below one average range", trueRange: third(Price(whole: 1_200).steps + 1),
      expected: .refused(.rangeWidth)),
    Case(
      id: "width of exactly six average ranges", trueRange: third(Price(whole: 200).steps),
      expected: long(confidence: 8_820)),
    Case(
      id: "width just above six average ranges", trueRange: third(Price(whole: 200).steps - 1),
      expected: .refused(.rangeWidth)),
    Case(
      id: "a close on the edge of the range", candle: [64_180, 64_420, 64_170, 64_300],
      expected: .refused(.noSetup)),
    Case(
      id: "a body of exactly half the range", candle: [64_300, 64_420, 64_200, 64_410],
      expected: long(target: 65_030, confidence: 8_250)),
    Case(
      id: "a body just below half the range", candle: [64_301, 64_420, 64_200, 64_410],
      expected: .refused(.weakBody)),
    Case(
      id: "a body against the break", candle: [64_450, 64_460, 64_390, 64_400],
      expected: .refused(.weakBody)),
    Case(id: "volume exactly elevated", volume: 225, expected: long(confidence: 8_320)),
    Case(id: "volume just below", volume: 224, expected: .refused(.volumeNotElevated)),
    Case(
      id: "no volume at all, now or before", volume: 0, average: 0,
      expected: .refused(.volumeNotElevated)),
    Case(
      id: "half a width beyond the range", candle: [64_280, 64_520, 64_270, 64_500],
      expected: long(target: 65_300, confidence: 8_820)),
    Case(
      id: "just more than half a width", candle: [64_280, 64_520, 64_270, 64_501],
      expected: .refused(.chased)),
    Case(id: "a close at the day's open", dayOpen: 64_400, expected: long(confidence: 7_820)),
    Case(
      id: "a stop too near", candle: [64_240, 64_345, 64_235, 64_340], range: [64_200, 64_300],
      trueRange: third(Price(whole: 180).steps), expected: .refused(.stopTooTight)),
    Case(
      id: "an odd range rounds the stop away", range: [63_901, 64_300],
      expected: long(confidence: 8_820)),
  ]

  /// Everything that stood before the trigger, and the trigger absorbed.
  static func state(_ given: Case, _ trigger: Candle) -> SessionFlow.State {
    var state = SessionFlow.State()
    state.since = monday
    for _ in 0..<20 { state.volumes.push(Quantity(whole: given.average).steps) }
    var session = SessionFlow.Session(city: .london, anchor: anchor)
    session.range = SessionFlow.Extremes(
      high: Price(whole: given.range[1]), low: Price(whole: given.range[0]))
    session.rangeCount = 6
    session.trueRange = given.trueRange
    session.isTraded = given.isTraded
    let sweep = SessionFlow.Sweep(isPierced: true, reclaimedBy: anchor + .minutes(5))
    if given.isSwept { session.lowSweep = sweep }
    var day = SessionFlow.Day(start: tuesday)
    day.open = Price(whole: given.dayOpen)
    day.asia = SessionFlow.Extremes(high: "64350", low: "63600")
    day.asiaCount = 84
    day.session = session
    state.day = day
    SessionFlow().absorb(trigger, in: MarketView(), state: &state)
    return state
  }

  static func trigger(_ given: Case) throws -> Candle {
    try candle(
      .m5, at: anchor + .minutes(5 * given.bar), given.candle[0], given.candle[1],
      given.candle[2], given.candle[3], volume: given.volume)
  }

  @Test(arguments: cases) func workedCase(_ given: Case) throws {
    let trigger = try Self.trigger(given)
    let verdict = SessionFlow().decide(
      try context(trigger), in: MarketView(), state: Self.state(given, trigger))
    #expect(verdict.setup == SessionFlow.london)
    check(verdict.outcome, given.expected)
    guard given.id == "SF-1" else { return }
    let signal = try signal(verdict.outcome)
    #expect(signal.netRewardToRisk.count == 11_216)
    #expect(signal.timeStop == Self.anchor + .hours(6))
    #expect(signal.validUntil == trigger.closeTime + .seconds(60))
  }

  @Test("planted: a trigger in its own average is seen by the exact volume")
  func aVolumeInItsOwnAverageIsSeen() throws {
    let given = Case(id: "", volume: 225, expected: .refused(.volumeNotElevated))
    let trigger = try Self.trigger(given)
    var flawed = Self.state(given, trigger)
    flawed.volumes.push(trigger.volume.steps)
    let verdict = SessionFlow().decide(
      try context(trigger), in: MarketView(), state: flawed)
    check(verdict.outcome, given.expected)
  }

  @Test("planted: a sweep by the trigger itself is not one before it")
  func aSweepByTheTriggerDoesNotCount() throws {
    let given = Case(
      id: "", candle: [63_800, 64_420, 63_590, 64_400], isSwept: false,
      expected: Self.long(confidence: 7_084))
    let trigger = try Self.trigger(given)
    let state = Self.state(given, trigger)
    let verdict = SessionFlow().decide(try context(trigger), in: MarketView(), state: state)
    check(verdict.outcome, given.expected)
    let session = try #require(state.day?.session)
    // One candle ahead it counts: looking there would add 0.15.
    #expect(session.hasSwept(against: .buy, before: trigger.closeTime))
    #expect(!session.hasSwept(against: .buy, before: trigger.openTime))
  }

  /// Only an extreme that was traded through and given up again counts, and only the opposite one.
  @Test func sweepsNeedAReturn() throws {
    let asia = SessionFlow.Extremes(high: "64350", low: "63600")
    var sweep = SessionFlow.Sweep()
    func absorb(_ low: Int64, _ close: Int64, _ minute: Int64) throws {
      let candle = try candle(
        .m5, at: Self.anchor + .minutes(minute), close, 64_000, low, close)
      sweep.absorb(candle, at: asia, against: .buy)
    }
    try absorb(63_600, 63_700, 0)
    #expect(!sweep.isPierced, "a touch is no sweep")
    try absorb(63_590, 63_595, 5)
    #expect(sweep == SessionFlow.Sweep(isPierced: true))
    try absorb(63_580, 63_600, 10)
    #expect(sweep.reclaimedBy == nil, "the extreme itself is not inside")
    try absorb(63_580, 63_601, 15)
    #expect(sweep.reclaimedBy == Self.anchor + .minutes(15))
    try absorb(63_500, 63_510, 20)
    #expect(sweep.reclaimedBy == Self.anchor + .minutes(15))
  }
}

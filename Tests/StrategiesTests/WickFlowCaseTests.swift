import Market
import Risk
import Testing

@testable import Strategies

/// The worked cases of `strategies.md` section 3.2, through the code that trades.
@Suite struct WickFlowCaseTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let id: String
    let bar: [Int64]
    let volume: Int64
    var below: [WickFlow.Pool] = []
    var above: [WickFlow.Pool] = []
    let setup: Setup
    let expected: Expected
    var testDescription: String { id }
  }

  static func pool(_ kind: WickFlow.PoolKind, _ price: Int64) -> WickFlow.Pool {
    WickFlow.Pool(kind: kind, price: Price(whole: price))
  }

  static let sweep: [Int64] = [3_020, 3_026, 2_980, 3_015]
  static let lows = [pool(.priorDay, 2_990), pool(.equal, 2_995)]

  static let cases = [
    Case(
      id: "WF-1", bar: sweep, volume: 1_800, below: lows, above: [pool(.priorDay, 3_200)],
      setup: WickFlow.poolSweep,
      expected: .trade(.buy, stop: 2_979, target: 3_200, rr: 51_389, confidence: 7_861)),
    Case(
      id: "WF-2", bar: sweep, volume: 1_400, below: lows, above: [pool(.priorDay, 3_200)],
      setup: .all, expected: .refused(.volumeNotElevated)),
    Case(
      id: "WF-3", bar: [3_020, 3_026, 2_996, 3_006], volume: 1_800, below: lows, setup: .all,
      expected: .refused(.noWick)),
    Case(
      id: "WF-4", bar: sweep, volume: 1_800, below: lows, above: [pool(.equal, 3_060)],
      setup: WickFlow.poolSweep, expected: .refused(.targetBlocked)),
    Case(
      id: "WF-5", bar: sweep, volume: 2_600, setup: WickFlow.exhaustion,
      expected: .trade(.buy, stop: 2_979, target: 3_087, rr: 20_000, confidence: 8_228)),
    Case(
      id: "WF-6", bar: [3_020, 3_080, 3_014, 3_024], volume: 2_000,
      above: [pool(.priorWeek, 3_065)], setup: WickFlow.poolSweep,
      expected: .trade(.sell, stop: 3_081, target: 2_910, rr: 20_000, confidence: 8_515)),
    Case(
      id: "WF-7", bar: [3_020, 3_050, 2_990, 3_020], volume: 2_000, setup: .all,
      expected: .refused(.ambiguousDoubleWick)),
    // Beyond the table: each check at its edge.
    Case(
      id: "no pool, volume elevated but not exhausted", bar: sweep, volume: 2_499, setup: .all,
      expected: .refused(.noSetup)),
    Case(
      id: "volume exactly elevated", bar: sweep, volume: 1_500, below: lows,
      setup: WickFlow.poolSweep,
      expected: .trade(.buy, stop: 2_979, target: 3_087, rr: 20_000, confidence: 7_461)),
    Case(
      id: "range below three quarters of the average", bar: [3_020, 3_023, 3_009, 3_022],
      volume: 2_000, setup: .all, expected: .refused(.rangeTooSmall)),
    Case(
      id: "pool at exactly twice the risk is the target", bar: sweep, volume: 1_800, below: lows,
      above: [pool(.equal, 3_087)], setup: WickFlow.poolSweep,
      expected: .trade(.buy, stop: 2_979, target: 3_087, rr: 20_000, confidence: 7_861)),
    Case(
      id: "pool farther than six times the risk is not", bar: sweep, volume: 1_800, below: lows,
      above: [pool(.equal, 3_232)], setup: WickFlow.poolSweep,
      expected: .trade(.buy, stop: 2_979, target: 3_087, rr: 20_000, confidence: 7_861)),
    Case(
      id: "a pool that the trigger traded through blocks nothing", bar: sweep, volume: 1_800,
      below: lows, above: [pool(.equal, 3_020)], setup: WickFlow.poolSweep,
      expected: .trade(.buy, stop: 2_979, target: 3_087, rr: 20_000, confidence: 7_861)),
  ]

  /// Average range 20 and average volume 1,000 before `trigger`.
  static func reading(before trigger: Candle) -> WickFlow.Reading {
    WickFlow.Reading(
      openTime: trigger.openTime,
      trueRange: Mean(sum: Int128(Price(whole: 20 * 14).steps), count: 14),
      volume: Mean(sum: Int128(Quantity(whole: 1_000 * 20).steps), count: 20),
      highest: Price(whole: 3_060), lowest: Price(whole: 3_040))
  }

  @Test(arguments: cases) func workedCase(_ given: Case) throws {
    let trigger = try candle(
      .m15, at: tuesday, given.bar[0], given.bar[1], given.bar[2], given.bar[3],
      volume: given.volume)
    let strategy = WickFlow()
    let reading = Self.reading(before: trigger)
    guard case .rejection(let side) = strategy.screen(trigger, reading) else {
      #expect(given.setup == .all)
      guard case .refused(let reason) = strategy.screen(trigger, reading) else { return }
      return check(.noTrade(reason), given.expected)
    }
    let verdict = strategy.judge(
      try context(trigger), reading, side, pools: side == .buy ? given.below : given.above,
      opposing: side == .buy ? given.above : given.below)
    #expect(verdict.setup == given.setup)
    check(verdict.outcome, given.expected)
  }

  /// Pools come from the candles themselves: the prior day's low is swept once, then it is gone.
  @Test func poolsStandUntilTradedThrough() throws {
    let strategy = WickFlow()
    let view = MarketView()
    var state = strategy.initialState(for: try instrument())
    strategy.absorb(
      try candle(.d1, at: monday, 3_050, 3_200, 2_990, 3_050), in: view, state: &state)
    let touching = try candle(.m15, at: tuesday, 3_050, 3_060, 2_990, 3_050)
    let through = try candle(.m15, at: tuesday + .minutes(15), 3_050, 3_060, 2_989, 3_050)
    let after = try candle(.m15, at: tuesday + .minutes(30), 3_050, 3_060, 2_980, 3_050)
    strategy.absorb(touching, in: view, state: &state)
    #expect(state.pools(.buy, before: touching.openTime) == [Self.pool(.priorDay, 2_990)])
    strategy.absorb(through, in: view, state: &state)
    #expect(state.pools(.buy, before: through.openTime) == [Self.pool(.priorDay, 2_990)])
    strategy.absorb(after, in: view, state: &state)
    #expect(state.pools(.buy, before: after.openTime).isEmpty)
    #expect(state.pools(.sell, before: after.openTime) == [Self.pool(.priorDay, 3_200)])
  }

  /// The last quarter hour of a day trades against the day before, although the day closes with it.
  @Test func aNewDayBeginsWithItsFirstQuarterHour() throws {
    let strategy = WickFlow()
    let view = MarketView()
    var state = strategy.initialState(for: try instrument())
    strategy.absorb(
      try candle(.d1, at: monday, 3_050, 3_200, 2_990, 3_050), in: view, state: &state)
    let last = try candle(.m15, at: tuesday + .days(1) - .minutes(15), 3_050, 3_060, 3_040, 3_050)
    strategy.absorb(last, in: view, state: &state)
    strategy.absorb(
      try candle(.d1, at: tuesday, 3_050, 3_100, 3_000, 3_050), in: view, state: &state)
    #expect(state.pools(.buy, before: last.openTime) == [Self.pool(.priorDay, 2_990)])
    let first = try candle(.m15, at: tuesday + .days(1), 3_050, 3_060, 3_040, 3_050)
    strategy.absorb(first, in: view, state: &state)
    #expect(state.pools(.buy, before: first.openTime) == [Self.pool(.priorDay, 3_000)])
  }

  /// Two swing lows 7 bps apart make a pool at the lower one, while both are remembered.
  @Test(arguments: [(2_990, true), (2_989, false)])
  func equalLowsMakeAPool(_ second: Int64, isPool: Bool) throws {
    var book = SwingBook()
    // 2,992.99 and 2,990 are within 10 bps of 2,990; 2,992.99 and 2,989 are not.
    let rule = WickFlow.Configuration().equalRule
    let first = Price("2992.99")
    book.add(outward: -first.steps, openTime: tuesday, rule)
    book.add(
      outward: -Price(whole: second).steps, openTime: tuesday + .hours(2), rule)
    #expect(book.swings[0].twinUntil == nil)
    #expect((book.swings[1].twinUntil != nil) == isPool)
    #expect(!isPool || book.swings[1].twinUntil == tuesday + .hours(48))
  }
}

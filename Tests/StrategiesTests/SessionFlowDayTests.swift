import Market
import Risk
import Testing

@testable import Strategies

/// Whole days of candles through the runner: openings in winter and summer, what uses a session up,
/// and what a missing candle does.
@Suite struct SessionFlowDayTests {
  /// 2024-07-02, a Tuesday like the winter's.
  static let summer = tuesday + .days(182)

  /// A session on one day.
  struct Opening: Sendable, CustomTestStringConvertible {
    let setup: Setup
    let day: Instant
    /// 08:00 in London or 09:30 in New York.
    let anchor: Instant
    var testDescription: String { "\(setup) at \(anchor)" }
    func bar(_ number: Int64) -> Instant { anchor + .minutes(5 * number) }
  }

  static let openings = [
    Opening(setup: SessionFlow.london, day: tuesday, anchor: tuesday + .hours(8)),
    Opening(setup: SessionFlow.newYork, day: tuesday, anchor: tuesday + .minutes(14 * 60 + 30)),
    Opening(setup: SessionFlow.london, day: summer, anchor: summer + .hours(7)),
    Opening(setup: SessionFlow.newYork, day: summer, anchor: summer + .minutes(13 * 60 + 30)),
  ]

  /// Candles from 63,980 to 64,220 all day, so that every range is exactly one average range wide;
  /// in `opening` the low is swept at bar 7 and the high is broken at bar 9.
  static func candles(
    _ opening: Opening, from start: Instant? = nil, until end: Instant? = nil
  ) throws -> [Candle] {
    var candles: [Candle] = []
    var time = start ?? opening.day - .hours(12)
    while time < end ?? opening.day + .days(1) {
      let isUp = (time.milliseconds / 300_000).isMultiple(of: 2)
      var bar: [Int64] =
        isUp ? [64_000, 64_220, 63_980, 64_200] : [64_200, 64_220, 63_980, 64_000]
      var volume: Int64 = 100
      if time == opening.bar(7) { bar = [64_000, 64_210, 63_950, 64_190] }
      if time == opening.bar(9) {
        bar = [64_100, 64_340, 64_090, 64_330]
        volume = 300
      }
      candles.append(try candle(.m5, at: time, bar[0], bar[1], bar[2], bar[3], volume: volume))
      time = time + .minutes(5)
    }
    return candles
  }

  static func run(_ candles: [Candle]) throws -> [Decision] {
    Driver.run(
      Feed(candles, deriving: [.m5]), StrategyRunner(SessionFlow(), for: try instrument()))
  }

  /// The decision about the candle that opens at `time`.
  static func decision(_ decisions: [Decision], _ time: Instant) throws -> Decision {
    try #require(decisions.first { $0.time == time + .minutes(5) })
  }

  @Test(arguments: openings) func breakoutTrades(_ opening: Opening) throws {
    let decisions = try Self.run(try Self.candles(opening))
    #expect(decisions.count { $0.signal != nil } == 1)
    let decision = try Self.decision(decisions, opening.bar(9))
    let signal = try #require(decision.signal)
    #expect(decision.setup == opening.setup)
    // 0.45 + 0.15 (volume) + 0.15 × 230 ÷ 250 + 0.15 (sweep) + 0.10 (above the day's open).
    check(
      .signal(signal),
      .trade(.buy, stop: 64_100, target: 64_790, rr: 20_000, confidence: 9_880))
    #expect(signal.timeStop == opening.anchor + .hours(6))
    for bar in 0..<6 as Range<Int64> {
      #expect(try Self.decision(decisions, opening.bar(bar)).reason == .rangeForming)
    }
    for bar in 6..<9 as Range<Int64> {
      #expect(try Self.decision(decisions, opening.bar(bar)).reason == .noSetup)
    }
    #expect(try Self.decision(decisions, opening.bar(10)).reason == .sessionDone)
    #expect(try Self.decision(decisions, opening.bar(36)).reason == .sessionDone)
  }

  /// Before the first opening nothing may be entered, and the other session keeps its own window.
  @Test(arguments: openings) func windowsFollowTheClocks(_ opening: Opening) throws {
    let decisions = try Self.run(try Self.candles(opening))
    let isLondon = opening.setup == SessionFlow.london
    let before = try Self.decision(decisions, opening.bar(-1))
    #expect(before.reason == .sessionClosed)
    #expect(before.setup == (isLondon ? .all : SessionFlow.london))
    // The other session of the day had no break.
    let other = try #require(
      Self.openings.first { $0.day == opening.day && $0.setup != opening.setup })
    #expect(try Self.decision(decisions, other.bar(0)).reason == .rangeForming)
    #expect(try Self.decision(decisions, other.bar(35)).reason == .noSetup)
    #expect(try Self.decision(decisions, other.bar(36)).reason == .sessionClosed)
  }

  /// What the earlier session swept is not credited to the later one.
  @Test func sweepsBelongToTheirSession() throws {
    let newYork = Self.openings[1]
    var candles = try Self.candles(newYork)
    let place = try #require(candles.firstIndex { $0.openTime == newYork.bar(7) })
    let london = try #require(candles.firstIndex { $0.openTime == Self.openings[0].bar(7) })
    candles[london] = try candle(.m5, at: candles[london].openTime, 64_000, 64_210, 63_950, 64_190)
    candles[place] = try candle(
      .m5, at: newYork.bar(7), 64_200, 64_220, 63_980, 64_000, volume: 100)
    let signal = try #require(
      Self.decision(try Self.run(candles), newYork.bar(9)).signal)
    #expect(signal.confidence.count == 8_380)
  }

  @Test func aWeekendHasNoSession() throws {
    let saturday = tuesday + .days(4)
    let opening = Opening(
      setup: SessionFlow.london, day: saturday, anchor: saturday + .hours(8))
    for decision in try Self.run(try Self.candles(opening)) where decision.time > saturday {
      #expect(decision.setup == .all)
      #expect(decision.reason == .sessionDone)
    }
  }

  /// A session is used up by what left, not by what a shared check blocked.
  @Test func aBlockedBreakUsesNothingUp() throws {
    let opening = Self.openings[0]
    let runner = StrategyRunner(SessionFlow(), for: try instrument())
    var blocked = Driver(runner)
    for candle in try Self.candles(opening, until: opening.bar(10)) {
      blocked.feed([candle], hasOpenPosition: candle.openTime == opening.bar(9))
    }
    #expect(blocked.decisions.last?.reason == .alreadyInPosition)
    let again = try candle(.m5, at: opening.bar(10), 64_100, 64_340, 64_090, 64_330, volume: 300)
    blocked.feed([again])
    #expect(blocked.decisions.last?.signal != nil)
    blocked.feed([try candle(.m5, at: opening.bar(11), 64_330, 64_340, 64_090, 64_100)])
    #expect(blocked.decisions.last?.reason == .sessionDone)
  }

  /// A gap that has left the shared window still leaves the Asian range of the day in pieces.
  @Test func anAsianCandleThatIsMissingIsAGapAllDay() throws {
    let opening = Self.openings[0]
    let candles = try Self.candles(opening).filter { $0.openTime != tuesday + .hours(2) }
    let decisions = try Self.run(candles)
    for bar in [0, 9, 35] as [Int64] {
      #expect(try Self.decision(decisions, opening.bar(bar)).reason == .gapInHistory)
    }
    #expect(try Self.decision(decisions, Self.openings[1].bar(9)).reason == .gapInHistory)
  }

  /// Candles that begin within the day's Asian range are a warm-up, not a gap.
  @Test func aLateStartWarmsUpUntilTomorrow() throws {
    let opening = Self.openings[0]
    let late = try Self.candles(opening, from: tuesday + .minutes(5))
    let decisions = try Self.run(late)
    #expect(try Self.decision(decisions, opening.bar(9)).reason == .warmUp)
    let whole = try Self.run(try Self.candles(opening, from: tuesday))
    #expect(try Self.decision(whole, opening.bar(9)).signal != nil)
  }

  /// Between the sweep and the break the memory is only bytes.
  @Test func aRestartBetweenSweepAndBreakChangesNothing() throws {
    let opening = Self.openings[0]
    let candles = try Self.candles(opening)
    let expected = try Self.run(candles)
    var driver = Driver(StrategyRunner(SessionFlow(), for: try instrument()))
    for candle in candles {
      driver.feed([candle])
      guard candle.openTime == opening.bar(8) else { continue }
      var fresh = StrategyRunner(SessionFlow(), for: try instrument())
      try fresh.restore(stateBytes: driver.instance.stateBytes)
      driver.instance = fresh
    }
    #expect(driver.decisions == expected)
  }

  /// Bytes that no run writes are refused.
  @Test func impossibleMemoriesAreRefused() throws {
    let opening = Self.openings[0]
    var sound = SessionFlow.State()
    for candle in try Self.candles(opening, until: opening.bar(9)) {
      SessionFlow().absorb(candle, in: MarketView(), state: &sound)
    }
    func reread(_ change: (inout SessionFlow.State) -> Void) throws -> SessionFlow.State {
      var state = sound
      change(&state)
      var writer = BinaryWriter()
      writer.write(state)
      var reader = BinaryReader(writer.bytes)
      return try SessionFlow.State(from: &reader)
    }
    #expect(try reread { _ in } == sound)
    let changes: [(inout SessionFlow.State) -> Void] = [
      { $0.day?.asiaCount = 289 }, { $0.day?.asia = nil }, { $0.day?.session?.rangeCount = -1 },
      { $0.day?.session?.range = nil }, { $0.day?.open = .zero },
      { $0.day?.asia?.low = "70000" }, { $0.day?.session?.highSweep.reclaimedBy = tuesday },
      { $0.day?.session = SessionFlow.Session(city: .newYork, anchor: tuesday + .hours(8)) },
    ]
    for change in changes {
      #expect(throws: BinaryFault.self) { try reread(change) }
    }
  }
}

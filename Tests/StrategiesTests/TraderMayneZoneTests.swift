import Market
import Risk
import Testing

@testable import Strategies

/// The worked cases of `strategies.md` section 3.1 on zones and swing failures.
@Suite struct TraderMayneZoneTests {
  let strategy = TraderMayne()
  let view = MarketView()

  /// Absorbs four-hour candles from Tuesday on, the last one closing at the returned time.
  func absorb(_ bars: [[Int64]], into state: inout TraderMayne.State) throws {
    for bar in bars {
      let time = state.bars.last?.closeTime ?? tuesday
      strategy.absorb(
        try candle(.h4, at: time, bar[0], bar[1], bar[2], bar[3]), in: view, state: &state)
    }
  }

  /// The ten candles of TM-8 before the displacement.
  static let alternating: [[Int64]] =
    (0..<9).map {
      $0 % 2 == 0 ? [50_000, 50_130, 49_970, 50_100] : [50_100, 50_130, 49_970, 50_000]
    } + [[50_100, 50_140, 49_970, 50_000]]

  @Test(
    "TM-8, TM-8b, TM-8c",
    arguments: [(50_250, 2.5), (50_199, nil), (50_200, 2.0)] as [(Int64, Double?)])
  func displacementMakesAnOrderBlock(close: Int64, ratio: Double?) throws {
    var state = strategy.initialState(for: try instrument())
    try absorb(Self.alternating + [[50_000, 50_290, 49_980, close]], into: &state)
    guard let ratio else {
      #expect(state.zones.isEmpty)
      return
    }
    let zone = try #require(state.zones.first)
    #expect(state.zones.count == 1)
    #expect(zone.low == Price(whole: 50_000) && zone.high == Price(whole: 50_100))
    #expect(zone.side == .buy && zone.phase == .fresh && zone.strength == ratio)
    #expect(zone.legExtreme == Price(whole: 50_290))
  }

  @Test("an order block lies at most five candles back", arguments: [(4, true), (5, false)])
  func searchEnds(risingCandles: Int64, isFound: Bool) throws {
    var state = strategy.initialState(for: try instrument())
    let rising: [[Int64]] = (0..<risingCandles).map {
      [50_000 + 10 * $0, 50_160, 49_990, 50_100 + 10 * $0]
    }
    try absorb(
      Array(Self.alternating[..<6]) + rising
        + [[50_000, 50_290, 49_980, 50_250]], into: &state)
    #expect(state.zones.isEmpty == !isFound)
  }

  @Test("TM-9") func oneCloseThroughBreaks() throws {
    var state = strategy.initialState(for: try instrument())
    try absorb(Self.alternating + [[50_000, 50_290, 49_980, 50_250]], into: &state)
    try absorb([[50_100, 50_260, 49_900, 50_000]], into: &state)
    #expect(state.zones.map(\.phase) == [.fresh])
    try absorb([[50_000, 50_010, 49_900, 49_999]], into: &state)
    #expect(state.zones.map(\.phase) == [.breaker])
    #expect(state.zones.map(\.side) == [.sell])
    #expect(state.zones[0].legExtreme == Price(whole: 49_900))
    #expect(state.zones[0].since == state.bars.last?.closeTime)
    try absorb([[49_999, 50_110, 49_990, 50_101]], into: &state)
    #expect(state.zones.isEmpty)
  }

  @Test func firstTouchTests() throws {
    var zone = Self.zone(age: 1)
    zone.absorbQuarter(try candle(.m15, at: Self.trigger, 50_200, 50_210, 50_101, 50_200))
    #expect(zone.phase == .fresh)
    zone.absorbQuarter(
      try candle(.m15, at: Self.trigger + .minutes(15), 50_200, 50_210, 50_100, 50_200))
    #expect(zone.phase == .tested)
    #expect(zone.wasActive(before: Self.trigger + .minutes(15)))
    #expect(!zone.wasActive(before: Self.trigger + .minutes(30)))
    let next = try candle(.m15, at: Self.trigger + .minutes(30), 50_260, 50_280, 50_080, 50_150)
    check(try retest(zone, next), .refused(.zoneNotActive))
  }

  /// The open time of the trigger in the cases below.
  static let trigger = tuesday + .days(7)
  static let range400 = Mean(sum: Int128(Price(whole: 400 * 14).steps), count: 14)

  /// A bullish order block [50000, 50100] with ratio 2.5 that is `age` four-hour candles old.
  static func zone(age: Int64, leg: Int64 = 50_900) -> TraderMayne.Zone {
    TraderMayne.Zone(
      low: Price(whole: 50_000), high: Price(whole: 50_100), openTime: tuesday, side: .buy,
      since: trigger - .hours(4 * age), legExtreme: Price(whole: leg), strength: 2.5)
  }

  func retest(
    _ zone: TraderMayne.Zone, _ trigger: Candle, score: Int = 0, swings: [Int64] = []
  ) throws -> Judgement {
    var pair = SwingPair()
    for high in swings {
      pair.highs.add(
        outward: Price(whole: high).steps, openTime: tuesday, strategy.configuration.swingRule)
    }
    return strategy.retest(
      try context(trigger), zone, trueRange: Self.range400, score: score, swings: pair)
  }

  struct Retest: Sendable, CustomTestStringConvertible {
    let id: String
    var bar: [Int64] = [50_260, 50_280, 50_080, 50_150]
    var age: Int64 = 12
    var leg: Int64 = 50_900
    var swings: [Int64] = []
    let expected: Expected
    var testDescription: String { id }
  }

  @Test(arguments: [
    Retest(
      id: "TM-10",
      expected: .trade(.buy, stop: 49_960, target: 50_900, rr: 39_474, confidence: 7_136)),
    Retest(
      id: "TM-10b", leg: 50_400, swings: [50_500], expected: .refused(.rewardToRiskBelowMinimum)),
    Retest(
      id: "TM-10c", bar: [50_260, 50_280, 50_080, 50_090], expected: .refused(.noRejection)),
    Retest(
      id: "TM-10d", bar: [50_260, 50_280, 49_990, 50_150], expected: .refused(.zonePierced)),
    Retest(
      id: "the next swing pays where the leg does not", leg: 50_400, swings: [50_500, 50_530],
      expected: .trade(.buy, stop: 49_960, target: 50_530, rr: 20_000, confidence: 5_675)),
    Retest(id: "not reached", bar: [50_260, 50_280, 50_101, 50_150], expected: .refused(.noSetup)),
    Retest(id: "expired", age: 61, expected: .refused(.zoneExpired)),
  ])
  func orderBlockRetest(_ given: Retest) throws {
    let trigger = try candle(
      .m15, at: Self.trigger, given.bar[0], given.bar[1], given.bar[2], given.bar[3])
    check(
      try retest(Self.zone(age: given.age, leg: given.leg), trigger, swings: given.swings),
      given.expected)
  }

  @Test("TM-11") func breakerRetest() throws {
    let flip = Self.trigger - .hours(4 * 6)
    var zone = Self.zone(age: 12)
    #expect(
      zone.absorbFourHours(
        try candle(.h4, at: flip - .hours(4), 50_050, 50_060, 49_880, 49_900),
        trueRange: Self.range400))
    #expect(zone.strength == 0.25)
    zone.absorbQuarter(try candle(.m15, at: flip, 49_900, 49_990, 49_300, 49_880))
    let trigger = try candle(.m15, at: Self.trigger, 49_880, 50_040, 49_850, 49_930)
    check(
      try retest(zone, trigger, score: -5),
      .trade(.sell, stop: 50_140, target: 49_300, rr: 30_000, confidence: 8_025))
  }

  struct Failure: Sendable, CustomTestStringConvertible {
    let id: String
    var reclaim: Int64 = 60_150
    var confirm: Int64 = 60_400
    var target: Int64 = 62_100
    var score = 0
    var zone: TraderMayne.Zone?
    let expected: Expected
    var testDescription: String { id }
  }

  static func support(isBreaker: Bool) -> TraderMayne.Zone {
    TraderMayne.Zone(
      low: Price(whole: 59_500), high: Price(whole: 59_700), openTime: monday, side: .buy,
      since: tuesday, isBreaker: isBreaker, legExtreme: Price(whole: 59_600), strength: 2)
  }

  @Test(arguments: [
    Failure(
      id: "TM-12",
      expected: .trade(.buy, stop: 59_600, target: 62_100, rr: 21_250, confidence: 5_879)),
    Failure(
      id: "TM-13", zone: support(isBreaker: false),
      expected: .trade(.buy, stop: 59_600, target: 62_100, rr: 21_250, confidence: 8_819)),
    Failure(id: "TM-14", confirm: 60_120, expected: .refused(.swingFailureNotConfirmed)),
    Failure(
      id: "TM-15", target: 63_300, score: 5, zone: support(isBreaker: true),
      expected: .trade(.buy, stop: 59_600, target: 63_300, rr: 36_250, confidence: 10_000)),
    Failure(id: "TM-16", reclaim: 59_880, expected: .refused(.noSetup)),
    Failure(id: "no swing pays", target: 61_999, expected: .refused(.rewardToRiskBelowMinimum)),
  ])
  func swingFailure(_ given: Failure) throws {
    var state = strategy.initialState(for: try instrument())
    let rule = strategy.configuration.swingRule
    state.swings.lows.add(outward: -Price(whole: 59_900).steps, openTime: tuesday, rule)
    for high in [61_000, given.target] {
      state.swings.highs.add(outward: Price(whole: high).steps, openTime: tuesday, rule)
    }
    if let zone = given.zone { state.zones = [zone] }
    let start = tuesday + .hours(4)
    strategy.absorb(
      try candle(.h4, at: start, 60_200, 60_300, 59_600, given.reclaim), in: view, state: &state)
    let swept = try #require(state.bars.last)
    check(
      strategy.swingFailure(
        try context(try quarter(closing: swept)), swept, state, score: given.score),
      .refused(given.reclaim > 59_900 ? .awaitConfirm : .noSetup))
    strategy.absorb(
      try candle(.h4, at: start + .hours(4), 60_150, 60_420, 60_100, given.confirm), in: view,
      state: &state)
    let next = try #require(state.bars.last)
    check(
      strategy.swingFailure(
        try context(try quarter(closing: next)), next, state, score: given.score), given.expected)
  }

  /// The quarter hour that closes with `bar`.
  func quarter(closing bar: TraderMayne.Bar) throws -> Candle {
    try Candle(
      symbol: "BTC", timeframe: .m15, venue: .hyperliquid,
      openTime: bar.closeTime - .minutes(15), open: bar.close, high: bar.close, low: bar.close,
      close: bar.close, volume: .zero)
  }

  @Test func aSweptSwingFailsOnlyOnce() throws {
    var state = strategy.initialState(for: try instrument())
    state.swings.lows.add(
      outward: -Price(whole: 59_900).steps, openTime: tuesday, strategy.configuration.swingRule)
    try absorb([[60_200, 60_300, 59_600, 60_150]], into: &state)
    #expect(state.failures.count == 1)
    try absorb([[60_200, 60_300, 59_500, 60_150]], into: &state)
    #expect(state.failures.isEmpty && state.awaiting.count == 1)
  }

  @Test func theMostConfidentSetupIsPreferredAndTiesAreRanked() throws {
    let trigger = try candle(.m15, at: Self.trigger, 50_260, 50_280, 50_080, 50_150)
    let base = try signal(try retest(Self.zone(age: 12), trigger))
    func scored(_ confidence: Int64) -> Judgement {
      .signal(
        Signal(
          side: base.side, entry: base.entry, stop: base.stop, target: base.target,
          rewardToRisk: base.rewardToRisk, netRewardToRisk: base.netRewardToRisk,
          confidence: TenThousandths(confidence), validUntil: base.validUntil,
          timeStop: base.timeStop))
    }
    var preference = Preference(TraderMayne.ranks) { $0 == .noSetup ? 0 : 1 }
    preference.add(TraderMayne.orderBlock, scored(6_000))
    preference.add(TraderMayne.breaker, scored(6_000))
    preference.add(TraderMayne.mondayRange, .noTrade(.biasNeutral))
    preference.add(TraderMayne.swingFailure, scored(5_000))
    #expect(preference.verdict.setup == TraderMayne.breaker)
    #expect(
      preference.verdict.alternatives.map(\.setup) == [
        TraderMayne.orderBlock, TraderMayne.swingFailure,
      ]
    )
  }

  @Test func theFurthestSetupGivesTheReason() {
    var preference = Preference(TraderMayne.ranks) { $0 == .noSetup ? 0 : 1 }
    preference.add(TraderMayne.swingFailure, .noTrade(.noSetup))
    preference.add(TraderMayne.mondayRange, .noTrade(.biasNeutral))
    preference.add(TraderMayne.orderBlock, .noTrade(.noRejection))
    #expect(preference.verdict.setup == TraderMayne.mondayRange)
    preference.add(TraderMayne.orderBlock, .noTrade(.stopTooTight))
    #expect(preference.verdict.outcome == .noTrade(.stopTooTight))
  }
}

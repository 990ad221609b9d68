import Market
import Risk
import Testing

@testable import Strategies

/// The worked cases of `strategies.md` section 3.4, through the code that trades.
@Suite struct ValentiniFlowCaseTests {
  /// A candle and its delta ratio.
  struct Bar: Sendable {
    let prices: [Int64]
    let ratio: Fraction
    init(_ open: Int64, _ high: Int64, _ low: Int64, _ close: Int64, _ ratio: Fraction) {
      prices = [open, high, low, close]
      self.ratio = ratio
    }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let id: String
    let bars: [Bar]
    var value = ValentiniFlowCaseTests.value(60_000, 60_500, 61_000)
    var cumulativeDelta: Int64 = 500
    var setup: Setup = .all
    let expected: Expected
    var testDescription: String { id }
  }

  static func value(_ low: Int64, _ control: Int64, _ high: Int64) -> ValueArea {
    ValueArea(
      low: Price(whole: low), pointOfControl: Price(whole: control), high: Price(whole: high))
  }

  static let b1 = Bar(60_900, 61_150, 60_850, 61_100, "0.10")
  static let b2 = Bar(61_100, 61_350, 61_050, 61_300, "0.12")
  static let b3 = Bar(61_300, 61_320, 61_020, 61_080, "-0.05")
  static let b4 = Bar(61_080, 61_380, 61_060, 61_330, "0.25")
  static let return4 = Bar(61_300, 61_310, 60_800, 60_850, "-0.20")
  /// Outside value, with no pullback and nothing else to say.
  static let outside = Bar(61_300, 61_350, 61_060, 61_300, "0")
  /// Outside value after a pullback.
  static let touching = Bar(61_300, 61_350, 61_020, 61_300, "0")
  static let farValue = value(59_000, 59_700, 61_000)

  static func waiting(_ bar: Bar, _ count: Int) -> [Bar] { Array(repeating: bar, count: count) }

  static let worked = [
    Case(
      id: "VF-2", bars: [b1, b2, b3, b4], setup: ValentiniFlow.continuation,
      expected: .trade(.buy, stop: 61_000, target: 62_000, rr: 20_303, confidence: 8_348)),
    Case(
      id: "VF-3", bars: [b1, b2, b3, Bar(61_080, 61_380, 61_060, 61_330, "0.12")],
      setup: ValentiniFlow.continuation, expected: .refused(.awaitAggression)),
    Case(
      id: "VF-4", bars: [b1, b2, return4], value: farValue, cumulativeDelta: -500,
      setup: ValentiniFlow.failedAuction,
      expected: .trade(.sell, stop: 61_370, target: 59_700, rr: 22_115, confidence: 7_772)),
    Case(
      id: "VF-4b", bars: [b1, b2, return4], cumulativeDelta: -500,
      setup: ValentiniFlow.failedAuction, expected: .refused(.rewardToRiskBelowMinimum)),
    Case(
      id: "VF-5", bars: [b1, b2, b3, Bar(61_080, 61_200, 60_990, 61_070, "0.25")],
      setup: ValentiniFlow.continuation, expected: .refused(.absorption)),
    Case(
      id: "VF-6", bars: [b1, Bar(61_100, 61_150, 60_900, 60_950, "0")],
      expected: .refused(.balance)),
  ]

  /// Beyond the table: each check at its edge, and one step beyond.
  static let acceptance = [
    Case(id: "one close outside", bars: [b1], expected: .refused(.balance)),
    Case(id: "accepted", bars: [b1, b2], expected: .refused(.imbalanceConfirmed)),
    Case(
      id: "a close at the edge is not outside",
      bars: [b1, Bar(61_100, 61_350, 61_000, 61_000, "0.12")], expected: .refused(.balance)),
    Case(
      id: "takers did not carry it", bars: [b1, Bar(61_100, 61_350, 61_050, 61_300, "-0.10")],
      expected: .refused(.balance)),
    Case(
      id: "takers barely carried it",
      bars: [b1, Bar(61_100, 61_350, 61_050, 61_300, "-0.09999")],
      expected: .refused(.imbalanceConfirmed)),
    Case(
      id: "a close inside begins anew", bars: [b1, Bar(61_100, 61_150, 60_900, 60_950, "0"), b2],
      expected: .refused(.balance)),
    Case(
      id: "one close outside on either side",
      bars: [b1, Bar(61_100, 61_100, 59_800, 59_900, "0.12")], expected: .refused(.balance)),
  ]

  static let continuations = [
    Case(
      id: "score exactly aggressive",
      bars: [b1, b2, b3, Bar(61_080, 61_380, 61_060, 61_330, "0.15")],
      setup: ValentiniFlow.continuation,
      expected: .trade(.buy, stop: 61_000, target: 62_000, rr: 20_303, confidence: 7_015)),
    Case(
      id: "score just below",
      bars: [b1, b2, b3, Bar(61_080, 61_380, 61_060, 61_330, "0.1499")],
      setup: ValentiniFlow.continuation, expected: .refused(.awaitAggression)),
    Case(
      id: "takers against over sixteen candles", bars: [b1, b2, b3, b4], cumulativeDelta: 0,
      setup: ValentiniFlow.continuation,
      expected: .trade(.buy, stop: 61_000, target: 62_000, rr: 20_303, confidence: 6_848)),
    Case(
      id: "no body", bars: [b1, b2, b3, Bar(61_330, 61_380, 61_060, 61_330, "0.25")],
      setup: ValentiniFlow.continuation, expected: .refused(.absorption)),
    Case(
      id: "close at the high before",
      bars: [b1, b2, b3, Bar(61_080, 61_380, 61_060, 61_320, "0.25")],
      setup: ValentiniFlow.continuation, expected: .refused(.noProgress)),
    Case(
      id: "a pullback comes as near as a quarter of the range",
      bars: [b1, b2, Bar(61_300, 61_320, 61_050, 61_080, "-0.05"), b4],
      setup: ValentiniFlow.continuation,
      expected: .trade(.buy, stop: 61_030, target: 62_000, rr: 22_333, confidence: 8_450)),
    Case(
      id: "and not a step farther",
      bars: [b1, b2, Bar(61_300, 61_320, 61_051, 61_080, "-0.05"), b4],
      setup: ValentiniFlow.continuation, expected: .refused(.awaitPullback)),
    Case(
      id: "the stop hides behind the worst price of the pullback",
      bars: [
        b1, b2, Bar(61_300, 61_320, 61_010, 61_080, "-0.05"),
        Bar(61_080, 61_320, 61_040, 61_080, "-0.05"), b4,
      ], value: value(59_900, 60_500, 61_000), setup: ValentiniFlow.continuation,
      expected: .trade(.buy, stop: 60_990, target: 62_100, rr: 22_647, confidence: 8_466)),
    Case(
      id: "also where it closed inside meanwhile",
      bars: [b1, b2, b3, Bar(61_080, 61_320, 60_980, 60_990, "-0.05"), b4],
      value: value(59_900, 60_500, 61_000), setup: ValentiniFlow.continuation,
      expected: .trade(.buy, stop: 60_960, target: 62_100, rr: 20_811, confidence: 8_374)),
  ]

  static let failures = [
    Case(
      id: "back inside by a quarter of the range",
      bars: [b1, b2, Bar(61_300, 61_310, 60_900, 60_950, "-0.14")], value: farValue,
      setup: ValentiniFlow.failedAuction, expected: .refused(.backInsideWait)),
    Case(
      id: "a step deeper",
      bars: [b1, b2, Bar(61_300, 61_310, 60_900, 60_949, "-0.14")], value: farValue,
      setup: ValentiniFlow.failedAuction, expected: .refused(.failedNoAggression)),
    Case(
      id: "which ends it",
      bars: [b1, b2, Bar(61_300, 61_310, 60_900, 60_949, "-0.14"), return4], value: farValue,
      expected: .refused(.balance)),
    Case(
      id: "waiting does not",
      bars: [b1, b2, Bar(61_300, 61_310, 60_900, 60_950, "-0.14"), return4], value: farValue,
      cumulativeDelta: -500, setup: ValentiniFlow.failedAuction,
      expected: .trade(.sell, stop: 61_370, target: 59_700, rr: 22_115, confidence: 7_772)),
    Case(
      id: "a failed auction ends it, whatever its levels",
      bars: [b1, b2, return4, return4], expected: .refused(.balance)),
    Case(
      id: "point of control at exactly twice the risk", bars: [b1, b2, return4],
      value: value(59_000, 59_810, 61_000), cumulativeDelta: -500,
      setup: ValentiniFlow.failedAuction,
      expected: .trade(.sell, stop: 61_370, target: 59_810, rr: 20_000, confidence: 7_667)),
    Case(
      id: "a step nearer, the far edge of value takes its place", bars: [b1, b2, return4],
      value: value(59_000, 59_811, 61_000), cumulativeDelta: -500,
      setup: ValentiniFlow.failedAuction,
      expected: .trade(.sell, stop: 61_370, target: 59_000, rr: 35_577, confidence: 8_446)),
    Case(
      id: "the first candle's extreme counts too",
      bars: [Bar(60_900, 61_400, 60_850, 61_100, "0.10"), b2, return4], value: farValue,
      cumulativeDelta: -500, setup: ValentiniFlow.failedAuction,
      expected: .trade(.sell, stop: 61_420, target: 59_700, rr: 20_175, confidence: 7_675)),
    Case(
      id: "and so does the last one's",
      bars: [b1, b2, Bar(61_300, 61_400, 60_800, 60_850, "-0.20")], value: farValue,
      cumulativeDelta: -500, setup: ValentiniFlow.failedAuction,
      expected: .trade(.sell, stop: 61_420, target: 59_700, rr: 20_175, confidence: 7_675)),
  ]

  static let ages = [
    Case(
      id: "a pullback in the twelfth candle", bars: [b1, b2] + waiting(outside, 11) + [b3],
      setup: ValentiniFlow.continuation, expected: .refused(.awaitAggression)),
    Case(
      id: "none in twelve", bars: [b1, b2] + waiting(outside, 12),
      setup: ValentiniFlow.continuation, expected: .refused(.awaitPullback)),
    Case(
      id: "none in thirteen", bars: [b1, b2] + waiting(outside, 12) + [b3],
      setup: ValentiniFlow.continuation, expected: .refused(.timedOut)),
    Case(
      id: "failed in the sixteenth candle",
      bars: [b1, b2] + waiting(touching, 15) + [return4], value: farValue, cumulativeDelta: -500,
      setup: ValentiniFlow.failedAuction,
      expected: .trade(.sell, stop: 61_370, target: 59_700, rr: 22_115, confidence: 7_772)),
    Case(
      id: "failed in the seventeenth",
      bars: [b1, b2] + waiting(touching, 16) + [return4], value: farValue,
      expected: .refused(.timedOut)),
    Case(
      id: "still alive in the twenty-fourth", bars: [b1, b2] + waiting(touching, 24),
      setup: ValentiniFlow.continuation, expected: .refused(.awaitAggression)),
    Case(
      id: "too old in the twenty-fifth", bars: [b1, b2] + waiting(touching, 25),
      expected: .refused(.timedOut)),
    Case(
      id: "after which two new closes are needed", bars: [b1, b2] + waiting(touching, 25) + [b1],
      expected: .refused(.balance)),
    Case(
      id: "and suffice", bars: [b1, b2] + waiting(touching, 25) + [b1, b2],
      expected: .refused(.imbalanceConfirmed)),
  ]

  static let all = worked + acceptance + continuations + failures + ages

  /// Runs the bars past the auction; `sum` turns everything upside down.
  static func verdict(
    _ given: Case, around sum: Price? = nil, isFlat: Bool = false
  ) throws -> (setup: Setup, outcome: Judgement) {
    let strategy = ValentiniFlow()
    var auction = ValentiniFlow.Auction.balance(nil)
    var finding = ValentiniFlow.Finding.refused(.all, .warmUp)
    let value = sum.map {
      ValueArea(
        low: $0 - given.value.high, pointOfControl: $0 - given.value.pointOfControl,
        high: $0 - given.value.low)
    }
    let range = Mean(sum: Int128(Price(whole: 200).steps), count: 1)
    var last: Candle?
    for (index, bar) in given.bars.enumerated() {
      var next = try candle(
        .m15, at: tuesday + .minutes(15 * Int64(index)), bar.prices.map(Price.init(whole:)),
        ratio: bar.ratio)
      if let sum { next = try #require(next.mirrored(around: sum)) }
      let ratio = try #require(next.takerSplit).deltaRatio
      let reading = ValentiniFlow.Reading(
        trueRange: range, ratio: ratio, score: isFlat ? nil : ratio.double / 0.10,
        previousHigh: last?.high ?? next.high, previousLow: last?.low ?? next.low)
      finding = auction.absorb(
        next, reading, value ?? given.value, strategy.configuration)
      last = next
    }
    switch finding {
    case .refused(let setup, let reason): return (setup, .noTrade(reason))
    case .trade(let trade):
      let delta = Int128(Quantity(whole: given.cumulativeDelta).steps)
      return (
        trade.setup,
        strategy.judge(
          try context(try #require(last)), trade, value ?? given.value, trueRange: range,
          cumulativeDelta: sum == nil ? delta : -delta)
      )
    }
  }

  @Test(arguments: all) func workedCase(_ given: Case) throws {
    let (setup, outcome) = try Self.verdict(given)
    #expect(setup == given.setup)
    check(outcome, given.expected)
  }

  @Test("upside down", arguments: all) func mirrored(_ given: Case) throws {
    let (setup, outcome) = try Self.verdict(given, around: "122000")
    #expect(setup == given.setup)
    guard case .trade(let side, let stop, let target, let rr, let confidence) = given.expected
    else { return check(outcome, given.expected) }
    let signal = try signal(outcome)
    #expect(signal.side == side.opposite)
    #expect(signal.rewardToRisk.count == rr && signal.confidence.count == confidence)
    #expect(signal.stop == Price(whole: 122_000 - stop))
    #expect(signal.target == Price(whole: 122_000 - target))
  }

  @Test("delta ratios that do not vary score nothing, where a score is asked for") func flat()
    throws
  {
    let waiting = Case(
      id: "", bars: [Self.b1, Self.b2, Self.b3, Self.b4], expected: .refused(.flatSeries))
    #expect(try Self.verdict(waiting, isFlat: true).outcome == .noTrade(.flatSeries))
    let back = Case(
      id: "", bars: [Self.b1, Self.b2, Self.return4], expected: .refused(.flatSeries))
    #expect(try Self.verdict(back, isFlat: true).outcome == .noTrade(.flatSeries))
    let balanced = Case(id: "", bars: [Self.b1], expected: .refused(.flatSeries))
    #expect(try Self.verdict(balanced, isFlat: true).outcome == .noTrade(.balance))
  }

  @Test("the time stop is thirty-two candles away") func timeStop() throws {
    let signal = try signal(try Self.verdict(Self.worked[0]).outcome)
    #expect(signal.timeStop == tuesday + .minutes(15 * (4 + 32)))
    #expect(signal.validUntil == tuesday + .minutes(15 * 4) + .seconds(60))
  }
}

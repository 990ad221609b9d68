import Market
import Risk
import Testing

@testable import Strategies

/// The worked cases of `strategies.md` section 3.1 on structure, bias and the Monday range.
@Suite struct TraderMayneMondayTests {
  static let swingBars: [(high: String, low: String)] = [
    ("10", "9"), ("11", "10"), ("12", "11"), ("14", "12"), ("13", "11.5"), ("12.5", "11"),
    ("12", "10.5"),
  ]

  static func day(_ index: Int64, high: Price, low: Price) throws -> Candle {
    try Candle(
      symbol: "BTC", timeframe: .d1, venue: .hyperliquid, openTime: monday + .days(index),
      open: low, high: high, low: low, close: high, volume: .zero)
  }

  @Test("TM-1") func swingIsKnownThreeBarsLater() throws {
    var finder = SwingFinder(reach: 3)
    for (index, bar) in Self.swingBars.enumerated() {
      let candle = try Self.day(
        Int64(index), high: try Price(decimal: bar.high), low: try Price(decimal: bar.low))
      let confirmed = finder.absorb(candle)
      guard index == 6 else {
        #expect(confirmed == nil)
        continue
      }
      #expect(confirmed?.high == "14")
      #expect(confirmed?.low == nil)
      #expect(confirmed?.openTime == monday + .days(3))
    }
  }

  @Test("TM-1b") func earliestOfEqualHighsCounts() throws {
    var finder = SwingFinder(reach: 3)
    var found: [Instant] = []
    for (index, high) in [10, 11, 12, 15, 13, 15, 12, 11, 10].enumerated() {
      let candle = try Self.day(
        Int64(index), high: Price(whole: Int64(high)), low: Price(whole: 1))
      if let confirmed = finder.absorb(candle), confirmed.high != nil {
        found.append(confirmed.openTime)
      }
    }
    #expect(found == [monday + .days(3)])
  }

  @Test(
    "TM-2",
    arguments: [
      ([100, 110], [90, 95], 108, 1), ([100, 110], [90, 95], 94, 0),
      ([110, 100], [95, 90], 92, -1), ([110, 100], [95, 90], 101, 0),
      ([100, 110], [95, 90], 92, 0),
    ] as [([Int64], [Int64], Int64, Int)])
  func structure(highs: [Int64], lows: [Int64], close: Int64, expected: Int) {
    var structure = TraderMayne.Structure(reach: 3)
    structure.highs = highs.map(Price.init(whole:))
    structure.lows = lows.map(Price.init(whole:))
    structure.close = Price(whole: close)
    #expect(structure.direction == expected)
  }

  @Test(
    "TM-2c",
    arguments: [
      (1, 0, 0, 5, .buy), (0, 1, 1, 5, .buy), (1, -1, 0, 2, nil), (0, 1, 0, 3, nil),
      (-1, -1, 1, -6, .sell), (1, 0, -1, 3, nil),
    ] as [(Int, Int, Int, Int, Side?)])
  func bias(week: Int, threeDays: Int, day: Int, score: Int, side: Side?) {
    let strategy = TraderMayne()
    #expect(strategy.score(week: week, threeDays: threeDays, day: day) == score)
    #expect(strategy.bias(score) == side)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let id: String
    let bar: [Int64]
    let score: Int
    let expected: Expected
    var testDescription: String { id }
  }

  static let sweep: [Int64] = [98_300, 98_600, 97_500, 98_200]

  static let cases = [
    Case(
      id: "TM-3", bar: sweep, score: 8,
      expected: .trade(.buy, stop: 97_500, target: 100_000, rr: 25_714, confidence: 7_408)),
    Case(id: "TM-4", bar: sweep, score: 2, expected: .refused(.biasNeutral)),
    Case(
      id: "TM-5", bar: [98_100, 98_900, 97_100, 98_800], score: 8,
      expected: .refused(.rewardToRiskBelowMinimum)),
    Case(
      id: "TM-6", bar: [98_300, 98_350, 97_500, 97_900], score: 8, expected: .refused(.noSetup)),
    Case(
      id: "TM-7", bar: [101_800, 102_500, 101_500, 101_850], score: -10,
      expected: .trade(.sell, stop: 102_500, target: 100_000, rr: 28_462, confidence: 8_496)),
    Case(
      id: "TM-7b", bar: [98_150, 98_600, 97_900, 98_100], score: 8,
      expected: .refused(.stopTooTight)),
    Case(id: "TM-7c", bar: sweep, score: -5, expected: .refused(.biasOpposed)),
    Case(
      id: "both sides swept", bar: [98_300, 102_001, 97_999, 98_200], score: 8,
      expected: .refused(.ambiguousDoubleSweep)),
    Case(
      id: "closed on the edge", bar: [98_300, 98_600, 97_500, 98_000], score: 8,
      expected: .refused(.noSetup)),
    Case(
      id: "closed at the target", bar: [98_300, 100_600, 97_500, 100_000], score: 8,
      expected: .refused(.closeBeyondTarget)),
  ]

  /// Monday between 98,000 and 102,000, all 96 quarter hours seen.
  static func range(high: Int64 = 102_000, low: Int64 = 98_000, quarters: Int64 = 96) throws
    -> TraderMayne.MondayRange
  {
    var range = TraderMayne.MondayRange()
    for index in 0..<quarters {
      range.absorbQuarter(
        try candle(.m15, at: monday + .minutes(15 * index), low, high, low, high))
    }
    return range
  }

  @Test(arguments: cases) func workedCase(_ given: Case) throws {
    let trigger = try candle(
      .m15, at: tuesday, given.bar[0], given.bar[1], given.bar[2], given.bar[3])
    let outcome = TraderMayne().mondayRange(
      try context(trigger), try Self.range(), score: given.score)
    check(outcome, given.expected)
  }

  @Test func netRatioAndTimes() throws {
    let trigger = try candle(.m15, at: tuesday, 98_300, 98_600, 97_500, 98_200)
    let signal = try signal(
      TraderMayne().mondayRange(try context(trigger), try Self.range(), score: 8))
    #expect(signal.netRewardToRisk.count == 17_768)
    #expect(signal.entry == Price(whole: 98_200))
    #expect(signal.validUntil == trigger.closeTime + .seconds(60))
    #expect(signal.timeStop == monday + .days(6) + .hours(23) + .minutes(45))
  }

  @Test("the refused attempt of TM-5 pays 0.7059") func refusedRatio() {
    let levels = Levels(
      side: .buy, entry: Price(whole: 98_800), stop: Price(whole: 97_100),
      target: Price(whole: 100_000))
    #expect(GeometryGate().rewardToRisk(levels)?.count == 7_059)
  }

  @Test func rangeMustBeCompleteAndOfReasonableWidth() throws {
    let trigger = try candle(.m15, at: tuesday, 98_300, 98_600, 97_500, 98_200)
    let onMonday = try candle(.m15, at: tuesday - .minutes(15), 98_300, 98_600, 97_500, 98_200)
    let strategy = TraderMayne()
    check(
      strategy.mondayRange(try context(trigger), try Self.range(quarters: 95), score: 8),
      .refused(.mondayIncomplete))
    check(
      strategy.mondayRange(try context(onMonday), try Self.range(), score: 8),
      .refused(.mondayIncomplete))
    check(
      strategy.mondayRange(
        try context(trigger), try Self.range(high: 98_700, low: 98_000), score: 8),
      .refused(.rangeWidth))
    check(
      strategy.mondayRange(
        try context(trigger), try Self.range(high: 114_000, low: 98_000), score: 8),
      .refused(.rangeWidth))
  }

  @Test func sidesAreUsedAndAcceptedOutsideUntilTheWeekEnds() throws {
    let strategy = TraderMayne()
    let trigger = try candle(.m15, at: tuesday + .hours(4), 98_300, 98_600, 97_500, 98_200)
    var range = try Self.range()
    // Half the range beyond the low is not yet acceptance, a step more is.
    range.absorbFourHours(
      try candle(.h4, at: tuesday, 98_300, 98_600, 95_900, 96_000), acceptance: "0.5")
    #expect(!range.below.isAcceptedOutside)
    range.use(.buy)
    check(
      strategy.mondayRange(try context(trigger), range, score: 8), .refused(.alreadyTradedThisWeek))
    range.absorbFourHours(
      try candle(.h4, at: tuesday, 98_300, 98_600, 95_900, 95_999), acceptance: "0.5")
    check(
      strategy.mondayRange(try context(trigger), range, score: 8), .refused(.rangeAcceptedOutside))
    #expect(!range.above.isAcceptedOutside && !range.above.isUsed)
    range.absorbQuarter(try candle(.m15, at: monday + .days(7), 98_300, 98_600, 97_500, 98_200))
    #expect(range.count == 1 && !range.below.isUsed && !range.below.isAcceptedOutside)
  }
}

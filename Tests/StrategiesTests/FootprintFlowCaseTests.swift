import Market
import Risk
import Testing

@testable import Strategies

/// The worked cases of `strategies.md` section 3.8, through the code that trades.
@Suite struct FootprintFlowCaseTests {
  /// A candle of either series.
  struct Bar: Sendable {
    let prices: [Price]
    let volume: Quantity
    let ratio: Fraction
    init(
      _ open: Price, _ high: Price, _ low: Price, _ close: Price, _ volume: Quantity,
      _ ratio: Fraction
    ) {
      prices = [open, high, low, close]
      self.volume = volume
      self.ratio = ratio
    }
  }

  enum Outcome: Sendable {
    case trade(Side, stop: Price, target: Price, rr: Int64, confidence: Int64)
    case refused(NoTradeReason)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let id: String
    let bars: [Bar]
    /// The minutes of the last bar.
    var minutes: [Bar] = []
    /// The highest high of the twelve candles before the first bar.
    var highest: Price = "2506"
    var rules = FootprintFlow.Configuration()
    let setup: Setup
    let expected: Outcome
    var testDescription: String { id }
  }

  static let k = Bar("2498", "2500", "2484", "2494", "900", "-0.35")
  static let next = Bar("2494", "2500", "2493", "2499", "300", "0.12")
  /// Volume and takers are the sums of its minutes.
  static let broken = Bar("2500", "2511", "2499", "2510.5", "560", "0.36")
  static let minutes = [
    Bar("2500", "2502", "2499", "2501", "90", "0.10"),
    Bar("2501", "2504", "2500.5", "2503.5", "120", "0.40"),
    Bar("2503.5", "2507", "2503", "2506.5", "130", "0.45"),
    Bar("2506.5", "2510", "2506", "2509.5", "140", "0.50"),
    Bar("2509.5", "2511", "2509", "2510.5", "80", "0.20"),
  ]

  static func minutes(third volume: Quantity = "130", _ ratio: Fraction) -> [Bar] {
    var changed = minutes
    changed[2] = Bar("2503.5", "2507", "2503", "2506.5", volume, ratio)
    return changed
  }

  static let worked = [
    Case(
      id: "FP-1", bars: [k, next], setup: FootprintFlow.absorption,
      expected: .trade(.buy, stop: "2483.2", target: "2538.5", rr: 25_000, confidence: 6_550)),
    Case(
      id: "FP-2", bars: [k, Bar("2494", "2500", "2493", "2499", "300", "-0.05")],
      setup: FootprintFlow.absorption, expected: .refused(.notConfirmed)),
    Case(
      id: "FP-3", bars: [Bar("2498", "2500", "2484", "2488", "900", "-0.35")],
      setup: FootprintFlow.absorption, expected: .refused(.noAbsorption)),
    Case(
      id: "FP-4", bars: [k], setup: FootprintFlow.absorption, expected: .refused(.awaitConfirm)),
    Case(
      id: "FP-5", bars: [broken], minutes: minutes, setup: FootprintFlow.stacked,
      expected: .trade(.buy, stop: "2499.7", target: "2537.5", rr: 25_000, confidence: 6_917)),
    Case(
      id: "FP-6", bars: [broken], minutes: minutes("0.25"), setup: FootprintFlow.stacked,
      expected: .refused(.noSetup)),
    Case(
      id: "FP-7", bars: [broken], minutes: minutes, highest: "2515",
      setup: FootprintFlow.stacked, expected: .refused(.noBreak)),
  ]

  static func absorbing(_ id: String, _ bar: Bar, _ reason: NoTradeReason) -> Case {
    Case(id: id, bars: [bar], setup: FootprintFlow.absorption, expected: .refused(reason))
  }

  /// Beyond the table: each check at its edge, and one step beyond.
  static let absorptions = [
    absorbing(
      "a low at the lowest before", Bar("2498", "2504", "2496", "2500", "900", "-0.35"),
      .awaitConfirm),
    absorbing(
      "a low above it", Bar("2498", "2504", "2496.1", "2500", "900", "-0.35"), .noSetup),
    absorbing(
      "takers just aggressive", Bar("2498", "2500", "2484", "2494", "900", "-0.25"),
      .awaitConfirm),
    absorbing(
      "takers not aggressive", Bar("2498", "2500", "2484", "2494", "900", "-0.2499"), .noSetup),
    absorbing(
      "takers who bought the low", Bar("2498", "2500", "2484", "2494", "900", "0.35"), .noSetup),
    absorbing(
      "volume just elevated", Bar("2498", "2500", "2484", "2494", "720", "-0.35"),
      .awaitConfirm),
    absorbing(
      "volume not elevated", Bar("2498", "2500", "2484", "2494", "719.99", "-0.35"),
      .volumeNotElevated),
    absorbing(
      "a close in the middle", Bar("2498", "2500", "2484", "2492", "900", "-0.35"),
      .awaitConfirm),
    absorbing(
      "a close below it", Bar("2498", "2500", "2484", "2491.9", "900", "-0.35"), .noAbsorption),
    Case(
      id: "a confirming close no higher",
      bars: [k, Bar("2494", "2500", "2493", "2494", "300", "0.12")],
      setup: FootprintFlow.absorption, expected: .refused(.notConfirmed)),
    Case(
      id: "takers even", bars: [k, Bar("2494", "2500", "2493", "2499", "300", "0")],
      setup: FootprintFlow.absorption, expected: .refused(.notConfirmed)),
    Case(
      id: "the lower of both lows", bars: [k, Bar("2494", "2500", "2480", "2499", "300", "0.12")],
      setup: FootprintFlow.absorption,
      expected: .trade(.buy, stop: "2479.2", target: "2548.5", rr: 25_000, confidence: 6_550)),
    Case(
      id: "only the next candle confirms",
      bars: [k, Bar("2494", "2496", "2490", "2491", "300", "0.12"), next],
      setup: FootprintFlow.absorption, expected: .refused(.noSetup)),
    Case(
      id: "an absorption after one that was not confirmed",
      bars: [k, Bar("2494", "2500", "2480", "2493", "900", "-0.40")],
      setup: FootprintFlow.absorption, expected: .refused(.awaitConfirm)),
    Case(
      id: "which the next confirms",
      bars: [k, Bar("2494", "2500", "2480", "2493", "900", "-0.40"), next],
      setup: FootprintFlow.absorption,
      expected: .trade(.buy, stop: "2479.2", target: "2548.5", rr: 25_000, confidence: 7_000)),
    Case(
      id: "an extreme stop goes through the geometry",
      bars: [k, Bar("2494", "2500", "2300", "2499", "300", "0.12")],
      setup: FootprintFlow.absorption, expected: .refused(.stopTooWide)),
  ]

  static let stacks = [
    Case(
      id: "a minute just imbalanced and just heavy", bars: [broken],
      minutes: minutes(third: "100", "0.30"), setup: FootprintFlow.stacked,
      expected: .trade(.buy, stop: "2499.7", target: "2537.5", rr: 25_000, confidence: 6_583)),
    Case(
      id: "a minute too light", bars: [broken], minutes: minutes(third: "99.99", "0.45"),
      setup: FootprintFlow.stacked, expected: .refused(.noSetup)),
    Case(
      id: "a minute against it", bars: [broken], minutes: minutes("-0.45"),
      setup: FootprintFlow.stacked, expected: .refused(.noSetup)),
    Case(
      id: "five in a row", bars: [broken],
      minutes: minutes.map {
        Bar($0.prices[0], $0.prices[1], $0.prices[2], $0.prices[3], "100", "0.60")
      }, setup: FootprintFlow.stacked,
      expected: .trade(.buy, stop: "2498.2", target: "2541.3", rr: 25_041, confidence: 9_917)),
    Case(
      id: "a close just at the extreme", bars: [Bar("2500", "2511", "2499", "2508", "560", "0.36")],
      minutes: minutes, setup: FootprintFlow.stacked,
      expected: .trade(.buy, stop: "2499.7", target: "2528.8", rr: 25_060, confidence: 6_500)),
    Case(
      id: "a close not there", bars: [Bar("2500", "2511", "2499", "2507.9", "560", "0.36")],
      minutes: minutes, setup: FootprintFlow.stacked, expected: .refused(.closeNotAtExtreme)),
    Case(
      id: "a close at the highest before", bars: [broken], minutes: minutes, highest: "2510.5",
      setup: FootprintFlow.stacked, expected: .refused(.noBreak)),
    Case(
      id: "both on one side: the more confident",
      bars: [k, Bar("2494", "2511", "2493", "2510.5", "560", "0.36")], minutes: minutes,
      setup: FootprintFlow.stacked,
      expected: .trade(.buy, stop: "2499.7", target: "2537.5", rr: 25_000, confidence: 6_944)),
  ]

  /// A close that is low enough for a stack downward and high enough for an absorption of it.
  static let opposed = Case(
    id: "pointing opposite ways", bars: [Bar("2495", "2496", "2484", "2487", "900", "-0.35")],
    minutes: [
      Bar("2495", "2496", "2492", "2493", "120", "-0.40"),
      Bar("2493", "2493", "2489", "2490", "120", "-0.40"),
      Bar("2490", "2490", "2484", "2485", "120", "-0.40"),
      Bar("2485", "2487", "2484", "2486", "90", "0.10"),
      Bar("2486", "2488", "2485", "2487", "90", "0.10"),
    ],
    rules: {
      var rules = FootprintFlow.Configuration()
      rules.absorbedCloseLocation = 0.25
      return rules
    }(), setup: .all, expected: .refused(.ambiguous))

  static let all = worked + absorptions + stacks + [opposed]

  /// Average range 8 and average volumes 400 and 100 throughout; `sum` turns everything over.
  static func verdict(
    _ given: Case, around sum: Price? = nil
  ) throws -> Conclusion {
    let strategy = FootprintFlow(given.rules)
    func made(_ timeframe: Timeframe, at time: Instant, _ bar: Bar) throws -> Candle {
      let made = try candle(timeframe, at: time, bar.prices, volume: bar.volume, ratio: bar.ratio)
      return try sum.map { try #require(made.mirrored(around: $0)) } ?? made
    }
    var highest = sum.map { $0 - "2496" } ?? given.highest
    var lowest = sum.map { $0 - given.highest } ?? "2496"
    var awaiting: FootprintFlow.Absorption?
    var verdict: Conclusion?
    for (index, bar) in given.bars.enumerated() {
      let time = tuesday + .minutes(5 * Int64(index))
      let trigger = try made(.m5, at: time, bar)
      let reading = FootprintFlow.Reading(
        trueRange: Mean(sum: Int128(Price("8").steps), count: 1),
        volume: Mean(sum: Int128(Quantity("400").steps), count: 1), highest: highest,
        lowest: lowest)
      let isLast = index == given.bars.count - 1
      let recent = try (isLast ? given.minutes : []).enumerated().map { minute, bar in
        let one = try made(.m1, at: time + .minutes(Int64(minute)), bar)
        let average = Mean(sum: Int128(Quantity("100").steps), count: 1)
        return FootprintFlow.Minute(
          openTime: one.openTime, high: one.high, low: one.low,
          ratio: try #require(one.takerSplit).deltaRatio,
          isHeavy: average.isReached(
            by: Int128(one.volume.steps), times: given.rules.stackedVolume))
      }
      verdict = strategy.judge(
        try context(trigger), reading, awaiting: awaiting, recent: recent)
      awaiting = strategy.screen(trigger, reading).absorption
      highest = max(highest, trigger.high)
      lowest = min(lowest, trigger.low)
    }
    return try #require(verdict)
  }

  @Test(arguments: all) func workedCase(_ given: Case) throws {
    let verdict = try Self.verdict(given)
    #expect(verdict.setup == given.setup)
    switch given.expected {
    case .refused(let reason): #expect(verdict.outcome == .noTrade(reason))
    case .trade(let side, let stop, let target, let rr, let confidence):
      let signal = try signal(verdict.outcome)
      #expect(signal.side == side)
      #expect(signal.stop == stop && signal.target == target)
      #expect(signal.rewardToRisk.count == rr)
      #expect(signal.confidence.count == confidence)
    }
  }

  @Test("upside down", arguments: all) func mirrored(_ given: Case) throws {
    let verdict = try Self.verdict(given, around: "5000")
    #expect(verdict.setup == given.setup)
    switch given.expected {
    case .refused(let reason): #expect(verdict.outcome == .noTrade(reason))
    case .trade(let side, let stop, let target, let rr, let confidence):
      let signal = try signal(verdict.outcome)
      #expect(signal.side == side.opposite)
      #expect(signal.stop == "5000" - stop && signal.target == "5000" - target)
      #expect(signal.rewardToRisk.count == rr && signal.confidence.count == confidence)
    }
  }

  @Test("with the limits of the specification no candle points both ways") func unambiguous() throws
  {
    var given = Self.opposed
    given.rules = FootprintFlow.Configuration()
    #expect(try Self.verdict(given).setup == FootprintFlow.stacked)
    #expect(try signal(Self.verdict(given).outcome).side == .sell)
  }

  @Test("the less confident of two signals is the alternative") func alternative() throws {
    let both = try #require(Self.stacks.last)
    let other = try #require(Self.verdict(both).alternatives.first)
    #expect(other.setup == FootprintFlow.absorption && other.signal.stop == "2483.2")
  }

  @Test("the time stop is twenty-four candles away") func timeStop() throws {
    let signal = try signal(try Self.verdict(Self.worked[0]).outcome)
    #expect(signal.timeStop == tuesday + .minutes(5 * (2 + 24)))
  }
}

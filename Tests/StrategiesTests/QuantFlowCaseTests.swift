import Market
import Risk
import Testing

@testable import Strategies

/// The worked cases of `strategies.md` section 3.9, through the code that trades.
///
/// Prices are ten thousand times the table's, so that its targets lie on a tick.
@Suite struct QuantFlowCaseTests {
  static let received = tuesday + .hours(3)

  static func option(
    _ strike: Int64, call: Bool, iv: Fraction, interest: Int64, days: Int64 = 30,
    underlying: Int64 = 100_000
  ) -> OptionQuote {
    OptionQuote(
      expiry: received + .days(days), strike: Price(whole: strike), isCall: call,
      impliedVolatility: iv, openInterest: Quantity(whole: interest),
      underlying: Price(whole: underlying))
  }

  static func options(_ quotes: [OptionQuote]) -> QuantFlow.OptionsReading {
    QuantFlow.OptionsReading(
      OptionChain(symbol: "BTC", venue: .deribit, time: received, quotes: quotes),
      received: received, farthestExpiry: .days(60))
  }

  // QF-1: and both signs are kept.
  @Test func QF1_gamma() throws {
    let gamma = try #require(
      BlackScholes.gamma(
        spot: 100_000, strike: 100_000, volatility: 0.5, years: BlackScholes.years(.days(30))))
    #expect((gamma - 2.775942e-5).magnitude < 5e-12)
    let reading = Self.options([
      Self.option(100_000, call: true, iv: "0.5", interest: 1_000),
      Self.option(90_000, call: false, iv: "0.6", interest: 1_500),
    ])
    #expect((reading.calls - 2_775_942).magnitude < 0.5)
    #expect((reading.puts - 2_725_739).magnitude < 0.5)
    #expect((reading.exposure(.longCalls) - 50_202.69).magnitude < 0.01)
    #expect((reading.exposure(.shortCalls) + 50_202.69).magnitude < 0.01)
  }

  @Test func onlyLivingOptionsWithinSixtyDaysCount() {
    func calls(_ days: Int64, _ iv: Fraction = "0.5", interest: Int64 = 1) -> Double {
      Self.options([Self.option(100_000, call: true, iv: iv, interest: interest, days: days)])
        .calls
    }
    #expect(calls(60) > 0)
    #expect(calls(61) == 0)
    #expect(calls(0) == 0)
    #expect(calls(-1) == 0)
    #expect(calls(30, "0") == 0)
    #expect(calls(30, interest: 0) == 0)
    #expect(Self.options([]).calls == 0 && Self.options([]).impliedVolatility == nil)
  }

  // The fallback where no volatility index is fresh.
  @Test func volatilityIsInterpolatedInTotalVariance() throws {
    func quotes(_ days: Int64, _ low: Fraction, _ high: Fraction) -> [OptionQuote] {
      [
        Self.option(90_000, call: false, iv: "2", interest: 1, days: days),
        Self.option(98_000, call: false, iv: low, interest: 1, days: days),
        Self.option(98_000, call: true, iv: low, interest: 1, days: days),
        Self.option(102_000, call: true, iv: high, interest: 1, days: days),
        Self.option(110_000, call: true, iv: "2", interest: 1, days: days),
      ]
    }
    // Midway between the strikes, then by time: 20 days of 0.17 and 45 days of 0.25.
    let between = Self.options(quotes(20, "0.5", "0.3") + quotes(45, "0.5", "0.5"))
    let total = (20 * 0.17 + (45 * 0.25 - 20 * 0.17) * 10 / 25) / 365
    let expected = (total * 365 / 30).squareRoot()
    #expect((try #require(between.impliedVolatility) - expected).magnitude < 1e-12)
    // An expiry at thirty days and a strike at the forward need no neighbour.
    let exact = Self.options([Self.option(100_000, call: true, iv: "0.44", interest: 0)])
    #expect((try #require(exact.impliedVolatility) - 0.44).magnitude < 1e-12)
    // Nothing is made up beyond the last strike or expiry.
    #expect(Self.options(quotes(20, "0.5", "0.5")).impliedVolatility == nil)
    #expect(Self.options(quotes(45, "0.5", "0.5")).impliedVolatility == nil)
    #expect(
      Self.options([Self.option(90_000, call: true, iv: "0.5", interest: 1)])
        .impliedVolatility == nil)
    #expect(
      Self.options([Self.option(110_000, call: true, iv: "0.5", interest: 1)])
        .impliedVolatility == nil)
  }

  // QF-2.
  @Test func QF2_realisedVolatility() throws {
    var lengths = QuantFlow.Lengths()
    lengths.realised = 4
    var chart = QuantFlow.Chart(lengths)
    for (index, close) in [100, 101, 100, 102, 101].enumerated() {
      #expect(chart.realisedVolatility == nil)
      chart.absorb(
        try candle(
          .h4, at: monday + .hours(4 * Int64(index)), Int64(close), Int64(close), Int64(close),
          Int64(close)), openInterest: nil)
    }
    #expect((try #require(chart.realisedVolatility) - 0.613399).magnitude < 5e-7)
  }

  struct RegimeCase: Sendable, CustomTestStringConvertible {
    let id: String
    var implied: Double?
    var realised = 0.45
    let rank: Double
    var exposure: Double?
    var isCooling = false
    let regime: QuantFlow.Regime
    var testDescription: String { id }
  }

  static let regimes = [
    RegimeCase(id: "QF-3a", implied: 0.60, rank: 0.40, exposure: 1, regime: .pin),
    RegimeCase(
      id: "QF-3b", implied: 0.45, realised: 0.50, rank: 0.70, exposure: -1, regime: .expansion),
    RegimeCase(id: "QF-3c", implied: 0.60, rank: 0.40, exposure: -1, regime: .neutral),
    RegimeCase(id: "QF-3d", implied: 0.90, rank: 0.40, exposure: 1, regime: .stress),
    RegimeCase(id: "QF-3e", implied: 0.60, rank: 0.96, exposure: 1, regime: .stress),
    RegimeCase(id: "QF-3f", rank: 0.15, regime: .compressed),
    RegimeCase(id: "QF-3g", rank: 0.85, isCooling: true, regime: .cooling),
    RegimeCase(id: "QF-3h", rank: 0.85, regime: .realisedNeutral),
    // Beyond the table: each bound, and one step beyond.
    RegimeCase(id: "stress by rank", implied: 0.45, rank: 0.95, exposure: 1, regime: .stress),
    RegimeCase(id: "just below", implied: 0.45, rank: 0.9499, exposure: 1, regime: .neutral),
    RegimeCase(id: "stress by ratio", implied: 0.81, rank: 0.4, exposure: 1, regime: .stress),
    RegimeCase(id: "ratio below", implied: 0.8099, rank: 0.4, exposure: 1, regime: .pin),
    RegimeCase(id: "pin's ratio", implied: 0.5175, rank: 0.60, exposure: 1, regime: .pin),
    RegimeCase(id: "below it", implied: 0.5174, rank: 0.60, exposure: 1, regime: .neutral),
    RegimeCase(id: "beyond its rank", implied: 0.6, rank: 0.6001, exposure: 1, regime: .neutral),
    RegimeCase(id: "no gamma", implied: 0.6, rank: 0.4, exposure: 0, regime: .neutral),
    RegimeCase(
      id: "expansion's bounds", implied: 0.45, rank: 0.50, exposure: -1, regime: .expansion),
    RegimeCase(
      id: "ratio above", implied: 0.4501, rank: 0.50, exposure: -1, regime: .neutral),
    RegimeCase(id: "rank below", implied: 0.45, rank: 0.4999, exposure: -1, regime: .neutral),
    RegimeCase(id: "compressed", rank: 0.20, regime: .compressed),
    RegimeCase(id: "not compressed", rank: 0.2001, regime: .realisedNeutral),
    RegimeCase(id: "cooling", rank: 0.80, isCooling: true, regime: .cooling),
    RegimeCase(id: "not hot", rank: 0.7999, isCooling: true, regime: .realisedNeutral),
    RegimeCase(id: "stress needs no options", rank: 0.95, isCooling: true, regime: .stress),
    RegimeCase(id: "an index alone can say stress", implied: 0.9, rank: 0.1, regime: .stress),
    RegimeCase(id: "but not pin", implied: 0.6, rank: 0.1, regime: .compressed),
    RegimeCase(id: "nor can gamma alone", rank: 0.1, exposure: 1, regime: .compressed),
  ]

  @Test(arguments: regimes) func QF3_regime(_ given: RegimeCase) {
    #expect(
      QuantFlow().regime(
        implied: given.implied, realised: given.realised, rank: given.rank,
        exposure: given.exposure, isCooling: given.isCooling) == given.regime)
  }

  static let base = [
    1_000, 1_005, 995, 1_002, 998, 1_004, 996, 1_001, 999, 1_003, 997, 1_000, 1_002, 998, 1_001,
    999, 1_002, 998, 1_000, 1_001,
  ].map { [$0 * 1_000, $0 * 1_000 + 3_000, $0 * 1_000 - 3_000, $0 * 1_000] as [Int64] }

  static let fadeBars: [[Int64]] = [
    [1_001_000, 1_002_000, 991_000, 992_000], [992_000, 993_500, 991_800, 992_500],
  ]
  static let breakoutBars: [[Int64]] = [[1_001_000, 1_009_000, 1_000_000, 1_008_500]]

  struct Case: Sendable, CustomTestStringConvertible {
    let id: String
    let bars: [[Int64]]
    let regime: QuantFlow.Regime
    var ratio: Double?
    let trueRange: Int64
    var interest: Double?
    var setup = QuantFlow.donchian
    let expected: Expected
    var testDescription: String { id }
  }

  static func breakout(
    _ id: String, bars: [[Int64]] = breakoutBars, in regime: QuantFlow.Regime = .expansion,
    ratio: Double? = 0.9, trueRange: Int64 = 5_000, interest: Double? = 0.02,
    setup: Setup = QuantFlow.donchian, _ expected: Expected
  ) -> Case {
    Case(
      id: id, bars: bars, regime: regime, ratio: ratio, trueRange: trueRange, interest: interest,
      setup: setup, expected: expected)
  }

  static func fade(
    _ id: String, bars: [[Int64]] = fadeBars, in regime: QuantFlow.Regime = .pin,
    ratio: Double? = 1.3333, interest: Double? = -0.004, _ expected: Expected
  ) -> Case {
    Case(
      id: id, bars: bars, regime: regime, ratio: ratio, trueRange: 4_000, interest: interest,
      setup: QuantFlow.bandFade, expected: expected)
  }

  static func long(_ confidence: Int64) -> Expected {
    .trade(.buy, stop: 1_001_000, target: 1_027_250, rr: 25_000, confidence: confidence)
  }

  static let cases = [
    fade("QF-4", .trade(.buy, stop: 990_000, target: 999_025, rr: 26_100, confidence: 8_352)),
    breakout("QF-5", long(8_050)),
    breakout("QF-6", interest: 0.002, .refused(.openInterestNotBuilding)),
    breakout("QF-7", in: .compressed, ratio: nil, interest: nil, long(4_250)),
    breakout("QF-8", in: .stress, setup: .all, .refused(.regimeStress)),
    breakout("QF-9", interest: nil, long(7_000)),
    // Beyond the table.
    breakout("neutral", in: .neutral, setup: .all, .refused(.regimeNeutral)),
    breakout(
      "neutral without options", in: .realisedNeutral, setup: .all,
      .refused(.regimeNeutral)),
    breakout("open interest exactly enough", interest: 0.01, long(8_050)),
    breakout("just not", interest: 0.009_999, .refused(.openInterestNotBuilding)),
    breakout(
      "the cap without options", in: .compressed, ratio: nil, interest: 0.02,
      long(5_250)),
    breakout(
      "at the channel, not beyond", bars: [[1_001_000, 1_009_000, 1_000_000, 1_008_000]],
      .refused(.noSetup)),
    breakout(
      "below the channel", bars: [[1_000_000, 1_001_000, 991_000, 991_500]],
      .trade(.sell, stop: 999_000, target: 972_750, rr: 25_000, confidence: 8_050)),
    breakout("a wide range", trueRange: 40_000, .refused(.stopTooWide)),
    breakout("a narrow range", trueRange: 1_000, .refused(.stopTooTight)),
    fade(
      "a fade whose open interest grows", interest: 0.001,
      .trade(.buy, stop: 990_000, target: 999_025, rr: 26_100, confidence: 7_352)),
    fade(
      "a fade without open interest", interest: nil,
      .trade(.buy, stop: 990_000, target: 999_025, rr: 26_100, confidence: 7_000)),
    fade(
      "a fade in a cooling market", in: .cooling, ratio: nil,
      .trade(.buy, stop: 990_000, target: 999_025, rr: 26_100, confidence: 5_305)),
    fade("never outside", bars: [fadeBars[1], fadeBars[1]], .refused(.noSetup)),
    fade("still outside", bars: [fadeBars[0], fadeBars[0]], .refused(.noSetup)),
    fade(
      "back, and out on the other side",
      bars: [fadeBars[0], [992_000, 1_013_000, 991_800, 1_012_000]], .refused(.noSetup)),
    fade(
      "back so far that it pays too little",
      bars: [fadeBars[0], [992_000, 996_000, 991_800, 995_000]], .refused(.rewardToRiskBelowMinimum)
    ),
    fade(
      "back beyond the mean", bars: [fadeBars[0], [992_000, 1_001_000, 991_800, 1_000_500]],
      .refused(.badGeometry)),
  ]

  static func chart(_ bars: [[Int64]]) throws -> (QuantFlow.Chart, Candle) {
    var chart = QuantFlow.Chart(QuantFlow.Lengths())
    let all = base + bars
    var last = try candle(.h4, at: monday, 1, 1, 1, 1)
    for (index, bar) in all.enumerated() {
      last = try candle(
        .h4, at: monday + .hours(4 * Int64(index)), bar[0], bar[1], bar[2], bar[3])
      chart.absorb(last, openInterest: nil)
    }
    return (chart, last)
  }

  static func judge(_ given: Case, _ strategy: QuantFlow = QuantFlow()) throws -> Conclusion {
    let (chart, trigger) = try chart(given.bars)
    let reading = QuantFlow.Reading(
      regime: given.regime, impliedVolatility: given.ratio, realisedVolatility: 1, rank: 0.5,
      options: nil, openInterestChange: given.interest)
    return strategy.judge(
      try context(trigger), chart,
      trueRange: Mean(sum: Int128(Price(whole: given.trueRange).steps), count: 1), reading)
  }

  @Test(arguments: cases) func workedCase(_ given: Case) throws {
    let verdict = try Self.judge(given)
    #expect(verdict.setup == given.setup)
    check(verdict.outcome, given.expected)
    if case .signal(let signal) = verdict.outcome {
      let bars = Int64(20 + given.bars.count)
      #expect(signal.timeStop == monday + .hours(4 * bars) + .hours(4 * 30))
    }
  }

  // QF-4: the bands, and that each close has its own.
  @Test func QF4_bands() throws {
    let (chart, _) = try Self.chart(Self.fadeBars)
    func lower(_ start: Int) -> Double {
      let place = QuantFlow.BandPlace(chart.closes, from: start, count: 20)
      let close = Double(chart.closes[start + 19])
      return (close + (Double(place.belowMean) - 2 * place.deviation) / 20) / 1e12
    }
    #expect((lower(0) - 99.3316).magnitude < 5e-5)
    #expect((lower(1) - 99.2452).magnitude < 5e-5)
    // Looking at the newest band for both closes finds nothing: the planted look-ahead.
    let before = QuantFlow.BandPlace(chart.closes, from: 0, count: 20)
    let now = QuantFlow.BandPlace(chart.closes, from: 1, count: 20)
    #expect(before.isOutside(.buy, width: 2) && !before.isOutside(.sell, width: 2))
    #expect(!now.isOutside(.buy, width: 2))
  }

  /// Upside down, every case trades the other side at mirrored levels.
  @Test(arguments: cases) func mirrored(_ given: Case) throws {
    let turned = { (bars: [[Int64]]) in
      bars.map { [2_000_000 - $0[0], 2_000_000 - $0[2], 2_000_000 - $0[1], 2_000_000 - $0[3]] }
    }
    var chart = QuantFlow.Chart(QuantFlow.Lengths())
    var last = try candle(.h4, at: monday, 1, 1, 1, 1)
    for (index, bar) in turned(Self.base + given.bars).enumerated() {
      last = try candle(
        .h4, at: monday + .hours(4 * Int64(index)), bar[0], bar[1], bar[2], bar[3])
      chart.absorb(last, openInterest: nil)
    }
    // QF-4's stop is 25.2 bps from one price and 24.8 bps from its mirror image.
    var configuration = QuantFlow.Configuration()
    configuration.gate.minimumStop = "0.002"
    let verdict = QuantFlow(configuration).judge(
      try context(last), chart,
      trueRange: Mean(sum: Int128(Price(whole: given.trueRange).steps), count: 1),
      QuantFlow.Reading(
        regime: given.regime, impliedVolatility: given.ratio, realisedVolatility: 1, rank: 0.5,
        options: nil, openInterestChange: given.interest))
    switch given.expected {
    case .refused: check(verdict.outcome, given.expected)
    case .trade(let side, let stop, let target, let rr, let confidence):
      check(
        verdict.outcome,
        .trade(
          side.opposite, stop: 2_000_000 - stop, target: 2_000_000 - target, rr: rr,
          confidence: confidence))
    }
  }

  @Test func everyThresholdIsConfiguration() throws {
    let breakout = Self.cases[1]
    func outcome(
      _ given: Case, _ change: (inout QuantFlow.Configuration) -> Void
    ) throws -> Judgement {
      var configuration = QuantFlow.Configuration()
      change(&configuration)
      return try Self.judge(given, QuantFlow(configuration)).outcome
    }
    check(
      try outcome(breakout) { $0.openInterestGrowth = 0.03 }, .refused(.openInterestNotBuilding))
    check(
      try outcome(breakout) { $0.breakoutTarget = "1.9" }, .refused(.rewardToRiskBelowMinimum))
    check(try outcome(breakout) { $0.breakoutStop = "0.1" }, .refused(.stopTooTight))
    check(try outcome(Self.cases[0]) { $0.bandWidth = 3 }, .refused(.noSetup))
    check(
      try outcome(Self.cases[0]) { $0.fadeBuffer = "1" }, .refused(.rewardToRiskBelowMinimum))
    check(try outcome(Self.cases[5]) { $0.capWithoutOpenInterest = 0.6 }, Self.long(6_000))
    check(try outcome(Self.cases[3]) { $0.capWithoutOptions = 0.4 }, Self.long(4_000))
    let timed = try signal(outcome(breakout) { $0.timeStop = 1 })
    #expect(timed.timeStop == monday + .hours(4 * 22))
  }
}

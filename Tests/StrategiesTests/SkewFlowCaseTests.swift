import Market
import Risk
import Testing

@testable import Strategies

/// A candle and what its premium amounts to.
struct PremiumBar: Sendable {
  let prices: [Price]
  let score: Double
  /// Distance from the median in steps of 1e-8: 1 bp is 10,000.
  let deviation: Double

  init(_ open: Price, _ high: Price, _ low: Price, _ close: Price, z: Double, dev: Double) {
    prices = [open, high, low, close]
    score = z
    deviation = dev * 10_000
  }

  var measure: SkewFlow.Measure { SkewFlow.Measure(score: score, deviation: deviation) }

  func candle(_ index: Int64) throws -> Candle {
    try .quarter(index, prices[0], prices[1], prices[2], prices[3])
  }
}

/// The worked cases of `strategies.md` section 3.5, through the code that trades.
@Suite struct SkewFlowCaseTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let id: String
    var bars = SkewFlowCaseTests.bars
    var trueRange: Int64 = 14
    /// The rate of eight hours in basis points.
    var funding: Int64 = 2
    var spotAge: Interval = .seconds(20)
    var stablecoin: Price?
    let expected: Expected
    var testDescription: String { id }
  }

  enum Expected: Sendable {
    case trade(Side, stop: Price, target: Price, confidence: Int64)
    case refused(NoTradeReason)
  }

  static let first = PremiumBar("3000", "3012", "2998", "3010", z: 2.8, dev: 6)
  static let second = PremiumBar("3010", "3018", "3006", "3015", z: 3.2, dev: 7)
  static let third = PremiumBar("3015", "3016", "3000", "3004", z: 2.3, dev: 5)
  static let bars = [first, second, third]

  static func third(_ close: Price = "3004", open: Price = "3015", z: Double = 2.3) -> [PremiumBar]
  {
    [first, second, PremiumBar(open, "3016", "3000", close, z: z, dev: 5)]
  }

  /// A stretched bar, so many that neither fall nor turn, and the turn.
  static func waiting(_ count: Int) -> [PremiumBar] {
    let quiet = PremiumBar("3010", "3012", "3008", "3010", z: 2.8, dev: 6)
    return [first] + Array(repeating: quiet, count: count)
      + [PremiumBar("3010", "3011", "3000", "3004", z: 2.3, dev: 5)]
  }

  static let short = Expected.trade(.sell, stop: "3021.5", target: "2969", confidence: 5_925)

  static let cases = [
    Case(id: "SK-1", expected: short),
    Case(id: "SK-2", funding: -1, expected: .refused(.fundingDisagrees)),
    Case(id: "SK-3", bars: [first, second], expected: .refused(.awaitRollover)),
    Case(
      id: "SK-4", bars: [PremiumBar("3000", "3012", "2998", "3010", z: 2.8, dev: 2)],
      expected: .refused(.premiumBelowFloor)),
    Case(id: "SK-5", spotAge: .seconds(95), expected: .refused(.spotStale)),
    Case(
      id: "SK-6",
      bars: [
        PremiumBar("3000", "3004", "2980", "2985", z: -2.6, dev: -5),
        PremiumBar("2985", "2999", "2984", "2996", z: -1.9, dev: -3.5),
      ], trueRange: 16, funding: -3,
      expected: .trade(.buy, stop: "2976", target: "3036", confidence: 5_375)),
    // Beyond the table: each check at its edge.
    Case(id: "spot exactly as old as it may be", spotAge: .seconds(90), expected: short),
    Case(
      id: "spot older by a nanosecond", spotAge: .seconds(90) + Interval(nanoseconds: 1),
      expected: .refused(.spotStale)),
    Case(id: "stablecoin exactly 30 bps below", stablecoin: "0.997", expected: short),
    Case(id: "stablecoin exactly 30 bps above", stablecoin: "1.003", expected: short),
    Case(
      id: "stablecoin a step lower", stablecoin: "0.99699999",
      expected: .refused(.stablecoinDepeg)),
    Case(
      id: "stablecoin a step higher", stablecoin: "1.00300001",
      expected: .refused(.stablecoinDepeg)),
    Case(
      id: "spot is named before the stablecoin", spotAge: .seconds(95), stablecoin: "0.9",
      expected: .refused(.spotStale)),
    Case(
      id: "not stretched", bars: [PremiumBar("3000", "3012", "2998", "3010", z: 2.49, dev: 6)],
      expected: .refused(.noSetup)),
    Case(
      id: "exactly stretched, exactly at the floor",
      bars: [PremiumBar("3000", "3012", "2998", "3010", z: 2.5, dev: 3)],
      expected: .refused(.awaitRollover)),
    Case(
      id: "a step below the floor",
      bars: [PremiumBar("3000", "3012", "2998", "3010", z: 2.5, dev: 2.9999)],
      expected: .refused(.premiumBelowFloor)),
    Case(
      id: "score and distance of opposite signs",
      bars: [PremiumBar("3000", "3012", "2998", "3010", z: 2.8, dev: -6)],
      expected: .refused(.premiumBelowFloor)),
    Case(
      id: "fallen by exactly a half", bars: third(z: 2.7),
      expected: .trade(.sell, stop: "3021.5", target: "2969", confidence: 5_725)),
    Case(id: "fallen by less", bars: third(z: 2.71), expected: .refused(.awaitRollover)),
    Case(
      id: "closes at the previous close", bars: third("3015", open: "3016"),
      expected: .refused(.awaitRollover)),
    Case(
      id: "closes below it, but up", bars: third("3014", open: "3013"),
      expected: .refused(.awaitRollover)),
    Case(
      id: "no funding either way", funding: 0,
      expected: .trade(.sell, stop: "3021.5", target: "2969", confidence: 5_325)),
    Case(
      id: "the seventh bar after waits, the eighth turns", bars: waiting(7),
      expected: .trade(.sell, stop: "3015.5", target: "2981", confidence: 5_225)),
    Case(id: "the ninth is too late", bars: waiting(8), expected: .refused(.stretchExpired)),
    Case(
      // From 3,000 to 2 beyond 3,018.
      id: "risk of exactly two and a half ranges", bars: third("3000"), trueRange: 8,
      expected: .trade(.sell, stop: "3020", target: "2960", confidence: 5_925)),
    Case(
      id: "risk of more", bars: third("3000"), trueRange: 7, expected: .refused(.stopTooWide)),
    Case(
      id: "a premium stretched the other way is another stretch",
      bars: [first, second, PremiumBar("3015", "3016", "3000", "3004", z: -2.6, dev: -5)],
      expected: .refused(.awaitRollover)),
    Case(
      id: "which trades the other way",
      bars: [
        first, PremiumBar("3000", "3004", "2980", "2985", z: -2.6, dev: -5),
        PremiumBar("2985", "2999", "2984", "2996", z: -1.9, dev: -3.5),
      ], trueRange: 16, funding: -3,
      expected: .trade(.buy, stop: "2976", target: "3036", confidence: 5_375)),
  ]

  /// The last decision on `given`, with the average range that the case states.
  static func outcome(
    _ given: Case, _ strategy: SkewFlow = SkewFlow()
  ) throws -> (outcome: Judgement, stretch: SkewFlow.Stretch?) {
    var state = SkewFlow.State(strategy.configuration)
    state.funding = FundingRate(steps: given.funding * 1_000_000)
    state.stablecoin = given.stablecoin
    var trigger = try first.candle(0)
    for (index, bar) in given.bars.enumerated() {
      trigger = try bar.candle(Int64(index))
      state.finding = state.follow(trigger, bar.measure, strategy.configuration)
    }
    let quiet = try candle(.m15, at: monday, 3_000, 3_000 + given.trueRange, 3_000, 3_000)
    for _ in 0..<SkewFlow.State.trueRangeLength { state.trueRange.absorb(quiet) }
    state.spotReceived = trigger.closeTime - given.spotAge
    return (strategy.judge(try context(trigger), state), state.stretch)
  }

  @Test(arguments: cases) func workedCase(_ given: Case) throws {
    let outcome = try Self.outcome(given).outcome
    switch (outcome, given.expected) {
    case (.signal(let signal), .trade(let side, let stop, let target, let confidence)):
      #expect(signal.side == side)
      #expect(signal.stop == stop)
      #expect(signal.target == target)
      #expect(signal.rewardToRisk.count == 20_000)
      #expect(signal.confidence.count == confidence)
    case (.noTrade(let reason), .refused(let expected)): #expect(reason == expected)
    default: Issue.record("expected \(given.expected), got \(outcome)")
    }
  }

  @Test("SK-0") func premium() {
    #expect(SkewFlow.premium(mid: "3004", spot: "3002.4") == "0.00053291")
    #expect(SkewFlow.premium(mid: "2998", spot: "3000") == "-0.00066667")
    #expect(SkewFlow.premium(mid: "3000", spot: "3000") == .zero)
    // One of the two prices is wrong.
    #expect(SkewFlow.premium(mid: "6000", spot: "3000") == "1")
    #expect(SkewFlow.premium(mid: "6001", spot: "3000") == nil)
    #expect(SkewFlow.premium(mid: Price(steps: .max), spot: .ulp) == nil)
    #expect(SkewFlow.premium(mid: .zero, spot: "3000") == nil)
    #expect(SkewFlow.premium(mid: "3000", spot: .zero) == nil)
  }

  @Test("the stretch ends where funding disagrees and where it grows old, and only there")
  func stretchEnds() throws {
    func stretch(_ id: String) throws -> SkewFlow.Stretch? {
      try Self.outcome(#require(Self.cases.first { $0.id == id })).stretch
    }
    #expect(try stretch("SK-1")?.peak == 3.2)
    #expect(try stretch("SK-2") == nil)
    #expect(try stretch("SK-3")?.age == 1)
    #expect(try stretch("SK-4") == nil)
    #expect(try stretch("risk of more") != nil)
    #expect(try stretch("the ninth is too late") == nil)
    #expect(try stretch("a premium stretched the other way is another stretch")?.side == .buy)
  }

  @Test("funding counts as of eight hours") func eightHours() {
    func rate(_ steps: Int64, _ period: Interval) -> FundingRate? {
      Funding(
        symbol: "BTC", venue: .hyperliquid, time: monday, rate: FundingRate(steps: steps),
        period: period
      ).eightHourRate
    }
    #expect(rate(125_000, .hours(1)) == FundingRate(steps: 1_000_000))
    #expect(rate(-1_000_000, .hours(8)) == FundingRate(steps: -1_000_000))
    #expect(rate(3, .hours(16)) == FundingRate(steps: 2))
    #expect(rate(1, .zero) == nil)
    #expect(rate(.max, .hours(1)) == nil)
  }
}

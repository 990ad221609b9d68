import Market
import Risk
import Testing

@testable import Strategies

/// A candle and the open interest at its close; nil where nobody knows it.
struct InterestBar: Sendable {
  var prices: [Price]
  var interest: Int64?

  init(_ open: Price, _ high: Price, _ low: Price, _ close: Price, _ interest: Int64?) {
    prices = [open, high, low, close]
    self.interest = interest
  }

  func candle(_ index: Int64) throws -> Candle {
    try .quarter(index, prices[0], prices[1], prices[2], prices[3])
  }

  /// Upside down, around half of `sum`.
  func mirrored(around sum: Price) -> InterestBar {
    InterestBar(
      sum - prices[0], sum - prices[2], sum - prices[1], sum - prices[3], interest)
  }

  /// The same prices with other open interest.
  func holding(_ interest: Int64?) -> InterestBar {
    InterestBar(prices[0], prices[1], prices[2], prices[3], interest)
  }
}

/// The worked cases of `strategies.md` section 3.6, through the code that trades.
@Suite struct OIFlowCaseTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let id: String
    let bars: [InterestBar]
    var trueRange: Price = "1"
    /// The rate of eight hours in steps of 1e-10, and its age.
    var funding: Int64?
    var fundingAge: Interval = .hours(1)
    var change: @Sendable (inout OIFlow.Configuration) -> Void = { _ in }
    var setup = OIFlow.divergence
    let expected: Expected
    var testDescription: String { id }
  }

  enum Expected: Sendable {
    case trade(Side, stop: Price, target: Price, rr: Int64, confidence: Int64)
    case refused(NoTradeReason)
  }

  /// The ten bars of the divergence.
  static let ten = [
    InterestBar("100", "101", "99.5", "100.5", 50_000),
    InterestBar("100.5", "103", "100.3", "102.8", 50_400),
    InterestBar("102.8", "103.2", "101.5", "101.8", 50_300),
    InterestBar("101.8", "102", "98.5", "98.9", 49_200),
    InterestBar("98.9", "99.6", "98", "99.2", 48_800),
    InterestBar("99.2", "100.6", "99", "100.4", 48_900),
    InterestBar("100.4", "101.9", "100.2", "101.7", 49_000),
    InterestBar("101.7", "102.6", "101.4", "102.4", 49_100),
    InterestBar("102.4", "103.8", "102.2", "103.1", 49_200),
    InterestBar("103.1", "103.2", "101.8", "102", 49_100),
  ]

  /// The ten with the bar at `index` replaced, up to `count`.
  static func ten(_ index: Int, _ bar: InterestBar, count: Int = 10) -> [InterestBar] {
    var bars = Array(ten.prefix(count))
    bars[index] = bar
    return bars
  }

  static let waiting = InterestBar("103.1", "103.3", "102.3", "103", 49_100)

  /// The five bars of the flush after one before, with the open interest at each.
  static func flush(_ interest: [Int64?], turn: InterestBar? = nil) -> [InterestBar] {
    [
      InterestBar("60000", "60010", "59990", "60000", interest[0]),
      InterestBar("60000", "60050", "59600", "59650", interest[1]),
      InterestBar("59650", "59700", "59200", "59250", interest[2]),
      InterestBar("59250", "59300", "58800", "58850", interest[3]),
      InterestBar("58850", "58900", "58300", "58500", interest[4]),
      (turn ?? InterestBar("58500", "58800", "58450", "58750", nil)).holding(interest[5]),
    ]
  }

  static let flushed: [Int64?] = [82_000, 81_500, 80_800, 80_000, 79_000, 78_900]

  static func flushCase(
    _ id: String, _ interest: [Int64?] = flushed, turn: InterestBar? = nil,
    trueRange: Price = "500", setup: Setup = OIFlow.flush, expected: Expected
  ) -> Case {
    Case(
      id: id, bars: flush(interest, turn: turn), trueRange: trueRange, setup: setup,
      expected: expected)
  }

  static let short = Expected.trade(
    .sell, stop: "103.9", target: "98", rr: 21_053, confidence: 5_568)
  static let long = Expected.trade(
    .buy, stop: "58250", target: "60000", rr: 25_000, confidence: 6_490)

  static let cases = [
    Case(id: "OI-1", bars: ten, expected: short),
    Case(
      id: "OI-2", bars: ten(8, ten[8].holding(50_500), count: 9),
      expected: .refused(.openInterestConfirms)),
    Case(id: "OI-3", bars: Array(ten.prefix(9)), expected: .refused(.armed)),
    flushCase("OI-5", expected: long),
    flushCase(
      "OI-6", [82_000, 81_900, 81_800, 81_700, 81_600, 81_600],
      expected: .refused(.openInterestNotFlushed)),
    flushCase(
      "OI-7", [82_000, 81_500, 80_800, 80_000, 79_000, 78_500],
      expected: .refused(.openInterestStillFalling)),
    // Beyond the table. The divergence, each check at its edge:
    Case(
      id: "exactly one percent less", bars: ten(8, ten[8].holding(49_797), count: 9),
      expected: .refused(.armed)),
    Case(
      id: "one coin more than that", bars: ten(8, ten[8].holding(49_798), count: 9),
      expected: .refused(.openInterestConfirms)),
    Case(
      id: "no open interest at the extreme", bars: ten(8, ten[8].holding(nil), count: 9),
      setup: OIFlow.flush,
      expected: .refused(.openInterestStale)),
    Case(
      id: "none at the reference", bars: ten(2, ten[2].holding(nil), count: 9),
      expected: .refused(.openInterestStale)),
    Case(
      id: "none elsewhere", bars: ten(5, ten[5].holding(nil)), expected: short),
    Case(
      id: "a high no higher",
      bars: ten(8, InterestBar("102.4", "103.2", "102.2", "103.1", 49_200), count: 9),
      trueRange: "3.4",
      setup: .all, expected: .refused(.noSetup)),
    Case(
      id: "no dip between", bars: Array(ten.prefix(9)), trueRange: "3.5", setup: .all,
      expected: .refused(.noSetup)),
    Case(
      // 103.2 less 98 is one and a half times 3.46666666.
      id: "barely a dip", bars: Array(ten.prefix(9)), trueRange: "3.46666666",
      expected: .refused(.armed)),
    Case(
      id: "the earliest of equal highs is the reference",
      bars: ten(1, InterestBar("100.5", "103.2", "100.3", "102.8", 49_400), count: 9),
      expected: .refused(.openInterestConfirms)),
    Case(
      id: "a high four bars back is no reference",
      bars: ten(4, InterestBar("98.9", "103.5", "98", "99.2", 48_800), count: 9),
      expected: .refused(.armed)),
    Case(
      id: "a close at the low triggers nothing",
      bars: ten(9, InterestBar("103.1", "103.2", "101.8", "102.2", 49_100)),
      expected: .refused(.armed)),
    Case(
      id: "the sixth bar triggers",
      bars: Array(ten.prefix(9)) + Array(repeating: waiting, count: 5) + [ten[9]],
      expected: short),
    Case(
      id: "the seventh is too late",
      bars: Array(ten.prefix(9)) + Array(repeating: waiting, count: 6) + [ten[9]],
      expected: .refused(.armExpired)),
    Case(
      id: "a higher high moves the extreme",
      bars: Array(ten.prefix(9)) + [
        InterestBar("103.1", "104", "102.9", "103.9", 49_300),
        InterestBar("103.9", "104", "102.4", "102.5", 49_100),
      ],
      expected: .trade(.sell, stop: "104.1", target: "98", rr: 28_125, confidence: 5_933)),
    Case(
      id: "unless open interest has come back",
      bars: Array(ten.prefix(9)) + [InterestBar("103.1", "104", "101.8", "102", 49_798)],
      expected: .refused(.divergenceLost)),
    Case(
      id: "or is unknown",
      bars: Array(ten.prefix(9)) + [InterestBar("103.1", "104", "101.8", "102", nil)],
      expected: .refused(.divergenceLost)),
    Case(
      id: "a crowd of longs", bars: ten, funding: 2_000_000,
      expected: .trade(.sell, stop: "103.9", target: "98", rr: 21_053, confidence: 7_068)),
    Case(id: "hardly a crowd", bars: ten, funding: 1_999_999, expected: short),
    Case(id: "a crowd of shorts", bars: ten, funding: -1_000_000, expected: short),
    Case(
      id: "a crowd of yesterday", bars: ten, funding: 2_000_000,
      fundingAge: .hours(24) + .seconds(1), expected: short),
    Case(
      id: "upside down against a crowd of shorts", bars: ten.map { $0.mirrored(around: "200") },
      funding: -1_000_000,
      expected: .trade(.buy, stop: "96.1", target: "102", rr: 21_053, confidence: 7_068)),
    // The flush:
    flushCase(
      "a fall of exactly two ranges", trueRange: "750",
      expected: .trade(.buy, stop: "58225", target: "60000", rr: 23_810, confidence: 6_401)),
    Case(
      id: "a fall of less", bars: flush(flushed), trueRange: "750.00000001",
      change: { $0.lookBack = 5 }, setup: .all, expected: .refused(.noSetup)),
    flushCase(
      "exactly three percent", [82_000, 81_500, 80_800, 80_000, 79_540, 79_540],
      expected: .trade(.buy, stop: "58250", target: "60000", rr: 25_000, confidence: 6_161)),
    flushCase(
      "one coin less than that", [82_000, 81_500, 80_800, 80_000, 79_541, 79_541],
      expected: .refused(.openInterestNotFlushed)),
    flushCase(
      "still falling by exactly 0.3 %", [82_000, 81_500, 80_800, 80_000, 79_000, 78_763],
      expected: long),
    flushCase(
      "by one coin more", [82_000, 81_500, 80_800, 80_000, 79_000, 78_762],
      expected: .refused(.openInterestStillFalling)),
    flushCase(
      "unknown before the flush", [nil, 81_500, 80_800, 80_000, 79_000, 78_900],
      expected: .refused(.openInterestStale)),
    flushCase("unknown within it", [82_000, nil, nil, nil, 79_000, 78_900], expected: long),
    flushCase(
      "closes at the previous close",
      turn: InterestBar("58450", "58800", "58440", "58500", nil),
      expected: .refused(.noReversalCandle)),
    flushCase(
      "closes above it, but down",
      turn: InterestBar("58600", "58800", "58440", "58550", nil),
      expected: .refused(.noReversalCandle)),
    flushCase(
      "pays too little",
      turn: InterestBar("58500", "58950", "58450", "58900", nil),
      expected: .refused(.rewardToRiskBelowMinimum)),
    Case(
      id: "a rise upside down", bars: flush(flushed).map { $0.mirrored(around: "120000") },
      trueRange: "500", setup: OIFlow.flush,
      expected: .trade(.sell, stop: "61750", target: "60000", rr: 25_000, confidence: 6_490)),
  ]

  static func mean(_ range: Price) -> Mean { Mean(sum: Int128(range.steps), count: 1) }

  /// The memory after the bars of `given`, with a look-back of eight and its average range.
  static func memory(
    _ given: Case, _ strategy: OIFlow
  ) throws -> (state: OIFlow.State, trigger: Candle) {
    var state = OIFlow.State()
    var trigger = try ten[0].candle(0)
    for (index, bar) in given.bars.enumerated() {
      trigger = try bar.candle(Int64(index))
      state.interest = bar.interest.map {
        OIFlow.Known(value: Quantity(whole: $0), received: trigger.closeTime)
      }
      state.absorb(trigger, mean(given.trueRange), strategy.configuration)
    }
    state.funding = given.funding.map {
      OIFlow.Known(
        value: FundingRate(steps: $0), received: trigger.closeTime - given.fundingAge)
    }
    return (state, trigger)
  }

  static func strategy(_ change: (inout OIFlow.Configuration) -> Void = { _ in }) -> OIFlow {
    var configuration = OIFlow.Configuration()
    configuration.lookBack = 8
    change(&configuration)
    return OIFlow(configuration)
  }

  @Test(arguments: cases) func workedCase(_ given: Case) throws {
    let strategy = Self.strategy(given.change)
    let (state, trigger) = try Self.memory(given, strategy)
    let verdict = strategy.judge(try context(trigger), Self.mean(given.trueRange), state)
    #expect(verdict.setup == given.setup)
    switch (verdict.outcome, given.expected) {
    case (.signal(let signal), .trade(let side, let stop, let target, let rr, let confidence)):
      #expect(signal.side == side)
      #expect(signal.stop == stop)
      #expect(signal.target == target)
      #expect(signal.rewardToRisk.count == rr)
      #expect(signal.confidence.count == confidence)
      #expect(signal.timeStop == trigger.closeTime + .hours(12))
    case (.noTrade(let reason), .refused(let expected)): #expect(reason == expected)
    default: Issue.record("expected \(given.expected), got \(verdict.outcome)")
    }
  }

  @Test("the gap of OI-1 and the drop of OI-5 and OI-6") func figures() throws {
    let strategy = Self.strategy()
    let armed = try #require(Self.cases.first { $0.id == "OI-3" })
    let gap = try #require(try Self.memory(armed, strategy).state.short.armed?.gap)
    #expect(TenThousandths(nearest: gap)?.count == 219)
    func drop(_ now: Quantity) -> Int64? {
      TenThousandths(nearest: now.shareDown(from: "82000"))?.count
    }
    #expect(drop("79000") == 366)
    #expect(drop("81600") == 49)
  }

  @Test(
    "OI-4, and exactly as old as it may be", arguments: [(600, false), (601, true), (700, true)])
  func staleInterest(_ age: Int64, isStale: Bool) throws {
    let strategy = Self.strategy()
    var (state, trigger) = try Self.memory(#require(Self.cases.first), strategy)
    for _ in 0..<OIFlow.State.trueRangeLength {
      state.trueRange.absorb(try .quarter(0, "100", "101", "100", "100"))
    }
    state.fedBars = 64
    state.interest = OIFlow.Known(value: "49100", received: trigger.closeTime - .seconds(age))
    let verdict = strategy.decide(try context(trigger), in: MarketView(), state: state)
    #expect((verdict.outcome == .noTrade(.openInterestStale)) == isStale)
    state.fedBars = 63
    #expect(
      strategy.decide(try context(trigger), in: MarketView(), state: state).outcome
        == .noTrade(.warmUp))
    state.interest = nil
    #expect(
      strategy.decide(try context(trigger), in: MarketView(), state: state).outcome
        == .noTrade(.dataMissing))
  }

  /// Four bars flush to a low below the reference; the turn closes above the high of the last.
  static func both(reference: Int64) -> [InterestBar] {
    [
      InterestBar("99.8", "100.2", "99", "100", 50_000),
      InterestBar("100", "100.5", "98", "99.5", reference),
      InterestBar("99.5", "101.5", "99.3", "101.3", 50_000),
      InterestBar("101.3", "102", "101", "101.8", 50_000),
      InterestBar("101.8", "102", "101", "101.9", 50_000),
      InterestBar("101.9", "102", "100.5", "100.6", 49_500),
      InterestBar("100.6", "100.7", "99.5", "99.6", 49_000),
      InterestBar("99.6", "99.7", "98.5", "98.6", 48_500),
      InterestBar("98.6", "98.7", "97.5", "97.9", 48_000),
      InterestBar("97.9", "98.9", "97.8", "98.8", 48_000),
    ]
  }

  @Test("of both setups on one bar the more confident is preferred, of equals the flush")
  func preference() throws {
    func verdict(_ reference: Int64, _ strategy: OIFlow) throws -> Conclusion {
      let given = Case(
        id: "both", bars: Self.both(reference: reference), expected: .refused(.noSetup))
      let (state, trigger) = try Self.memory(given, strategy)
      return strategy.judge(try context(trigger), Self.mean("1"), state)
    }
    let divergence = try verdict(50_000, Self.strategy())
    #expect(divergence.setup == OIFlow.divergence)
    #expect(try signal(divergence.outcome).confidence.count == 7_214)
    #expect(divergence.alternatives.map(\.setup) == [OIFlow.flush])
    #expect(divergence.alternatives.map(\.signal.confidence.count) == [6_524])
    let flush = try verdict(48_500, Self.strategy())
    #expect(flush.setup == OIFlow.flush)
    #expect(flush.alternatives.map(\.setup) == [OIFlow.divergence])
    let equal = try verdict(
      50_000,
      Self.strategy {
        $0.confidence.interestWeight = 0
        $0.confidence.rewardWeight = 0
        $0.confidence.closeWeight = 0
      })
    #expect(equal.setup == OIFlow.flush)
    #expect(equal.alternatives.map(\.signal.confidence.count) == [4_500])
  }
}

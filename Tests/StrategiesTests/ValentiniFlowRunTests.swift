import Market
import Risk
import Testing

@testable import Strategies

/// ValentiniFlow on whole days of candles, through its runner.
@Suite struct ValentiniFlowRunTests {
  /// Two days around 60,500, then one that leaves value upward as in VF-2.
  ///
  /// The profile of a day holds most of its volume between 60,000 and 61,000, the fullest of its
  /// bins of 100 at 60,500.
  static func market(last ratio: Fraction = "0.25") throws -> [Candle] {
    var candles: [Candle] = []
    func add(_ bar: [Price], _ volume: Quantity, _ ratio: Fraction) throws {
      candles.append(
        try candle(
          .m15, at: monday + .minutes(15 * Int64(candles.count)), bar, volume: volume,
          ratio: ratio))
    }
    func lean() -> Fraction { candles.count.isMultiple(of: 2) ? "0.1" : "-0.1" }
    for _ in 0..<2 {
      try add(["60500", "63500", "58500", "60500"], "1000", lean())
      for _ in 0..<35 { try add(["60500", "61500", "59500", "60500"], "1600", lean()) }
      for _ in 0..<59 { try add(["60500", "61000", "60000", "60500"], "1000", lean()) }
      try add(["60500", "60600", "60500", "60500"], "1000", lean())
    }
    for _ in 0..<20 { try add(["60900", "61000", "60800", "60900"], "1000", lean()) }
    try add(["60900", "61150", "60850", "61100"], "1000", "0.10")
    try add(["61100", "61350", "61050", "61300"], "1000", "0.12")
    try add(["61300", "61320", "61020", "61080"], "1000", "-0.05")
    try add(["61080", "61380", "61060", "61330"], "1000", ratio)
    return candles
  }

  static func runner() throws -> StrategyRunner<ValentiniFlow> {
    StrategyRunner(ValentiniFlow(), for: try instrument())
  }

  static func decisions(_ candles: [Candle]) throws -> [Decision] {
    var desk = Driver(try runner())
    try desk.run(candles)
    return desk.decisions
  }

  /// The score of the last value, reckoned plainly.
  static func score(_ ratios: [Double], includingItself: Bool = false) throws -> Double {
    let last = try #require(ratios.last)
    let held = includingItself ? ratios.suffix(96) : ratios.dropLast().suffix(96)
    let mean = held.reduce(0, +) / 96
    let squares = held.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (last - mean) / (squares / 95).squareRoot()
  }

  static func confidence(score: Double) -> Int64? {
    // The 16 deltas add up to 420 coins, along the trade; rr is 670 / 333.
    TenThousandths(
      nearest: 0.45 + 0.20 * min(1, (score - 1.5) / 1.5) + 0.15
        + 0.10 * (670.0 / 333 - 2) / 2 + 0.10)?.count
  }

  @Test("two days of candles and four quarter hours make the signal of VF-2") func signal() throws {
    let candles = try Self.market()
    let decisions = try Self.decisions(candles)
    #expect(decisions.prefix(191).allSatisfy { $0.reason == .warmUp })
    #expect(
      decisions.suffix(5).map(\.reason) == [
        .balance, .balance, .imbalanceConfirmed, .awaitAggression, nil,
      ])
    let signal = try #require(decisions.last?.signal)
    // Average range (10 · 200 + 3 · 300 + 320) / 14 = 230: the stop is 23 below 61,020.
    #expect(signal.side == .buy && signal.entry == "61330")
    #expect(signal.stop == "60997" && signal.target == "62000")
    #expect(signal.rewardToRisk.count == 20_120)
    let ratios = candles.map { ($0.takerSplit?.deltaRatio ?? .zero).double }
    try #expect(signal.confidence.count == Self.confidence(score: Self.score(ratios)))
    #expect(decisions.last?.setup == ValentiniFlow.continuation)
  }

  @Test("less aggression waits; the same upside down sells; other units change nothing")
  func variants() throws {
    #expect(try Self.decisions(Self.market(last: "0.12")).last?.reason == .awaitAggression)
    let upright = try Self.decisions(Self.market())
    let turned = try Self.decisions(
      Self.market().map { try #require($0.mirrored(around: "122000")) })
    #expect(turned.map(\.reason) == upright.map(\.reason))
    let signal = try #require(turned.last?.signal)
    #expect(signal.side == .sell && signal.stop == "61003" && signal.target == "60000")
    let units = try Self.decisions(
      Self.market().map { try #require($0.scaled(price: 10, volume: 7)) })
    #expect(units.map(\.reason) == upright.map(\.reason))
    #expect(units.last?.signal?.target == "620000")
    #expect(units.last?.signal?.confidence == upright.last?.signal?.confidence)
  }

  @Test("a restart after any candle changes nothing") func restart() throws {
    var desk = Driver(try Self.runner())
    try desk.run(Self.market()) { try Self.runner() }
    #expect(try desk.decisions == Self.decisions(Self.market()))
  }

  @Test("it decides from the 192nd candle on") func warmUp() throws {
    let decisions = try Self.decisions(Self.market())
    #expect(decisions.prefix(191).allSatisfy { $0.reason == .warmUp })
    #expect(decisions.dropFirst(191).allSatisfy { $0.reason != .warmUp })
  }

  /// The last decision where the candle at `index` tells `split` of its takers.
  static func last(splitAt index: Int, _ split: TakerSplit?) throws -> Decision? {
    var candles = try market()
    candles[index] = try #require(candles[index].with(split))
    return try decisions(candles).last
  }

  @Test(
    "every candle of the score and of the previous day has to be covered",
    arguments: [
      (95, nil), (96, NoTradeReason.profileIncomplete), (118, .profileIncomplete),
      (119, .flowCoverageLow), (191, .flowCoverageLow), (215, .flowCoverageLow),
    ])
  func coverage(_ index: Int, _ reason: NoTradeReason?) throws {
    let ratio = try #require(Self.market()[index].takerSplit).deltaRatio
    let low = TakerSplit.of(ratio, coverage: "0.94999999")
    #expect(try Self.last(splitAt: index, low)?.reason == reason)
    #expect(try Self.last(splitAt: index, nil)?.reason == reason)
    let enough = TakerSplit.of(ratio, coverage: "0.95")
    #expect(try Self.last(splitAt: index, enough)?.signal != nil)
  }

  @Test("the confidence counts the coverage of the trigger") func coverageRanks() throws {
    let full = try #require(Self.decisions(Self.market()).last?.signal)
    let enough = TakerSplit.of("0.25", coverage: "0.95")
    let less = try #require(Self.last(splitAt: 215, enough)?.signal)
    #expect(full.confidence.count - less.confidence.count == 50)
  }

  @Test("a day without a range has no value; a missing candle is a gap") func noProfile() throws {
    let flat = try Self.market().enumerated().map { index, bar in
      guard (96..<192).contains(index) else { return bar }
      return try candle(
        .m15, at: bar.openTime, ["60500", "60500", "60500", "60500"],
        ratio: bar.takerSplit?.deltaRatio)
    }
    #expect(try Self.decisions(flat).last?.reason == .profileIncomplete)
    for missing in [24, 96, 200, 214] {
      var holed = try Self.market()
      holed.remove(at: missing)
      #expect(try Self.decisions(holed).last?.reason == .gapInHistory)
    }
  }

  @Test("a new day begins in balance", arguments: [(0, true), (1, false)])
  func newDay(_ shift: Int, isConfirmed: Bool) throws {
    var candles = Array(try Self.market().prefix(192))
    let count = 288 + shift - 2
    func add(_ bar: [Price], _ ratio: Fraction) throws {
      candles.append(
        try candle(
          .m15, at: monday + .minutes(15 * Int64(candles.count)), bar, ratio: ratio))
    }
    while candles.count < count {
      try add(
        ["60900", "61000", "60800", "60900"], candles.count.isMultiple(of: 2) ? "0.1" : "-0.1")
    }
    try add(["60900", "61150", "60850", "61100"], "0.10")
    try add(["61100", "61350", "61050", "61300"], "0.12")
    #expect(
      try Self.decisions(candles).last?.reason == (isConfirmed ? .imbalanceConfirmed : .balance))
    try add(["61300", "61350", "61250", "61300"], "0.12")
    #expect(
      try Self.decisions(candles).last?.reason == (isConfirmed ? .balance : .imbalanceConfirmed))
  }

  @Test("a memory of other lengths begins anew") func otherLengths() throws {
    var configuration = ValentiniFlow.Configuration()
    configuration.lengths.score = 50
    let candles = try Self.market()
    var desk = Driver(
      StrategyRunner(ValentiniFlow(configuration), for: try instrument()))
    try desk.run(Array(candles.dropLast()))
    var real = Driver(try Self.runner())
    try real.run(Array(candles.dropLast()))
    try real.instance.restore(stateBytes: desk.instance.stateBytes)
    real.feed([try #require(candles.last)])
    #expect(real.decisions.last?.reason == .warmUp)
  }
}

/// ValentiniFlow on a random walk whose takers lean with the candles.
@Suite struct ValentiniFlowWalkTests {
  /// For prices near 50,000,000 that move by 300 a candle: in the same proportion to the moves,
  /// and between two ticks.
  static func scaled() throws -> StrategyRunner<ValentiniFlow> {
    var configuration = ValentiniFlow.Configuration()
    configuration.gate.minimumStop = "0.00000501"
    configuration.gate.maximumStop = "0.00010001"
    return StrategyRunner(ValentiniFlow(configuration), for: try instrument())
  }

  static let walk = Result {
    try FlowWalk(seed: 34, timeframe: .m15, count: 12_000, isFine: true).candles()
  }

  static func decisions(_ candles: [Candle]) throws -> [Decision] {
    var desk = Driver(try scaled())
    try desk.run(candles)
    return desk.decisions
  }

  @Test("both setups signal on both sides, at twice the risk or more") func signals() throws {
    let decisions = try Self.decisions(Self.walk.get())
    for setup in [ValentiniFlow.continuation, ValentiniFlow.failedAuction] {
      for side in [Side.buy, .sell] {
        let count = decisions.count { $0.setup == setup && $0.signal?.side == side }
        #expect(count >= 2, "\(setup) \(side)")
      }
    }
    #expect(decisions.allSatisfy { ($0.signal?.rewardToRisk.count ?? 20_000) >= 20_000 })
    let said = Set(decisions.compactMap(\.reason))
    #expect(
      said.isSuperset(of: [
        .balance, .imbalanceConfirmed, .timedOut, .failedNoAggression, .backInsideWait,
        .awaitPullback, .awaitAggression, .noProgress, .rewardToRiskBelowMinimum,
      ]))
  }

  @Test("the walk upside down trades the other side") func mirror() throws {
    let walk = try Self.walk.get()
    let expected = try Self.decisions(walk).map { $0.mirrored(around: "100000000").unitFree }
    let turned = try walk.map { try #require($0.mirrored(around: "100000000")) }
    #expect(
      PropertySuite.difference(
        expected, try Self.decisions(turned).map(\.unitFree), "mirror") == nil)
  }

  @Test("other units and restarts change nothing") func unitsAndRestarts() throws {
    let walk = Array(try FlowWalk(seed: 35, timeframe: .m15, count: 3_000).candles())
    func decisions(_ candles: [Candle], restarting: Bool = false) throws -> [Decision] {
      var desk = Driver(try ValentiniFlowRunTests.runner())
      try desk.run(candles) { restarting ? try ValentiniFlowRunTests.runner() : nil }
      return desk.decisions
    }
    let expected = try decisions(walk)
    #expect(expected.contains { $0.signal != nil })
    #expect(try decisions(walk, restarting: true) == expected)
    let scaled = try walk.map { try #require($0.scaled(price: 10, volume: 7)) }
    #expect(
      PropertySuite.difference(
        expected.map { $0.scaled(price: 10).unitFree }, try decisions(scaled).map(\.unitFree),
        "scale") == nil)
  }
}

/// What damage to the memory may do.
@Suite struct ValentiniFlowMemoryTests {
  @Test("no flipped byte traps, a cut memory is refused") func damage() throws {
    let walk = try ValentiniFlowWalkTests.walk.get().prefix(700)
    var desk = Driver(try ValentiniFlowWalkTests.scaled())
    try desk.run(Array(walk.dropLast(40)))
    let survivors = try desk.survivesDamage(then: Array(walk.suffix(40)))
    #expect(survivors > 0)
    #expect(desk.instance.stateBytes.count < 4_000)
  }
}

/// Each of these mistakes would make another signal than the one that the tests above demand.
@Suite struct PlantedValentiniFlowTests {
  static func signal() throws -> Signal {
    try #require(ValentiniFlowRunTests.decisions(ValentiniFlowRunTests.market()).last?.signal)
  }

  @Test("off by one: a score among values that include its own") func window() throws {
    let ratios = try ValentiniFlowRunTests.market().map {
      ($0.takerSplit?.deltaRatio ?? .zero).double
    }
    let flawed = try ValentiniFlowRunTests.score(ratios, includingItself: true)
    #expect(
      try ValentiniFlowRunTests.confidence(score: flawed) != Self.signal().confidence.count)
  }

  @Test("looking ahead: the value of the day that is not over") func lookAhead() throws {
    let bars = try ValentiniFlowRunTests.market().map {
      VolumeProfile.Bar(high: $0.high, low: $0.low, volume: $0.volume)
    }
    func target(_ bars: ArraySlice<VolumeProfile.Bar>) throws -> Price {
      let area = try #require(VolumeProfile(Array(bars), binCount: 50)).valueArea("0.7")
      return area.high + (area.high - area.low)
    }
    #expect(try target(bars[96..<192]) == Self.signal().target)
    #expect(try target(bars[192...]) != Self.signal().target)
  }

  @Test("swapped side: what takers sold read as what they bought") func side() throws {
    let candles = try ValentiniFlowRunTests.market().map { candle in
      let split = try #require(candle.takerSplit)
      return try #require(
        candle.with(TakerSplit(buy: split.sell, sell: split.buy, coverage: split.coverage)))
    }
    #expect(try ValentiniFlowRunTests.decisions(candles).allSatisfy { $0.signal == nil })
    // And a trade on the wrong side finds its stop beyond the market.
    let given = ValentiniFlowCaseTests.worked[2]
    let trade = ValentiniFlow.Trade(
      setup: ValentiniFlow.failedAuction, side: .buy, extreme: "61350", score: 2)
    let trigger = try candle(
      .m15, at: tuesday, ["61300", "61310", "60800", "60850"], ratio: "-0.20")
    let flawed = ValentiniFlow().judge(
      try context(trigger), trade, given.value, trueRange: Mean(sum: 0, count: 1),
      cumulativeDelta: -1)
    #expect(flawed == .noTrade(.badGeometry))
    #expect(try flawed != ValentiniFlowCaseTests.verdict(given).outcome)
  }

  @Test("stale input accepted: a taker split that saw half of the candle") func coverage() throws {
    var configuration = ValentiniFlow.Configuration()
    configuration.coverage = .zero
    var candles = try ValentiniFlowRunTests.market()
    candles[215] = try #require(candles[215].with(.of("0.25", coverage: "0.5")))
    var flawed = Driver(StrategyRunner(ValentiniFlow(configuration), for: try instrument()))
    try flawed.run(candles)
    #expect(flawed.decisions.last?.signal != nil)
    #expect(try ValentiniFlowRunTests.decisions(candles).last?.reason == .flowCoverageLow)
  }
}

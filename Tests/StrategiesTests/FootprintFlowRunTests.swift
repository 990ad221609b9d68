import Market
import Risk
import Testing

@testable import Strategies

/// FootprintFlow on minutes and five minutes, through its runner.
@Suite struct FootprintFlowRunTests {
  typealias Bar = FootprintFlowCaseTests.Bar

  /// Candles like the twelve before of the worked cases, and `bars` after them, the last of which
  /// has `minutes`.
  static func market(_ bars: [Bar], minutes last: [Bar] = [], before count: Int = 40) throws
    -> [Candle]
  {
    let quiet = Bar("2500", "2506", "2496", "2502", "400", "0")
    let minute = Bar("2500", "2503", "2498", "2501", "80", "0")
    var candles: [Candle] = []
    let all = Array(repeating: quiet, count: count) + bars
    for (index, bar) in all.enumerated() {
      let time = monday + .minutes(5 * Int64(index))
      candles.append(
        try candle(.m5, at: time, bar.prices, volume: bar.volume, ratio: bar.ratio))
      for offset in 0..<5 {
        let one = index == all.count - 1 && !last.isEmpty ? last[offset] : minute
        candles.append(
          try candle(
            .m1, at: time + .minutes(Int64(offset)), one.prices, volume: one.volume,
            ratio: one.ratio))
      }
    }
    return candles
  }

  static func absorption() throws -> [Candle] {
    try market([FootprintFlowCaseTests.k, FootprintFlowCaseTests.next])
  }

  static func stack() throws -> [Candle] {
    try market([FootprintFlowCaseTests.broken], minutes: FootprintFlowCaseTests.minutes)
  }

  static func runner(
    _ rules: FootprintFlow.Configuration = FootprintFlow.Configuration()
  ) throws -> StrategyRunner<FootprintFlow> {
    StrategyRunner(FootprintFlow(rules), for: try instrument())
  }

  static func decisions(
    _ candles: [Candle], _ rules: FootprintFlow.Configuration = FootprintFlow.Configuration()
  ) throws -> [Decision] {
    var desk = Driver(try runner(rules))
    try desk.run(candles)
    return desk.decisions
  }

  @Test("an absorption and the candle that confirms it make the signal of FP-1") func absorbed()
    throws
  {
    let decisions = try Self.decisions(Self.absorption())
    #expect(decisions.suffix(3).map(\.reason) == [.noSetup, .awaitConfirm, nil])
    let signal = try #require(decisions.last?.signal)
    // Average range (12 · 10 + 18 + 7) / 14: the stop is 1.04 below 2,484.
    #expect(signal.side == .buy && signal.stop == "2482.9" && signal.target == "2539.3")
    #expect(signal.rewardToRisk.count == 25_031 && signal.confidence.count == 6_550)
    #expect(decisions.last?.setup == FootprintFlow.absorption)
  }

  @Test("three minutes that break the range make the signal of FP-5") func stacked() throws {
    let decisions = try Self.decisions(Self.stack())
    let signal = try #require(decisions.last?.signal)
    // Average range (13 · 10 + 12) / 14: the stop is 1.01 below 2,500.5.
    #expect(signal.side == .buy && signal.stop == "2499.4" && signal.target == "2538.3")
    #expect(signal.rewardToRisk.count == 25_045 && signal.confidence.count == 6_917)
    #expect(decisions.last?.setup == FootprintFlow.stacked)
  }

  @Test("the same upside down sells; other units change nothing", arguments: [true, false])
  func variants(_ isAbsorption: Bool) throws {
    let candles = try isAbsorption ? Self.absorption() : Self.stack()
    let upright = try Self.decisions(candles)
    let turned = try Self.decisions(candles.map { try #require($0.mirrored(around: "5000")) })
    #expect(upright.map { $0.mirrored(around: "5000").unitFree } == turned.map(\.unitFree))
    let units = try Self.decisions(candles.map { try #require($0.scaled(price: 10, volume: 7)) })
    #expect(
      upright.map(\.reason) == units.map(\.reason)
        && units.last?.signal?.confidence == upright.last?.signal?.confidence)
  }

  @Test("a restart between the two candles, as after any other, changes nothing") func restart()
    throws
  {
    let candles = try Self.absorption()
    var desk = Driver(try Self.runner())
    try desk.run(candles) { try Self.runner() }
    #expect(try desk.decisions == Self.decisions(candles))
    #expect(desk.decisions.last?.signal != nil)
  }

  @Test("a blocked decision does not hold up what waits") func blocked() throws {
    var desk = Driver(try Self.runner())
    try desk.run(try Self.absorption(), hasOpenPosition: true)
    #expect(desk.decisions.last?.reason == .alreadyInPosition)
    let runner = try #require(desk.instance as? StrategyRunner<FootprintFlow>)
    #expect(runner.state.awaiting?.side == .buy && runner.state.pending == nil)
  }

  @Test("it decides from the 34th five minutes on") func warmUp() throws {
    let decisions = try Self.decisions(Self.absorption())
    #expect(decisions.prefix(33).allSatisfy { $0.reason == .warmUp })
    #expect(decisions.dropFirst(33).allSatisfy { $0.reason != .warmUp })
    #expect(try Self.decisions(Self.market([], before: 33)).last?.reason == .warmUp)
  }

  /// The last decision where the candle that opens `age` candles before the last of its series
  /// tells `coverage` of its takers, or nothing.
  static func last(
    _ timeframe: Timeframe, age: Int64, coverage: Fraction?
  ) throws -> Decision? {
    var candles = try stack()
    let newest = try #require(candles.filter { $0.timeframe == timeframe }.last)
    let time = newest.openTime - timeframe.interval * age
    let index = try #require(
      candles.firstIndex { $0.timeframe == timeframe && $0.openTime == time })
    let ratio = try #require(candles[index].takerSplit).deltaRatio
    let split = coverage.map { TakerSplit.of(ratio, coverage: $0) }
    candles[index] = try #require(candles[index].with(split))
    return try decisions(candles).last
  }

  @Test(
    "each of the 34 candles of either series has to be covered",
    arguments: [Timeframe.m1, .m5], [(0, false), (33, false), (34, true)] as [(Int64, Bool)])
  func coverage(_ timeframe: Timeframe, _ given: (age: Int64, isSilent: Bool)) throws {
    let expected: NoTradeReason? = given.isSilent ? nil : .flowCoverageLow
    for coverage in [Fraction("0.94999999"), nil] {
      #expect(
        try Self.last(timeframe, age: given.age, coverage: coverage)?.reason == expected)
    }
    #expect(try Self.last(timeframe, age: given.age, coverage: "0.95")?.signal != nil)
  }

  @Test("a missing candle of either series is a gap") func gap() throws {
    let candles = try Self.absorption()
    for timeframe in [Timeframe.m1, .m5] {
      let series = candles.filter { $0.timeframe == timeframe }
      for age in [2, 12, 33] {
        let missing = series[series.count - 1 - age]
        let decision = try Self.decisions(candles.filter { $0 != missing }).last
        #expect(decision?.reason == .gapInHistory, "\(timeframe.name) \(age)")
      }
    }
  }

  @Test("what waits does not outlast a gap") func waitingOverGap() throws {
    let strategy = FootprintFlow()
    var state = strategy.initialState(for: try instrument())
    for candle in try Self.market([FootprintFlowCaseTests.k]) {
      strategy.absorb(candle, in: MarketView(), state: &state)
    }
    #expect(state.pending?.side == .buy)
    let late = try candle(
      .m5, at: monday + .minutes(5 * 42), ["2494", "2500", "2493", "2499"], ratio: "0.12")
    strategy.absorb(late, in: MarketView(), state: &state)
    #expect(state.pending == nil && state.awaiting == nil && state.reading == nil)
    #expect(state.recent.count == 5)
  }

  @Test("a minute is heavy against the twenty before it, itself not among them") func heavy() throws
  {
    let strategy = FootprintFlow()
    var state = strategy.initialState(for: try instrument())
    for minute in 0..<22 {
      // After twenty of 80 and one of 100 the average is 81.
      let volume: Quantity = minute < 20 ? "80" : minute == 20 ? "100" : "81"
      strategy.absorb(
        try candle(
          .m1, at: monday + .minutes(Int64(minute)), ["2500", "2503", "2498", "2501"],
          volume: volume, ratio: "0.4"), in: MarketView(), state: &state)
    }
    #expect(state.recent.map(\.isHeavy) == [false, false, false, true, true])
    #expect(state.recent.map(\.openTime).first == monday + .minutes(17))
  }
}

/// FootprintFlow on a random walk whose takers lean with the minutes.
@Suite struct FootprintFlowWalkTests {
  /// For prices near 50,000,000 that move by 300 a minute: in the same proportion to the moves, and
  /// between two ticks; limits that a random walk reaches now and then.
  static func rules() -> FootprintFlow.Configuration {
    var rules = FootprintFlow.Configuration()
    rules.gate.minimumStop = "0.00000501"
    rules.gate.maximumStop = "0.00010001"
    rules.absorbedRatio = "0.10"
    rules.absorbedVolume = "1.2"
    rules.stackedRatio = "0.15"
    rules.stackedVolume = "0.5"
    return rules
  }

  static let walk = Result {
    let minutes = try FlowWalk(seed: 43, timeframe: .m1, count: 30_000, isFine: true).candles()
    return try minutes + minutes.joined(as: .m5)
  }

  @Test("both setups signal on both sides, at twice the risk or more") func signals() throws {
    let decisions = try FootprintFlowRunTests.decisions(Self.walk.get(), Self.rules())
    for setup in [FootprintFlow.absorption, FootprintFlow.stacked] {
      for side in [Side.buy, .sell] {
        let count = decisions.count { $0.setup == setup && $0.signal?.side == side }
        #expect(count >= 2, "\(setup) \(side)")
      }
    }
    #expect(decisions.allSatisfy { ($0.signal?.rewardToRisk.count ?? 25_000) >= 25_000 })
    let said = Set(decisions.compactMap(\.reason))
    #expect(
      said.isSuperset(of: [
        .noSetup, .volumeNotElevated, .noAbsorption, .awaitConfirm, .notConfirmed,
        .closeNotAtExtreme, .noBreak, .cooldown,
      ]))
  }

  @Test("the walk upside down trades the other side") func mirror() throws {
    let walk = try Self.walk.get()
    let expected = try FootprintFlowRunTests.decisions(walk, Self.rules())
      .map { $0.mirrored(around: "100000000").unitFree }
    let turned = try walk.map { try #require($0.mirrored(around: "100000000")) }
    #expect(
      PropertySuite.difference(
        expected, try FootprintFlowRunTests.decisions(turned, Self.rules()).map(\.unitFree),
        "mirror") == nil)
  }

  @Test("other units and restarts change nothing") func unitsAndRestarts() throws {
    let minutes = try FlowWalk(seed: 39, timeframe: .m1, count: 6_000).candles()
    let walk = try minutes + minutes.joined(as: .m5)
    var rules = Self.rules()
    rules.gate = GeometryGate()
    rules.gate.minimumStop = "0.0005"
    let expected = try FootprintFlowRunTests.decisions(walk, rules)
    #expect(expected.contains { $0.signal != nil })
    var desk = Driver(try FootprintFlowRunTests.runner(rules))
    try desk.run(walk) { try FootprintFlowRunTests.runner(rules) }
    #expect(desk.decisions == expected)
    let scaled = try walk.map { try #require($0.scaled(price: 10, volume: 7)) }
    #expect(
      PropertySuite.difference(
        expected.map { $0.scaled(price: 10).unitFree },
        try FootprintFlowRunTests.decisions(scaled, rules).map(\.unitFree), "scale") == nil)
  }

  @Test("no flipped byte traps, a cut memory is refused") func damage() throws {
    let candles = try FootprintFlowRunTests.absorption()
    var desk = Driver(try FootprintFlowRunTests.runner())
    let middle = monday + .minutes(5 * 41)
    try desk.run(candles.filter { $0.closeTime <= middle })
    let survivors = try desk.survivesDamage(then: candles.filter { $0.closeTime > middle })
    #expect(survivors > 0)
    #expect(desk.instance.stateBytes.count < 2_000)
  }
}

/// Each of these mistakes would make another outcome than the one that the tests above demand.
@Suite struct PlantedFootprintFlowTests {
  @Test("off by one: the candle itself among those whose low it has to reach") func window() throws
  {
    // A low above the lowest before is no absorption; with eleven before, the lowest has left.
    var flawed = FootprintFlow.Configuration()
    flawed.lengths.breakout = 11
    let early = FootprintFlowRunTests.Bar("2500", "2506", "2480", "2502", "400", "0")
    let quiet = FootprintFlowRunTests.Bar("2500", "2506", "2496", "2502", "400", "0")
    let bars = [early] + Array(repeating: quiet, count: 11) + [FootprintFlowCaseTests.k]
    let candles = try FootprintFlowRunTests.market(bars)
    #expect(try FootprintFlowRunTests.decisions(candles).last?.reason == .noSetup)
    #expect(try FootprintFlowRunTests.decisions(candles, flawed).last?.reason == .awaitConfirm)
    let later = try FootprintFlowRunTests.market(
      [early] + Array(repeating: quiet, count: 12) + [FootprintFlowCaseTests.k])
    #expect(try FootprintFlowRunTests.decisions(later).last?.reason == .awaitConfirm)
  }

  @Test("looking ahead: confirmed by itself before the next candle is there") func lookAhead()
    throws
  {
    let strategy = FootprintFlow()
    let given = FootprintFlowCaseTests.worked[3]
    let right = try FootprintFlowCaseTests.verdict(given).outcome
    let next = try #require(FootprintFlowRunTests.absorption().filter { $0.timeframe == .m5 }.last)
    let reading = FootprintFlow.Reading(
      trueRange: Mean(sum: Int128(Price("8").steps), count: 1),
      volume: Mean(sum: Int128(Quantity("400").steps), count: 1), highest: "2506",
      lowest: "2496")
    let k = try candle(
      .m5, at: tuesday, FootprintFlowCaseTests.k.prices, volume: "900", ratio: "-0.35")
    let flawed = strategy.judge(
      try context(next), reading, awaiting: strategy.screen(k, reading).absorption, recent: [])
    #expect(right == .noTrade(.awaitConfirm) && flawed.outcome != right)
  }

  @Test("swapped side: what takers sold read as what they bought") func side() throws {
    for candles in try [FootprintFlowRunTests.absorption(), FootprintFlowRunTests.stack()] {
      let swapped = try candles.map { candle in
        let split = try #require(candle.takerSplit)
        return try #require(
          candle.with(TakerSplit(buy: split.sell, sell: split.buy, coverage: split.coverage)))
      }
      #expect(try FootprintFlowRunTests.decisions(candles).last?.signal != nil)
      #expect(try FootprintFlowRunTests.decisions(swapped).allSatisfy { $0.signal == nil })
    }
  }

  @Test("stale input accepted: minutes of the candle before, and splits half seen") func stale()
    throws
  {
    // The stacked minutes lie one candle back: the breaking candle has none of its own.
    let late = try FootprintFlowRunTests.stack().map { candle -> Candle in
      guard candle.timeframe == .m1 else { return candle }
      return try Candle(
        symbol: candle.symbol, timeframe: .m1, venue: candle.venue,
        openTime: candle.openTime - .minutes(5), open: candle.open, high: candle.high,
        low: candle.low, close: candle.close, volume: candle.volume,
        takerSplit: candle.takerSplit)
    }
    #expect(try FootprintFlowRunTests.decisions(late).last?.reason == .dataStale)
    let broken = try #require(late.filter { $0.timeframe == .m5 }.last)
    let strategy = FootprintFlow()
    var state = strategy.initialState(for: try instrument())
    for candle in late.sorted(by: { $0.closeTime < $1.closeTime }) {
      strategy.absorb(candle, in: MarketView(), state: &state)
    }
    let reading = try #require(state.reading)
    #expect(strategy.stack(broken, reading, state.recent) == .refused(.noSetup))
    var flawed = FootprintFlow.Configuration()
    flawed.coverage = .zero
    var candles = try FootprintFlowRunTests.absorption()
    let last = try #require(candles.lastIndex { $0.timeframe == .m5 })
    candles[last] = try #require(candles[last].with(.of("0.12", coverage: "0.5")))
    #expect(try FootprintFlowRunTests.decisions(candles, flawed).last?.signal != nil)
    #expect(try FootprintFlowRunTests.decisions(candles).last?.reason == .flowCoverageLow)
  }
}

import Market
import Risk
import Testing

@testable import Strategies

/// When a held pair is left: on the line that it was opened on.
@Suite struct PairFlowExitTests {
  /// The line held after the first signal, with the driver at that point.
  static func held() throws -> (
    driver: Driver, signal: Signal, line: PairLine, rest: [[Candle]]
  ) {
    let (driver, signal, rest) = try PairFlowTests.signalled()
    let runner = try #require(driver.instance as? StrategyRunner<PairFlow>)
    let held = try #require(runner.state.held)
    #expect(held.side == signal.side)
    return (driver, signal, held.line, rest)
  }

  /// Quarter hours of both legs at which the spread has `score` on `line`.
  static func quarter(
    _ score: Double, _ line: PairLine, at time: Instant, other: Price
  ) throws -> [Candle] {
    let price = exp(
      line.alpha + line.beta * ln(Double(other.steps)) + score * line.deviation)
    return [
      try PairFeed.bar("BTC", time, price / 1e8, .m15),
      try PairFeed.bar("ETH", time, other.double, .m15),
    ]
  }

  @Test(arguments: [
    (2.99, false), (3.01, true), (2.5, false), (0.01, false), (-0.01, true), (-3.5, true),
  ])
  func stopAndMean(_ outside: Double, leaves: Bool) throws {
    var (driver, signal, line, _) = try Self.held()
    let other = try #require(signal.pair).entry
    let time = try #require(driver.decisions.last).time
    let score = signal.side == .sell ? outside : -outside
    let group = try Self.quarter(score, line, at: time, other: other)
    #expect(driver.feed(group) == nil)
    #expect(driver.leaves(group[0]) == leaves)
    // A restart does not forget the line held.
    var fresh = try PairFlowTests.make()
    try fresh.restore(stateBytes: driver.instance.stateBytes)
    driver.instance = fresh
    #expect(driver.leaves(group[0]) == leaves)
  }

  @Test func bothLegsAreJudgedAtTheSameTime() throws {
    var (driver, signal, line, _) = try Self.held()
    let time = try #require(driver.decisions.last).time
    let score = signal.side == .sell ? 3.5 : -3.5
    let group = try Self.quarter(score, line, at: time, other: try #require(signal.pair).entry)
    driver.feed([group[0]])
    // The other leg's price is a quarter of an hour old: the planted stale input would leave.
    #expect(!driver.leaves(group[0]))
    driver.feed([group[1]])
    #expect(driver.leaves(group[0]))
  }

  @Test func theLineIsFrozen() throws {
    var (driver, signal, line, rest) = try Self.held()
    // Later bars move the fitted line, not the held one.
    for group in rest.prefix(40) { driver.feed(group, hasOpenPosition: true) }
    let runner = try #require(driver.instance as? StrategyRunner<PairFlow>)
    #expect(runner.state.held == PairFlow.Held(line: line, side: signal.side))
    let fitted = try #require(runner.state.spread)
    #expect(fitted.line != line)
    let time = try #require(driver.decisions.last).time
    let group = try Self.quarter(
      signal.side == .sell ? 3.01 : -3.01, line, at: time, other: rest[39][1].close)
    driver.feed(group)
    #expect(driver.leaves(group[0]))
  }

  @Test func fourHoursSuffice() throws {
    // Without quarter hours, the trigger itself asks; it finds what the line held says.
    var (driver, signal, line, rest) = try Self.held()
    for group in rest.prefix(60) {
      let score = line.score(
        ln(Double(group[0].close.steps)), ln(Double(group[1].close.steps)))
      driver.feed(group, hasOpenPosition: true)
      let decision = try #require(driver.decisions.last)
      let isBack = signal.side == .sell ? score <= 0 : score >= 0
      if isBack || score.magnitude >= 3 {
        #expect(decision.outcome == .leave)
        return
      }
      if decision.outcome == .leave {
        #expect(Timeframe.d1.open(containing: decision.time) == decision.time)
        return
      }
    }
    Issue.record("the spread stayed between its mean and its stop")
  }

  @Test(arguments: [(-2.51, false), (-2.5, false), (-2.49, true)])
  func aDailyLookLeavesWhatNoLongerReturns(_ statistic: Double, leaves: Bool) throws {
    // The bound is set so that the fitted statistic lies as far from it as the case from −2.5.
    let feed = try PairFeed(seed: 3, count: 240)
    var probe = Driver(try PairFlowTests.make())
    for group in feed.bars { probe.feed(group) }
    let last = try #require(probe.decisions.last)
    #expect(Timeframe.d1.open(containing: last.time) == last.time)
    let runner = try #require(probe.instance as? StrategyRunner<PairFlow>)
    let fitted = try #require(runner.state.spread).statistic
    var configuration = PairFlow.Configuration()
    #expect(configuration.lostStatistic == -2.5)
    configuration.lostStatistic = fitted - (statistic + 2.5)
    let ether = try instrument("ETH")
    let strategy = PairFlow(configuration, other: "ETH", otherInstrument: ether)
    let context = try context(feed.bars[239][0])
    #expect(strategy.leaves(context, in: probe.view, state: runner.state) == leaves)
  }

  @Test func theLookIsDaily() throws {
    var configuration = PairFlow.Configuration()
    configuration.lostStatistic = -1_000
    let ether = try instrument("ETH")
    var driver = Driver(
      StrategyRunner(
        PairFlow(configuration, other: "ETH", otherInstrument: ether), for: try instrument(),
        otherLeg: ether, subject: "BTC/ETH"))
    for group in try PairFeed(seed: 3, count: 240).bars {
      driver.feed(group, hasOpenPosition: true)
    }
    for decision in driver.decisions.dropFirst(181) {
      let isMidnight = Timeframe.d1.open(containing: decision.time) == decision.time
      #expect((decision.outcome == .leave) == isMidnight)
    }
  }
}

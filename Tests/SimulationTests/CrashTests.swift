import Market
import Testing

@testable import Simulation

/// The process dies right before each single output of the minutes that matter, one run a death.
@Suite struct CrashTests {
  private static func world() throws -> Scenario {
    try SmallWorld.scenario(
      expect: "{position: [{symbol: BTC, is: long}]}", duration: "6m")
  }

  @Test func nothingIsLostOrDoubledWhereverTheProcessDies() throws {
    let scenario = try Self.world()
    let whole = ScenarioRunner.run(scenario, seed: 3, options: SmallWorld.quick)
    #expect(whole.failures == [])
    func first(_ mark: Mark) throws -> Int {
      try #require(whole.outputs.first { $0.name == mark.rawValue }).count
    }
    // From the signal until well after stop and target rest.
    for output in try first(.signal)...(first(.stopResting) + 40) {
      var options = SmallWorld.quick
      options.crashAtOutput = output
      let result = ScenarioRunner.run(scenario, seed: 3, options: options)
      func count(_ name: String) -> Int {
        result.counters.first { $0.name == name }?.count ?? 0
      }
      #expect(count("crash") == 1, "output \(output)")
      // A signal that died before its intent was durable never was; any later death keeps it.
      let failures = result.failures.filter { !($0.kind == .expectation && count("fill") == 0) }
      #expect(failures == [], "output \(output), seed 3")
      #expect(count("order.entry") <= 1, "output \(output)")
      #expect(count("position.opened") <= 1, "output \(output)")
    }
  }

  private static func pairWorld() throws -> Scenario {
    try ScenarioFile.parse(
      """
      name: small-pair
      about: a small world with a pair
      start: 2026-03-02T00:00:00Z
      duration: 6m
      execution: exchange
      config: {symbols: [{name: BTC}, {name: ETH}], limits: {portfolioHeatBasisPoints: 1000}}
      script:
        signals:
          - {at: 4m, symbol: BTC, side: long, stop: 1%, target: 3%, against: ETH, hedge: 0.9}
      market:
        BTC: {model: constant, price: 60000}
        ETH: {model: constant, price: 3000}
      venues:
        hyperliquid:
          {latency: 40ms, jitter: 20ms, blockInterval: 5s, history: {days: 1, fineDays: 1}}
      """, file: "small-pair.yaml")
  }

  /// Both legs of a pair stand in the end, or neither; never one.
  @Test func aPairStandsOrFallsTogetherWhereverTheProcessDies() throws {
    let scenario = try Self.pairWorld()
    let whole = ScenarioRunner.run(scenario, seed: 3, options: SmallWorld.quick)
    #expect(whole.failures == [])
    func first(_ mark: Mark) throws -> Int {
      try #require(whole.outputs.first { $0.name == mark.rawValue }).count
    }
    var outcomes: Set<Int> = []
    for output in try first(.signal)...(first(.stopResting) + 30) {
      var options = SmallWorld.quick
      options.crashAtOutput = output
      let result = ScenarioRunner.run(scenario, seed: 3, options: options)
      func count(_ name: String) -> Int {
        result.counters.first { $0.name == name }?.count ?? 0
      }
      #expect(count("crash") == 1, "output \(output)")
      #expect(result.failures == [], "output \(output), seed 3")
      let standing = count("position.opened") - count("position.closed")
      #expect(standing == 0 || standing == 2, "output \(output): \(standing) legs stand")
      outcomes.insert(standing)
    }
    #expect(outcomes == [0, 2], "deaths before and after the second leg left")
  }

  @Test func aSendBeforeItsRecordWouldBeNoticed() throws {
    var options = SmallWorld.quick
    options.hostGuards = []
    let result = ScenarioRunner.run(try Self.world(), seed: 3, options: options)
    #expect(result.failures.contains { $0.id == "S2" })
  }
}

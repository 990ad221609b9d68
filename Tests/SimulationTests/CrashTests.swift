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

  @Test func aSendBeforeItsRecordWouldBeNoticed() throws {
    var options = SmallWorld.quick
    options.hostGuards = []
    let result = ScenarioRunner.run(try Self.world(), seed: 3, options: options)
    #expect(result.failures.contains { $0.id == "S2" })
  }
}

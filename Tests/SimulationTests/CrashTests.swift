import Market
import Testing

@testable import Simulation

/// The process dies right before each single output of the minutes that matter, one run a death.
@Suite struct CrashTests {
  /// A short world with an entry at four minutes, its stop and its target.
  private static func world(duration: String) throws -> Scenario {
    try SmallWorld.scenario(
      expect: "{position: [{symbol: BTC, is: long}]}", duration: duration)
  }

  @Test func nothingIsLostOrDoubledWhereverTheProcessDies() throws {
    let before = try ScenarioRunner.run(
      SmallWorld.scenario(duration: "239s"), seed: 3, options: SmallWorld.quick)
    let after = try ScenarioRunner.run(
      Self.world(duration: "250s"), seed: 3, options: SmallWorld.quick)
    #expect(before.failures == [] && after.failures == [])
    #expect(after.outputs > before.outputs)
    let scenario = try Self.world(duration: "6m")
    for output in (before.outputs + 1)...after.outputs {
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

  @Test func aDeathBetweenSendAndPersistWouldBeNoticed() throws {
    // The negative control: without persist-before-send some death loses an order.
    let before = try ScenarioRunner.run(
      SmallWorld.scenario(duration: "239s"), seed: 3, options: SmallWorld.quick)
    var options = SmallWorld.quick
    options.hostGuards = []
    let result = ScenarioRunner.run(
      try Self.world(duration: "6m"), seed: 3, options: options)
    #expect(before.failures == [])
    #expect(result.failures.contains { $0.id == "S2" })
  }
}

import Engine
import Market
import Testing

@testable import Simulation

/// A small world that runs in a moment.
enum SmallWorld {
  static func scenario(
    faults: String = "[]", expect: String = "{}", duration: String = "8m", extra: String = ""
  ) throws -> Scenario {
    try ScenarioFile.parse(
      """
      name: small
      about: a small world
      start: 2026-03-02T00:00:00Z
      duration: \(duration)
      execution: exchange
      script:
        signals:
          - {at: 4m, symbol: BTC, side: long, stop: 1%, target: 3%}
      market:
        BTC: {model: walk, price: 60000, dailyVolatility: 1%}
      venues:
        hyperliquid:
          {latency: 40ms, jitter: 20ms, blockInterval: 5s, history: {days: 1, fineDays: 1}}
      faults: \(faults)
      expect: \(expect)
      \(extra)
      """, file: "small.yaml")
  }

  static var quick: RunOptions {
    var options = RunOptions()
    options.checksReceipts = false
    return options
  }
}

@Suite struct RunTests {
  @Test func theSameSeedGivesTheSameRunWhateverRanBefore() throws {
    let scenario = try SmallWorld.scenario(
      faults: "[{id: N5, at: 2m, for: 1m, latency: 900ms}, {id: N1, at: 5m, for: 20s}]")
    let first = ScenarioRunner.run(scenario, seed: 5, options: SmallWorld.quick)
    let other = ScenarioRunner.run(scenario, seed: 6, options: SmallWorld.quick)
    let again = ScenarioRunner.run(scenario, seed: 5, options: SmallWorld.quick)
    #expect(first.failures == [])
    #expect(first.digest == again.digest)
    #expect(first.components == again.components)
    #expect(first.counters == again.counters)
    #expect(first.events == again.events)
    #expect(first.digest != other.digest)
  }

  @Test func traceAndReceiptsDoNotChangeTheRun() throws {
    let scenario = try SmallWorld.scenario(faults: "[{id: N1, at: 5m, for: 20s}]")
    var options = RunOptions()
    options.trace = { _ in }
    let traced = ScenarioRunner.run(scenario, seed: 5, options: options)
    let plain = ScenarioRunner.run(scenario, seed: 5, options: SmallWorld.quick)
    #expect(traced.failures == [])
    #expect(traced.digest == plain.digest)
    #expect(traced.faults.map(\.verdict) == [.changed])
    #expect(plain.faults.map(\.verdict) == [.unchecked])
  }

  @Test func anInertFaultFailsTheScenarioAndIsNamed() throws {
    // Never is a chance too.
    let scenario = try SmallWorld.scenario(
      faults: "[{id: F2, at: 1m, chance: 0/1}, {id: N1, at: 5m, for: 20s}]")
    let result = ScenarioRunner.run(scenario, seed: 1)
    #expect(result.faults.map(\.verdict) == [.inert, .changed])
    #expect(result.failures.map(\.kind) == [.receipt])
    #expect(result.failures.first?.id == "F2")
    #expect(result.failures.first?.message.contains("changed nothing") ?? false)
  }

  @Test(
    arguments: [
      ("{never: [{position: long, symbol: BTC}]}", "a long position in BTC came about"),
      ("{always: [{feed: live}]}", "a live feed did not hold"),
      (
        "{eventually: [{killSwitch: engaged, within: 2m}]}",
        "an engaged kill switch did not come about within 2m of 0ms"
      ),
      ("{alert: breaker.latency}", "`alert.breaker.latency` was counted 0 times"),
      ("{position: [{symbol: BTC, is: flat}]}", "the end found no flat position in BTC"),
      ("{count: [{of: fill, atLeast: 2}]}", "`fill` was counted 1 times, expected at least 2"),
      ("{marks: [crashed]}", "the mark `crashed` was never hit"),
    ])
  func anExpectationThatIsNotMetFails(expect: String, message: String) throws {
    let scenario = try SmallWorld.scenario(expect: expect)
    let result = ScenarioRunner.run(scenario, seed: 1, options: SmallWorld.quick)
    #expect(!result.hasPassed)
    #expect(result.failures.first?.kind == .expectation)
    #expect(result.failures.first?.message.contains(message) ?? false, "\(result.failures)")
    #expect(result.replayCommand == "assay sim small.yaml --seed 1")
  }

  @Test func aFrozenFaultKeepsTheWorldFromConvergingAndTheReasonIsGiven() throws {
    let scenario = try SmallWorld.scenario(
      faults: "[{id: N1, at: 6m}]", extra: "freeze: [N1]\nsettle: 2m")
    let result = ScenarioRunner.run(scenario, seed: 1, options: SmallWorld.quick)
    #expect(result.failures.map(\.kind) == [.convergence])
    #expect(result.failures.first?.message.contains("the feed is not live") ?? false)
    #expect(result.convergence == nil)
    let healed = try SmallWorld.scenario(faults: "[{id: N1, at: 6m}]", extra: "settle: 2m")
    #expect(ScenarioRunner.run(healed, seed: 1, options: SmallWorld.quick).hasPassed)
  }

  @Test func recordedChoicesTakeTheSeedsPlace() throws {
    let plain = try SmallWorld.scenario()
    let chosen = try SmallWorld.scenario(
      extra: "choices: |\n  link.to-venue: 20000000,0,20000000\n")
    let first = ScenarioRunner.run(plain, seed: 1, options: SmallWorld.quick)
    let second = ScenarioRunner.run(chosen, seed: 1, options: SmallWorld.quick)
    #expect(first.digest != second.digest)
    #expect(second.hasPassed)
  }
}

@Suite struct GuardTests {
  private func run(
    _ name: String, guards: EngineGuards = .all, hostGuards: HostGuards = .all
  ) throws -> RunResult {
    let scenario = try ScenarioFile.read(path: ScenarioFolder.path + "/" + name)
    var options = SmallWorld.quick
    options.guards = guards
    options.hostGuards = hostGuards
    return ScenarioRunner.run(scenario, seed: scenario.seeds.lowerBound, options: options)
  }

  @Test(
    arguments: [
      (EngineGuards.deduplication, "feed/candle-revised-after-close.yaml", "expect"),
      (EngineGuards.timestampBarrier, "feed/out-of-order-closes.yaml", "M2"),
      (EngineGuards.gapFill, "feed/outage-across-a-candle-close.yaml", "M3"),
      (EngineGuards.killSwitchLatch, "limits/kill-switch-and-restart.yaml", "S3"),
      (
        EngineGuards.attachedExits, "process/dies-before-it-hears-of-the-fill.yaml", "eventually"
      ),
    ])
  func withoutAGuardAScenarioTurnsRed(
    guarding: EngineGuards, scenario: String, oracle: String
  ) throws {
    let result = try run(scenario, guards: EngineGuards.all.subtracting(guarding))
    #expect(result.failures.first?.id == oracle, "\(result.failures)")
  }

  @Test func withoutPersistBeforeSendAScenarioTurnsRed() throws {
    let result = try run("process/crash-between-persist-and-send.yaml", hostGuards: [])
    #expect(result.failures.first?.id == "S2", "\(result.failures)")
  }
}

/// Where the scenarios of the repository are.
enum ScenarioFolder {
  static var path: String {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(3).joined(separator: "/") + "/Scenarios"
  }
}

@Suite struct ScenarioTests {
  static let paths = (try? ScenarioFile.paths(under: ScenarioFolder.path)) ?? []

  @Test func thereAreAtLeastFourteen() { #expect(Self.paths.count >= 14) }

  @Test(arguments: paths)
  func holds(path: String) throws {
    let scenario = try ScenarioFile.read(path: path)
    let seed = scenario.seeds.lowerBound
    let result = ScenarioRunner.run(scenario, seed: seed, options: SmallWorld.quick)
    #expect(result.failures == [], "seed \(seed)")
    #expect(result.faults.allSatisfy { $0.count > 0 }, "a fault never acted, seed \(seed)")
  }

  @Test(arguments: paths)
  func saysWhoseQuestionItAnswersAndHasFaultsAndMarks(path: String) throws {
    let scenario = try ScenarioFile.read(path: path)
    #expect(path.hasSuffix("/\(scenario.name).yaml"))
    #expect(!scenario.faults.isEmpty)
    #expect(!scenario.expectations.marks.isEmpty || !scenario.expectations.eventually.isEmpty)
  }
}

import Market
import Strategies
import Testing

@testable import Simulation

/// What a scenario may demand of how its strategies are fed, and how it fails.
@Suite struct HealthExpectationTests {
  private static let silence = "[{id: F17, at: 3m, for: 4m, feed: spot, symbol: BTC}]"

  private static func run(_ expect: String) throws -> RunResult {
    ScenarioRunner.run(
      try FedWorld.scenario(faults: silence, expect: expect, strategies: "[skew_flow]"), seed: 1,
      options: SmallWorld.quick)
  }

  @Test(
    arguments: [
      "{health: [{strategy: skew_flow, subject: BTC, state: starved, input: spot, from: 3m, "
        + "within: 2m}]}",
      "{health: [{strategy: skew_flow, subject: BTC, state: starved, input: spot, of: BTC, "
        + "from: 4m, within: 1m}]}",
      "{health: [{strategy: skew_flow, subject: BTC, state: warming, input: candles, "
        + "timeframe: 15m, within: 1m}, "
        + "{strategy: skew_flow, subject: BTC, state: warming, from: 7m, within: 40s}]}",
      "{never: [{strategy: skew_flow, state: starved, from: 1m, within: 2m}]}",
      "{always: [{strategy: skew_flow, state: warming, from: 1m, within: 2m}]}",
      "{count: [{of: health.skew_flow.BTC.starved, atLeast: 1}], marks: [strategy-starved]}",
    ])
  func `what is met passes`(expect: String) throws {
    #expect(try Self.run(expect).failures == [])
  }

  @Test(
    arguments: [
      (
        "{health: [{strategy: skew_flow, subject: BTC, state: healthy, within: 10m}]}",
        "skew_flow on BTC healthy did not come about within 10m of 0ms; on BTC it is warming: "
          + "15m candles of BTC"
      ),
      (
        "{health: [{strategy: skew_flow, subject: BTC, state: starved, input: funding, from: 3m, "
          + "within: 3m}]}",
        "skew_flow on BTC starved by funding did not come about within 3m of 3m; on BTC it is "
          + "starved: spot samples of BTC, last "
      ),
      (
        "{health: [{strategy: skew_flow, subject: BTC, state: starved, input: spot, of: USDC, "
          + "from: 3m, within: 3m}]}", "starved by spot of USDC did not come about"
      ),
      (
        "{health: [{strategy: skew_flow, subject: BTC, state: warming, timeframe: 5m, "
          + "within: 3m}]}", "warming by 5m did not come about"
      ),
      (
        "{health: [{strategy: skew_flow, subject: BTC, state: starved, input: spot, from: 3m, "
          + "within: 1m}]}", "starved by spot did not come about within 1m of 3m"
      ),
      (
        "{never: [{strategy: skew_flow, state: starved, from: 1m}]}",
        "skew_flow starved came about"
      ),
      (
        "{always: [{strategy: skew_flow, state: warming, from: 1m}]}",
        "skew_flow warming did not hold"
      ),
      (
        "{count: [{of: health.skew_flow.BTC.healthy, atLeast: 1}]}",
        "`health.skew_flow.BTC.healthy` was counted 0 times"
      ),
      ("{marks: [strategy-healthy]}", "the mark `strategy-healthy` was never hit"),
    ])
  func `what is not met fails and says what was instead`(expect: String, words: String) throws {
    let result = try Self.run(expect)
    #expect(result.failures.map(\.kind) == [.expectation])
    #expect(result.failures.first?.message.contains(words) ?? false, "\(result.failures)")
  }

  @Test(
    arguments: [
      ("{health: [{strategy: wick_flow, subject: BTC, state: starved}]}", "does not run"),
      (
        "{health: [{strategy: skew_flow, subject: ETH, state: starved}]}", "skew_flow runs on BTC"
      ),
      ("{health: [{strategy: skew_flow, subject: BTC}]}", "state"),
      (
        "{health: [{strategy: skew_flow, subject: BTC, state: healthy, input: spot}]}",
        "no input decides that a strategy is healthy"
      ),
      ("{never: [{strategy: skew_flow}]}", "`strategy` needs `state`"),
      ("{never: [{feed: live, state: starved}]}", "`state` belongs to `strategy`"),
    ])
  func `a demand that could not be judged is refused`(expect: String, words: String) throws {
    let error = #expect(throws: SettingsError.self) {
      try FedWorld.scenario(expect: expect, strategies: "[skew_flow]")
    }
    #expect(error.map { "\($0)".contains(words) } ?? false, "\(String(describing: error))")
  }
}

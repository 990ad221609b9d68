import Engine
import Market
import Risk
import Testing

@testable import Simulation

/// What leaves under exchange execution, and what holds wherever the process dies meanwhile.
@Suite struct ExecutionTests {
  private static func world(_ config: String = "{}", market: String = "") throws -> Scenario {
    try ScenarioFile.parse(
      """
      name: small-execution
      about: one entry in a small world
      start: 2026-03-02T00:00:00Z
      duration: 6m
      execution: exchange
      config: \(config)
      script:
        signals:
          - {at: 4m, symbol: BTC, side: long, stop: 1%, target: 3%}
      market:
        BTC: {model: constant, price: 60000\(market)}
      venues:
        hyperliquid:
          {latency: 40ms, jitter: 20ms, blockInterval: 5s, history: {days: 1, fineDays: 1}}
      """, file: "small-execution.yaml")
  }

  /// Collects what a run tells.
  private final class Ear: @unchecked Sendable {
    // SAFETY: a run is single-threaded and has ended before anything is read.
    var lines: [String] = []
    var records: [Record] = []
  }

  private func hear(_ scenario: Scenario) -> (RunResult, Ear) {
    let ear = Ear()
    var options = SmallWorld.quick
    options.trace = { ear.lines.append($0) }
    options.records = { ear.records += $0 }
    return (ScenarioRunner.run(scenario, seed: 3, options: options), ear)
  }

  /// An entry, its stop and its target are one action of one moment.
  @Test func stopAndTargetLeaveWithTheirEntry() throws {
    let (result, ear) = hear(try Self.world())
    #expect(result.failures == [])
    let actions = ear.lines.filter { $0.contains(" /exchange ") && $0.contains("request ") }
    #expect(actions.count == 1, "\(actions)")
    #expect(actions.first?.contains("normalTpsl") == true)
    var rows: [OrderRecord] = []
    for case .order(let row) in ear.records
    where !rows.contains(where: { $0.intent.clientID == row.intent.clientID }) {
      rows.append(row)
    }
    #expect(rows.map(\.intent.role) == [.entry, .stop, .target])
    #expect(Set(rows.map(\.intent.quantity)).count == 1)
    #expect(rows.dropFirst().allSatisfy { $0.intent.isReduceOnly && $0.intent.side == .sell })
  }

  /// A dry run says what would have left, byte for byte, and nothing leaves.
  @Test func aDryRunSendsNothingAndSaysWhatItWouldHaveSent() throws {
    let (real, sent) = hear(try Self.world())
    let (dry, withheld) = hear(
      try Self.world("{exchange: {dryRun: true, scheduledCancel: 60s}}"))
    #expect(real.failures == [] && dry.failures == [])
    #expect(!withheld.lines.contains { $0.contains(" /exchange ") })
    #expect(sent.lines.contains { $0.contains(" /exchange ") }, "the control sends")
    let action = withheld.records.compactMap { record -> String? in
      guard case .health(let row) = record, row.component == "dry_run" else { return nil }
      return row.status == "withheld" ? row.detail : nil
    }
    #expect(action.count == 1)
    let text = try #require(action.first)
    #expect(sent.lines.contains { $0.contains(" /exchange ") && $0.contains(text) }, "\(text)")
    let states = withheld.records.compactMap { record -> OrderState? in
      guard case .order(let row) = record else { return nil }
      return row.state
    }
    #expect(Set(states) == [.intended, .neverReached], "never sent, and not refused")
  }

  /// An entry that fills in part ends covered for what it holds, wherever the process dies.
  @Test func whatFilledInPartIsCoveredWhereverTheProcessDies() throws {
    let scenario = try Self.world(market: ", levelSpacing: 0.02%, levelNotional: 2000")
    let whole = ScenarioRunner.run(scenario, seed: 3, options: SmallWorld.quick)
    #expect(whole.failures == [])
    func count(_ name: String, in result: RunResult) -> Int {
      result.counters.first { $0.name == name }?.count ?? 0
    }
    #expect(count("order.stop", in: whole) == 2, "the attached one, and one for what is held")
    func first(_ mark: Mark) throws -> Int {
      try #require(whole.outputs.first { $0.name == mark.rawValue }).count
    }
    var covers: Set<Int> = []
    for output in try first(.signal)...(first(.stopResting) + 12) {
      var options = SmallWorld.quick
      options.crashAtOutput = output
      let result = ScenarioRunner.run(scenario, seed: 3, options: options)
      #expect(count("crash", in: result) == 1, "output \(output)")
      #expect(result.failures == [], "output \(output), seed 3")
      #expect(count("order.entry", in: result) <= 1, "output \(output)")
      let held = count("position.opened", in: result)
      #expect(held <= 1 && count("position.closed", in: result) == 0, "output \(output)")
      covers.insert(count("order.stop", in: result) * 10 + held)
    }
    #expect(covers.contains(21), "deaths after which the position is found and covered")
  }
}

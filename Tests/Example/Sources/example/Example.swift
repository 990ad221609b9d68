import Engine
import Foundation
import Market
import Report
import Risk
import Simulation
import Strategies

/// Runs ``Channel`` in the virtual world, with every oracle, and over candle files, with a report.
@main
enum Example {
  static func main() throws {
    guard CommandLine.arguments.count > 1 else {
      print("usage: example CANDLES… : files such as Fixtures/candles/*.csv.gz")
      exit(64)
    }
    try simulate()
    try replay(Array(CommandLine.arguments.dropFirst()))
  }

  /// A day of a walk at a venue that speaks the real protocol, with an outage in it.
  static func simulate() throws {
    let scenario = try ScenarioFile.parse(
      """
      name: channel-day
      about: a day with an outage
      start: 2026-03-02T00:00:00Z
      duration: 1d
      execution: exchange
      script: {signals: []}
      market:
        BTC: {model: walk, price: 60000, dailyVolatility: 4%}
      venues:
        hyperliquid: {latency: 40ms, jitter: 20ms, history: {days: 2, fineDays: 1}}
      faults:
        - {id: N1, at: 10h, for: 10m}
      """, file: "channel-day")
    var options = RunOptions()
    options.strategies = scenario.engine.symbols.map {
      StrategyRunner(Channel(), for: $0.instrument)
    }
    let result = ScenarioRunner.run(scenario, seed: 1, options: options)
    let judged = result.oracles.reduce(0) { $0 + $1.count }
    let signals = result.counters.first { $0.name == "signal" }?.count ?? 0
    print("\(scenario.name): \(signals) signals, oracles looked \(judged) times")
    for failure in result.failures { print("  \(failure.id): \(failure.message)") }
    guard result.hasPassed, signals > 0 else { exit(1) }
  }

  /// Candle files through the same engine with paper fills.
  static func replay(_ files: [String]) throws {
    let data = try ReplayData(arguments: files)
    let plan = try ReplayPlan(
      data, configuration: ReplayPlan.paperConfiguration(strategies: []),
      own: { [StrategyRunner(Channel(), for: $0)] })
    var replay = try Replay(plan, resumesDaily: true)
    while replay.advance(by: 10_000) {}
    for one in replay.figures.strategies(in: plan) {
      print("\(one.strategy): \(one.signalCount) signals, \(one.trades.count) trades")
    }
    let page = ReplayPage(
      data: data, plan: plan, figures: replay.figures, snapshot: replay.snapshot,
      digest: replay.digest)
    let file = FileManager.default.temporaryDirectory.appending(path: "channel.html")
    try Data(page.text.utf8).write(to: file)
    print("\(file.path) has the curves and the trades; digest \(replay.digest)")
  }
}

import Engine
import Exchange
import Foundation
import Market
import Risk
import Simulation
import Store
import Strategies
import Synchronization
import Testing
import Venues

@testable import Live

/// One engine in three worlds: the same venue script in memory, over loopback sockets, and again
/// from the recording, with the same decisions, orders and ledger.
@Suite struct ThreeWorldsTests {
  private static let key = "0x0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"
  private static let account = "0xff661fef29af729ecb7db770a05d6394a09c4412"

  private static let configuration = """
    account: "\(account)"
    strategies: [ema_cross]
    symbols:
      - {name: BTC, sizeDecimals: 5, maximumLeverage: 40, minimumNotional: 10}
    """

  /// A walk that the averages cross, and a script that trades into its stop.
  private static let scenario = """
    name: three-worlds
    about: One venue script for the three worlds.
    seed: 7
    start: 2026-03-02T00:10:00Z
    duration: 3h
    execution: exchange
    config:
    \(configuration.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
    script:
      signals:
        - {at: 20m, symbol: BTC, side: long, stop: 0.4%, target: 1.2%, hold: 40m}
        - {at: 90m, symbol: BTC, side: short, stop: 0.4%, target: 1.2%, hold: 40m}
    market:
      BTC: {model: walk, price: 60000, dailyVolatility: 8%}
    venues:
      hyperliquid:
        latency: 0ms
        jitter: 0ms
        blockInterval: 1s
        cadence: {candles: 15s, trades: 5s, books: 15s, quotes: 5s, mids: 15s, contexts: 15s}
        history: {days: 2, fineDays: 1}
    """

  /// What the worlds must agree on.
  struct Account: Equatable {
    var decisions: [Decision] = []
    var signals: [SignalRecord] = []
    var orders: [String] = []
    var fills: [String] = []
    var positions: [String] = []
    var money: AccountRecord?

    mutating func take(_ records: [Record]) {
      for record in records {
        switch record {
        case .decision(let decision): decisions.append(decision)
        case .signal(let signal): signals.append(signal)
        case .order(let order):
          let intent = order.intent
          orders.append(
            "\(intent.clientID) \(intent.role) \(intent.side) \(intent.quantity) "
              + "\(intent.pricing.worst) \(order.state.name) \(order.filled)")
        case .fill(let row):
          fills.append(
            "\(row.fill.symbol) \(row.fill.side) \(row.fill.quantity) \(row.fill.price) "
              + "\(row.fill.fee) \(row.realised)")
        case .position(let row):
          guard row.closedAt != nil else { continue }
          positions.append("\(row.id) \(row.realised) \(row.fees) \(row.funding)")
        case .account(let row): money = row
        default: break
        }
      }
    }
  }

  @Test func theSameScriptGivesTheSameTrades() async throws {
    let folder = try LiveFolder()
    let scenario = try ScenarioFile.parse(Self.scenario, file: "three-worlds.yaml")
    let virtual = Mutex(Account())
    var options = RunOptions()
    options.records = { records in virtual.withLock { $0.take(records) } }
    let result = ScenarioRunner.run(scenario, seed: 7, options: options)
    #expect(result.failures.isEmpty, "\(result.failures)")

    try await Self.loopback(scenario, folder)
    var loopback = Account()
    var replay = try RecordedReplay(
      path: folder.path("run.rec"), strategies: scenario.scriptedStrategies)
    while try replay.advance(by: 1_000, persist: { records, _ in loopback.take(records) }) {}
    let run = try #require(replay.runs.first)
    #expect(replay.runs.count == 1 && run.isFinished && run.divergence == nil)

    let memory = virtual.withLock { $0 }
    #expect(memory.fills.count >= 4, "the script has to trade: \(memory.fills)")
    #expect(memory.decisions == loopback.decisions)
    #expect(memory.signals == loopback.signals)
    #expect(memory.orders == loopback.orders)
    #expect(memory.fills == loopback.fills)
    #expect(memory.positions == loopback.positions)
    #expect(memory.money == loopback.money)
  }

  /// Runs the script over sockets, recording it.
  private static func loopback(_ scenario: Scenario, _ folder: LiveFolder) async throws {
    var setup = ExchangeSetup(
      venues: SimulatedVenuesConfiguration(hyperliquid: scenario.venueConfiguration),
      prices: scenario.prices)
    setup.seed = 7
    setup.verifier = Secp256k1Verifier()
    let lockstep = try await Lockstep.start(setup) { port in
      var plan = try LivePlan(
        configurationText: "execution: exchange\n" + configuration + "\n"
          + folder.venue(port: port), file: "three-worlds.yaml", build: "test")
      plan.strategies = scenario.scriptedStrategies
      let key = try #require(PrivateKey(hexadecimal: key))
      plan.signer = Secp256k1Signer(key: key, network: .testnet)
      plan.recording = folder.path("run.rec")
      return plan
    }
    try await lockstep.advance(to: scenario.duration)
    try await lockstep.stop()
  }
}

extension OrderPricing {
  fileprivate var worst: String { "\(self)" }
}

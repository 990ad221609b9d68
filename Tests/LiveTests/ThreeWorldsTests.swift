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

  /// What the engine is told, and what else the world has.
  struct Cast: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Strategies and their sources.
    let configuration: String
    let duration: String
    let feeds: String

    /// A walk that the averages cross, and a script that trades into its stop.
    static let alone = Cast(
      testDescription: "Hyperliquid alone", configuration: "strategies: [ema_cross]",
      duration: "3h", feeds: "")

    /// Every venue, and those who read them.
    static let four = Cast(
      testDescription: "four venues",
      configuration: """
        strategies: [ema_cross, skew_flow, oi_flow, footprint_flow, quant_flow]
        sources:
          {takerFlow: binance, openInterest: binance, funding: binance, spot: coinbase,
            options: deribit}
        """,
      duration: "75m",
      feeds: """
        feeds:
          binance: {latency: 0ms, jitter: 0ms, imbalance: 10%}
          coinbase: {latency: 0ms, jitter: 0ms}
          deribit: {latency: 0ms, jitter: 0ms}
        """)

    /// The part of the engine's configuration that both worlds share.
    var engine: String {
      """
      account: "\(ThreeWorldsTests.account)"
      symbols:
        - {name: BTC, sizeDecimals: 5, maximumLeverage: 40, minimumNotional: 10}
      \(configuration)
      """
    }
  }

  private static func scenario(_ cast: Cast) -> String {
    """
    name: three-worlds
    about: One venue script for the three worlds.
    seed: 7
    start: 2026-03-02T00:10:00Z
    duration: \(cast.duration)
    execution: exchange
    config:
    \(cast.engine.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
    script:
      signals:
        - {at: 20m, symbol: BTC, side: long, stop: 0.4%, target: 1.2%, hold: 40m}
        - {at: 65m, symbol: BTC, side: short, stop: 0.4%, target: 1.2%, hold: 40m}
    market:
      BTC: {model: walk, price: 60000, dailyVolatility: 8%}
    venues:
      hyperliquid:
        latency: 0ms
        jitter: 0ms
        blockInterval: 1s
        cadence: {candles: 15s, trades: 5s, books: 15s, quotes: 5s, mids: 15s, contexts: 15s}
        history: {days: 2, fineDays: 1}
    \(cast.feeds)
    """
  }

  /// What the worlds must agree on.
  struct Account: Equatable {
    var decisions: [Decision] = []
    var signals: [SignalRecord] = []
    /// How each order ended: what is said of it at one instant has no order without latency.
    var orders: [ClientOrderID: String] = [:]
    var fills: [String] = []
    var positions: [String] = []
    var money: AccountRecord?
    /// What the sources told: readings, and candles with their whole splits.
    var told: [String] = []

    /// Decisions with what they rested on, which for `skew_flow` holds the sample of the start: it
    /// may or may not find a mid of the same instant.
    var outcomes: [String] {
      decisions.map { decision in
        let inputs = decision.strategy == "skew_flow" ? "" : "\(decision.inputs)"
        return "\(decision.time) \(decision.strategy) \(decision.outcome) \(inputs)"
      }
    }

    /// What was told, sorted, as arrival has no order; without the samples of `start`.
    func told(after start: Instant) -> [String] {
      told.filter { !$0.hasPrefix("SpotPrice") || !$0.contains("time: \(start)") }.sorted()
    }

    private mutating func tell(_ reading: some Sendable, by venue: Venue) {
      if venue != .hyperliquid { told.append("\(reading)") }
    }

    mutating func take(_ records: [Record]) {
      for record in records {
        switch record {
        case .decision(let decision): decisions.append(decision)
        case .signal(let signal): signals.append(signal)
        case .order(let order):
          let intent = order.intent
          orders[intent.clientID] =
            "\(intent.role) \(intent.side) \(intent.quantity) \(intent.pricing.worst) "
            + "\(order.state.name) \(order.filled)"
        case .fill(let row):
          fills.append(
            "\(row.fill.symbol) \(row.fill.side) \(row.fill.quantity) \(row.fill.price) "
              + "\(row.fill.fee) \(row.realised)")
        case .position(let row):
          guard row.closedAt != nil else { continue }
          positions.append("\(row.id) \(row.realised) \(row.fees) \(row.funding)")
        case .account(let row): money = row
        case .candle(let row):
          if row.candle.takerSplit?.coverage == Fraction(whole: 1) { told.append("\(row.candle)") }
        case .openInterest(let reading): tell(reading, by: reading.venue)
        case .funding(let settled): tell(settled, by: settled.venue)
        case .spot(let sample): tell(sample, by: sample.venue)
        case .volatilityIndex(let reading): tell(reading, by: reading.venue)
        case .optionChain(let chain): tell(chain, by: chain.venue)
        default: break
        }
      }
    }
  }

  @Test(arguments: [Cast.alone, Cast.four])
  func theSameScriptGivesTheSameTrades(_ cast: Cast) async throws {
    let folder = try LiveFolder()
    let scenario = try ScenarioFile.parse(Self.scenario(cast), file: "three-worlds.yaml")
    let virtual = Mutex(Account())
    var options = RunOptions()
    options.records = { records in virtual.withLock { $0.take(records) } }
    let result = ScenarioRunner.run(scenario, seed: 7, options: options)
    #expect(result.failures.isEmpty, "\(result.failures)")

    try await Self.loopback(cast, scenario, folder)
    var loopback = Account()
    var replay = try RecordedReplay(
      path: folder.path("run.rec"), strategies: scenario.scriptedStrategies)
    while try replay.advance(by: 1_000, persist: { records, _ in loopback.take(records) }) {}
    let run = try #require(replay.runs.first)
    #expect(replay.runs.count == 1 && run.isFinished && run.divergence == nil)

    let memory = virtual.withLock { $0 }
    #expect(memory.fills.count >= 2, "the script has to trade: \(memory.fills)")
    for venue in scenario.feeds.venues {
      #expect(memory.told.contains { $0.contains("\(venue)") }, "\(venue) has to tell something")
    }
    #expect(memory.signals == loopback.signals)
    #expect(memory.outcomes == loopback.outcomes)
    #expect(memory.orders == loopback.orders)
    #expect(memory.fills == loopback.fills)
    #expect(memory.positions == loopback.positions)
    #expect(memory.money == loopback.money)
    #expect(memory.told(after: scenario.start) == loopback.told(after: scenario.start))
  }

  /// Runs the script over sockets, recording it.
  private static func loopback(
    _ cast: Cast, _ scenario: Scenario, _ folder: LiveFolder
  ) async throws {
    var setup = ExchangeSetup(venues: scenario.venuesConfiguration, prices: scenario.prices)
    setup.seed = 7
    setup.verifier = Secp256k1Verifier()
    let lockstep = try await Lockstep.start(setup) { port in
      var plan = try LivePlan(
        configurationText: "execution: exchange\n" + cast.engine + "\n"
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

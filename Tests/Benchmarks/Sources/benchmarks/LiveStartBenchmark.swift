import Exchange
import Foundation
import Live
import Market
import Simulation
import Synchronization

/// From the start of a live run to its first candle: store, sockets, subscriptions and the history
/// that the strategy warms up on, over loopback.
enum LiveStartBenchmark: Benchmark {
  static let name = "live-start"
  static let target = "<= 5 s to a candle"

  static func measure() throws -> Row {
    guard let instrument = Instrument(symbol: "BTC", sizeDecimals: 5, maximumLeverage: 40) else {
      throw BenchmarkError(description: "the venue cannot be described")
    }
    var configuration = HyperliquidVenueConfiguration(
      start: Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)),
      listings: [PerpetualListing(instrument)], accounts: [])
    configuration.history.days = 2
    configuration.history.fineDays = 1
    let setup = ExchangeSetup(
      venues: SimulatedVenuesConfiguration(hyperliquid: configuration),
      prices: PriceSource(["BTC": .zigzag(Zigzag(price: Price(whole: 60_000)))]))
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "assay-benchmark-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let took = try Waiting.wait { try await run(setup, in: folder.path) }
    let seconds = took / .seconds(1)
    return Row(measured: "\(decimal(seconds * 1_000)) ms", isMet: seconds <= 5)
  }

  private static func run(
    _ setup: ExchangeSetup, in folder: String
  ) async throws -> Duration {
    let server = try await ExchangeServer.start(setup, port: 0)
    let text = """
      strategies: [ema_cross]
      symbols: [{name: BTC}]
      venue:
        http: \(server.baseURL)
        webSocket: ws://127.0.0.1:\(server.port)
        network: testnet
      store: \(folder)/run.db
      health: {port: 0, file: \(folder)/health.json}
      """
    var plan = try LivePlan(configurationText: text, file: "benchmark", build: "benchmark")
    let (candles, told) = AsyncStream.makeStream(of: Void.self)
    plan.note = { note in if note.text.hasPrefix("first candle") { told.yield() } }
    let begun = ContinuousClock.now
    let run = try await LiveRun.start(plan)
    for await _ in candles { break }
    let took = ContinuousClock.now - begun
    run.send(.stop)
    _ = try await run.wait()
    await server.stop()
    return took
  }
}

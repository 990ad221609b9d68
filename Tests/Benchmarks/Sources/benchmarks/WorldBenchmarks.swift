import Market
import Simulation
import Synchronization

/// Runs of the virtual world at the wire: one venue or four, three symbols, all oracles.
enum World {
  /// Every stream of three symbols, about one frame a second in all.
  static let quiet =
    "{candles: 20s, trades: 20s, books: 20s, quotes: 20s, mids: 20s, contexts: 20s}"
  /// The same streams as fast as the venue publishes, about two hundred a second in all.
  static let busy =
    "{candles: 100ms, trades: 100ms, books: 100ms, quotes: 100ms, mids: 100ms, contexts: 100ms}"

  /// A scenario without faults whose venue sends about `messages` frames a second.
  ///
  /// With `four`, the other three venues are there too, and strategies read each of them.
  static func scenario(
    duration: String, cadence: String, block: String = "1s", four: Bool = false
  ) throws -> Scenario {
    let readers =
      four
      ? "[trader_mayne, wick_flow, skew_flow, oi_flow, quant_flow]" : "[trader_mayne, wick_flow]"
    let sources =
      four
      ? "{openInterest: binance, funding: binance, spot: coinbase, options: deribit}" : "{}"
    let feeds = four ? "feeds: {binance: {}, coinbase: {}, deribit: {}}" : ""
    return try ScenarioFile.parse(
      """
      name: benchmark
      about: What a calm stretch of the world costs.
      start: 2026-03-02T00:00:00Z
      duration: \(duration)
      execution: exchange
      config:
        strategies: \(readers)
        sources: \(sources)
      market:
        BTC: {model: walk, price: 60000, dailyVolatility: 1.5%}
        ETH: {model: walk, price: 3000, dailyVolatility: 2%}
        SOL: {model: walk, price: 150, dailyVolatility: 3%}
      venues:
        hyperliquid:
          blockInterval: \(block)
          history: {days: 220, fineDays: 1}
          cadence: \(cadence)
      \(feeds)
      """, file: "benchmark.yaml")
  }

  static func measure(_ scenario: Scenario) throws -> (result: RunResult, seconds: Double) {
    var options = RunOptions()
    options.checksReceipts = false
    var result: RunResult?
    let seconds = Stopwatch.seconds {
      result = ScenarioRunner.run(scenario, seed: 1, options: options)
    }
    guard let result, result.hasPassed else {
      throw BenchmarkError(description: "the run failed: \(result?.failures.first?.message ?? "")")
    }
    return (result, seconds)
  }

  static func row(
    duration: String, cadence: String, block: String = "1s", four: Bool = false, target: Double
  ) throws -> Row {
    let frames = try frames(cadence: cadence, block: block, four: four)
    let (result, seconds) = try measure(
      scenario(duration: duration, cadence: cadence, block: block, four: four))
    let virtual = Double(result.virtualDuration.nanoseconds) / 1e9
    let rate = virtual / seconds
    return Row(
      measured: "\(grouped(rate)) x real time", isMet: rate >= target,
      note: "\(decimal(frames)) frames/s, "
        + "\(grouped(seconds * 1e9 / Double(result.events))) ns an event")
  }

  /// Frames that reach the engine in a second of virtual time, counted in a trace of ten minutes.
  private static func frames(cadence: String, block: String, four: Bool) throws -> Double {
    let count = Mutex(0)
    var options = RunOptions()
    options.checksReceipts = false
    options.trace = { line in
      if line.hasPrefix("  feed frame ") { count.withLock { $0 += 1 } }
    }
    let scenario = try scenario(duration: "10m", cadence: cadence, block: block, four: four)
    _ = ScenarioRunner.run(scenario, seed: 1, options: options)
    return Double(count.withLock { $0 }) / 600
  }
}

/// About one message a second.
enum QuietWorldBenchmark: Benchmark {
  static let name = "world-quiet"
  static let target = ">= 50,000 x real time"

  static func measure() throws -> Row {
    try World.row(duration: "1d", cadence: World.quiet, target: 50_000)
  }
}

/// The same with Binance, Coinbase and Deribit beside it, polled and streamed.
enum FourVenuesBenchmark: Benchmark {
  static let name = "world-four"
  static let target = ">= 50,000 x real time"

  static func measure() throws -> Row {
    try World.row(duration: "1d", cadence: World.quiet, four: true, target: 50_000)
  }
}

/// As many messages as the venue's fastest cadence makes.
enum BusyWorldBenchmark: Benchmark {
  static let name = "world-busy"
  static let target = ">= 2,000 x real time"

  static func measure() throws -> Row {
    try World.row(duration: "20m", cadence: World.busy, block: "100ms", target: 2_000)
  }
}

/// The largest resident set of a run of thirty days, against that of three days.
enum MemoryBenchmark: Benchmark {
  static let name = "memory"
  static let target = "<= 150 MB, flat"

  static func measure() throws -> Row {
    _ = try World.measure(World.scenario(duration: "3d", cadence: World.quiet))
    let short = Stopwatch.peakMegabytes
    _ = try World.measure(World.scenario(duration: "30d", cadence: World.quiet))
    let long = Stopwatch.peakMegabytes
    return Row(
      measured: "\(long) MB in 30 days", isMet: long <= 150 && long - short <= short / 10 + 4,
      note: "\(short) MB in 3 days")
  }
}

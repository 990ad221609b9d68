import Engine
import Market
import Risk
import Simulation
import Strategies

/// Candles of a seeded walk, held in memory: reading files is not what is measured.
enum Walk {
  static func candles(_ count: Int, _ timeframe: Timeframe) throws -> [Candle] {
    var seed: UInt64 = 7
    var price: Int64 = 5_000_000
    func draw() -> Int64 {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int64(seed >> 40) % 6_001 - 3_000
    }
    let start = Instant(milliseconds: 1_704_067_200_000)
    return try (0..<count).map { index in
      let open = price
      let close = max(1_000_000, min(20_000_000, open + draw()))
      let high = max(open, close) + abs(draw()) / 4
      let low = min(open, close) - abs(draw()) / 4
      price = close
      return try Candle(
        symbol: "BTC", timeframe: timeframe, venue: .hyperliquid,
        openTime: start + timeframe.interval * Int64(index), open: Price(steps: open * 1_000_000),
        high: Price(steps: high * 1_000_000), low: Price(steps: low * 1_000_000),
        close: Price(steps: close * 1_000_000), volume: Quantity(whole: 1 + abs(draw())))
    }
  }

  /// A replay of a walk, prepared and not begun.
  static func replay(
    _ count: Int, _ timeframe: Timeframe, _ strategies: [StrategyID]
  ) throws -> Replay {
    var configuration = ReplayPlan.paperConfiguration(strategies: strategies)
    // Nothing may end trading early: a walk has no edge, and an idle engine would be a fast one.
    configuration.limits = try Limits(
      basedOn: .paperDefault,
      setting: [
        (.riskPerTradeBasisPoints, 1), (.dayLossBasisPoints, 10_000),
        (.sessionDrawdownBasisPoints, 10_000),
      ])
    let plan = try ReplayPlan(
      CandleHistory(candles: candles(count, timeframe)), configuration: configuration)
    return try Replay(plan)
  }

  /// Candles a second of processor time, and what came of them.
  static func measure(
    _ count: Int, _ timeframe: Timeframe, _ strategies: [StrategyID], target: Double
  ) throws -> Row {
    var replay = try replay(count, timeframe, strategies)
    let seconds = Stopwatch.seconds { while replay.advance(by: 100_000) {} }
    let rate = Double(replay.figures.candleCount) / seconds
    guard replay.figures.fillCount > 0 else {
      throw BenchmarkError(description: "nothing was filled: \(replay.figures.signals)")
    }
    return Row(
      measured: "\(grouped(rate)) candles/s", isMet: rate >= target,
      note: "\(grouped(Double(replay.figures.signalCount))) signals, "
        + "\(grouped(Double(replay.figures.fillCount))) fills")
  }
}

/// One-minute candles through aggregation, candles, the EMA cross, gate and paper fills.
enum ReplayBenchmark: Benchmark {
  static let name = "replay"
  static let target = ">= 4,000,000 candles/s"

  static func measure() throws -> Row {
    try Walk.measure(2_000_000, .m1, ["ema_cross"], target: 4_000_000)
  }
}

/// What the first and the last candles of a long replay cost.
enum EventCostBenchmark: Benchmark {
  static let name = "event-cost"
  static let target = "first = millionth"

  static func measure() throws -> Row {
    var replay = try Walk.replay(1_200_000, .m1, ["ema_cross"])
    // Averages warm up and storage grows to its bound in the first part, which is not counted.
    _ = replay.advance(by: 50_000)
    let first = fastest(&replay)
    _ = replay.advance(by: 850_000)
    let last = fastest(&replay)
    let ratio = last / first
    return Row(
      measured: "\(decimal(ratio, 2)) x", isMet: ratio < 1.1,
      note: "\(grouped(first)) ns a candle at first, \(grouped(last)) ns at a million")
  }

  /// Nanoseconds a candle in the fastest of ten stretches: neighbours on the machine only slow
  /// down.
  private static func fastest(_ replay: inout Replay) -> Double {
    var best = Double.infinity
    for _ in 0..<10 {
      best = min(best, Stopwatch.seconds { _ = replay.advance(by: 10_000) } * 1e5)
    }
    return best
  }
}

import Engine
import Foundation
import Market
import Risk
import Simulation
import Strategies

/// All ten strategies on three symbols and their pairs, each with everything that it reads.
enum Ten {
  /// Trader Mayne looks back over 210 days: after these every strategy has decided.
  static let warmUp = 215

  /// The data of so many days, held in memory: making them is not what is measured.
  static func data(days: Int) throws -> ReplayData {
    var market = TenMarket()
    var candles: [Candle] = []
    var readings: [ReceivedReading] = []
    for _ in 0..<(days * 1_440) { candles += try market.minute { readings.append($0) } }
    return ReplayData(candles: CandleHistory(candles: candles), readings: readings)
  }

  static func plan(days: Int) throws -> ReplayPlan {
    var configuration = ReplayPlan.paperConfiguration(strategies: ReplayPlan.usualStrategies)
    // Nothing may end trading early: a walk has no edge, and an idle engine would be a fast one.
    configuration.limits = try Limits(
      basedOn: .paperDefault,
      setting: [
        (.riskPerTradeBasisPoints, 1), (.dayLossBasisPoints, 10_000),
        (.sessionDrawdownBasisPoints, 10_000),
      ])
    // Solana trades too: as data only, nobody would read its minutes.
    configuration.symbols = ReplayInstruments.symbols.compactMap { symbol in
      ReplayInstruments.instrument(for: symbol).map { SymbolConfiguration(instrument: $0) }
    }
    return try ReplayPlan(data(days: days), configuration: configuration, leavesOut: false)
  }

  /// Refuses figures in which one of the ten never got past the checks of its data.
  static func demandDecisions(_ figures: ReplayFigures) throws {
    let unfed: [NoTradeReason] = [.warmUp, .dataMissing, .dataStale, .gapInHistory]
    for id in ReplayPlan.usualStrategies {
      let decided = figures.decisions.contains { one in
        one.strategy == id && !(one.reason.map { unfed.contains($0) } ?? false)
      }
      guard decided else { throw BenchmarkError(description: "\(id) never decided") }
    }
    guard figures.fillCount > 0 else { throw BenchmarkError(description: "nothing was filled") }
  }

  /// How many of the strategies signalled.
  static func signalling(_ figures: ReplayFigures) -> Int {
    Set(figures.setups.map(\.strategy)).count
  }
}

/// A year of one-minute candles of three symbols through all ten strategies, gate and paper fills.
///
/// Only the one-minute candles count; the longer ones and the readings beside them are work.
enum TenStrategiesBenchmark: Benchmark {
  static let name = "replay-ten"
  static let target = ">= 500,000 candles/s"

  static func measure() throws -> Row {
    let days = 365
    var replay = try Replay(Ten.plan(days: days))
    let seconds = Stopwatch.seconds { while replay.advance(by: 100_000) {} }
    let figures = replay.figures
    try Ten.demandDecisions(figures)
    let rate = Double(days * 1_440 * 3) / seconds
    return Row(
      measured: "\(grouped(rate)) candles/s", isMet: rate >= 500_000,
      note: "\(grouped(Double(figures.readingCount))) readings, "
        + "\(grouped(Double(figures.signalCount))) signals of \(Ten.signalling(figures)), "
        + "\(grouped(Double(figures.fillCount))) fills")
  }
}

/// What a candle costs after the warm-up, and with ten times as much history behind it.
enum TenCostBenchmark: Benchmark {
  static let name = "ten-cost"
  static let target = "first = ten times on"

  static func measure() throws -> Row {
    var stream = try TenStream()
    _ = try stream.pass(days: Ten.warmUp)
    let first = try stream.pass(days: 28)
    _ = try stream.pass(days: Ten.warmUp * 9)
    let last = try stream.pass(days: 28)
    let ratio = last / first
    return Row(
      measured: "\(decimal(ratio, 2)) x", isMet: ratio < 1.1,
      note: "\(grouped(first)) ns a candle after \(Ten.warmUp) days, \(grouped(last)) ns after "
        + "\(Ten.warmUp * 10)")
  }
}

/// The resident set after a year of all ten against that after a quarter; no input is kept.
enum TenMemoryBenchmark: Benchmark {
  static let name = "ten-memory"
  static let target = "<= 150 MB, flat"

  static func measure() throws -> Row {
    var stream = try TenStream()
    _ = try stream.pass(days: 91)
    let quarter = Stopwatch.residentMegabytes
    _ = try stream.pass(days: 274)
    let year = Stopwatch.residentMegabytes
    guard stream.signalCount > 0 else {
      throw BenchmarkError(description: "nothing was signalled")
    }
    return Row(
      measured: "\(year) MB in a year", isMet: year <= 150 && year - quarter <= quarter / 10 + 1,
      note: "\(quarter) MB in a quarter, "
        + "\(grouped(Double(stream.signalCount))) signals")
  }
}

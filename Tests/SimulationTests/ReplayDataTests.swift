import Engine
import Foundation
import Market
import Strategies
import Testing

@testable import Simulation

/// Candles and readings of several files as one history, and how a replay hands them over.
@Suite struct ReplayDataTests {
  static let first = ReplayReadingFileTests.first

  static func candles(_ name: String, _ count: Int64, minutes: Int64 = 1, close: Int64 = 100)
    throws -> TemporaryFile
  {
    let rows = (0..<count).map {
      "\(first + $0 * minutes * 60_000),100,\(close + 10),90,\(close + $0 % 2),10\n"
    }
    return try TemporaryFile(name, (ReplayCandleFileTests.header + rows.joined()).utf8)
  }

  static func data(_ files: [TemporaryFile]) throws -> ReplayData {
    try ReplayData(reading: files.map { try DataFileReference(argument: $0.path) })
  }

  @Test func `trades split the candles that they cover whole, and no other`() throws {
    let perpetual = try Self.candles("binance_usdm_BTCUSDT_1m_a.csv", 5)
    // From within the first minute to the very end of the fourth.
    let trades: [(Int64, String, String)] = [
      (30_000, "1", "buy"), (60_000, "3", "buy"), (119_999, "2", "sell"), (120_000, "4", "sell"),
      (150_000, "1", "buy"), (200_000, "2", "sell"), (240_000, "1", "buy"),
    ]
    let text = trades.map { "\(Self.first + $0.0),100,\($0.1),\($0.2)\n" }.joined()
    let file = try TemporaryFile(
      "binance_usdm_BTCUSDT_trades_1.csv", ("time_ms,price,size,side\n" + text).utf8)
    let data = try Self.data([perpetual, file])
    let splits = data.candles.series[0].candles.map(\.takerSplit)
    #expect(splits.map { $0?.buy } == [nil, "3", "1", "0", nil])
    #expect(splits.map { $0?.sell } == [nil, "2", "4", "2", nil])
    // Of the candle's own source, the coverage is the share of its volume.
    #expect(splits.map { $0?.coverage } == [nil, "0.5", "0.5", "0.2", nil])
    #expect(data.sources.map(\.usedCount) == [7])
    #expect(data.sources[0].derivation.contains("3 candles"))

    let foreign = try Self.candles("okx_swap_BTCUSDT_1m_a.csv", 5)
    let other = try Self.data([foreign, file])
    #expect(other.candles.series[0].candles[1].takerSplit?.coverage == Fraction(whole: 1))
  }

  @Test func `closes of both markets at one instant are a spot sample`() throws {
    let perpetual = try Self.candles("binance_usdm_BTCUSDT_5m_a.csv", 3, minutes: 5)
    let spot = try Self.candles("coinbase_BTC-USD_1m_a.csv", 11, close: 99)
    let data = try Self.data([spot, perpetual])
    let samples = data.readings.compactMap { one -> SpotPrice? in
      guard case .spot(let sample) = one.reading else { return nil }
      return sample
    }
    // Minutes 5 and 10 end with a perpetual's candle; minute 15 has no spot.
    #expect(samples.map { ($0.time.milliseconds - Self.first) / 60_000 } == [5, 10])
    #expect(samples.map(\.price) == ["99", "100"])
    #expect(samples.map(\.mid) == ["100", "101"])
    #expect(samples.allSatisfy { $0.venue == .coinbase })
    #expect(data.candles.series.map(\.timeframe) == [.m5])
    // Alone, spot candles stand in for the execution venue's.
    let alone = try Self.data([spot])
    #expect(alone.candles.series.map(\.timeframe) == [.m1])
    #expect(alone.readings.isEmpty)
  }

  @Test func `a position pays one venue's funding at a time`() throws {
    let hour: Int64 = 3_600_000
    func file(_ venue: String, _ hours: [Int64]) throws -> TemporaryFile {
      let rows = hours.map { "\(Self.first + $0 * hour),0.0001\n" }.joined()
      return try TemporaryFile("\(venue)_BTC_funding.csv", ("time_ms,funding_rate\n" + rows).utf8)
    }
    let data = try Self.data([
      file("binance_usdm", [0, 8, 16, 24, 32]), file("hyperliquid", [9, 10, 11, 12]),
    ])
    let settled = data.readings.map { ($0.reading.time.milliseconds - Self.first) / hour }
    #expect(settled == [0, 9, 10, 11, 12, 24, 32])
    #expect(data.sources.map(\.usedCount) == [3, 4])
    #expect(data.readings.allSatisfy { $0.received == $0.reading.time + .seconds(5) })
  }

  /// Remembers what it was told, in order, and never trades.
  static func events(_ data: ReplayData) throws -> [String] {
    let plan = try ReplayPlan(
      data, configuration: ReplayPlan.paperConfiguration(strategies: ["skew_flow"]),
      leavesOut: false)
    var replay = try Replay(plan)
    var events: [String] = []
    while replay.advance(
      by: 1,
      persist: { records, _ in
        for record in records {
          switch record {
          case .candle(let row): events.append("candle \(row.candle.closeTime)")
          case .spot(let sample): events.append("spot \(sample.time)")
          case .funding(let settled): events.append("funding \(settled.time)")
          default: break
          }
        }
      })
    {}
    return events
  }

  @Test func `readings come five seconds after their time, between the candles`() throws {
    let perpetual = try Self.candles("binance_usdm_BTCUSDT_15m_a.csv", 3, minutes: 15)
    let spot = try Self.candles("coinbase_BTC-USD_1m_a.csv", 31)
    let rows = "\(Self.first + 1_794_000),0.0001\n\(Self.first + 1_796_000),0.0001\n"
    let rates = try TemporaryFile(
      "hyperliquid_BTC_funding.csv", ("time_ms,funding_rate\n" + rows).utf8)
    let events = try Self.events(Self.data([perpetual, spot, rates]))
    let kinds = events.map { $0.split(separator: " ")[0] }
    // Six seconds before the second close is received in time, four seconds before is not.
    #expect(kinds == ["candle", "spot", "funding", "candle", "funding", "spot", "candle"])
  }

  @Test func `the digest covers readings`() throws {
    let perpetual = try Self.candles("binance_usdm_BTCUSDT_15m_a.csv", 200, minutes: 15)
    func digest(_ rate: String) throws -> Digest {
      let rates = try TemporaryFile(
        "hyperliquid_BTC_funding.csv",
        "time_ms,funding_rate\n\(Self.first + 60_000),\(rate)\n".utf8)
      let data = try Self.data([perpetual, rates])
      let plan = try ReplayPlan(
        data, configuration: ReplayPlan.paperConfiguration(strategies: ["trader_mayne"]),
        leavesOut: false)
      #expect(plan.readings.count == 1, "positions pay by it although no strategy reads it")
      var replay = try Replay(plan)
      while replay.advance(by: .max) {}
      return replay.digest
    }
    #expect(try digest("0.0001") != digest("0.0001000001"))
    #expect(try digest("0.0001") == digest("0.0001"))
  }

  @Test func `strategies that nothing feeds are left out, or refused where they are named`() throws
  {
    let data = try Self.data([
      Self.candles("binance_usdm_BTCUSDT_15m_a.csv", 200, minutes: 15),
      Self.candles("binance_usdm_SOLUSDT_15m_a.csv", 200, minutes: 15),
    ])
    let all = ReplayPlan.paperConfiguration(strategies: ReplayPlan.usualStrategies)
    #expect(all.strategies.count == 10 && !all.strategies.contains("ema_cross"))
    let plan = try ReplayPlan(data, configuration: all, leavesOut: true)
    #expect(plan.strategies == ["pair_flow", "quant_flow", "trader_mayne", "wick_flow"])
    let oi = plan.leftOut.first { $0.strategy == "oi_flow" }
    #expect(oi?.missing.map(\.description) == ["open interest of BTC"])
    #expect(
      plan.configuration.symbols.map(\.isTradable) == [true, false], "SOL is read, not traded")
    #expect(throws: ReplayError.noProducer("oi_flow", "BTC", .openInterest)) {
      try ReplayPlan(
        data, configuration: ReplayPlan.paperConfiguration(strategies: ["oi_flow"]),
        leavesOut: false)
    }
    #expect(throws: ReplayError.nothingFed) {
      try ReplayPlan(
        data, configuration: ReplayPlan.paperConfiguration(strategies: ["oi_flow"]),
        leavesOut: true)
    }
  }

  /// A series that is declared and never comes would hold every close back.
  @Test func `a strategy runs only on the symbols that files feed`() throws {
    let data = try Self.data([
      Self.candles("binance_usdm_BTCUSDT_5m_a.csv", 600, minutes: 5),
      Self.candles("binance_usdm_ETHUSDT_15m_a.csv", 200, minutes: 15),
    ])
    let plan = try ReplayPlan(
      data,
      configuration: ReplayPlan.paperConfiguration(strategies: ["session_flow", "wick_flow"]),
      leavesOut: true)
    #expect(plan.strategies == ["session_flow", "wick_flow"])
    #expect(plan.configuration.strategies == ["wick_flow"])
    #expect(plan.seats.filter { !$0.isFed }.map(\.subject) == ["ETH"])
    #expect(!plan.history.has("ETH", .m5))
    var replay = try Replay(plan)
    while replay.advance(by: .max) {}
    let session = replay.figures.decisions.filter { $0.strategy == "session_flow" }
    #expect(session.reduce(0) { $0 + $1.count } == 600)
  }

  @Test func `a folder stands for its data files, those of the execution venue first`() throws {
    let folder = try Self.candles("binance_usdm_BTCUSDT_15m_a.csv", 4, minutes: 15)
    for (name, text) in [
      ("hyperliquid_BTC_15m_a.csv", ReplayCandleFileTests.header + "\(Self.first),7,7,7,7,7\n"),
      ("INDEX.md", "# words\n"),
      ("x_BTC_funding.csv", "time_ms,funding_rate\n\(Self.first),0.1\n"),
    ] {
      try Data(text.utf8).write(to: folder.directory.appending(path: name))
    }
    let data = try ReplayData(arguments: [folder.directory.path])
    #expect(
      data.candles.sources.map(\.reference.subject.source) == ["hyperliquid", "binance_usdm"])
    #expect(data.candles.series[0].candles.first?.close == "7")
    #expect(data.unread.map(\.reason) == ["the name does not say what it holds"])
    #expect(data.readings.count == 1)
  }
}

import Market
import Testing
import Venues

@testable import Simulation

/// Series made of several files: order, overlap, gaps and derived timeframes.
@Suite struct ReplayHistoryTests {
  /// 2025-01-27T00:00:00Z, a Monday.
  static let first: Int64 = 1_737_936_000_000

  static func candle(
    _ index: Int64, _ timeframe: Timeframe = .m15, symbol: Symbol = "BTC", close: Price = "100"
  ) throws -> Candle {
    try Candle(
      symbol: symbol, timeframe: timeframe, venue: .hyperliquid,
      openTime: Instant(milliseconds: first) + timeframe.interval * index, open: "100",
      high: "105", low: "95", close: close, volume: "2")
  }

  static func file(_ rows: some Sequence<Int64>, close: String = "100") throws -> TemporaryFile {
    let text = rows.map { "\(first + $0 * 900_000),100,105,95,\(close),2\n" }.joined()
    return try TemporaryFile(
      "okx_swap_BTCUSDT_15m_a_b.csv", (ReplayCandleFileTests.header + text).utf8)
  }

  static func history(_ files: [TemporaryFile]) throws -> CandleHistory {
    try CandleHistory(reading: files.map { try CandleFileReference(argument: $0.path) })
  }

  @Test func `consecutive files make one series, in either order`() throws {
    let files = try [Self.file(0..<4), Self.file(4..<8)]
    for order in [files, files.reversed()] {
      let history = try Self.history(order)
      #expect(history.series.count == 1)
      #expect(history.candleCount == 8)
      #expect(history.gaps.isEmpty)
      #expect(history.sources.map(\.overlappingCount) == [0, 0])
    }
  }

  @Test func `overlapping rows are dropped, and contradicting ones told`() throws {
    let history = try Self.history([
      Self.file(0..<4), Self.file(2..<6, close: "101"), Self.file(1..<3),
    ])
    #expect(history.series[0].candles.map(\.close) == ["100", "100", "100", "100", "101", "101"])
    #expect(history.sources.map(\.overlappingCount) == [0, 2, 2])
    #expect(history.sources.map(\.contradictingCount) == [0, 2, 0])
  }

  @Test func `a hole inside a file is missing data, one between files is a cut`() throws {
    let history = try Self.history([Self.file([0, 1, 4]), Self.file([10, 11])])
    let time = { (index: Int64) in Instant(milliseconds: Self.first + index * 900_000) }
    #expect(history.gaps.map(\.from) == [time(2), time(5)])
    #expect(history.gaps.map(\.to) == [time(4), time(10)])
    #expect(history.gaps.map(\.missingCount) == [2, 5])
    #expect(history.gaps.map(\.isBetweenFiles) == [false, true])
  }

  @Test func `series stand by symbol and timeframe`() throws {
    let history = CandleHistory(candles: [
      try Self.candle(0, .h1, symbol: "SOL"), try Self.candle(0, symbol: "ETH"),
      try Self.candle(0, .h1), try Self.candle(0, .m1), try Self.candle(1, .m1),
    ])
    #expect(history.series.map(\.symbol) == ["BTC", "BTC", "ETH", "SOL"])
    #expect(history.series.map(\.timeframe) == [.m1, .h1, .m15, .h1])
    #expect(history.symbols == ["BTC", "ETH", "SOL"])
    #expect(history.start == Instant(milliseconds: Self.first))
    #expect(history.end == Instant(milliseconds: Self.first + 3_600_000))
  }

  @Test func `a longer candle needs all of its children`() throws {
    // Two four-hour buckets and a half; one child of the second bucket is missing.
    let indices = (0..<40).filter { $0 != 20 }
    var history = CandleHistory(
      candles: try indices.map {
        try Self.candle(Int64($0), close: $0 == 15 ? "104" : "100")
      })
    history.derive(.h4)
    let derived = try #require(history.series.last)
    #expect(derived.timeframe == .h4)
    #expect(derived.isDerived)
    #expect(derived.candles.map(\.openTime) == [Instant(milliseconds: Self.first)])
    #expect(derived.candles[0].open == "100")
    #expect(derived.candles[0].high == "105")
    #expect(derived.candles[0].low == "95")
    #expect(derived.candles[0].close == "104")
    #expect(derived.candles[0].volume == "32")
  }

  @Test func `a series that starts inside a bucket does not make that bucket`() throws {
    var history = CandleHistory(candles: try (3..<32).map { try Self.candle(Int64($0)) })
    history.derive(.h4)
    #expect(
      history.series.last?.candles.map(\.openTime)
        == [Instant(milliseconds: Self.first + 4 * 3_600_000)])
  }

  @Test func `a file's candle stays where shorter ones would make another`() throws {
    let given = try Self.candle(0, .h4, close: "103")
    var history = CandleHistory(candles: try (0..<32).map { try Self.candle(Int64($0)) } + [given])
    history.derive(.h4)
    #expect(history.series.last?.candles.map(\.close) == ["103", "100"])
  }

  @Test func `shorter candles are never made from longer ones`() throws {
    var history = CandleHistory(candles: [try Self.candle(0, .h4)])
    history.derive(.m15)
    #expect(history.series.map(\.timeframe) == [.h4])
  }

  @Test func `the cursor goes by close time, then timeframe, then symbol`() throws {
    var candles: [Candle] = []
    for symbol: Symbol in ["SOL", "BTC"] {
      candles += try (0..<16).map { try Self.candle($0, symbol: symbol) }
      candles.append(try Self.candle(0, .h4, symbol: symbol))
    }
    var cursor = CandleCursor(CandleHistory(candles: candles))
    var seen: [Candle] = []
    while let candle = cursor.current {
      seen.append(candle)
      cursor.advance()
    }
    #expect(seen.count == 34)
    #expect(seen[0].symbol == "BTC" && seen[1].symbol == "SOL")
    #expect(zip(seen, seen.dropFirst()).allSatisfy { $0.closeTime <= $1.closeTime })
    #expect(seen.suffix(4).map(\.timeframe) == [.m15, .m15, .h4, .h4])
    #expect(seen.suffix(4).map(\.symbol) == ["BTC", "SOL", "BTC", "SOL"])
  }

  @Test func `timers fire by time, then id, and move when set again`() {
    let id = { (number: UInt64) in TimerID(owner: 1, number: number) }
    let at = { (seconds: Int64) in Monotonic(nanoseconds: seconds * 1_000_000_000) }
    var timers = TimerQueue()
    timers.set(id(3), at: at(5))
    timers.set(id(1), at: at(5))
    timers.set(id(2), at: at(1))
    timers.set(id(4), at: at(2))
    timers.set(id(2), at: at(9))
    timers.cancel(id(4))
    timers.cancel(id(7))
    #expect(timers.nextDue == at(5))
    #expect(timers.take(dueAt: at(4)) == nil)
    var fired: [UInt64] = []
    while let due = timers.take(dueAt: at(9)) { fired.append(due.id.number) }
    #expect(fired == [1, 3, 2])
  }
}

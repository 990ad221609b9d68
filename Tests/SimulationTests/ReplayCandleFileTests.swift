import Foundation
import Market
import Testing

@testable import Simulation

/// A file in a directory of its own, which goes with it.
final class TemporaryFile {
  let directory: URL
  let path: String

  init(_ name: String, _ bytes: some Collection<UInt8>) throws {
    directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    path = directory.appending(path: name).path
    try Data(bytes).write(to: URL(filePath: path))
  }

  deinit { try? FileManager.default.removeItem(at: directory) }
}

/// Candle files: what is read, what is left out, and what is refused where.
@Suite struct ReplayCandleFileTests {
  static let header = "open_time_ms,open,high,low,close,volume\n"
  /// 2025-01-27T00:00:00Z, a Monday.
  static let first: Int64 = 1_737_936_000_000

  static func row(_ index: Int64, close: String = "101") -> String {
    "\(first + index * 900_000),100,102.5,99.5,\(close),7.25\n"
  }

  func read(_ text: String, as name: String = "binance_usdm_BTCUSDT_15m_a_b.csv") throws
    -> CandleFile
  {
    let file = try TemporaryFile(name, text.utf8)
    return try CandleFile(CandleFileReference(argument: file.path))
  }

  @Test func `rows become candles of the execution venue`() throws {
    let file = try read(Self.header + Self.row(0) + Self.row(1, close: "101.00000001"))
    #expect(file.candles.count == 2)
    let candle = try #require(file.candles.last)
    #expect(candle.symbol == "BTC")
    #expect(candle.timeframe == .m15)
    #expect(candle.venue == .hyperliquid)
    #expect(candle.openTime == Instant(milliseconds: Self.first + 900_000))
    #expect(candle.open == "100")
    #expect(candle.high == "102.5")
    #expect(candle.low == "99.5")
    #expect(candle.close == Price(steps: 10_100_000_001))
    #expect(candle.volume == "7.25")
    #expect(candle.takerSplit == nil)
    #expect(file.rejectionCounts.allSatisfy { $0 == 0 })
  }

  @Test func `a seventh column is the taker volume`() throws {
    let text =
      "open_time_ms,open,high,low,close,volume,taker_buy_volume\n\(Self.first),1,1,1,1,5,2\n"
    #expect(
      try read(text).candles.first?.takerSplit
        == TakerSplit(buy: "2", sell: "3", coverage: "1"))
  }

  @Test func `lines may end in CR LF, and the last one needs no end`() throws {
    let text = (Self.header + Self.row(0) + Self.row(1)).replacing("\n", with: "\r\n").dropLast(2)
    #expect(try read(String(text)).candles.count == 2)
  }

  /// The reader works in blocks of 256 KiB: rows must survive lying across two of them.
  @Test func `rows across block boundaries are whole`() throws {
    var text = Self.header
    for index in 0..<20_000 { text += Self.row(Int64(index)) }
    #expect(text.utf8.count > 512 * 1_024)
    let file = try read(text)
    #expect(file.candles.count == 20_000)
    #expect(file.rowCount == 20_000)
    #expect(file.candles.allSatisfy { $0.close == "101" })
  }

  static let refused: [(text: String, code: DataFileError.Code, line: Int?, found: String)] = [
    ("", .empty, nil, "an empty file"),
    (header, .empty, nil, "no row"),
    (header + "\n", .empty, nil, "no row"),
    ("time,open\n1,2\n", .header, 1, "header 'time,open'"),
    (header.dropLast() + ",trades\n", .header, 1, "header"),
    (header + row(0) + "garbage\n", .row, 3, "no column after an open time"),
    (header + row(0) + "\n" + row(1), .row, 3, "a blank line"),
    (header + "\(first),1,1,1,1\n", .row, 2, "no column after a close"),
    (header + "\(first),1,1,1,1,1,1\n", .row, 2, "columns after a volume"),
    (header + "x,1,1,1,1,1\n", .row, 2, "open time 'x'"),
    (header + ",1,1,1,1,1\n", .row, 2, "open time ''"),
    (header + "-5,1,1,1,1,1\n", .row, 2, "open time '-5'"),
    (header + "99999999999999,1,1,1,1,1\n", .row, 2, "open time"),
    (header + "1737936000000000000,1,1,1,1,1\n", .row, 2, "open time"),
    (header + "\(first),1e5,1,1,1,1\n", .row, 2, "an open of '1e5'"),
    (header + "\(first),1,,1,1,1\n", .row, 2, "a high of ''"),
    (header + "\(first),1,1,0x1,1,1\n", .row, 2, "a low of '0x1'"),
    (header + "\(first),1,1,1,NaN,1\n", .row, 2, "a close of 'NaN'"),
    (header + "\(first),1,1,1,1.000000001,1\n", .row, 2, "a close of '1.000000001'"),
    (header + "\(first),1,1,1,1,999999999999\n", .row, 2, "a volume of '999999999999'"),
    (header + "\(first),1,1,1,1,\u{1}\u{ff}\n", .row, 2, "a volume of '???'"),
    (header + String(repeating: "9", count: 5_000) + "\n", .row, 2, "a line of more than 4096"),
  ]

  @Test(arguments: refused.indices)
  func `a broken file is refused with its line`(index: Int) throws {
    let one = Self.refused[index]
    let error = #expect(throws: DataFileError.self) { try read(one.text) }
    #expect(error?.code == one.code)
    #expect(error?.line == one.line)
    #expect(error?.found.hasPrefix(one.found) == true, "\(String(describing: error))")
    #expect(error?.expected.isEmpty == false)
  }

  @Test func `an endless line is refused before it fills the memory`() throws {
    let error = #expect(throws: DataFileError.self) {
      try read(Self.header + String(repeating: "1", count: 3_000_000))
    }
    #expect(error?.code == .row)
    #expect(error?.line == 2)
  }

  @Test func `rows that are no candle are left out and counted by reason`() throws {
    let time = Self.first
    let rows = [
      Self.row(0),
      "\(time + 900_000),0,1,0,1,1\n",
      "\(time + 1_800_000),5,4,3,3.5,1\n",
      "\(time + 2_700_000),5,6,4,5,-1\n",
      "\(time + 3_600_001),5,6,4,5,1\n",
      Self.row(5),
      Self.row(5),
      Self.row(5, close: "102"),
      Self.row(4),
      Self.row(6),
    ]
    let file = try read(Self.header + rows.joined())
    #expect(file.candles.map { ($0.openTime.milliseconds - time) / 900_000 } == [0, 5, 6])
    #expect(file.rejectionCounts == [1, 1, 1, 0, 1, 1, 1, 1])
    #expect(file.rejections.map(\.line) == [3, 4, 5, 6, 8, 9, 10])
    #expect(
      file.rejections.map(\.reason) == [
        .priceNotPositive, .outsideRange, .badVolume, .misaligned, .duplicate, .contradiction,
        .outOfOrder,
      ])
  }

  @Test func `missing, directory and damaged gzip are told apart`() throws {
    let missing = #expect(throws: DataFileError.self) {
      try CandleFile(CandleFileReference(argument: "/nowhere/okx_swap_BTCUSDT_1m_a_b.csv.gz"))
    }
    #expect(missing?.code == .missing)
    let folder = try TemporaryFile("x_BTC_1m_a_b.csv.gz", [])
    let directory = #expect(throws: DataFileError.self) {
      try CandleFile(CandleFileReference(argument: "BTC:1m=\(folder.directory.path)"))
    }
    #expect(directory?.code == .damaged)
  }

  static let names: [(path: String, source: String, symbol: Symbol, timeframe: Timeframe)] = [
    ("a/binance_usdm_BTCUSDT_15m_2022-01-01_2022-09-30.csv.gz", "binance_usdm", "BTC", .m15),
    ("coinbase_BTC-USD_1h_2019_2020.csv.gz", "coinbase", "BTC", .h1),
    ("ftx_BTC-PERP_1m_a_b.csv", "ftx", "BTC", .m1),
    ("bitmex_XBTUSD_5m_a_b.csv.gz", "bitmex", "BTC", .m5),
    ("hyperliquid_HYPE_1h_a_b.csv.gz", "hyperliquid", "HYPE", .h1),
    ("ETH_4h", "", "ETH", .h4),
    ("SOL:1d=any name at all", "", "SOL", .d1),
  ]

  @Test(arguments: names.indices)
  func `a name says what the file holds`(index: Int) throws {
    let one = Self.names[index]
    let subject = try CandleFileReference(argument: one.path).subject
    #expect(
      subject
        == CandleFileSubject(source: one.source, symbol: one.symbol, timeframe: one.timeframe))
  }

  @Test(arguments: [
    "prices.csv", "15m_a_b.csv", "binance_usdm_BTCUSDT-mark_1h_a_b.csv.gz", "x_btc_1m_a_b.csv",
    "BTC:2m=x.csv", "x_BTCUSDT_30m_a_b.csv.gz", "",
  ])
  func `a name that says nothing is refused`(name: String) throws {
    let error = #expect(throws: DataFileError.self) { try CandleFileReference(argument: name) }
    #expect(error?.code == .name)
  }
}

import Market
import Testing

@testable import Simulation

/// Files of readings: what is read, what is left out and counted, and what is refused where.
@Suite struct ReplayReadingFileTests {
  /// 2025-01-27T00:00:00Z, a Monday.
  static let first: Int64 = 1_737_936_000_000
  static func time(_ milliseconds: Int64) -> Instant { Instant(milliseconds: first + milliseconds) }

  static func reference(_ file: TemporaryFile) throws -> DataFileReference {
    try DataFileReference(argument: file.path)
  }

  static func funding(_ rows: String, of venue: String = "hyperliquid") throws -> FundingFile {
    let file = try TemporaryFile(
      "\(venue)_BTC_funding.csv", ("time_ms,funding_rate\n" + rows).utf8)
    return try FundingFile(reference(file), symbol: "BTC")
  }

  @Test func `funding is read to the tenth place, and knows its period`() throws {
    let hour: Int64 = 3_600_000
    // Eight-hourly, then hourly with a missing hour and milliseconds of jitter.
    let times = [48, 8 * hour + 388, 16 * hour, 17 * hour + 5, 19 * hour + 2, 20 * hour]
    let file = try Self.funding(
      times.map { "\(Self.first + $0),-0.0006133368\n" }.joined())
    #expect(file.settlements.map(\.rate.steps) == Array(repeating: -6_133_368, count: 6))
    #expect(
      file.settlements.map { $0.period.milliseconds / hour } == [8, 8, 8, 1, 1, 1])
    #expect(file.settlements.allSatisfy { $0.venue == .hyperliquid && $0.symbol == "BTC" })
    let other = try Self.funding("\(Self.first),0.0001\n", of: "binance_usdm")
    #expect(other.settlements.map(\.period) == [.hours(8)])
    #expect(other.settlements.map(\.venue) == [.binance])
    #expect(other.settlements.map(\.rate.steps) == [1_000_000])
  }

  @Test func `rows that break the order or the bounds are left out and counted`() throws {
    let rows = [
      (0, "0.0001"), (0, "0.0001"), (0, "0.0002"), (10, "1.5"), (20, "0.0003"), (5, "0.0001"),
    ]
    let file = try Self.funding(
      rows.map { "\(Self.first + Int64($0.0) * 3_600_000),\($0.1)\n" }.joined())
    #expect(file.settlements.count == 2)
    #expect(file.source.rowCount == 6)
    #expect(
      file.source.rejections.map(\.reason) == [
        .absurdRate, .duplicate, .contradiction, .outOfOrder,
      ]
    )
    #expect(file.source.rejections.map(\.firstLine) == [5, 3, 4, 7])
    #expect(file.source.rejections.allSatisfy { $0.count == 1 })
  }

  @Test func `open interest is in coins, or in dollars over the candle's price`() throws {
    let coins = try TemporaryFile(
      "binance_usdm_ETHUSDT_oi_4h.csv",
      ("time_ms,open_interest,open_interest_value_usd\n"
        + "\(Self.first),50000.5,1\n\(Self.first + 1),0,1\n").utf8)
    let file = try OpenInterestFile(Self.reference(coins), symbol: "ETH")
    #expect(file.readings.map(\.quantity) == ["50000.5"])
    #expect(file.readings.map(\.venue) == [.binance])
    #expect(file.source.rejections.map(\.reason) == [.notPositive])

    let dollars = try TemporaryFile(
      "binance_usdm_BTC_ETH_oi_irregular.csv",
      ("time_ms,btc_open_interest_usd,eth_open_interest_usd\n"
        + "\(Self.first + 900_000),300,9\n\(Self.first + 9_000_000),300,9\n").utf8)
    let reference = try Self.reference(dollars)
    #expect(reference.subject == .openInterestValue(source: "binance_usdm"))
    var value = try OpenInterestValueFile(reference)
    let closes = ClosingPrices([[try ReplayHistoryTests.candle(0, close: "101")]])
    let readings = value.readings(prices: ["BTC": closes])
    // 300 / 101 to the nearest 1e-8; the later row has no candle, and nobody trades ETH.
    #expect(readings.map(\.quantity) == [Quantity(steps: 297_029_703)])
    #expect(value.source.rejections.map(\.reason) == [.noPrice])
    #expect(value.source.derivation.contains("derived"))
  }

  @Test func `an option chain is read in both forms, one chain an underlying`() throws {
    let columns =
      "timestamp,instrument_name,option_type,strike,expiry_datetime,futures_price,"
      + "implied_volatility,open_interest\n"
    let time = "2025-01-27T00:00:01.5+00:00"
    let expiry = "2025-03-28T08:00:00+00:00"
    let rows = [
      "BTC-28MAR25-90000-C,call,90000.0,\(expiry),92962.8500000001,0.5124,2.3",
      "ETH-28MAR25-3000-P,put,3000.0,\(expiry),3100.1,0.61,4",
      "BTC-28MAR25-90000-P,put,90000.0,\(expiry),92962.85,0,1",
      "BTC-26JAN25-90000-P,put,90000.0,2025-01-26T08:00:00+00:00,92962.85,0.5,1",
    ]
    let snapshot = columns + rows.map { "\(time),\($0)\n" }.joined()
    let file = try TemporaryFile("deribit_options_snapshot_x.csv", snapshot.utf8)
    let read = try OptionFile(Self.reference(file))
    #expect(read.chains.map(\.symbol) == ["BTC", "ETH"])
    #expect(read.chains.map(\.time) == Array(repeating: Self.time(1_500), count: 2))
    let quote = try #require(read.chains.first?.quotes.first)
    #expect(read.chains.first?.quotes.count == 1)
    #expect(quote.strike == "90000" && quote.isCall)
    #expect(quote.impliedVolatility == "0.5124")
    #expect(quote.underlying == "92962.85")
    #expect(quote.openInterest == "2.3")
    #expect(read.source.rejections.map(\.reason) == [.notPositive, .expired])

    let contract = "\(Self.first + 86_400_000),put,BTC-28JAN25-9250-P,9250.0,9096.11"
    let collected =
      ",expiration_timestamp,option_type,instrument_name,strike,underlying_price,timestamp,stats,"
      + "open_interest,mark_iv\n0,\(contract),\(Self.first),\"{'volume': 7, 'low': 0.1}\",418.9,85.05"
      + "\n1,\(contract),\(Self.first + 9),\"{'volume': 7}\",419,86\n"
    let other = try TemporaryFile("options_of_may.csv", collected.utf8)
    let chain = try #require(try OptionFile(Self.reference(other)).chains.first)
    // Of an option that was asked twice, the newest stays; the chain is as old as its newest row.
    #expect(chain.quotes.map(\.impliedVolatility) == ["0.86"])
    #expect(chain.time == Self.time(9))
  }

  static let refused: [(name: String, text: String, line: Int?, found: String)] = [
    ("x_BTC_funding.csv", "time_ms,rate\n1,2\n", 1, "header 'time_ms,rate'"),
    ("x_BTC_funding.csv", "time_ms,funding_rate\n", nil, "no row"),
    ("x_BTC_funding.csv", "", nil, "an empty file"),
    ("x_BTC_funding.csv", "time_ms,funding_rate\n1,1e-5\n", 2, "a rate of '1e-5'"),
    ("x_BTC_funding.csv", "time_ms,funding_rate\n1,0.12345678901\n", 2, "a rate of"),
    ("x_BTC_funding.csv", "time_ms,funding_rate\n-1,0.1\n", 2, "a time '-1'"),
    ("x_BTC_funding.csv", "time_ms,funding_rate\n1,0.1,2\n", 2, "3 columns"),
    ("x_BTC_funding.csv", "time_ms,funding_rate\n1,0.1\n\n2,0.1\n", 3, "a blank line"),
    ("x_BTC_funding.csv", "time_ms,funding_rate\n1,\"0.1\n", 2, "a quote without its end"),
    ("x_BTC_trades_a.csv", "time_ms,price,size,side\n1,2,3,up\n", 2, "a side of 'up'"),
    ("x_BTC_trades_a.csv", "time_ms,price,size,side\n1,x,3,buy\n", 2, "a price of 'x'"),
    (
      "x_BTC_oi_4h.csv", "time_ms,open_interest\n1,99999999999999\n", 2,
      "an open interest of '99999999999999'"
    ),
    ("x_options_a.csv", "timestamp,strike\n1,2\n", 1, "header"),
    (
      "x_options_a.csv",
      "timestamp,instrument_name,option_type,strike,expiration_timestamp,underlying_price,mark_iv,"
        + "open_interest\n1,BTC-1,call,1,2,0x10,50,1\n", 2, "an underlying price of '0x10'"
    ),
  ]

  @Test(arguments: refused.indices)
  func `a broken file is refused with its line`(index: Int) throws {
    let one = Self.refused[index]
    let file = try TemporaryFile(one.name, one.text.utf8)
    let error = #expect(throws: DataFileError.self) {
      try ReplayData(reading: [DataFileReference(argument: file.path)])
    }
    #expect(error?.line == one.line)
    #expect(error?.found.hasPrefix(one.found) == true, "\(String(describing: error))")
    #expect(error?.expected.isEmpty == false)
  }

  static let names: [(name: String, header: String, subject: DataFileSubject)] = [
    ("okx_swap_BTCUSDT_funding.csv", "", .funding(source: "okx_swap", "BTC")),
    ("binance_usdm_BTCUSDT_trades_20240808.csv", "", .trades(source: "binance_usdm", "BTC")),
    ("deribit_options_snapshot_1.csv", "", .optionChain(source: "deribit")),
    (
      "binance_usdm_SOLUSDT_oi_1d.csv", "time_ms,open_interest,value",
      .openInterest(
        source: "binance_usdm", "SOL")
    ),
    (
      "coinbase_BTC-USD_1m_a_b.csv", "",
      .candles(
        CandleFileSubject(source: "coinbase", symbol: "BTC", timeframe: .m1))
    ),
  ]

  @Test(arguments: names.indices)
  func `name and header say what a file holds`(index: Int) throws {
    let one = Self.names[index]
    let file = try TemporaryFile(one.name, (one.header + "\n").utf8)
    #expect(try Self.reference(file).subject == one.subject)
  }

  @Test func `a symbol before the path helps a header that tells the rest`() throws {
    let file = try TemporaryFile("rates.csv", "time_ms,funding_rate\n1,0.1\n".utf8)
    #expect(
      try DataFileReference(argument: "BTC=\(file.path)").subject
        == .funding(source: "rates", "BTC"))
    let error = #expect(throws: DataFileError.self) { try Self.reference(file) }
    #expect(error?.code == .name)
    let coins = try TemporaryFile("binance_coinm_BTCUSD_PERP_trades_1.csv", "x\n".utf8)
    #expect(throws: DataFileError.self) { try Self.reference(coins) }
  }
}

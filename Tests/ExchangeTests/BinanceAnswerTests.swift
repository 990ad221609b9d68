import Choice
import Market
import Testing
import Venues

@testable import Exchange

@Suite("What the simulated Binance answers over HTTP") struct BinanceAnswerTests {
  private func opened(
    _ change: (inout BinanceVenueConfiguration) -> Void = { _ in }
  ) -> BinanceBench {
    var bench = BinanceBench(venue: change)
    bench.advance(by: .minutes(7) + .seconds(30))
    return bench
  }

  private func root(_ bench: inout BinanceBench, _ target: String) throws -> JSONValue {
    try json(bench.text(target))
  }

  private func answer(_ bench: inout BinanceBench, _ target: String) throws -> HTTPResponse {
    let answer = bench.call(target)
    return try #require(answer)
  }

  /// The rows of an answer that is a list.
  private func list(_ bench: inout BinanceBench, _ target: String) throws -> [JSONValue] {
    let root = try self.root(&bench, target)
    return try #require(root.elements.map(Array.init))
  }

  private func json(_ text: String) throws -> JSONValue {
    var parser = JSONParser()
    return try parser.parse(Array(text.utf8)).root
  }

  /// The names and kinds of an object's members, in order.
  private func shape(_ value: JSONValue?) -> [String] {
    guard let members = value?.members else { return ["no object"] }
    return members.map { "\(String($0.key)):\($0.value.kind)" }
  }

  @Test(
    "names and types of each answer",
    arguments: [
      ("/fapi/v1/time", "serverTime:integer"),
      (
        "/fapi/v1/openInterest?symbol=BTCUSDT",
        "symbol:string openInterest:string time:integer"
      ),
      (
        "/fapi/v1/premiumIndex?symbol=BTCUSDT",
        "symbol:string markPrice:string indexPrice:string estimatedSettlePrice:string "
          + "lastFundingRate:string interestRate:string nextFundingTime:integer time:integer"
      ),
      ("/fapi/v2/ticker/price?symbol=ETHUSDT", "symbol:string price:string time:integer"),
      (
        "/fapi/v1/ticker/24hr?symbol=BTCUSDT",
        "symbol:string priceChange:string priceChangePercent:string weightedAvgPrice:string "
          + "lastPrice:string lastQty:string openPrice:string highPrice:string lowPrice:string "
          + "volume:string quoteVolume:string openTime:integer closeTime:integer "
          + "firstId:integer lastId:integer count:integer"
      ),
      (
        "/fapi/v1/depth?symbol=BTCUSDT&limit=5",
        "lastUpdateId:integer E:integer T:integer bids:array asks:array"
      ), ("/sapi/v1/system/status", "status:integer msg:string"),
    ])
  func shapes(_ target: String, _ expected: String) throws {
    var bench = opened()
    let answer = try self.answer(&bench, target)
    #expect(answer.status == 200)
    #expect(answer.header("content-type") == "application/json")
    #expect(
      shape(try json(String(decoding: answer.body, as: UTF8.self))).joined(separator: " ")
        == expected)
  }

  @Test(
    "names and types of the rows of each list",
    arguments: [
      (
        "/futures/data/openInterestHist?symbol=BTCUSDT&period=5m",
        "symbol:string sumOpenInterest:string sumOpenInterestValue:string "
          + "CMCCirculatingSupply:string timestamp:integer"
      ),
      (
        "/fapi/v1/fundingRate?symbol=BTCUSDT",
        "symbol:string fundingTime:integer fundingRate:string markPrice:string rateType:string"
      ),
      (
        "/fapi/v1/fundingInfo",
        "symbol:string adjustedFundingRateCap:string adjustedFundingRateFloor:string "
          + "fundingIntervalHours:integer disclaimer:bool"
      ),
      (
        "/fapi/v1/aggTrades?symbol=BTCUSDT",
        "a:integer p:string q:string f:integer l:integer T:integer m:bool nq:string"
      ),
      (
        "/fapi/v1/premiumIndex",
        "symbol:string markPrice:string indexPrice:string estimatedSettlePrice:string "
          + "lastFundingRate:string interestRate:string nextFundingTime:integer time:integer"
      ),
    ])
  func rows(_ target: String, _ expected: String) throws {
    var bench = opened()
    let list = try list(&bench, target)
    #expect(list.count > 1)
    for row in list { #expect(shape(row).joined(separator: " ") == expected) }
  }

  @Test("rows of candles: twelve columns, ascending, the unfinished one last")
  func klines() throws {
    var bench = opened()
    let rows = try list(&bench, "/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=9")
    #expect(rows.count == 9)
    let kinds: [JSONValue.Kind] = [
      .integer, .string, .string, .string, .string, .string, .integer, .string, .integer, .string,
      .string, .string,
    ]
    for (number, row) in rows.enumerated() {
      let columns = try #require(row.elements.map(Array.init))
      #expect(columns.map(\.kind) == kinds)
      let open = BinanceBench.start + .minutes(Int64(number) - 1)
      #expect(columns[0].milliseconds == open)
      #expect(columns[6].int64 == (open + .minutes(1)).milliseconds - 1)
      #expect(columns[11].string == "0")
      let volume = try #require(columns[5].fixed(Quantity.self))
      let buy = try #require(columns[9].fixed(Quantity.self))
      #expect(buy > .zero && buy < volume)
    }
    #expect(rows[8][0]?.milliseconds == bench.truth.now - .seconds(30))
  }

  @Test("both ends of a window count, and decide which rows come")
  func windows() throws {
    var bench = opened()
    let start = BinanceBench.start.milliseconds
    func opens(_ rest: String) throws -> [Int64] {
      try list(&bench, "/fapi/v1/klines?symbol=BTCUSDT&interval=1m" + rest).compactMap {
        $0[0]?.int64.map { ($0 - start) / 60_000 }
      }
    }
    #expect(try opens("&startTime=\(start)&endTime=\(start + 180_000)") == [0, 1, 2, 3])
    #expect(try opens("&startTime=\(start)&limit=2") == [0, 1])
    #expect(try opens("&startTime=\(start + 1)&limit=2") == [1, 2])
    #expect(try opens("&endTime=\(start + 180_000)&limit=2") == [2, 3])
    #expect(try opens("&limit=2") == [6, 7])
    #expect(try opens("&startTime=\(start + 3_600_000)").isEmpty)
  }

  @Test("longer candles are the sums of the shorter ones", arguments: ["3m", "5m", "15m", "1h"])
  func sums(_ interval: String) throws {
    var bench = opened()
    bench.advance(by: .minutes(53))
    let start = BinanceBench.start.milliseconds
    func column(_ interval: String, _ column: Int) throws -> [Quantity] {
      try list(
        &bench,
        "/fapi/v1/klines?symbol=BTCUSDT&interval=\(interval)&startTime=\(start)"
          + "&endTime=\(start + 3_599_999)&limit=100"
      ).compactMap { $0[column]?.fixed(Quantity.self) }
    }
    for place in [5, 7, 9, 10] {
      let parts = try column("1m", place)
      #expect(parts.count == 60)
      let whole = parts.reduce(.zero, +)
      #expect(whole > .zero)
      let sum = try column(interval, place).reduce(.zero, +)
      // Quote volumes are rounded once for each row.
      #expect((sum - whole).magnitude.steps <= (place == 7 || place == 10 ? 60 : 0))
    }
  }

  @Test("the tape adds up to the candle")
  func tape() throws {
    var bench = BinanceBench()
    bench.advance(by: .minutes(3))
    let start = BinanceBench.start.milliseconds
    let trades = try list(
      &bench,
      "/fapi/v1/aggTrades?symbol=BTCUSDT&limit=1000&startTime=\(start + 60_000)"
        + "&endTime=\(start + 119_999)")
    let row = try list(
      &bench, "/fapi/v1/klines?symbol=BTCUSDT&interval=1m&startTime=\(start + 60_000)&limit=1")[0]
    func sum(_ trades: [JSONValue]) -> Quantity {
      trades.compactMap { $0["q"]?.fixed(Quantity.self) }.reduce(.zero, +)
    }
    #expect(sum(trades) == row[5]?.fixed())
    #expect(sum(trades.filter { $0["m"]?.bool == false }) == row[9]?.fixed())
    #expect(Int64(trades.count) == row[8]?.int64)
    let ids = trades.compactMap { $0["a"]?.int64 }
    #expect(zip(ids, ids.dropFirst()).allSatisfy { $1 == $0 + 1 })
  }

  @Test("the lean of the plan shows in the candles")
  func lean() throws {
    var bench = opened { configuration in
      configuration.plan.imbalance = 600_000
      configuration.plan.imbalanceNoise = 0
    }
    let start = BinanceBench.start.milliseconds
    let row = try list(
      &bench, "/fapi/v1/klines?symbol=BTCUSDT&interval=1m&startTime=\(start + 60_000)&limit=1")[0]
    let volume = try #require(row[5]?.fixed(Quantity.self))
    let buy = try #require(row[9]?.fixed(Quantity.self))
    #expect(abs(buy.double / volume.double - 0.8) < 0.001)
  }

  @Test(
    "what is wrong with a request is said as the venue says it",
    arguments: [
      (
        "/fapi/v1/klines?symbol=BTCUSDT", -1102,
        "Mandatory parameter 'interval' was not sent, "
          + "was empty/null, or malformed."
      ),
      (
        "/fapi/v1/klines?interval=1m", -1102,
        "Mandatory parameter 'symbol' was not sent, was "
          + "empty/null, or malformed."
      ),
      (
        "/fapi/v1/klines?symbol=&interval=1m", -1102,
        "Mandatory parameter 'symbol' was not sent, "
          + "was empty/null, or malformed."
      ),
      ("/fapi/v1/klines?symbol=NOPEUSDT&interval=1m", -1121, "Invalid symbol."),
      ("/fapi/v1/klines?symbol=btcusdt&interval=1m", -1121, "Invalid symbol."),
      ("/fapi/v1/klines?symbol=BTCUSDT&interval=1s", -1120, "Invalid interval."),
      (
        "/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=x", -1100,
        "Illegal characters found in "
          + "parameter 'limit'; legal range is '^[0-9]{1,20}$'."
      ),
      (
        "/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=1501", -1130,
        "Data sent for parameter "
          + "'limit' is not valid."
      ),
      (
        "/fapi/v1/klines?symbol=BTCUSDT&interval=1m&startTime=2&endTime=1", -1128,
        "Combination "
          + "of optional parameters invalid."
      ),
      (
        "/fapi/v1/aggTrades?symbol=BTCUSDT&startTime=0&endTime=3600001", -1127,
        "More than 1 hours "
          + "between startTime and endTime."
      ),
      (
        "/futures/data/openInterestHist?symbol=BTCUSDT&period=5m&startTime=1", -1130,
        "Data sent "
          + "for parameter 'startTime' is not valid."
      ),
    ])
  func errors(_ target: String, _ code: Int, _ text: String) throws {
    var bench = opened()
    let answer = try self.answer(&bench, target)
    #expect(answer.status == 400)
    let root = try json(String(decoding: answer.body, as: UTF8.self))
    #expect(root["code"]?.int == code)
    #expect(root["msg"]?.string == text)
  }

  @Test("an unknown path is a page, another verb an error")
  func paths() throws {
    var bench = opened()
    let missing = try answer(&bench, "/fapi/v1/nothing")
    #expect(missing.status == 404)
    #expect(missing.header("content-type") == "text/html")
    #expect(bench.call("/fapi/v1/time", .post)?.status == 405)
  }

  @Test("weight is counted as documented, by whole minutes")
  func weight() throws {
    var bench = opened { $0.limits = nil }
    bench.advance(by: .seconds(31))
    func used(_ target: String) -> Int? {
      bench.call(target)?.header("x-mbx-used-weight-1m").flatMap(Int.init)
    }
    #expect(used("/fapi/v1/ping") == 1)
    #expect(used("/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=99") == 2)
    #expect(used("/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=100") == 4)
    #expect(used("/fapi/v1/klines?symbol=BTCUSDT&interval=1m") == 9)
    #expect(used("/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=1001") == 19)
    #expect(used("/fapi/v1/aggTrades?symbol=BTCUSDT") == 39)
    #expect(used("/fapi/v1/premiumIndex") == 49)
    #expect(used("/fapi/v1/ticker/24hr") == 89)
    #expect(used("/fapi/v1/depth?symbol=BTCUSDT&limit=1000") == 109)
    #expect(used("/fapi/v1/fundingInfo") == 109)
    #expect(used("/futures/data/openInterestHist?symbol=BTCUSDT&period=5m") == nil)
    bench.advance(by: .seconds(59))
    #expect(used("/fapi/v1/ping") == 1)
  }

  @Test("over the limit comes 429 until the minute turns, and then a ban that grows")
  func limits() throws {
    var bench = opened { $0.limits?.weightPerMinute = 20 }
    bench.advance(by: .seconds(31))
    #expect(bench.call("/fapi/v1/aggTrades?symbol=BTCUSDT")?.status == 200)
    let refused = try answer(&bench, "/fapi/v1/ping")
    #expect(refused.status == 429)
    #expect(refused.retryAfterSeconds == 60)
    #expect(
      String(decoding: refused.body, as: UTF8.self).hasPrefix(
        #"{"code":-1003,"msg":"Too many requests; current limit of IP(127.0.0.1) is 20 requests"#))
    for _ in 0..<9 { #expect(bench.call("/fapi/v1/ping")?.status == 429) }
    let banned = try answer(&bench, "/fapi/v1/ping")
    #expect(banned.status == 418)
    #expect(banned.retryAfterSeconds == 120)
    let until = (bench.truth.now + .minutes(2)).milliseconds
    #expect(
      String(decoding: banned.body, as: UTF8.self).contains(
        "Way too many requests; IP(127.0.0.1) banned until \(until)."))
    bench.advance(by: .seconds(119))
    #expect(bench.call("/fapi/v1/ping")?.status == 418)
    bench.advance(by: .seconds(1))
    #expect(bench.call("/fapi/v1/ping")?.status == 200)
  }

  @Test("the list of symbols has what a client needs, and its clock may stand still")
  func listing() throws {
    var bench = opened()
    bench.apply(.staleListing(.hours(10)))
    let root = try self.root(&bench, "/fapi/v1/exchangeInfo")
    #expect(root["serverTime"]?.milliseconds == bench.truth.now - .hours(10))
    #expect(
      try self.root(&bench, "/fapi/v1/time")["serverTime"]?.milliseconds == bench.truth.now)
    let symbols = try #require(root["symbols"]?.elements.map(Array.init))
    #expect(symbols.map { $0["symbol"]?.string } == ["BTCUSDT", "ETHUSDT"])
    for symbol in symbols {
      #expect(symbol["contractType"]?.string == "PERPETUAL")
      #expect(symbol["deliveryDate"]?.int64 == 4_133_404_800_000)
      #expect(symbol["marginAsset"]?.string == "USDT")
      let filters = try #require(symbol["filters"]?.elements.map(Array.init))
      #expect(
        filters.compactMap { $0["filterType"]?.string } == [
          "PRICE_FILTER", "LOT_SIZE", "MARKET_LOT_SIZE", "MAX_NUM_ORDERS", "MIN_NOTIONAL",
          "PERCENT_PRICE",
        ])
    }
    #expect(root["rateLimits"]?[0]?["limit"]?.int == 2_400)
  }

  @Test("nothing of a month's walk of open interest jumps, and the plan is where it starts")
  func interest() throws {
    var bench = opened()
    let start = BinanceBench.start.milliseconds
    let rows = try list(
      &bench, "/futures/data/openInterestHist?symbol=BTCUSDT&period=5m&limit=500&endTime=\(start)")
    #expect(rows.count == 500)
    #expect(rows.last?["timestamp"]?.int64 == start)
    #expect(rows.last?["sumOpenInterest"]?.fixed() == BinancePlan().openInterest)
    let levels = rows.compactMap { $0["sumOpenInterest"]?.fixed(Quantity.self)?.double }
    #expect(
      zip(levels, levels.dropFirst()).allSatisfy { abs($1 / $0 - 1) < 0.000_51 && $0 != $1 })
    let hours = try root(&bench, "/futures/data/openInterestHist?symbol=BTCUSDT&period=1h&limit=3")
    #expect(hours[1]?["timestamp"]?.int64 == start - 3_600_000)
  }
}

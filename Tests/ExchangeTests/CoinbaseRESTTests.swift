import Choice
import Market
import Testing
import Venues

@testable import Exchange

@Suite("Coinbase over HTTP") struct CoinbaseRESTTests {
  private func text(_ response: HTTPResponse) -> String {
    String(decoding: response.body, as: UTF8.self)
  }

  private func root(_ response: HTTPResponse) throws -> JSONValue {
    var parser = JSONParser()
    return try parser.parse(response.body).root
  }

  /// The keys of an object with the kinds of their values, in their order.
  private func shape(_ value: JSONValue?) -> [String] {
    guard let members = value?.members else { return [] }
    return members.map { "\(String($0.key)) \($0.value.kind)" }
  }

  private func strings(_ names: String) -> [String] {
    names.split(separator: " ").map { "\($0) string" }
  }

  @Test("every answer has the members, the order and the types of the real one")
  func exchangeShapes() throws {
    var bench = CoinbaseBench()
    let product = try root(bench.get("/products/BTC-USD"))
    #expect(
      shape(product)
        == strings("id base_currency quote_currency quote_increment base_increment display_name")
        + ["min_market_funds string"]
        + ["margin_enabled", "post_only", "limit_only", "cancel_only"].map { "\($0) bool" }
        + strings("status status_message")
        + ["trading_disabled bool", "fx_stablecoin bool", "max_slippage_percentage string"]
        + ["auction_mode bool", "high_bid_limit_percentage string"])
    let listed = try root(bench.get("/products"))
    #expect(
      listed.elements?.map { $0["id"]?.string }
        == ["BTC-USD", "ETH-USD", "SOL-USD", "USDT-USD", "USDT-USDC"])
    #expect(
      shape(try root(bench.get("/products/BTC-USD/ticker")))
        == strings("ask bid volume") + ["trade_id integer"]
        + strings("price size time rfq_volume"))
    #expect(
      shape(try root(bench.get("/products/BTC-USD/stats")))
        == strings("open high low last volume volume_30day rfq_volume_24hour rfq_volume_30day"))
    #expect(
      text(bench.get("/time")) == #"{"iso":"2023-11-14T22:13:20.000Z","epoch":1700000000.000}"#)
    let book = try root(bench.get("/products/BTC-USD/book?level=2"))
    #expect(
      shape(book) == [
        "bids array", "asks array", "sequence integer", "auction_mode bool", "auction null",
        "time string",
      ])
    #expect(book["bids"]?.elements?.count == 50)
    #expect(book["bids"]?[0]?.elements?.map(\.kind) == [.string, .string, .integer])
    let trades = try root(bench.get("/products/BTC-USD/trades?limit=3"))
    #expect(trades.elements?.count == 3)
    #expect(shape(trades[0]) == ["trade_id integer"] + strings("side size price time"))
    #expect(try #require(trades[0]?["trade_id"]?.int) > #require(trades[1]?["trade_id"]?.int))
    let currency = try root(bench.get("/currencies"))[0]
    for name: StaticString in ["id", "name", "min_size", "status", "max_precision"] {
      #expect(currency?[name]?.kind == .string)
    }
    #expect(currency?["details"]?["type"]?.string == "fiat")
    #expect(bench.get("/time").header("content-type") == "application/json; charset=utf-8")
  }

  @Test("times have the digits that the real ones have, and nine where a fault says so")
  func digits() throws {
    var bench = CoinbaseBench()
    func digits(_ time: String?) -> Int { (time ?? "").drop { $0 != "." }.count - 2 }
    for (isOn, expected) in [(false, [9, 9, 6, 3]), (true, [9, 9, 9, 9])] {
      bench.venue.apply(.nanosecondTimes(isOn))
      let times = [
        try root(bench.get("/products/BTC-USD/ticker"))["time"]?.string,
        try root(bench.get("/products/BTC-USD/book"))["time"]?.string,
        try root(bench.get("/products/BTC-USD/trades"))[0]?["time"]?.string,
        try root(bench.get("/time"))["iso"]?.string,
      ]
      #expect(times.map(digits) == expected)
      for time in times { #expect(time.flatMap { Instant(iso8601: $0) } != nil) }
    }
  }

  @Test("candles: newest first, numbers, low and high before open and close, both ends included")
  func candles() throws {
    var bench = CoinbaseBench()
    bench.advance(by: .minutes(10))
    let target =
      "/products/BTC-USD/candles?granularity=60&start=2023-11-14T22%3A10%3A00.000Z"
      + "&end=2023-11-14T22%3A14%3A00.000Z"
    let rows = try root(bench.get(target)).elements.map(Array.init) ?? []
    #expect(rows.map { $0[0]?.int64 } == [4, 3, 2, 1, 0].map { 1_699_999_800 + $0 * 60 })
    #expect(rows.allSatisfy { $0.elements?.count == 6 })
    // 60,000 over 1.0002
    #expect(rows[0][1]?.double == 59_988)
    let all = try root(bench.get("/products/BTC-USD/candles?granularity=300"))
    #expect(all.elements?.count == 300)
    // One bound without the other means nothing.
    let half = "/products/BTC-USD/candles?granularity=300&start=2023-11-14T22%3A10%3A00Z"
    #expect(try root(bench.get(half)).elements?.count == 300)
    for length: Int64 in [60, 300, 900, 3_600, 21_600, 86_400] {
      let now = bench.now.milliseconds / 1_000
      let target =
        "/products/SOL-USD/candles?granularity=\(length)&start=\(now - 10 * length)&end=\(now)"
      let rows = try root(bench.get(target)).elements.map(Array.init) ?? []
      let times = rows.compactMap { $0[0]?.int64 }
      #expect(times.count == 10 || times.count == 11)
      #expect(times.allSatisfy { $0 % length == 0 })
      #expect(zip(times, times.dropFirst()).allSatisfy { $0 - $1 == length })
    }
  }

  @Test("the errors of candles have the texts of the real ones")
  func candleErrors() {
    var bench = CoinbaseBench()
    func get(_ query: String) -> (Int, String) {
      let response = bench.get("/products/BTC-USD/candles?" + query)
      return (response.status, text(response))
    }
    #expect(get("granularity=61") == (400, #"{"message":"Unsupported granularity"}"#))
    #expect(get("granularity=x").0 == 400)
    #expect(get("granularity=60&start=yesterday&end=today").0 == 400)
    #expect(get("granularity=60&start=2000&end=1000").0 == 400)
    let tooMany =
      #"{"message":"granularity too small for the requested time range. "#
      + #"Count of aggregations requested exceeds 300"}"#
    let start = 1_699_990_020
    #expect(get("granularity=60&start=\(start)&end=\(start + 300 * 60)") == (400, tooMany))
    #expect(get("granularity=60&start=\(start)&end=\(start + 299 * 60)").0 == 200)
    #expect(get("granularity=60&start=0&end=7258118399").0 == 400)
    #expect(get("granularity=60&start=1678-01-01T00:00:00Z&end=2261-01-01T00:00:00Z").0 == 400)
  }

  @Test(
    "what is not there is answered with JSON, never with nothing",
    arguments: [
      ("/", 404), ("/nothing", 404), ("/products/XXX-USD", 404), ("/products/XXX-USD/ticker", 404),
      ("/products/BTC-USD/nothing", 404), ("/products/BTC-USD/ticker/more", 404),
      ("/products/BTC-USDC", 404), ("/accounts", 401), ("/orders/1", 401), ("/currencies/XXX", 404),
      ("/products/BTC-USD/book?level=9", 400),
      ("/products/BTC-USD/trades?limit=0", 400), ("/v2/nothing", 404),
      ("/v2/exchange-rates?currency=XXX", 400), ("/api/v3/brokerage/products", 401),
      ("/api/v3/brokerage/accounts", 401), ("/api/v3/brokerage/market/products/XXX-USD", 404),
      ("/api/v3/brokerage/market/products/BTC-USD/nothing", 404),
      ("/api/v3/brokerage/market/product_book?product_id=XXX", 404),
      ("/api/v3/brokerage/market/products/BTC-USD/candles?granularity=ONE_WEEK", 400),
      ("/api/v3/brokerage/market/products/BTC-USD/candles?granularity=ONE_HOUR", 400),
      (
        "/api/v3/brokerage/market/products/BTC-USD/candles"
          + "?granularity=ONE_HOUR&start=0&end=9999999",
        400
      ),
    ])
  func errors(target: String, status: Int) {
    var bench = CoinbaseBench()
    let response = bench.get(target)
    #expect(response.status == status)
    #expect(!response.body.isEmpty)
    let isPlain = response.header("content-type")?.hasPrefix("text/plain") == true
    #expect(isPlain == (target.hasPrefix("/api/v3") && status == 401))
    if !isPlain { #expect((try? root(response)) != nil) }
  }

  @Test("Advanced Trade: strings for numbers, two names for one book")
  func advanced() throws {
    var bench = CoinbaseBench()
    let base = "/api/v3/brokerage"
    #expect(shape(try root(bench.get("\(base)/time"))) == strings("iso epochSeconds epochMillis"))
    let list = try root(bench.get("\(base)/market/products"))
    #expect(shape(list) == ["products array", "num_products integer", "pagination null"])
    let ids = list["products"]?.elements?.compactMap { $0["product_id"]?.string }
    #expect(
      ids == [
        "BTC-USD", "BTC-USDC", "ETH-USD", "ETH-USDC", "SOL-USD", "SOL-USDC", "USDT-USD",
        "USDT-USDC",
      ])
    let dollars = try root(bench.get("\(base)/market/products/BTC-USD"))
    let coins = try root(bench.get("\(base)/market/products/BTC-USDC"))
    #expect(dollars["alias"]?.string == "" && dollars["alias_to"]?[0]?.string == "BTC-USDC")
    #expect(coins["alias"]?.string == "BTC-USD" && coins["alias_to"]?.elements?.isEmpty == true)
    #expect(dollars["price"]?.string == coins["price"]?.string)
    #expect(dollars["mid_market_price"]?.string == "")
    #expect(dollars["fcm_trading_session_details"]?.isNull == true)
    let future = bench.get("\(base)/market/products?product_type=FUTURE")
    #expect(text(future) == #"{"products":[],"num_products":0,"pagination":null}"#)
    let two = bench.get("\(base)/market/products?product_ids=BTC-USD&product_ids=SOL-USD")
    #expect(try root(two)["num_products"]?.int == 2)
    let ticker = try root(bench.get("\(base)/market/products/BTC-USD/ticker?limit=1"))
    #expect(shape(ticker) == ["trades array"] + strings("best_bid best_ask"))
    #expect(ticker["trades"]?.elements?.count == 1)
    #expect(
      shape(ticker["trades"]?[0])
        == strings("trade_id product_id price size time side bid ask exchange"))
    let candles = try root(
      bench.get(
        "\(base)/market/products/BTC-USD/candles?granularity=TWO_HOUR&start=1699990000"
          + "&end=1700000000"))
    #expect(shape(candles["candles"]?[0]) == strings("start low high open close volume"))
    #expect(
      candles["candles"]?.elements?.compactMap { $0["start"]?.string } == [
        "1699999200", "1699992000",
      ])
    let book = try root(bench.get("\(base)/market/product_book?product_id=BTC-USD&limit=5"))
    #expect(book["pricebook"]?["bids"]?.elements?.count == 5)
    #expect(shape(book["pricebook"]?["asks"]?[0]) == strings("price size"))
  }

  @Test("the retail calls that clients make at their start")
  func retail() throws {
    var bench = CoinbaseBench()
    let fiat = try root(bench.get("/v2/currencies"))
    #expect(shape(fiat["data"]?[0]) == strings("id name min_size"))
    let crypto = try root(bench.get("/v2/currencies/crypto"))
    #expect(
      crypto["data"]?.elements?.compactMap { $0["code"]?.string }
        == ["BTC", "ETH", "SOL", "USDT", "USDC"])
    let ids = crypto["data"]?.elements?.compactMap { $0["asset_id"]?.string } ?? []
    #expect(Set(ids).count == 5 && ids.allSatisfy { $0.utf8.count == 36 })
    let rates = try root(bench.get("/v2/exchange-rates"))["data"]
    #expect(rates?["currency"]?.string == "USD")
    #expect(rates?["rates"]?["USDC"]?.string == "1")
    #expect(rates?["rates"]?["BTC"]?.fixed(Price.self).map { $0 < "0.00002" } == true)
    #expect(
      text(bench.get("/v2/time")) == #"{"data":{"iso":"2023-11-14T22:13:20Z","epoch":1700000000}}"#)
  }

  // MARK: Prices

  @Test("spot is the mark less what the plan says, drawn a step, however often it is asked")
  func premiums() throws {
    var plan = CoinbasePlan()
    plan.shocksPerDay = 300
    var quiet = CoinbaseBench(plan: plan, limits: nil)
    var busy = CoinbaseBench(plan: plan, limits: nil)
    var seen: Set<String> = []
    for _ in 0..<200 {
      quiet.now = quiet.now + .seconds(30)
      for _ in 0..<5 {
        busy.now = busy.now + .seconds(6)
        _ = busy.get("/products/ETH-USD/trades")
        _ = busy.get("/products/BTC-USD/ticker")
      }
      let answer = text(quiet.get("/products/BTC-USD/ticker"))
      #expect(answer == text(busy.get("/products/BTC-USD/ticker")))
      seen.insert(answer)
    }
    #expect(seen.count > 150)
  }

  @Test("shocks fade by a sixteenth a step, none is left out where the host skips some")
  func steps() throws {
    var plan = CoinbasePlan()
    plan.shocksPerDay = 400
    var bench = CoinbaseBench(plan: plan, limits: nil, seed: 9)
    var stream = Chooser.seeded(9).stream("exchange.coinbase.BTC-USD.premium")
    let often = try #require(Ratio(400, over: 2_880))
    var shock: Int64 = 0
    var premium: Int64 = 0
    var largest: Int64 = 0
    func draw() {
      shock -= shock / 16
      if stream.occurs(often) { shock = stream.stray(plan.shock) }
      premium = plan.premium + shock + stream.stray(plan.premiumNoise)
      largest = max(largest, abs(shock))
    }
    draw()
    for round in 0..<300 as Range<Int64> {
      let skipped = round % 7 == 0 ? 5 : 1 as Int64
      bench.now = bench.now + .seconds(30 * skipped)
      for _ in 0..<skipped { draw() }
      let ticker = try root(bench.get("/products/BTC-USD/ticker"))
      let bid = try #require(ticker["bid"]?.fixed(Price.self))
      let fair = try #require(
        Price(whole: 60_000).checkedScaled(by: 1_000_000, over: 1_000_000 + premium, .nearest))
      #expect(bid <= fair && fair < bid + "0.01", "round \(round)")
    }
    #expect(largest > plan.shock / 2)
  }

  @Test("a product's premium is its own: another one moves nothing")
  func independence() {
    var one = CoinbaseBench(limits: nil)
    var other = CoinbaseBench(limits: nil)
    other.market.marks.removeAll { $0.symbol == "ETH" }
    for _ in 0..<20 {
      one.now = one.now + .seconds(30)
      other.now = other.now + .seconds(30)
      #expect(
        text(one.get("/products/BTC-USD/ticker")) == text(other.get("/products/BTC-USD/ticker")))
    }
    #expect(other.get("/products/ETH-USD").status == 404)
  }

  @Test("trades: ids and times go on, prices are near the quote")
  func trades() throws {
    var bench = CoinbaseBench(limits: nil)
    var known: [UInt64: String] = [:]
    var newest: (id: UInt64, time: String) = (0, "")
    for _ in 0..<100 {
      bench.now = bench.now + .seconds(7)
      let rows = try root(bench.get("/products/BTC-USD/trades")).elements.map(Array.init) ?? []
      #expect(rows.count > 40)
      for row in rows.reversed() {
        let id = try #require(row["trade_id"]?.uint64)
        let time = try #require(row["time"]?.string)
        if let known = known[id] { #expect(known == "\(row["price"]?.string ?? "") \(time)") }
        known[id] = "\(row["price"]?.string ?? "") \(time)"
        let price = try #require(row["price"]?.fixed(Price.self))
        #expect(price > "59980" && price < "59996")
      }
      let times = rows.compactMap { $0["time"]?.string }
      #expect(times == times.sorted(by: >))
      let first = try #require(rows.first)
      let id = try #require(first["trade_id"]?.uint64)
      #expect(id > newest.id)
      newest = (id, times[0])
    }
  }
}

import Market
import Testing
import Venues

@testable import Exchange

@Suite("Deribit venue") struct DeribitVenueTests {
  private func bench(_ limits: DeribitLimits? = nil) -> DeribitBench {
    var bench = DeribitBench(limits: limits)
    bench.advance(by: .seconds(1))
    return bench
  }

  private func json(_ response: HTTPResponse?) throws -> JSONValue {
    var parser = JSONParser()
    return try parser.parse(try #require(response).body).root
  }

  private func text(_ response: HTTPResponse?) -> String {
    response.map { String(decoding: $0.body, as: UTF8.self) } ?? ""
  }

  @Test("a GET carries no id, a POST echoes its own, and both say when they came and went")
  func envelope() {
    var bench = bench()
    let start = DeribitBench.start.milliseconds + 1_000
    let times = #""usIn":\#(start)000,"usOut":\#(start)250,"usDiff":250,"testnet":false}"#
    let got = bench.get("public/get_time")
    #expect(got?.status == 200)
    #expect(got?.header("content-type") == "application/json")
    #expect(text(got) == #"{"jsonrpc":"2.0","result":\#(start),"# + times)
    for (id, target) in [("7", "/api/v2"), ("\"a\\\"b\"", "/api/v2/public/get_time")] {
      let posted = bench.post(
        #"{"jsonrpc":"2.0","id":\#(id),"method":"public/get_time","params":{}}"#, to: target)
      #expect(text(posted) == #"{"jsonrpc":"2.0","id":\#(id),"result":\#(start),"# + times)
    }
  }

  @Test(
    "what is wrong with a request is said with the venue's code and status 400",
    arguments: [
      ("public/ticker", -32_602, "instrument_name"),
      ("public/ticker?instrument_name=NOPE", -32_602, "instrument_name"),
      ("public/ticker?instrument_name=BTC-9JAN26-1-C", 13_020, nil),
      ("public/get_book_summary_by_currency", -32_602, "currency"),
      ("public/get_book_summary_by_currency?currency=BTC&kind=swap", -32_602, "kind"),
      ("public/get_index_price?index_name=doge_usd", -32_602, "index_name"),
      ("public/get_volatility_index_data?currency=BTC&resolution=60", -32_602, "start_timestamp"),
      (
        "public/get_volatility_index_data?currency=SOL&resolution=60&start_timestamp=1"
          + "&end_timestamp=2", -32_602, "currency"
      ),
      (
        "public/get_tradingview_chart_data?instrument_name=BTC-PERPETUAL&resolution=7"
          + "&start_timestamp=1&end_timestamp=2", -32_602, "resolution"
      ),
      (
        "public/get_tradingview_chart_data?instrument_name=BTC-PERPETUAL&resolution=1"
          + "&start_timestamp=x&end_timestamp=2", -32_602, "start_timestamp"
      ),
      ("public/get_order_book?instrument_name=BTC-PERPETUAL&depth=0", -32_602, "depth"),
      ("public/get_nothing", -32_601, nil), ("private/buy", 13_009, nil), ("ticker", -32_601, nil),
      ("public/subscribe?channels=x", 10_030, nil),
      ("public/set_heartbeat?interval=30", 10_030, nil),
      ("public/test?expected_result=exception", 11_094, nil),
    ] as [(String, Int64, String?)])
  func errors(target: String, code: Int64, parameter: String?) throws {
    var bench = bench()
    let response = bench.get(target)
    #expect(response?.status == 400)
    let root = try json(response)
    #expect(root["error"]?["code"]?.int64 == code)
    #expect(root["error"]?["message"]?.string?.isEmpty == false)
    #expect(root["error"]?["data"]?["param"]?.string == parameter)
    #expect(root["result"] == nil && root["id"] == nil && root["usDiff"]?.int64 == 250)
  }

  @Test(
    "an object that is no request is refused, with its id where it has one",
    arguments: [
      ("", -32_700, nil), ("{", -32_700, nil), ("[]", -32_600, nil), ("{}", -32_600, nil),
      (#"{"jsonrpc":"2.0","method":"public/test"}"#, -32_600, nil),
      (#"{"jsonrpc":"2.0","id":4,"method":"public/test","params":[]}"#, -32_600, 4),
      (#"{"jsonrpc":"2.0","id":4}"#, -32_600, 4),
    ] as [(String, Int64, Int64?)])
  func noRequest(body: String, code: Int64, id: Int64?) throws {
    var bench = bench()
    let posted = bench.post(body)
    #expect(posted?.status == 400)
    #expect(try json(posted)["error"]?["code"]?.int64 == code)
    _ = bench.say(.opened(SessionID(number: 9), path: "/ws/api/v2"), to: 9)
    let frames = bench.say(.frame(SessionID(number: 9), Array(body.utf8)), to: 9)
    var parser = JSONParser()
    let frame = try parser.parse(Array((frames.first ?? "").utf8)).root
    #expect(frame["error"]?["code"]?.int64 == code)
    #expect(frame["id"]?.int64 == id)
  }

  @Test("a path that is none of the venue's shows the gateway's page")
  func strangePath() {
    var bench = bench()
    let response = bench.call(VenueCall(method: .get, target: "/api/v1/public/ticker"))
    #expect(response?.status == 404)
    #expect(response?.header("content-type") == "text/html")
  }

  @Test("every method answers with a result")
  func methods() throws {
    var bench = bench()
    let name = try #require(bench.venue.underlyings.first?.options.first?.text)
    let end = DeribitBench.start.milliseconds
    let span = "start_timestamp=\(end - 3_600_000)&end_timestamp=\(end)"
    for method in DeribitMethod.allCases {
      let query =
        "instrument_name=\(method == .summary ? name : "BTC-PERPETUAL")&currency=BTC&\(span)"
        + "&resolution=60&index_name=btc_usd&client_name=x&client_version=1"
      let response = bench.get("public/\(method.rawValue)?\(query)")
      #expect(response?.status == 200, "\(method): \(text(response))")
      #expect(try json(response)["result"] != nil, "\(method)")
    }
  }

  @Test("no currency means any, an unknown one nothing; kinds are told apart")
  func instruments() throws {
    var bench = bench()
    func names(_ query: String) throws -> [String] {
      let rows = try json(bench.get("public/get_instruments?" + query))["result"]?.elements
      return try #require(rows).compactMap { $0["instrument_name"]?.string }
    }
    let all = try names("")
    #expect(all.count == 4 + 3 * 104)
    #expect(
      all.filter { $0.hasSuffix("PERPETUAL") }
        == ["BTC-PERPETUAL", "ETH-PERPETUAL", "SOL_USDC-PERPETUAL", "DOGE_USDC-PERPETUAL"])
    #expect(try names("currency=BTC&kind=option").allSatisfy { $0.hasPrefix("BTC-") })
    #expect(try names("currency=USDC&kind=option").allSatisfy { $0.hasPrefix("SOL_USDC-") })
    #expect(try names("currency=SOL").isEmpty)
    #expect(try names("currency=BTC&kind=future_combo").isEmpty)
    #expect(try names("currency=any&kind=future").count == 4)
    #expect(try names("expired=true").isEmpty)
    #expect(Set(all).count == all.count)
  }

  @Test("an instrument is described with the types of the wire")
  func instrument() throws {
    var bench = bench()
    let option = try json(bench.get("public/get_instrument?instrument_name=BTC-9JAN26-100000-C"))
    let row = try #require(option["result"])
    #expect(row["strike"]?.kind == .double)
    #expect(row["strike"]?.double == 100_000)
    #expect(row["expiration_timestamp"]?.int64 == 1_767_945_600_000)
    #expect(row["option_type"]?.string == "call")
    #expect(row["quote_currency"]?.string == "BTC")
    #expect(row["counter_currency"]?.string == "USD")
    #expect(row["settlement_period"]?.string == "week")
    #expect(row["tick_size_steps"]?[0]?["tick_size"]?.double == 0.0005)
    let perpetual = try json(bench.get("public/get_instrument?instrument_name=BTC-PERPETUAL"))
    #expect(perpetual["result"]?["expiration_timestamp"]?.int64 == 32_503_708_800_000)
    #expect(perpetual["result"]?["quote_currency"]?.string == "USD")
  }

  @Test("asking often, or not at all, changes nothing of what a quarter of an hour says")
  func asking() throws {
    func rows(_ asks: Int) throws -> [String] {
      var bench = DeribitBench()
      for _ in 0..<4 {
        for _ in 0..<asks {
          _ = bench.get("public/get_book_summary_by_currency?currency=ETH")
          _ = bench.get(
            "public/get_volatility_index_data?currency=BTC&resolution=60"
              + "&start_timestamp=1&end_timestamp=9999999999999")
        }
        bench.advance(by: .minutes(15))
      }
      let root = try json(bench.get("public/get_book_summary_by_currency?currency=BTC"))
      return try #require(root["result"]?.elements).map { row in
        var writer = JSONWriter()
        writer.deribit(row["mark_iv"]?.double)
        return writer.text
      }
    }
    #expect(try rows(0) == rows(7))
  }

  @Test("a strike once listed stays until its expiry, whatever the price does")
  func listing() throws {
    var bench = bench()
    let before = bench.venue.underlyings[0].options.map(\.text)
    bench.market.prices["BTC"] = "150000"
    bench.advance(by: .minutes(16))
    let after = bench.venue.underlyings[0].options.map(\.text)
    #expect(Set(after).isSuperset(of: before))
    #expect(after.count > before.count)
    bench.advance(by: .days(4) + .hours(8))
    #expect(bench.now > Instant(milliseconds: 1_767_945_600_000))
    let gone = bench.venue.underlyings[0].options.map(\.text)
    #expect(!gone.contains { $0.hasPrefix("BTC-9JAN26-") })
    #expect(Set(gone).isSuperset(of: before.filter { !$0.hasPrefix("BTC-9JAN26-") }))
  }

  @Test("a history of the index pages backwards, its last row the running one")
  func volatilityPages() throws {
    var bench = bench()
    let end = DeribitBench.start.milliseconds + 1_000
    var rows: [Int64] = []
    var until: Int64? = end
    var pages = 0
    while let last = until, pages < 10 {
      pages += 1
      let root = try json(
        bench.get(
          "public/get_volatility_index_data?currency=BTC&resolution=60"
            + "&start_timestamp=\(end - 150_000_000)&end_timestamp=\(last)"))
      let page = try #require(root["result"]?["data"]?.elements).compactMap { $0[0]?.int64 }
      #expect(page == page.sorted() && page.count <= 1_000)
      rows = page + rows
      until = root["result"]?["continuation"]?.int64
    }
    #expect(pages == 3)
    #expect(rows.count == 2_501 - 1)
    #expect(rows.last == DeribitBench.start.milliseconds)
    #expect(zip(rows, rows.dropFirst()).allSatisfy { $1 - $0 == 60_000 })
  }

  @Test("a chart joins the market's candles into bars of its own length")
  func chart() throws {
    var bench = bench()
    bench.market.candles = try (0..<12).map { minute in
      try Candle(
        symbol: "BTC", timeframe: .m1, venue: .hyperliquid,
        openTime: DeribitBench.start - .minutes(12 - minute), open: Price(whole: 100 + minute),
        high: Price(whole: 200 + minute), low: Price(whole: 50 + minute),
        close: Price(whole: 101 + minute), volume: "1.5")
    }
    let end = DeribitBench.start.milliseconds
    let root = try json(
      bench.get(
        "public/get_tradingview_chart_data?instrument_name=BTC-PERPETUAL&resolution=3"
          + "&start_timestamp=\(end - 600_000)&end_timestamp=\(end)"))
    let result = try #require(root["result"])
    func column(_ name: String) -> [Double] {
      result.member(named: name.utf8)?.elements?.compactMap(\.double) ?? []
    }
    // The bar that opens before the start is not told.
    #expect(column("ticks") == [540, 360, 180].map { Double(end) - $0 * 1_000 })
    #expect(column("open") == [103, 106, 109])
    #expect(column("high") == [205, 208, 211])
    #expect(column("low") == [53, 56, 59])
    #expect(column("close") == [106, 109, 112])
    #expect(column("volume") == [4.5, 4.5, 4.5])
    #expect(result["status"]?.string == "ok")
    let none = try json(
      bench.get(
        "public/get_tradingview_chart_data?instrument_name=ETH-PERPETUAL&resolution=1D"
          + "&start_timestamp=0&end_timestamp=\(end)"))
    #expect(none["result"]?["status"]?.string == "no_data")
  }

  @Test("trades are numbered within their instrument, newest first unless asked otherwise")
  func trades() throws {
    var bench = bench()
    bench.market.prints = (0..<60).map { index in
      Trade(
        symbol: "BTC", time: DeribitBench.start, takerSide: .sell, price: "100000",
        quantity: "0.5", id: 9_000 + UInt64(index))
    }
    func numbers(_ query: String) throws -> [Int64] {
      let root = try json(
        bench.get("public/get_last_trades_by_instrument?instrument_name=BTC-PERPETUAL" + query))
      return try #require(root["result"]?["trades"]?.elements).compactMap {
        $0["trade_seq"]?.int64
      }
    }
    #expect(try numbers("&count=3") == [60, 59, 58])
    #expect(try numbers("&count=2&sorting=asc") == [59, 60])
  }

  @Test("past the credits a request answers 10028, over HTTP with status 429, and they come back")
  func credits() throws {
    var bench = bench(DeribitLimits())
    let statuses = (0..<102).map { _ in bench.get("public/get_time")?.status }
    #expect(statuses.prefix(100).allSatisfy { $0 == 200 })
    #expect(statuses.suffix(2) == [429, 429])
    bench.advance(by: .seconds(1))
    #expect(
      (0..<21).map { _ in bench.get("public/get_time")?.status }.filter { $0 == 200 }.count == 20)
    // Lists of instruments have a budget of their own.
    bench.advance(by: .seconds(10))
    let lists = (0..<51).map { _ in bench.get("public/get_instruments")?.status }
    #expect(lists.filter { $0 == 200 }.count == 50)
  }

  @Test("over a socket 10028 is the last thing said")
  func creditsOfSocket() {
    var bench = bench(DeribitLimits())
    _ = bench.say(.opened(SessionID(number: 9), path: "/ws/api/v2"), to: 9)
    var frames: [String] = []
    for id in 0..<12 {
      frames += bench.say(
        .frame(
          SessionID(number: 9),
          Array(#"{"id":\#(id),"method":"public/subscribe","params":{"channels":[]}}"#.utf8)),
        to: 9)
    }
    #expect(frames.count == 12)
    #expect(frames.dropLast(2).allSatisfy { $0.contains(#""result":[]"#) })
    #expect(
      frames.suffix(2).first?.contains(#""message":"too_many_requests","code":10028"#) == true)
    #expect(frames.last == "closed")
  }
}

import Choice
import Market
import Testing

@testable import Exchange
@testable import Venues

/// What Deribit really sent, against what our client reads and what our venue writes.
@Suite("Recorded Deribit traffic") struct DeribitRecordedTests {
  private static let start = Instant(milliseconds: 1_767_571_200_000)

  private struct StillMarket: TrueMarket {
    let symbols: [Symbol] = ["BTC", "ETH"]
    func lastPrice(of symbol: Symbol) -> Price? { mark(of: symbol) }
    func mark(of symbol: Symbol) -> Price? { symbol == "BTC" ? "92281.78" : "3100.5" }
    func candles(
      of symbol: Symbol, _ timeframe: Timeframe, from start: Instant, through end: Instant
    ) -> [Candle] {
      let candle = try? Candle(
        symbol: symbol, timeframe: timeframe, venue: .hyperliquid,
        openTime: timeframe.open(containing: end), open: "92280", high: "92300", low: "92200",
        close: "92283.5", volume: "1.5")
      return [candle].compactMap { $0 }
    }
    func tradeCount(of symbol: Symbol) -> UInt64 { 1 }
    func trades(of symbol: Symbol, after count: UInt64) -> [Trade] {
      guard count < 1 else { return [] }
      return [
        Trade(
          symbol: symbol, time: DeribitRecordedTests.start, takerSide: .sell, price: "92283.5",
          quantity: "0.5", id: 43)
      ]
    }
  }

  /// The members of the recorded archive, by file name.
  private func messages() -> [String: [UInt8]]? {
    guard let members = SharedData.archive("data/raw/nautilus_deribit_test_data.tar.gz") else {
      return nil
    }
    return Dictionary(
      members.map { (String($0.path.split(separator: "/").last ?? ""), $0.bytes) },
      uniquingKeysWith: { first, _ in first })
  }

  private func parse(_ bytes: [UInt8]) throws -> JSONValue {
    var parser = JSONParser()
    return try parser.parse(bytes).root
  }

  /// What our venue says to the same question: a GET, or the first frame of a channel.
  private func ours(_ question: String) throws -> JSONValue {
    var venue = DeribitVenue(
      configuration: DeribitVenueConfiguration(start: Self.start, symbols: ["BTC", "ETH"]),
      chooser: .seeded(1))
    var outputs: [VenueOutput] = []
    let id = SessionID(number: 1)
    let isCall = question.hasPrefix("public/")
    let inputs: [VenueInput] =
      isCall
      ? [.call(CallID(number: 1), VenueCall(method: .get, target: "/api/v2/" + question))]
      : [
        .opened(id, path: "/ws/api/v2"),
        .frame(
          id,
          Array(
            #"{"id":1,"method":"public/subscribe","params":{"channels":["\#(question)"]}}"#.utf8)),
      ]
    for input in inputs {
      venue.handle(input, at: Self.start + .seconds(1), market: StillMarket(), into: &outputs)
    }
    switch outputs.last {
    case .reply(_, let response): return try parse(response.body)
    case .frame(_, let bytes): return try parse(bytes)
    default: return try parse([])
    }
  }

  /// How values of one place differ in kind; numbers are of one kind, and null is of any.
  private func differences(
    _ recorded: JSONValue, _ ours: JSONValue, at path: String = ""
  ) -> [String] {
    func kind(_ value: JSONValue) -> String {
      switch value.kind {
      case .integer, .double: "number"
      default: "\(value.kind)"
      }
    }
    guard !recorded.isNull, !ours.isNull else { return [] }
    guard kind(recorded) == kind(ours) else {
      return ["\(path): \(kind(recorded)) is \(kind(ours))"]
    }
    var found: [String] = []
    if let members = recorded.members, let others = ours.members {
      for member in members {
        let place = path + "." + String(member.key)
        guard let other = ours.member(named: member.key) else {
          found.append("-" + place)
          continue
        }
        found += differences(member.value, other, at: place)
      }
      for member in others where recorded.member(named: member.key) == nil {
        found.append("+" + path + "." + String(member.key))
      }
    }
    if let first = recorded[0], let other = ours[0] {
      found += differences(first, other, at: path + "[]")
    }
    return found
  }

  /// Each recorded message, the same question to our venue, and where the two differ: `-` is not
  /// ours, `+` is not in the recording.
  private static let pairs: [(file: String, question: String, differences: [String])] = [
    ("http_get_time.json", "public/get_time", []),
    ("http_test.json", "public/test", []),
    ("ws_ticker.json", "ticker.BTC-PERPETUAL.100ms", []),
    ("ws_quote.json", "quote.BTC-PERPETUAL", []),
    ("ws_volatility_index.json", "deribit_volatility_index.btc_usd", []),
    // The venue's manual leaves it out of the first notification; this file's null is a hand's.
    (
      "ws_book_snapshot.json", "book.BTC-PERPETUAL.100ms", ["-.params.data.prev_change_id"]
    ),
    ("ws_book_grouped_snapshot.json", "book.BTC-PERPETUAL.none.10.100ms", []),
    ("http_get_order_book.json", "public/get_order_book?instrument_name=BTC-PERPETUAL", []),
    (
      "http_get_instrument.json", "public/get_instrument?instrument_name=BTC-PERPETUAL",
      ["+.result.state", "+.result.rfq"]
    ),
    (
      "http_get_instrument_option.json",
      "public/get_instrument?instrument_name=BTC-9JAN26-90000-C",
      ["+.result.state", "+.result.rfq"]
    ),
    (
      "http_get_instruments.json", "public/get_instruments?currency=BTC",
      ["+.result[].max_non_default_leverage", "+.result[].state", "+.result[].rfq"]
    ),
    (
      "http_get_tradingview_chart_data.json",
      "public/get_tradingview_chart_data?instrument_name=BTC-PERPETUAL&resolution=1"
        + "&start_timestamp=1767571140000&end_timestamp=1767571200000", []
    ),
    ("ws_chart.json", "chart.trades.BTC-PERPETUAL.1", []),
    (
      "http_get_last_trades.json",
      "public/get_last_trades_by_instrument?instrument_name=ETH-PERPETUAL", []
    ),
    (
      "http_get_expirations_btc_option.json", "public/get_expirations?currency=BTC&kind=option", []
    ),
    ("http_get_expirations_any.json", "public/get_expirations?currency=any&kind=any", []),
  ]

  @Test("our venue's messages have the names and types of the recorded ones")
  func shapes() throws {
    guard let messages = messages() else { return }
    for pair in Self.pairs {
      let recorded = try parse(try #require(messages[pair.file], "\(pair.file)"))
      // A recording taken over a socket or by POST has an id, and hand-shortened ones lack times.
      let envelope: Set = [".id", ".usIn", ".usOut", ".usDiff", ".testnet"]
      let found = try differences(recorded, ours(pair.question)).filter {
        !envelope.contains(String($0.dropFirst()))
      }
      #expect(found == pair.differences, "\(pair.file)")
    }
  }

  /// The numbers of a JSON text as they are spelt.
  private func numbers(_ bytes: [UInt8]) -> [String] {
    var numbers: [String] = []
    var current: [UInt8] = []
    var isText = false
    for byte in bytes {
      if byte == UInt8(ascii: "\"") { isText.toggle() }
      let isPart = "+-.eE0123456789".utf8.contains(byte)
      if !isText, isPart {
        current.append(byte)
      } else if !current.isEmpty {
        let text = String(decoding: current, as: UTF8.self)
        if Double(text) != nil { numbers.append(text) }
        current = []
      }
    }
    return numbers
  }

  @Test("every recorded number survives being read and written")
  func decimals() throws {
    guard let messages = messages() else { return }
    var count = 0
    for (file, bytes) in messages.sorted(by: { $0.key < $1.key }) {
      for text in numbers(bytes) {
        guard let value = Double(text) else { continue }
        let written = DeribitNumber.text(value)
        #expect(Double(written) == value, "\(file): \(text) became \(written)")
        // Between a thousandth and a quadrillion the spelling is the venue's, too,
        // where no hand wrote it.
        let isShort = !text.hasSuffix("0") || text.hasSuffix(".0")
        if isShort, abs(value) >= 1e-3, abs(value) < 1e15, text.contains("."), !text.contains("e") {
          #expect(written == text, "\(file)")
          count += 1
        }
      }
    }
    #expect(count > 300)
  }

  @Test("the client reads the recorded frames of its channels")
  func frames() throws {
    guard let messages = messages() else { return }
    let volatility = try parse(try #require(messages["ws_volatility_index.json"]))
    let data = try #require(volatility["params"]?["data"])
    #expect(
      try DeribitWire.volatility(try data.required("volatility"), "volatility") == "1.2936")
    #expect(try data.deribitTime("timestamp") == Instant(milliseconds: 1_619_777_946_007))
    let ticker = try parse(try #require(messages["ws_ticker.json"]))
    let read = try DeribitWire.ticker(try #require(ticker["params"]?["data"]))
    #expect(String(read.name) == "BTC-PERPETUAL")
    #expect(read.index == "92263.55")
    var talk = DeribitDialogue()
    talk.begin()
    talk.frame(try #require(messages["ws_test_request.json"]))
    #expect(talk.effects.methods == ["public/test"])
    talk.frame(try #require(messages["ws_subscribe_response.json"]))
    talk.frame(try #require(messages["ws_error.json"]))
    #expect(talk.effects.rejections.count == 1)
  }

  @Test("every recorded option is named as its members say")
  func instruments() throws {
    guard let bytes = SharedData.bytes("data/raw/cryptofeed_DERIBIT.0.txt.gz") else { return }
    var documents: [[UInt8]] = []
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let text = String(decoding: line, as: UTF8.self)
      guard let start = text.ranges(of: "{\"jsonrpc\"").first else { continue }
      documents.append(Array(text[start.lowerBound...].utf8))
    }
    var count = 0
    for document in documents {
      for row in try #require(parse(document)["result"]?.elements) {
        let text = try #require(row["instrument_name"]?.string)
        guard row["kind"]?.string == "option" else {
          #expect(DeribitOptionName(text.utf8) == nil, "\(text)")
          continue
        }
        let name = try #require(DeribitOptionName(text.utf8), "\(text)")
        #expect(name.description == text)
        #expect(name.expiry == row["expiration_timestamp"]?.deribitTime)
        #expect(name.strike.double == row["strike"]?.double)
        #expect(name.isCall == (row["option_type"]?.string == "call"))
        count += 1
      }
    }
    #expect(count > 40)
  }

  @Test("the model gives back the marks and deltas that the venue published")
  func model() throws {
    let file = "data/options/deribit_options_snapshot_20260202T154514Z.csv.gz"
    guard let bytes = SharedData.bytes(file) else { return }
    let lines = bytes.split(separator: UInt8(ascii: "\n")).map {
      String(decoding: $0, as: UTF8.self).split(separator: ",", omittingEmptySubsequences: false)
    }
    let header = lines[0].map(String.init)
    func place(_ name: String) throws -> Int { try #require(header.firstIndex(of: name)) }
    let columns = try [
      "instrument_name", "mark_price", "futures_price", "implied_volatility", "time_to_maturity",
      "delta", "vega",
    ].map(place)
    var marks: [Double] = []
    var deltas: [Double] = []
    var vegas: [Double] = []
    for line in lines.dropFirst() where line.count == header.count {
      let name = try #require(DeribitOptionName(line[columns[0]].utf8))
      let values = columns.dropFirst().map { Double(line[$0]) ?? .nan }
      guard values.allSatisfy(\.isFinite), values[2] > 0, values[3] > 0 else { continue }
      let model = Black76(
        forward: values[1], strike: name.strike.double, volatility: values[2], years: values[3],
        isCall: name.isCall)
      marks.append(abs(model.value / values[1] - values[0]))
      // What is published is the delta of the coin-settled option: the mark is taken off.
      deltas.append(min(abs(model.delta - values[4]), abs(model.delta - values[0] - values[4])))
      vegas.append(abs(model.vega - values[5]))
    }
    func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
    #expect(marks.count > 1_000)
    #expect(median(marks) < 6e-5, "\(median(marks))")
    #expect(median(deltas) < 2e-3, "\(median(deltas))")
    #expect(median(vegas) < 0.2, "\(median(vegas))")
  }
}

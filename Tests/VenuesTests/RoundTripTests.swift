import Market
import Risk
import Testing

@testable import Exchange
@testable import Venues

/// Real messages, read and written again by the simulated venue's own writers: what the wire fixes
/// (names, types, decimals to the last zero) must come back.
@Suite("Recorded messages, written again by the venue")
struct RoundTripTests {
  private static let user = Address(number: 0x11)

  /// Where two values differ.
  ///
  /// Each member that was recorded must be written with the same type and value. A hash is the
  /// venue's own: of it the form counts.
  private func difference(
    _ recorded: JSONValue, _ written: JSONValue, ignoring: Set<String> = [], at path: String = ""
  ) -> String? {
    guard recorded.kind == written.kind else {
      return "\(path): \(recorded.kind) became \(written.kind)"
    }
    switch recorded.kind {
    case .object:
      for (name, value) in recorded.memberList {
        if ignoring.contains(name) { continue }
        guard let other = written.memberList.first(where: { $0.name == name })?.value else {
          return "\(path).\(name) is missing"
        }
        if name == "hash" {
          guard other.string?.utf8.count == value.string?.utf8.count else { return "\(path).hash" }
          continue
        }
        if let found = difference(value, other, ignoring: ignoring, at: "\(path).\(name)") {
          return found
        }
      }
      return nil
    case .array:
      let (left, right) = (recorded.elementList, written.elementList)
      guard left.count == right.count else { return "\(path): length" }
      for (index, pair) in zip(left, right).enumerated() {
        if let found = difference(pair.0, pair.1, ignoring: ignoring, at: "\(path)[\(index)]") {
          return found
        }
      }
      return nil
    case .string: return recorded.string == written.string ? nil : told(path, recorded, written)
    case .integer: return recorded.uint64 == written.uint64 ? nil : told(path, recorded, written)
    case .bool: return recorded.bool == written.bool ? nil : told(path, recorded, written)
    case .null: return nil
    case .double: return recorded.double == written.double ? nil : told(path, recorded, written)
    }
  }

  private func told(_ path: String, _ recorded: JSONValue, _ written: JSONValue) -> String {
    "\(path): \(recorded.string ?? "\(recorded.kind)") became \(written.string ?? "?")"
  }

  private func parsed(_ bytes: [UInt8]) throws -> JSONValue {
    var parser = JSONParser()
    return try parser.parse(bytes).root
  }

  private func written(_ body: (inout JSONWriter) throws -> Void) throws -> JSONValue {
    var writer = JSONWriter()
    try body(&writer)
    return try parsed(writer.bytes)
  }

  // MARK: Reading into the venue's types

  private func fill(_ value: JSONValue) throws -> ExchangeFill {
    let liquidation = value["liquidation"]
    return ExchangeFill(
      account: Self.user, symbol: try value.symbol("coin"), side: try value.side("side"),
      price: try value.positivePrice("px"), quantity: try value.positiveQuantity("sz"),
      fee: try value.money("fee"), builderFee: value["builderFee"]?.fixed(Money.self) ?? .zero,
      orderID: try value.identifier("oid"), clientID: try value.clientID("cloid"),
      tradeID: value["tid"]?.uint64 ?? 1, time: try value.time("time"),
      isTaker: value["crossed"]?.bool == true,
      startPosition: try #require(value["startPosition"]?.fixed(Quantity.self)),
      closedProfit: try value.money("closedPnl"),
      liquidation: try liquidation.map {
        ExchangeLiquidation(
          account: try #require($0["liquidatedUser"]?.string.flatMap { Address($0) }),
          isIsolated: false, mark: try $0.positivePrice("markPx"),
          isBackstop: $0["method"]?.string == "backstop")
      }, isDeleveraging: false)
  }

  private func order(_ value: JSONValue) throws -> ExchangeOrder {
    let remaining = try value.quantity("sz")
    return ExchangeOrder(
      id: try value.identifier("oid"), clientID: try value.clientID("cloid"), account: Self.user,
      symbol: try value.symbol("coin"), side: try value.side("side"),
      limit: try value.positivePrice("limitPx"),
      quantity: value["origSz"]?.fixed(Quantity.self) ?? remaining, remaining: remaining,
      timeInForce: .goodTilCancelled, trigger: nil, isReduceOnly: false,
      placed: try value.time("timestamp"), status: .open, statusTime: try value.time("timestamp"),
      accountIndex: 0, asset: 0, sequence: 0)
  }

  private func trade(_ value: JSONValue) throws -> PublicTrade {
    let users = try #require(value["users"]?.elements).map { $0.string.flatMap { Address($0) } }
    return PublicTrade(
      time: try value.time("time"), price: try value.positivePrice("px"),
      quantity: try value.positiveQuantity("sz"), takerSide: try value.side("side"),
      id: try value.identifier("tid"), buyer: try #require(users[0]),
      seller: try #require(users[1]))
  }

  private func funding(_ value: JSONValue) throws -> FundingRow {
    func steps(_ name: StaticString) throws -> Int64 {
      try #require(value[name]?.text.flatMap { decimalSteps($0, places: 10) })
    }
    return FundingRow(
      time: try value.time("time"), rate: FundingRate(steps: try steps("fundingRate")),
      premium: try steps("premium"))
  }

  // MARK: Tests

  @Test("every book and trade of a recorded session")
  func session() throws {
    guard let bytes = SharedData.bytes("data/raw/hftbacktest_hyperliquid_btcusd_20250126.txt.gz")
    else { return }
    var count = 0
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let space = try #require(line.firstIndex(of: UInt8(ascii: " ")))
      let frame = try parsed(Array(line[(space + 1)...]))
      guard let data = frame["data"], let channel = frame["channel"]?.string else { continue }
      let again: JSONValue
      switch channel {
      case "l2Book":
        let book = try MarketWire.book(data)
        again = try written { $0.book(of: book.symbol, at: book.time, book.bids, book.asks) }
      case "trades":
        let list = try #require(data.elements).map { ($0, try trade($0)) }
        again = try written { writer in
          writer.array(list) { $0.trade($1.1, of: "BTC") }
        }
      default: continue
      }
      count += 1
      #expect(difference(data, again) == nil, "\(difference(data, again) ?? "")")
    }
    #expect(count > 50)
  }

  @Test("recorded executions, new and old")
  func fills() throws {
    guard let new = RecordedReply.ofGo("UserFillsByTime.yaml"),
      let old = RecordedReply.ofPython("test_get_user_fills.yaml"),
      let liquidated = RecordedReply.ofNautilus("ws_user_fill_liquidation.json"),
      let dust = RecordedReply.ofNautilus("http_user_fills_dust_conversion.json")
    else { return }
    var count = 0
    let lists = [
      try parsed(new), try parsed(old), try #require(parsed(liquidated)["data"]?["fills"]),
      try parsed(dust),
    ]
    for row in lists.flatMap(\.elementList) {
      // Spot has directions of its own, which nothing here trades.
      guard row["coin"]?.string?.hasPrefix("@") == false else { continue }
      _ = try AccountWire.fill(withID(row), of: Self.user)
      let fill = try fill(row)
      let again = try written { $0.fill(fill) }
      // Vaults that net their children's positions have a word that nothing here leads to.
      let leaving: Set<String> = row["dir"]?.string == "Net Child Vaults" ? ["dir"] : []
      let found = difference(row, again, ignoring: leaving)
      #expect(found == nil, "\(found ?? "")")
      count += 1
    }
    #expect(count > 500)
  }

  /// An execution from before trades had ids, with one.
  private func withID(_ fill: JSONValue) throws -> JSONValue {
    guard fill["tid"] == nil else { return fill }
    return try written { writer in
      writer.object { writer in
        for (name, value) in fill.memberList {
          writer.key(name.utf8)
          writer.value(value)
        }
        writer.integer("tid", 1)
      }
    }
  }

  @Test("recorded resting orders")
  func orders() throws {
    guard let bytes = RecordedReply.ofPython("test_get_open_orders.yaml") else { return }
    let rows = try #require(parsed(bytes).elements)
    #expect(rows.count > 100)
    for row in rows {
      let order = try order(row)
      let again = try written { $0.order(order) }
      #expect(difference(row, again) == nil, "\(difference(row, again) ?? "")")
      // The fuller form holds the same members.
      let full = try written { $0.frontendOrder(order) }
      #expect(difference(row, full) == nil, "\(difference(row, full) ?? "")")
    }
  }

  @Test("recorded candles")
  func candles() throws {
    guard let bytes = RecordedReply.ofPython("test_get_candles_snapshot.yaml") else { return }
    let rows = try #require(parsed(bytes).elements)
    #expect(rows.count > 10)
    for row in rows {
      let candle = try MarketWire.candle(row)
      var own = CandleRow(candle)
      own.trades = try #require(row["n"]?.int64)
      let again = try written { $0.candle(own, of: candle.symbol, candle.timeframe) }
      #expect(difference(row, again) == nil, "\(difference(row, again) ?? "")")
      let frame = try parsed(CandleFrames(candle.symbol, candle.timeframe).frame(own))
      let data = try #require(frame["data"])
      #expect(difference(row, data) == nil, "\(difference(row, data) ?? "")")
    }
  }

  @Test("recorded funding")
  func fundings() throws {
    guard let bytes = RecordedReply.ofPython("test_get_funding_history[None].yaml") else { return }
    let rows = try #require(parsed(bytes).elements)
    #expect(rows.count > 1_000)
    for row in rows {
      let settled = try funding(row)
      let symbol = try row.symbol("coin")
      let again = try written { $0.funding(settled, of: symbol) }
      #expect(difference(row, again) == nil, "\(difference(row, again) ?? "")")
    }
  }

  @Test("a recorded book")
  func book() throws {
    guard let bytes = RecordedReply.ofPython("test_get_l2_snapshot.yaml") else { return }
    let recorded = try parsed(bytes)
    let book = try MarketWire.book(recorded)
    let again = try written { $0.book(of: book.symbol, at: book.time, book.bids, book.asks) }
    #expect(difference(recorded, again) == nil, "\(difference(recorded, again) ?? "")")
  }

  @Test("the comparison notices a digit, a type, a member and a length")
  func comparison() throws {
    let recorded = try parsed(Array(#"{"a":"1.0","b":[1,2],"c":null}"#.utf8))
    for changed in [
      #"{"a":"1.00","b":[1,2],"c":null}"#, #"{"a":1.0,"b":[1,2],"c":null}"#,
      #"{"b":[1,2],"c":null}"#, #"{"a":"1.0","b":[1],"c":null}"#,
      #"{"a":"1.0","b":[1,3],"c":null}"#,
      #"{"a":"1.0","b":[1,2],"c":0}"#,
    ] {
      #expect(difference(recorded, try parsed(Array(changed.utf8))) != nil, "\(changed)")
    }
    #expect(difference(recorded, recorded) == nil)
  }
}

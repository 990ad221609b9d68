import Market
import Testing
import Venues

@testable import Exchange

/// Recorded messages of Binance's futures, read and written again by the simulated venue's own
/// writers.
///
/// What is not ours: `st` and `ps`, which the venue added after these recordings.
@Suite("Recorded Binance traffic") struct BinanceRecordedTests {
  private enum Fault: Error { case member(String) }

  private func integer(_ value: JSONValue, _ key: StaticString) throws -> Int64 {
    guard let number = value[key]?.int64 else { throw Fault.member(key.description) }
    return number
  }

  private func time(_ value: JSONValue, _ key: StaticString) throws -> Instant {
    Instant(milliseconds: try integer(value, key))
  }

  private func fixed<Unit>(_ value: JSONValue?) throws -> Fixed<Unit> {
    guard let amount = value?.fixed(Fixed<Unit>.self) else { throw Fault.member("amount") }
    return amount
  }

  private func levels(_ value: JSONValue?) throws -> [BinanceLevel] {
    guard let rows = value?.elements else { throw Fault.member("levels") }
    return try rows.map { BinanceLevel(price: try fixed($0[0]), size: try fixed($0[1])) }
  }

  /// Whether two values are the same to the last character; `theirs` may lack members of `ours`.
  private func isSame(_ ours: JSONValue?, _ theirs: JSONValue) -> Bool {
    guard let ours, ours.kind == theirs.kind else { return false }
    switch theirs.kind {
    case .string: return ours.string == theirs.string
    case .integer: return ours.int64 == theirs.int64
    case .bool: return ours.bool == theirs.bool
    case .array:
      guard let left = ours.elements.map(Array.init), let right = theirs.elements.map(Array.init),
        left.count == right.count
      else { return false }
      return zip(left, right).allSatisfy { isSame($0, $1) }
    case .object:
      guard let members = theirs.members else { return false }
      return members.allSatisfy { isSame(ours.member(named: $0.key), $0.value) }
    case .double, .null: return false
    }
  }

  private func rewritten(
    _ event: JSONValue, _ listing: BinanceListing, _ type: String
  ) throws -> JSONWriter {
    var writer = JSONWriter()
    switch type {
    case "trade":
      guard let isMaker = event["m"]?.bool, let id = event["t"]?.uint64 else {
        throw Fault.member("m")
      }
      let trade = AggregateTrade(
        id: id, time: try time(event, "T"), price: try fixed(event["p"]),
        quantity: try fixed(event["q"]), takerSide: isMaker ? .sell : .buy)
      writer.tradeEvent(trade, listing, at: try time(event, "E"))
    case "bookTicker":
      let quote = BinanceQuote(
        bid: BinanceLevel(price: try fixed(event["b"]), size: try fixed(event["B"])),
        ask: BinanceLevel(price: try fixed(event["a"]), size: try fixed(event["A"])))
      writer.quoteEvent(
        quote, listing, id: try integer(event, "u"), at: try time(event, "E"),
        try time(event, "T"))
    case "depthUpdate":
      let book = BinanceBook(bids: try levels(event["b"]), asks: try levels(event["a"]))
      writer.bookEvent(
        book, listing,
        ids: (try integer(event, "U"), try integer(event, "u"), try integer(event, "pu")),
        at: try time(event, "E"), try time(event, "T"))
    default: throw Fault.member(type)
    }
    return writer
  }

  @Test("an hour of trades, quotes and books of BTCUSDT is written again as it was")
  func session() throws {
    guard let bytes = SharedData.bytes("data/raw/hftbacktest_usdm_btcusdt_20240808.txt.gz") else {
      return
    }
    // The live venue's lot is a thousandth, the simulated one's that of the true market.
    var listing = BinanceListing("BTC")
    listing.sizePlaces = 3
    var parser = JSONParser(limits: JSONLimits())
    var again = JSONParser(limits: JSONLimits())
    var counts: [String: Int] = [:]
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      guard let space = line.firstIndex(of: UInt8(ascii: " ")) else { continue }
      let root = try parser.parse(Array(line[(space + 1)...])).root
      guard let event = root["data"], let type = event["e"]?.string else {
        // One answer with a whole book stands among the events.
        let book = BinanceBook(bids: try levels(root["bids"]), asks: try levels(root["asks"]))
        var writer = JSONWriter()
        writer.book(
          book, listing, id: try integer(root, "lastUpdateId"), at: try time(root, "E"),
          try time(root, "T"))
        #expect(isSame(try again.parse(writer.bytes).root, root))
        counts["book", default: 0] += 1
        continue
      }
      // A fifth of the quotes is enough for a test; they are all alike.
      counts[type, default: 0] += 1
      if type == "bookTicker", counts[type, default: 0] % 5 != 0 { continue }
      let writer = try rewritten(event, listing, type)
      guard isSame(try again.parse(writer.bytes).root, event) else {
        Issue.record("\(String(decoding: line, as: UTF8.self)) became \(writer.text)")
        return
      }
    }
    #expect(counts == ["bookTicker": 66_089, "depthUpdate": 6_551, "trade": 21_313, "book": 1])
  }

  @Test("whole books of other symbols are written again as they were")
  func books() throws {
    guard let bytes = SharedData.bytes("data/raw/cryptofeed_BINANCE_FUTURES.http.0.0.txt.gz")
    else { return }
    var parser = JSONParser()
    var again = JSONParser()
    var count = 0
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      guard let start = line.firstIndex(of: UInt8(ascii: "{")) else { continue }
      let root = try parser.parse(Array(line[start...])).root
      // How many places a symbol is printed with is the venue's choice for it.
      var listing = BinanceListing("BTC")
      listing.pricePlaces = places(root["bids"]?[0]?[0]?.string)
      listing.sizePlaces = places(root["bids"]?[0]?[1]?.string)
      let book = BinanceBook(bids: try levels(root["bids"]), asks: try levels(root["asks"]))
      #expect(book.bids.count > 100)
      var writer = JSONWriter()
      writer.book(
        book, listing, id: try integer(root, "lastUpdateId"), at: try time(root, "E"),
        try time(root, "T"))
      #expect(isSame(try again.parse(writer.bytes).root, root))
      count += 1
    }
    #expect(count == 4)
  }

  private func places(_ text: String?) -> Int {
    guard let text, let point = text.firstIndex(of: ".") else { return 0 }
    return text[point...].count - 1
  }
}

import Market
import Testing

@testable import Venues

@Suite("Recorded traffic") struct RecordedTests {
  @Test("every frame of a recorded session is understood, its repeats told once")
  func session() throws {
    guard let bytes = SharedData.bytes("data/raw/hftbacktest_hyperliquid_btcusd_20250126.txt.gz")
    else { return }
    var talk = Dialogue(Dialogue.configuration(series: [], streams: [.trades, .books]))
    talk.begin()
    var books = 0
    var trades: [Trade] = []
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let space = try #require(line.firstIndex(of: UInt8(ascii: " ")))
      talk.frame(Array(line[(space + 1)...]))
      #expect(talk.effects.rejections.isEmpty, "\(talk.effects.rejections)")
      for event in talk.effects.market {
        switch event {
        case .book(let book):
          books += 1
          #expect(book.bids.count == 20)
          #expect(book.asks.count == 20)
        case .trade(let trade): trades.append(trade)
        default: Issue.record("\(event)")
        }
      }
    }
    #expect(books == 46)
    #expect(trades.count > 9)
    #expect(Set(trades.map(\.id)).count == trades.count)
  }

  @Test("recorded lists of perpetuals are read whole")
  func meta() throws {
    guard
      let bytes = RecordedReply.ofGo("Meta.yaml")
    else { return }
    var parser = JSONParser()
    let listings = try AccountWire.listings(parser.parse(bytes).root)
    #expect(listings.count > 150)
    let btc = try #require(listings.first)
    #expect(btc.asset == 0)
    #expect(btc.instrument == Instrument(symbol: "BTC", sizeDecimals: 5, maximumLeverage: 40))
    #expect(listings.first { $0.symbol == "MATIC" }?.instrument == nil)
  }

  @Test("recorded reference figures are read, float noise and all")
  func contexts() throws {
    guard
      let bytes = RecordedReply.ofGo("MetaAndAssetCtxs.yaml")
    else { return }
    var parser = JSONParser()
    let root = try parser.parse(bytes).root
    let listings = try AccountWire.listings(try #require(root[0]))
    let rows = try #require(root[1]?.elements)
    var read = 0
    for (listing, row) in zip(listings, rows) where listing.instrument != nil {
      _ = try MarketWire.context(of: listing.symbol, row)
      read += 1
    }
    #expect(read > 20)
  }

  @Test("recorded candles are read")
  func candles() throws {
    guard let bytes = RecordedReply.ofPython("test_get_candles_snapshot.yaml") else { return }
    var parser = JSONParser()
    let rows = try #require(try parser.parse(bytes).root.elements)
    let candles = try rows.map { try MarketWire.candle($0) }
    #expect(candles.count > 10)
    #expect(zip(candles, candles.dropFirst()).allSatisfy { $0.closeTime == $1.openTime })
  }

  @Test("a recorded account, its orders and its mids are read")
  func account() throws {
    guard let state = RecordedReply.ofPython("test_get_user_state.yaml"),
      let orders = RecordedReply.ofPython("test_get_open_orders.yaml"),
      let mids = RecordedReply.ofPython("test_get_all_mids.yaml"),
      let book = RecordedReply.ofPython("test_get_l2_snapshot.yaml")
    else { return }
    var parser = JSONParser()
    // That recording is older than the `time` member, which an account view must have.
    #expect(throws: WireFault.member("time")) {
      try AccountWire.account(parser.parse(state).root)
    }
    let dated = String(decoding: state, as: UTF8.self).dropLast() + #","time":1}"#
    #expect(try AccountWire.account(parser.parse(Array(dated.utf8)).root).positions.count > 3)
    #expect(try AccountWire.openOrders(parser.parse(orders).root).count > 100)
    #expect(try parser.parse(mids).root["BTC"]?.fixed(Price.self) == "30135")
    #expect(try MarketWire.book(parser.parse(book).root).bids.count == 20)
  }

  @Test("recorded executions are read")
  func fills() throws {
    guard
      let bytes = RecordedReply.ofGo("UserFillsByTime.yaml")
    else { return }
    var parser = JSONParser()
    let fills = try #require(try parser.parse(bytes).root.elements).map {
      try AccountWire.fill($0)
    }
    #expect(!fills.isEmpty)
  }
}

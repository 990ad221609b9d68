import Market
import Testing

@testable import Venues

/// Random damage; a failure names the seed, which is the argument to run again.
@Suite("Damaged answers of Coinbase") struct CoinbaseMutationTests {
  private static let series = CandleSeries(symbol: "BTC", timeframe: .m5)
  private static let ticker = CoinbaseTalk.ticker(bid: "59999.5", ask: "60000.25")
  private static let history =
    "[[1699999500,59980,60001,59990,60000,0.25],[1699999200,59980,60000.5,60000,59990,2]]"

  /// The middle of the first bid and ask that a text holds; nil where it is no such object.
  private func mid(_ bytes: [UInt8]) -> Price? {
    var parser = JSONParser()
    guard let root = try? parser.parse(bytes).root, let bid = root["bid"]?.fixed(Price.self),
      let ask = root["ask"]?.fixed(Price.self), bid < ask
    else { return nil }
    return Price(steps: bid.steps + (ask.steps - bid.steps) / 2)
  }

  @Test("no prefix of an answer says anything but the answer itself")
  func truncation() {
    let bytes = Array(Self.ticker.utf8)
    for count in 0...bytes.count {
      var talk = CoinbaseTalk(symbols: ["BTC"])
      talk.begin()
      talk.answer(CoinbasePollingTests.btc, Array(bytes[..<count]))
      #expect(talk.effects.spots.count == (count == bytes.count ? 1 : 0))
      #expect(talk.effects.rejections.count == (count == bytes.count ? 0 : 1))
    }
  }

  @Test("a damaged ticker tells the price that it holds or none", arguments: 1...12)
  func tickers(seed: UInt64) {
    var damage = MutationTests.Damage(seed: seed)
    for _ in 0..<400 {
      var talk = CoinbaseTalk(symbols: ["BTC"])
      talk.begin()
      let bytes = damage.apply(to: Array(Self.ticker.utf8))
      talk.answer(CoinbasePollingTests.btc, bytes)
      let text = String(decoding: bytes, as: UTF8.self)
      for spot in talk.effects.spots {
        #expect(spot.price > .zero && spot.price == mid(bytes), "seed \(seed): \(text)")
      }
      #expect(
        talk.effects.spots.count + talk.effects.rejections.count == 1, "seed \(seed): \(text)")
    }
  }

  @Test("a damaged list or history moves nothing that it should not", arguments: 1...12)
  func others(seed: UInt64) {
    var damage = MutationTests.Damage(seed: seed)
    for _ in 0..<200 {
      var talk = CoinbaseTalk(symbols: ["BTC"], series: [Self.series]) { $0.historyCandles = 2 }
      talk.start()
      let path = talk.asked[0]
      talk.answer(path, damage.apply(to: Array(Self.history.utf8)))
      for candle in talk.effects.closedCandles {
        #expect(candle.low > .zero && candle.venue == .coinbase, "seed \(seed)")
        #expect(candle.openTime + .minutes(5) <= talk.now.wall, "seed \(seed)")
      }
      talk.answer("/products", damage.apply(to: Array(CoinbaseTalk.listing().utf8)))
      let isOpen = talk.client.products[0].standing == .open
      #expect(talk.effects.requests.contains("\(CoinbasePollingTests.btc) ") == isOpen)
      // Whatever came before, the next good answers are understood.
      talk.pass(.hours(1))
      for _ in 0..<4 {
        for path in talk.asked {
          talk.answer(path, path == "/products" ? CoinbaseTalk.listing() : "{}")
        }
        talk.pass(.seconds(1))
      }
      #expect(talk.client.products[0].standing == .open, "seed \(seed)")
    }
  }

  @Test("memory stays as it is when nobody answers for a day")
  func silence() {
    var talk = CoinbaseTalk(symbols: ["BTC", "ETH", .stablecoin])
    talk.start()
    talk.answer(
      "/products",
      CoinbaseTalk.listing(
        CoinbaseTalk.product("BTC-USD"), CoinbaseTalk.product("ETH-USD"),
        CoinbaseTalk.product("USDT-USD"), CoinbaseTalk.product("USDT-USDC")))
    talk.pass(.days(1))
    // One question each, however often its turn comes.
    #expect(talk.client.inFlight.count == 5)
    #expect(talk.client.queue.isEmpty)
    for path in talk.asked { talk.fail(path, .timeout) }
    #expect(talk.client.queue.count + talk.client.inFlight.count == 5)
  }
}

import Market
import Testing

@testable import Venues

@Suite("Coinbase prices") struct CoinbasePollingTests {
  static let btc = "/products/BTC-USD/ticker"
  static let eth = "/products/ETH-USD/ticker"

  @Test("no price is asked for before the list of products says that it can be believed")
  func listingFirst() {
    var talk = CoinbaseTalk()
    talk.start()
    #expect(talk.effects.requests == ["/products "])
    talk.pass(.seconds(15))
    #expect(talk.effects.requests.isEmpty)
    talk.answer("/products", CoinbaseTalk.listing())
    #expect(talk.effects.requests == ["\(Self.btc) "])
    talk.pass(.milliseconds(125))
    #expect(talk.effects.requests == ["\(Self.eth) "])
  }

  @Test("a price is the middle of the quote, at half the round trip")
  func mid() {
    var talk = CoinbaseTalk()
    talk.begin()
    talk.pass(.milliseconds(80))
    talk.answer(Self.btc, CoinbaseTalk.ticker(bid: "59999", ask: "60002"))
    #expect(
      talk.effects.spots == [
        SpotPrice(
          symbol: "BTC", venue: .coinbase, time: CoinbaseTalk.epoch + .milliseconds(40),
          price: "60000.5")
      ])
  }

  @Test("rounds are at whole half minutes, and a round is spread out")
  func rounds() {
    var talk = CoinbaseTalk()
    talk.begin()
    talk.pass(.seconds(1))
    talk.answer(Self.btc, CoinbaseTalk.ticker())
    talk.answer(Self.eth, CoinbaseTalk.ticker())
    talk.pass(Interval.seconds(9) - .milliseconds(1))
    #expect(talk.effects.requests.isEmpty)
    talk.pass(.milliseconds(1))
    #expect(talk.now.wall.nanoseconds % Interval.seconds(30).nanoseconds == 0)
    #expect(talk.effects.requests == ["\(Self.btc) "])
    talk.pass(.milliseconds(124))
    #expect(talk.effects.requests.isEmpty)
    talk.pass(.milliseconds(1))
    #expect(talk.effects.requests == ["\(Self.eth) "])
  }

  @Test("a wall clock that is set back a little makes no second round")
  func clockSetBack() {
    var talk = CoinbaseTalk(symbols: ["BTC"])
    talk.start()
    talk.answer("/products", CoinbaseTalk.listing())
    talk.answer(Self.btc, CoinbaseTalk.ticker())
    talk.now.wall = talk.now.wall - .milliseconds(300)
    talk.pass(.seconds(10))
    #expect(talk.effects.requests.count == 1)
    talk.answer(Self.btc, CoinbaseTalk.ticker())
    talk.pass(.seconds(25))
    #expect(talk.effects.requests.isEmpty)
  }

  @Test(
    "what is no quote moves nothing, is counted, and is asked for again",
    arguments: [
      ("<!DOCTYPE html><html></html>", RejectionReason.json(.syntax)),
      ("", .json(.empty)),
      (#"{"ask":"60000.02","bid":"600"#, .json(.syntax)),
      ("[]", .member("bid")), ("null", .member("bid")),
      (#"{"message":"NotFound"}"#, .venueError),
      (CoinbaseTalk.ticker(bid: "\"\"", ask: "\"\"", time: "\"\""), .member("bid")),
      (CoinbaseTalk.ticker(bid: "60000", ask: "\"60001\"", time: "\"\""), .member("bid")),
      (CoinbaseTalk.ticker(bid: "0", ask: "60001"), .member("bid")),
      (CoinbaseTalk.ticker(bid: "-1", ask: "60001"), .member("bid")),
      (CoinbaseTalk.ticker(bid: "60001", ask: "60001"), .inconsistent),
      (CoinbaseTalk.ticker(bid: "60001", ask: "60000"), .inconsistent),
      (CoinbaseTalk.ticker(bid: "50000", ask: "60000"), .inconsistent),
      (CoinbaseTalk.ticker(bid: "\"1\"", ask: "\"1.01\"", time: "17"), .member("time")),
      (CoinbaseTalk.ticker(time: CoinbaseTalk.epoch + .hours(1)), .member("time")),
      (
        CoinbaseTalk.ticker(bid: "\"1\"", ask: "\"1.01\"", time: "\"2261-12-31T00:00:00Z\""),
        .member("time")
      ),
      (
        CoinbaseTalk.ticker(bid: "\"1\"", ask: "\"1.01\"", time: "\"2023-02-30T00:00:00Z\""),
        .member("time")
      ),
    ])
  func malformed(body: String, reason: RejectionReason) {
    var talk = CoinbaseTalk()
    talk.begin()
    talk.answer(Self.btc, body)
    #expect(talk.effects.market.isEmpty)
    #expect(talk.effects.rejections.map(\.reason) == [reason])
    #expect(talk.effects.rejections.allSatisfy { $0.kind == .spot && $0.venue == .coinbase })
    #expect(talk.effects.failures == [.spotPrice("BTC")])
    talk.pass(.seconds(1))
    #expect(talk.effects.requests.contains("\(Self.btc) "))
  }

  @Test("nanoseconds are read")
  func nanoseconds() {
    var talk = CoinbaseTalk()
    talk.begin()
    let time = #""2023-11-14T22:13:19.016274911Z""#
    talk.answer(Self.btc, CoinbaseTalk.ticker(bid: "\"1\"", ask: "\"1.01\"", time: time))
    #expect(talk.effects.spots.map(\.price) == ["1.005"])
    #expect(talk.client.products[0].lastTrade == Instant(nanoseconds: 1_699_999_999_016_274_911))
  }

  @Test("a market whose last trade is old, or older than one seen before, is not believed")
  func stale() {
    var talk = CoinbaseTalk(symbols: ["BTC"])
    talk.begin()
    talk.answer(Self.btc, CoinbaseTalk.ticker(time: CoinbaseTalk.epoch - .minutes(10)))
    #expect(talk.effects.spots.count == 1)
    talk.pass(.seconds(10))
    // An answer from a cache, made before the one that came first.
    talk.answer(Self.btc, CoinbaseTalk.ticker(time: CoinbaseTalk.epoch - .minutes(11)))
    #expect(talk.effects.rejections.map(\.reason) == [.stale])
    #expect(talk.effects.spots.isEmpty)
    talk.pass(.seconds(30))
    talk.answer(Self.btc, CoinbaseTalk.ticker(time: CoinbaseTalk.epoch - .minutes(10)))
    #expect(talk.effects.rejections.map(\.reason) == [.stale])
    talk.pass(.seconds(30))
    talk.answer(Self.btc, CoinbaseTalk.ticker(time: talk.now.wall))
    #expect(talk.effects.spots.count == 1)
  }

  @Test(
    "a product that does not trade as usual is told of and not asked for",
    arguments: ["offline", "post_only", "cancel_only", "trading_disabled", "auction_mode"])
  func closed(how: String) {
    var talk = CoinbaseTalk()
    talk.start()
    let product =
      how == "offline"
      ? CoinbaseTalk.product("BTC-USD", status: how) : CoinbaseTalk.product("BTC-USD", flag: how)
    talk.answer("/products", CoinbaseTalk.listing(product, CoinbaseTalk.product("ETH-USD")))
    #expect(talk.effects.requests == ["\(Self.eth) "])
    #expect(talk.effects.rejections.map(\.reason) == [.venueError])
    #expect(talk.effects.rejections.first?.excerpt == "BTC-USD does not trade: \(how)")
    talk.answer(Self.eth, CoinbaseTalk.ticker())
    // It is looked at again long before the hour, and asked for as soon as it trades.
    talk.pass(.minutes(5))
    #expect(!talk.effects.requests.contains("\(Self.btc) "))
    talk.answer("/products", CoinbaseTalk.listing())
    talk.pass(.milliseconds(125))
    #expect(talk.asked.contains(Self.btc))
  }

  @Test("a ticker that was on its way when its product stopped trading moves nothing")
  func closedMeanwhile() {
    var talk = CoinbaseTalk(symbols: ["BTC"])
    talk.begin()
    talk.answer(Self.btc, CoinbaseTalk.ticker())
    talk.pass(Interval.hours(1) - .seconds(11))
    for _ in 0..<2 where !talk.asked.contains("/products") { talk.pass(.seconds(6)) }
    talk.answer(
      "/products", CoinbaseTalk.listing(CoinbaseTalk.product("BTC-USD", flag: "cancel_only")))
    for path in talk.asked { talk.answer(path, CoinbaseTalk.ticker(time: talk.now.wall)) }
    #expect(talk.effects.spots.isEmpty)
  }

  @Test("a product that is not listed is told of once and never asked for")
  func unlisted() {
    var talk = CoinbaseTalk(symbols: ["BTC", "PURR"])
    talk.start()
    talk.answer("/products", CoinbaseTalk.listing())
    #expect(talk.effects.feed == [.unlisted("PURR")])
    #expect(talk.effects.requests == ["\(Self.btc) "])
    talk.answer(Self.btc, CoinbaseTalk.ticker())
    talk.pass(.hours(1))
    talk.answer("/products", CoinbaseTalk.listing())
    #expect(talk.effects.feed.isEmpty)
  }

  @Test(
    "a list that is none is asked for again, later and later",
    arguments: ["[]", "{}", "<html>", #"[{"id":"BTC-USD","status":7}]"#, ""])
  func badListing(body: String) {
    var talk = CoinbaseTalk()
    talk.start()
    var waits: [Interval] = []
    for _ in 0..<6 {
      let before = talk.now.monotonic
      talk.answer("/products", body)
      #expect(talk.effects.rejections.map(\.kind) == [.meta])
      while !talk.asked.contains("/products") { talk.pass(.milliseconds(100)) }
      waits.append(talk.now.monotonic - before)
    }
    for (attempt, wait) in waits.enumerated() {
      let longest = Interval.seconds(1 << Int64(attempt)) + .milliseconds(100)
      #expect(wait <= longest && wait.nanoseconds >= longest.nanoseconds / 2 - 100_000_000)
    }
    talk.answer("/products", CoinbaseTalk.listing())
    #expect(talk.effects.requests == ["\(Self.btc) "])
  }

  @Test("the stablecoin is the ratio of its two legs, once both were sampled together")
  func stablecoin() {
    var talk = CoinbaseTalk(symbols: [.stablecoin])
    talk.start()
    talk.answer(
      "/products",
      CoinbaseTalk.listing(
        CoinbaseTalk.product("USDT-USD"), CoinbaseTalk.product("USDT-USDC")))
    talk.pass(.milliseconds(125))
    let legs = talk.asked
    #expect(legs == ["/products/USDT-USD/ticker", "/products/USDT-USDC/ticker"])
    talk.answer(legs[0], CoinbaseTalk.ticker(bid: "0.9989", ask: "0.9991"))
    #expect(talk.effects.spots.isEmpty)
    talk.pass(.seconds(1))
    talk.answer(legs[1], CoinbaseTalk.ticker(bid: "1.0299", ask: "1.0301"))
    // 0.999 / 1.03
    #expect(talk.effects.spots.map(\.price) == ["0.96990291"])
    #expect(talk.effects.spots.map(\.symbol) == [.stablecoin])
    // A leg alone, or two from different rounds, say nothing.
    talk.pass(.seconds(10))
    talk.answer(legs[0], CoinbaseTalk.ticker(bid: "0.9989", ask: "0.9991"))
    talk.answer(legs[1], CoinbaseTalk.ticker(bid: "0", ask: "1"))
    #expect(talk.effects.spots.isEmpty)
    talk.pass(.seconds(30))
    for path in talk.asked where path == legs[1] {
      talk.answer(path, CoinbaseTalk.ticker(bid: "1.0299", ask: "1.0301", time: talk.now.wall))
      #expect(talk.effects.spots.isEmpty)
    }
  }

  @Test("a second start and timers of others change nothing; after a stop nothing is asked")
  func stop() {
    var talk = CoinbaseTalk()
    talk.start()
    talk.start()
    #expect(talk.effects.isEmpty)
    talk.say { $0.timerFired(TimerID(owner: 8, number: 0), at: $1, into: &$2) }
    talk.say { $0.timerFired(TimerID(owner: 7, number: 900), at: $1, into: &$2) }
    #expect(talk.effects.isEmpty)
    talk.say { $0.stop(at: $1, into: &$2) }
    #expect(talk.timers.isEmpty)
    talk.answer("/products", CoinbaseTalk.listing())
    #expect(talk.timers.isEmpty)
    #expect(talk.effects.requests.isEmpty)
    talk.pass(.minutes(10))
    #expect(talk.effects.isEmpty)
  }

  @Test("answers to nobody's question and frames of sockets are strays")
  func strays() {
    var talk = CoinbaseTalk()
    talk.begin()
    let other = RequestID(venue: .coinbase, number: 99)
    let venue = RequestID(venue: .deribit, number: 2)
    let socket = ConnectionID(venue: .coinbase, number: 1)
    for input: TransportInput in [
      .response(other, HTTPResponse(status: 200, body: [])), .failed(other, .timeout),
      .response(venue, HTTPResponse(status: 200, body: [])), .opened(socket),
      .frame(socket, [0x7b]), .closed(socket, nil),
    ] {
      talk.say { $0.handle(input, at: $1, into: &$2) }
      #expect(talk.effects.rejections.map(\.reason) == [.stray])
      #expect(talk.effects.count == 1)
    }
  }
}

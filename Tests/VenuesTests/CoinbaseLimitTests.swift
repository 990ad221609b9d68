import Market
import Testing

@testable import Venues

@Suite("Coinbase limits and outages") struct CoinbaseLimitTests {
  static let btc = CoinbasePollingTests.btc

  @Test("a 429 stops everything for one to two seconds at first, and for longer each time")
  func throttled() {
    var talk = CoinbaseTalk(symbols: ["BTC"])
    talk.begin()
    var waits: [Int64] = []
    for _ in 0..<5 {
      let before = talk.now.monotonic
      talk.answer(Self.btc, #"{"message":"Public rate limit exceeded"}"#, status: 429)
      #expect(talk.effects.limits == [.venue])
      #expect(talk.effects.failures.isEmpty)
      while talk.asked.isEmpty { talk.pass(.milliseconds(50)) }
      waits.append((talk.now.monotonic - before).milliseconds)
    }
    for (attempt, wait) in waits.enumerated() {
      let longest: Int64 = 2_000 << Int64(attempt)
      #expect((longest / 2...longest + 50).contains(wait), "\(waits)")
    }
    talk.answer(Self.btc, CoinbaseTalk.ticker(time: talk.now.wall))
    #expect(talk.effects.spots.count == 1)
  }

  @Test("requests that are refused together are one refusal")
  func together() {
    let symbols: [Symbol] = ["BTC", "ETH", "SOL", "XRP"]
    var talk = CoinbaseTalk(symbols: symbols)
    talk.start()
    let products = symbols.map { CoinbaseTalk.product("\($0)-USD") }
    talk.answer("/products", "[" + products.joined(separator: ",") + "]")
    talk.pass(.seconds(1))
    #expect(talk.asked.count == 4)
    for path in talk.asked { talk.answer(path, "{}", status: 429) }
    talk.pass(.milliseconds(999))
    #expect(talk.asked.isEmpty)
    talk.pass(.seconds(2))
    #expect(talk.asked.count == 4)
  }

  @Test("a list that the venue refuses is looked for again, minutes later")
  func refusedListing() {
    var talk = CoinbaseTalk()
    talk.start()
    talk.answer("/products", #"{"message":"NotFound"}"#, status: 404)
    #expect(talk.effects.failures == [.meta])
    talk.pass(Interval.minutes(5) - .milliseconds(1))
    #expect(talk.effects.requests.isEmpty)
    talk.pass(.milliseconds(1))
    #expect(talk.effects.requests == ["/products "])
    talk.answer("/products", CoinbaseTalk.listing())
    #expect(talk.effects.requests == ["\(Self.btc) "])
  }

  @Test("Retry-After is respected")
  func retryAfter() {
    var talk = CoinbaseTalk()
    talk.begin()
    talk.answer(Self.btc, "{}", status: 429, [HTTPHeader("retry-after", "25")])
    talk.pass(Interval.seconds(25) - .milliseconds(1))
    #expect(talk.effects.requests.isEmpty)
    talk.pass(.seconds(1))
    #expect(talk.effects.requests.contains("\(Self.btc) "))
  }

  @Test("a ban stops every request to the host, the list's too", arguments: [403, 418])
  func banned(status: Int) {
    var talk = CoinbaseTalk { $0.listingInterval = .seconds(60) }
    talk.begin()
    talk.answer(Self.btc, "<html>denied</html>", status: status)
    #expect(talk.effects.limits == [.venue])
    talk.pass(.seconds(149))
    #expect(talk.effects.requests.isEmpty)
    talk.pass(.seconds(152))
    #expect(talk.effects.requests.contains("\(Self.btc) "))
    #expect(talk.effects.requests.contains("/products "))
  }

  @Test(
    "what the venue says is wrong with a question is surfaced and not asked again at once",
    arguments: [400, 401, 404])
  func refused(status: Int) {
    var talk = CoinbaseTalk(symbols: ["BTC"])
    talk.begin()
    talk.answer(Self.btc, #"{"message":"NotFound"}"#, status: status)
    #expect(talk.effects.rejections.map(\.reason) == [.status(status)])
    #expect(talk.effects.failures == [.spotPrice("BTC")])
    talk.pass(.seconds(9))
    #expect(talk.effects.requests.isEmpty)
    talk.pass(.seconds(1))
    #expect(talk.effects.requests.count == 1)
  }

  @Test(
    "an outage is asked about less and less within a round, and again with the next",
    arguments: [500, 502, 503, 202])
  func outage(status: Int) {
    var talk = CoinbaseTalk(symbols: ["BTC"])
    talk.begin()
    var times: [Int64] = []
    for _ in 0..<1_200 {
      if !talk.asked.isEmpty {
        times.append(talk.now.monotonic.nanoseconds / 1_000_000)
        talk.answer(Self.btc, "<html>maintenance</html>", status: status)
        #expect(talk.effects.rejections.map(\.reason) == [.status(status)])
      }
      talk.pass(.milliseconds(50))
    }
    // A minute: two rounds and the one at the start, each with a handful of attempts.
    #expect((6...16).contains(times.count), "\(times)")
    talk.pass(.seconds(30))
    talk.answer(Self.btc, CoinbaseTalk.ticker(time: talk.now.wall))
    #expect(talk.effects.spots.count == 1)
  }

  @Test(
    "a lost answer is a failure, not a price", arguments: [TransportFailure.timeout, .oversize])
  func lost(failure: TransportFailure) {
    var talk = CoinbaseTalk(symbols: ["BTC"])
    talk.begin()
    talk.fail(Self.btc, failure)
    #expect(talk.effects.contains(.requestFailed(.spotPrice("BTC"), failure)))
    talk.pass(.seconds(1))
    #expect(talk.effects.requests == ["\(Self.btc) "])
  }

  @Test("our own budget holds many symbols under the venue's rate, and says so once")
  func budget() {
    let symbols = (0..<60).compactMap { Symbol("C\($0)") }
    var talk = CoinbaseTalk(symbols: symbols) { $0.spread = .zero }
    talk.start()
    let products = symbols.map { CoinbaseTalk.product("\($0)-USD") }
    talk.answer("/products", "[" + products.joined(separator: ",") + "]")
    var sent: [Int64] = talk.effects.requests.map { _ in talk.now.monotonic.milliseconds }
    var limits = talk.effects.limits
    for _ in 0..<80 {
      talk.pass(.milliseconds(100))
      sent += talk.effects.requests.map { _ in talk.now.monotonic.milliseconds }
      limits += talk.effects.limits
    }
    #expect(sent.count == 60)
    for start in sent {
      // Ten a second and a burst of fifteen is the venue's; ours is below it.
      #expect(sent.filter { (start..<start + 1_000).contains($0) }.count <= 18)
    }
    #expect(limits.allSatisfy { $0 == .ownBudget })
    #expect(limits.count == 1)
  }
}

extension Monotonic {
  fileprivate var milliseconds: Int64 { nanoseconds / 1_000_000 }
}

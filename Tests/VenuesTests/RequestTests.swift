import Market
import Testing

@testable import Risk
@testable import Venues

@Suite("Requests and rates") struct RequestTests {
  private func id(_ number: UInt64) -> ClientOrderID { ClientOrderID(high: 0, low: number) }

  private func trading(weight: Int = 1_200, reserved: Int = 200) -> Dialogue {
    var configuration = Dialogue.configuration(series: [], user: Dialogue.user)
    configuration.weightPerMinute = weight
    configuration.reservedWeight = reserved
    configuration.silenceLimit = .hours(2)
    configuration.pingInterval = .hours(2)
    var talk = Dialogue(configuration)
    talk.begin()
    return talk
  }

  @Test("the weight of any minute stays within the limit, and its reserve for what protects")
  func budget() {
    // The start spends 40 on the list of perpetuals.
    var talk = trading(weight: 150, reserved: 30)
    for _ in 0..<6 { talk.say { $0.refreshContexts(at: $1, into: &$2) } }
    for number in 0..<6 {
      talk.say { $0.refreshBook(number.isMultiple(of: 2) ? "BTC" : "ETH", at: $1, into: &$2) }
    }
    // 40 + 20 are sent; of the same question one copy waits at most.
    #expect(talk.client.ledger.used(at: talk.now.monotonic) <= 120)
    talk.say { $0.submit([Dialogue.cleared(1)], at: $1, into: &$2) }
    for number in 2..<200 {
      talk.say {
        $0.submit([Dialogue.cleared(UInt64(number))], at: $1, into: &$2)
      }
    }
    #expect(talk.client.ledger.used(at: talk.now.monotonic) == 120)
    #expect(
      talk.effects.reports == [.evidence(id(199), .rejected(.rateLimited), at: talk.now.wall)])
    for number in 200..<230 {
      talk.say { $0.cancel([("BTC", id(UInt64(number)))], at: $1, into: &$2) }
      #expect(talk.effects.requests.count == 1)
    }
    #expect(talk.client.ledger.used(at: talk.now.monotonic) == 150)
    talk.say { $0.cancel([("BTC", id(230))], at: $1, into: &$2) }
    #expect(talk.effects.requests.isEmpty)
    talk.pass(.seconds(59))
    #expect(talk.effects.requests.isEmpty)
    talk.pass(.seconds(2))
    #expect(talk.effects.requests.first?.contains("cancelByCloid") == true)
  }

  @Test("a reduce-only order may use the reserve, another may not")
  func reserve() {
    var talk = trading(weight: 60, reserved: 20)
    talk.say { $0.submit([Dialogue.cleared(1)], at: $1, into: &$2) }
    #expect(talk.effects.requests.isEmpty)
    talk.say { $0.submit([Dialogue.cleared(2, isReduceOnly: true)], at: $1, into: &$2) }
    #expect(talk.effects.requests.count == 1)
  }

  @Test("waiting questions go out when there is room, and the shortage is said once")
  func deferred() {
    var talk = trading(weight: 60, reserved: 10)
    talk.say { $0.refreshContexts(at: $1, into: &$2) }
    #expect(talk.effects.requests.isEmpty)
    guard case .rateLimited(let until, by: .ownBudget)? = talk.effects.last else {
      Issue.record("\(talk.effects)")
      return
    }
    talk.say { $0.refreshAccount(fillsSince: nil, at: $1, into: &$2) }
    #expect(!talk.effects.contains { if case .rateLimited = $0 { true } else { false } })
    talk.pass(until - talk.now.monotonic)
    #expect(talk.effects.requests.first?.contains("metaAndAssetCtxs") == true)
  }

  @Test("after a 429 nothing leaves until the venue's time is over")
  func throttled() {
    var talk = trading()
    talk.say { $0.submit([Dialogue.cleared(1)], at: $1, into: &$2) }
    let order = RequestID(venue: .hyperliquid, number: talk.client.requests)
    talk.input(
      .response(
        order,
        HTTPResponse(
          status: 429, headers: [HTTPHeader("retry-after", "30")], body: Array("null".utf8))))
    let until = talk.now.monotonic + .seconds(30)
    #expect(talk.effects.contains(.rateLimited(until: until, by: .venue)))
    #expect(
      talk.effects.reports == [.evidence(id(1), .rejected(.rateLimited), at: talk.now.wall)])
    talk.say { $0.submit([Dialogue.cleared(2, isReduceOnly: true)], at: $1, into: &$2) }
    #expect(
      talk.effects.reports == [.evidence(id(2), .rejected(.rateLimited), at: talk.now.wall)])
    talk.say { $0.queryOrder(id(1), at: $1, into: &$2) }
    talk.say { $0.cancel([("BTC", id(1))], at: $1, into: &$2) }
    #expect(talk.effects.requests.isEmpty)
    talk.pass(.milliseconds(29_999))
    #expect(talk.effects.requests.isEmpty)
    talk.pass(.milliseconds(1))
    #expect(talk.effects.requests.map { $0.contains("cancelByCloid") } == [true, false])
  }

  @Test("a question or cancel that met a 429 is asked again, later each time")
  func throttledAgain() {
    var talk = trading()
    talk.say { $0.cancel([("BTC", id(1))], at: $1, into: &$2) }
    var last = Interval.zero
    for _ in 0..<4 {
      talk.answer(talk.client.requests, "null", status: 429)
      #expect(talk.effects.reports.isEmpty)
      guard case .rateLimited(let until, by: .venue)? = talk.effects.dropFirst().first else {
        Issue.record("\(talk.effects)")
        return
      }
      let wait = until - talk.now.monotonic
      #expect(wait >= last * 1)
      last = Interval(nanoseconds: wait.nanoseconds / 2)
      talk.pass(wait)
      #expect(talk.effects.requests.count == 1)
    }
    talk.answer(
      talk.client.requests,
      #"{"status":"ok","response":{"type":"cancel","data":{"statuses":["success"]}}}"#)
    #expect(talk.effects.reports.count == 1)
  }

  @Test("a stop abandons what waits and says so")
  func stop() {
    var talk = trading(weight: 41, reserved: 0)
    talk.say { $0.cancel([("BTC", id(1))], at: $1, into: &$2) }
    talk.say { $0.cancel([("BTC", id(2))], at: $1, into: &$2) }
    talk.say { $0.stop(at: $1, into: &$2) }
    #expect(talk.effects.reports == [.cancelUnknown(id(2))])
    talk.answer(
      talk.client.requests,
      #"{"status":"ok","response":{"type":"cancel","data":{"statuses":["success"]}}}"#)
    #expect(talk.effects.reports.count == 1)
    talk.say { $0.submit([Dialogue.cleared(3)], at: $1, into: &$2) }
    #expect(talk.effects.requests.isEmpty)
  }

  @Test("the list of perpetuals is read again every hour, and a change is told")
  func metaAgain() {
    var talk = trading()
    talk.pass(.hours(1))
    #expect(talk.effects.requests == [#"/info {"type":"meta"}"#])
    talk.answer(
      talk.client.requests,
      #"{"universe":[{"szDecimals":3,"name":"ETH","maxLeverage":25}]}"#)
    #expect(
      talk.effects.contains(
        .instruments(
          [Instrument(symbol: "ETH", sizeDecimals: 3, maximumLeverage: 25)].compactMap { $0 })))
    #expect(talk.effects.feed == [.unlisted("BTC")])
  }

  @Test(
    "a list of perpetuals that cannot be read changes nothing and is asked for again",
    arguments: [
      "null", "[]", "{}", #"{"universe":[]}"#, #"{"universe":[{"name":"BTC"}]}"#,
      #"{"universe":[{"name":"BTC","szDecimals":5,"maxLeverage":40},"#
        + #"{"name":"BTC","szDecimals":5,"maxLeverage":40}]}"#,
    ])
  func brokenMeta(body: String) {
    var talk = Dialogue()
    talk.start()
    talk.answer(1, body)
    #expect(talk.effects.rejections.count == 1)
    #expect(!talk.effects.contains { if case .instruments = $0 { true } else { false } })
    talk.pass(.seconds(1))
    #expect(talk.effects.requests == [#"/info {"type":"meta"}"#])
  }

  @Test("reference figures come for the configured symbols, at their places in the list")
  func contexts() {
    var talk = trading()
    talk.say { $0.refreshContexts(at: $1, into: &$2) }
    let row = { (mark: String) in
      #"{"funding":"0.0000125","openInterest":"688.1100000001","oraclePx":"14.32","#
        + #""markPx":"\#(mark)","midPx":null,"premium":null}"#
    }
    talk.answer(
      talk.client.requests, "[\(Dialogue.meta),[\(row("1")),\(row("2")),\(row("3"))]]")
    let context = { (symbol: Symbol, mark: Price) in
      MarketEvent.context(
        AssetContext(
          symbol: symbol, mark: mark, oracle: "14.32", mid: nil,
          hourlyFundingRate: FundingRate(steps: 125_000), openInterest: "688.11"))
    }
    #expect(talk.effects.market == [context("BTC", "1"), context("ETH", "3")])
    talk.say { $0.refreshContexts(at: $1, into: &$2) }
    talk.answer(talk.client.requests, "[\(Dialogue.meta),[\(row("1")),\(row("2"))]]")
    #expect(talk.effects.rejections.map(\.reason) == [.inconsistent])
    #expect(talk.effects.market.isEmpty)
  }

  @Test("mids and books can be asked for")
  func midsAndBook() {
    var talk = trading()
    talk.say { $0.refreshMids(at: $1, into: &$2) }
    talk.answer(talk.client.requests, #"{"BTC":"30135.0","PURR/USDC":"0.05","@107":"18.4"}"#)
    #expect(talk.effects.market == [.mid("BTC", "30135")])
    talk.say { $0.refreshBook("BTC", at: $1, into: &$2) }
    talk.answer(
      talk.client.requests, #"{"coin":"BTC","time":5,"levels":[[{"px":"1","sz":"2","n":3}],[]]}"#)
    #expect(
      talk.effects.market == [
        .book(
          BookSnapshot(
            symbol: "BTC", time: Instant(milliseconds: 5),
            bids: [BookLevel(price: "1", quantity: "2", orderCount: 3)], asks: []))
      ])
  }
}

import Market
import Testing

@testable import Risk
@testable import Venues

@Suite("Discipline of clock, nonces and actions") struct DisciplineTests {
  private func id(_ number: UInt64) -> ClientOrderID { ClientOrderID(high: 0, low: number) }

  private func trading() -> Dialogue {
    var talk = Dialogue(
      Dialogue.configuration(series: [], streams: [.quotes], user: Dialogue.user))
    talk.begin()
    return talk
  }

  private func quote(at milliseconds: Int64) -> String {
    #"{"channel":"bbo","data":{"coin":"BTC","time":\#(milliseconds),"bbo":["#
      + #"{"px":"49990.0","sz":"1.0","n":1},{"px":"50000.0","sz":"1.0","n":1}]}}"#
  }

  /// The nonce of an order that is sent now.
  private func nonce(_ talk: inout Dialogue, _ number: UInt64) -> Int64 {
    talk.say { $0.submit([Dialogue.cleared(number)], at: $1, into: &$2) }
    let body = talk.effects.requests.first ?? ""
    let digits = body.split(separator: "\"nonce\":").last?.prefix { $0 != "," } ?? ""
    return Int64(digits) ?? 0
  }

  @Test(
    "a wall clock that is far from the venue's times is told, once until it is right again",
    arguments: [Int64(61_000), -61_000, 86_400_000])
  func clock(off: Int64) {
    var talk = trading()
    let time = talk.now.wall.milliseconds
    func told(_ talk: Dialogue) -> [FeedStatus] {
      talk.effects.feed.filter { if case .clockOff = $0 { true } else { false } }
    }
    talk.frame(quote(at: time - 60_000))
    #expect(told(talk).isEmpty)
    talk.now.wall = Instant(milliseconds: time + off)
    talk.frame(quote(at: time))
    #expect(told(talk) == [.clockOff(.milliseconds(off))])
    talk.frame(quote(at: time + 1))
    #expect(told(talk).isEmpty)
    talk.now.wall = Instant(milliseconds: time)
    talk.frame(quote(at: time + 2))
    talk.now.wall = Instant(milliseconds: time + off)
    talk.frame(quote(at: time + 3))
    #expect(told(talk).count == 1)
  }

  @Test("a nonce stays in the venue's window whatever the wall clock says, and always rises")
  func nonceWindow() {
    var talk = trading()
    let time = talk.now.wall.milliseconds
    talk.frame(quote(at: time))
    let first = nonce(&talk, 1)
    #expect(first == time)
    for (index, days) in [Int64(3), -5, 40].enumerated() {
      talk.now.wall = Instant(milliseconds: time + days * 86_400_000)
      let next = nonce(&talk, UInt64(index) + 2)
      #expect(next == first + Int64(index) + 1)
    }
    talk.now.wall = Instant(milliseconds: time + 60_000)
    #expect(nonce(&talk, 9) == time + 60_000)
  }

  @Test("until the venue tells, actions are not counted; then a share is kept for what protects")
  func budget() {
    var talk = trading()
    #expect(talk.client.actions.left == nil)
    talk.say { $0.refreshActionBudget(at: $1, into: &$2) }
    let question = #"/info {"type":"userRateLimit","user":"\#(Dialogue.user)"}"#
    #expect(talk.effects.requests == [question])
    talk.answer(
      talk.client.requests,
      #"{"cumVlm":"0.0","nRequestsUsed":9498,"nRequestsCap":10000,"nRequestsSurplus":0}"#)
    for number: UInt64 in 1...2 {
      talk.say { $0.submit([Dialogue.cleared(number)], at: $1, into: &$2) }
      #expect(talk.effects.requests.count == 1)
    }
    talk.say { $0.submit([Dialogue.cleared(3)], at: $1, into: &$2) }
    #expect(talk.effects.reports == [.evidence(id(3), .rejected(.rateLimited), at: talk.now.wall)])
    talk.say { $0.submit([Dialogue.cleared(4, isReduceOnly: true)], at: $1, into: &$2) }
    #expect(talk.effects.requests.count == 1)
    talk.say { $0.cancel([("BTC", id(1))], at: $1, into: &$2) }
    #expect(talk.effects.requests.count == 1)
    #expect(talk.client.actions.left == 498)
    // A fill of 0.2 at 50,000 earns ten thousand; one from before the answer was counted.
    talk.frame(AccountTests.fills([AccountTests.fill(1, time: 1_699_999_999_000)]))
    #expect(talk.client.actions.left == 498)
    talk.frame(AccountTests.fills([AccountTests.fill(2)]))
    #expect(talk.client.actions.left == 10_498)
    talk.say { $0.submit([Dialogue.cleared(5)], at: $1, into: &$2) }
    #expect(talk.effects.requests.count == 1)
  }

  @Test("counts beyond reason are taken as they can be, and overflow nothing")
  func extremes() {
    var talk = trading()
    for (used, cap) in [(Int64.max, Int64.max), (0, .max), (.max, 0)] {
      talk.say { $0.refreshActionBudget(at: $1, into: &$2) }
      talk.answer(
        talk.client.requests, #"{"nRequestsUsed":\#(used),"nRequestsCap":\#(cap)}"#)
      talk.say { $0.cancel([("BTC", id(1))], at: $1, into: &$2) }
      #expect((talk.client.actions.left ?? -1) >= 0)
    }
  }

  @Test("once the venue refuses for the address's limit, one order goes out in ten seconds")
  func spent() {
    var talk = trading()
    talk.say { $0.submit([Dialogue.cleared(1)], at: $1, into: &$2) }
    talk.answer(
      talk.client.requests,
      #"{"status":"err","response":"Too many cumulative requests sent (10001 > 10000) for "#
        + #"cumulative volume traded $0. Place taker orders to free up 1 request per USDC."}"#
    )
    #expect(talk.effects.reports == [.evidence(id(1), .rejected(.rateLimited), at: talk.now.wall)])
    talk.say { $0.submit([Dialogue.cleared(2)], at: $1, into: &$2) }
    #expect(talk.effects.requests.isEmpty)
    talk.say { $0.cancel([("BTC", id(1))], at: $1, into: &$2) }
    #expect(talk.effects.requests.count == 1)
    talk.pass(.seconds(10))
    talk.say {
      $0.submit([Dialogue.cleared(3), Dialogue.cleared(4)], at: $1, into: &$2)
    }
    #expect(talk.effects.requests.isEmpty)
    talk.say { $0.submit([Dialogue.cleared(5)], at: $1, into: &$2) }
    #expect(talk.effects.requests.count == 1)
  }

  @Test("a fill against somebody who is liquidated is no liquidation of ours")
  func liquidation() {
    for (user, isOurs) in [
      (Dialogue.user.description, true), ("0x" + String(repeating: "9", count: 40), false),
    ] {
      var talk = trading()
      let more =
        #","liquidation":{"liquidatedUser":"\#(user)","markPx":"50000.0","method":"market"}"#
      talk.frame(AccountTests.fills([AccountTests.fill(1, cloid: nil, more: more)]))
      let fills = talk.effects.compactMap { effect -> ForeignFill? in
        if case .foreignFill(let fill) = effect { fill } else { nil }
      }
      #expect(fills.map(\.isLiquidation) == [isOurs])
    }
  }
}

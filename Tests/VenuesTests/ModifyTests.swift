import Market
import Testing

@testable import Risk
@testable import Venues

@Suite("Modifying orders, leverage and cancels by the venue's id") struct ModifyTests {
  private func id(_ number: UInt64) -> ClientOrderID { ClientOrderID(high: 0, low: number) }

  private func trading(streams: MarketStreams = []) -> Dialogue {
    var talk = Dialogue(Dialogue.configuration(series: [], streams: streams, user: Dialogue.user))
    talk.begin()
    return talk
  }

  private static func alo(_ price: Price = "49000") -> Cleared {
    Dialogue.cleared(2, pricing: .limit(price: price, timeInForce: .addLiquidityOnly))
  }

  private func modifying(_ order: Cleared = alo()) -> Dialogue {
    var talk = trading()
    talk.say { $0.modify(id(1), to: order, at: $1, into: &$2) }
    return talk
  }

  private func working(_ number: UInt64, venueID: UInt64 = 0, _ talk: Dialogue) -> OrderReport {
    .evidence(id(number), .working(venueID: venueID), at: talk.now.wall)
  }

  @Test("a modification leaves as one action, by the client id of the old order")
  func wire() {
    let cloid = "0x0000000000000000000000000000000"
    #expect(
      modifying().effects.requests.first?.hasPrefix(
        #"/exchange {"action":{"type":"modify","oid":"\#(cloid)1","order":{"a":0,"b":true,"#
          + #""p":"49000","s":"0.5","r":false,"t":{"limit":{"tif":"Alo"}},"c":"\#(cloid)2"}},"#
      ) == true)
  }

  @Test(
    "what the venue refuses as a replacement is not sent",
    arguments: [
      OrderPricing.limit(price: "49000", timeInForce: .immediateOrCancel),
      .trigger(trigger: "49000", worst: "48000"),
    ])
  func kinds(pricing: OrderPricing) {
    let talk = modifying(Dialogue.cleared(2, pricing: pricing))
    #expect(talk.effects.requests.isEmpty)
    #expect(talk.effects.reports == [.evidence(id(2), .rejected(.other), at: talk.now.wall)])
  }

  @Test("a replacement that the newest quote says would match is not sent")
  func crossing() {
    var talk = trading(streams: [.quotes])
    talk.frame(
      #"{"channel":"bbo","data":{"coin":"BTC","time":1700000000100,"bbo":["#
        + #"{"px":"49990.0","sz":"1.0","n":1},{"px":"50000.0","sz":"1.0","n":1}]}}"#)
    talk.say { $0.modify(id(1), to: Self.alo("50000"), at: $1, into: &$2) }
    #expect(talk.effects.requests.isEmpty)
    #expect(talk.effects.reports == [.evidence(id(2), .rejected(.wouldMatch), at: talk.now.wall)])
    talk.say { $0.modify(id(1), to: Self.alo("49999"), at: $1, into: &$2) }
    #expect(talk.effects.requests.count == 1)
  }

  @Test("both shapes of the reply are read")
  func replies() {
    var talk = modifying()
    let gone = OrderReport.evidence(id(1), .cancelled(filled: nil), at: talk.now.wall)
    talk.answer(talk.client.requests, #"{"status":"ok","response":{"type":"default"}}"#)
    #expect(talk.effects.reports == [gone, working(2, talk)])
    talk = modifying()
    talk.answer(
      talk.client.requests,
      #"{"status":"ok","response":{"type":"order","data":{"statuses":[{"resting":{"oid":77}}]}}}"#)
    #expect(talk.effects.reports == [gone, working(2, venueID: 77, talk)])
  }

  @Test("a refusal says what it proves of the old order, and no more")
  func refusals() {
    let cases: [(text: String, refusal: OrderRefusal, old: [OrderReport])] = [
      ("Cannot modify canceled or filled order", .other, [.cancelRefused(id(1))]),
      (
        "Error placing new order during modify: Insufficient margin to place order. asset=0",
        .margin, [.cancelUnknown(id(1))]
      ),
      ("Price must be divisible by tick size. asset=0", .tick, []),
    ]
    for item in cases {
      for body in [
        #"{"status":"err","response":"\#(item.text)"}"#,
        OrderTests.reply([#"{"error":"\#(item.text)"}"#]),
      ] {
        var talk = modifying()
        talk.answer(talk.client.requests, body)
        let rejected = OrderReport.evidence(id(2), .rejected(item.refusal), at: talk.now.wall)
        #expect(talk.effects.reports == [rejected] + item.old, "\(body)")
      }
    }
  }

  @Test("without an answer neither order's fate is known")
  func silence() {
    var talk = modifying()
    talk.input(.failed(RequestID(venue: .hyperliquid, number: talk.client.requests), .timeout))
    #expect(talk.effects.reports == [.unknown(id(2), .timeout), .cancelUnknown(id(1))])
    talk = modifying()
    talk.answer(talk.client.requests, "<html>", status: 502)
    #expect(talk.effects.reports == [.unknown(id(2), .malformed), .cancelUnknown(id(1))])
  }

  @Test("an empty list of verdicts is no verdict: neither order's fate is known")
  func noVerdict() {
    var talk = modifying()
    talk.answer(
      talk.client.requests,
      #"{"status":"ok","response":{"type":"order","data":{"statuses":[]}}}"#)
    #expect(talk.effects.reports == [.unknown(id(2), .malformed), .cancelUnknown(id(1))])
    #expect(talk.effects.rejections.map(\.reason) == [.member("status")])
  }

  @Test("leverage waits for the list of assets, is sent again until answered, and is told")
  func leverage() {
    var talk = Dialogue(Dialogue.configuration(series: [], user: Dialogue.user))
    talk.start()
    talk.say { $0.setLeverage(5, isCross: false, of: "ETH", at: $1, into: &$2) }
    #expect(talk.effects.requests.isEmpty)
    talk.answer(1, Dialogue.meta)
    let action = #"{"action":{"type":"updateLeverage","asset":2,"isCross":false,"leverage":5}"#
    #expect(talk.effects.requests.first?.hasPrefix("/exchange " + action) == true)
    talk.input(.failed(RequestID(venue: .hyperliquid, number: talk.client.requests), .timeout))
    #expect(talk.effects.contains(.action(.leverage("ETH", .unknown(.timeout)))))
    talk.pass(.seconds(2))
    #expect(talk.effects.requests.contains { $0.hasPrefix("/exchange " + action) })
    let sent = talk.client.inFlight.last { $0.work.actionCount == 1 }?.number ?? 0
    talk.answer(sent, #"{"status":"err","response":"Invalid leverage value"}"#)
    #expect(
      talk.effects.contains(.action(.leverage("ETH", .refused("Invalid leverage value")))))
    talk.say { $0.setLeverage(5, isCross: true, of: "ETH", at: $1, into: &$2) }
    talk.answer(talk.client.requests, #"{"status":"ok","response":{"type":"default"}}"#)
    #expect(talk.effects.contains(.action(.leverage("ETH", .accepted))))
    talk.say { $0.setLeverage(5, isCross: true, of: "DOGE", at: $1, into: &$2) }
    #expect(talk.effects.requests.isEmpty)
    guard
      case .action(.leverage("DOGE", .refused))? = talk.effects.last(where: {
        if case .action = $0 { true } else { false }
      })
    else {
      Issue.record("\(talk.effects)")
      return
    }
  }

  @Test("orders are cancelled by the venue's ids, each with its verdict")
  func foreignCancel() {
    var talk = trading()
    talk.say { $0.cancel(venueOrders: [("BTC", 7), ("ETH", 8)], at: $1, into: &$2) }
    #expect(
      talk.effects.requests.first?.hasPrefix(
        #"/exchange {"action":{"type":"cancel","cancels":[{"a":0,"o":7},{"a":2,"o":8}]}"#) == true)
    talk.answer(
      talk.client.requests,
      #"{"status":"ok","response":{"type":"cancel","data":{"statuses":["#
        + #""success",{"error":"no"}]}}}"#
    )
    #expect(talk.effects.contains(.action(.cancel(venueID: 7, .accepted))))
    #expect(talk.effects.contains(.action(.cancel(venueID: 8, .refused("no")))))
  }
}

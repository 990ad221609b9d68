import Market
import Testing

@testable import Risk
@testable import Venues

@Suite("Orders") struct OrderTests {
  private func id(_ number: UInt64) -> ClientOrderID { ClientOrderID(high: 0, low: number) }

  private func trading() -> Dialogue {
    var talk = Dialogue(Dialogue.configuration(user: Dialogue.user))
    talk.begin()
    return talk
  }

  private func submitting(_ orders: [Cleared]) -> Dialogue {
    var talk = trading()
    talk.say { $0.submit(orders, at: $1, into: &$2) }
    return talk
  }

  @Test("orders leave signed, numbered, trimmed and in canonical order")
  func wire() throws {
    let talk = submitting([
      Dialogue.cleared(1, quantity: "0.50"),
      Dialogue.cleared(
        2, symbol: "ETH", quantity: "1", pricing: .trigger(trigger: "2900", worst: "2610.5"),
        role: .stop, isReduceOnly: true),
      Dialogue.cleared(
        3, pricing: .limit(price: "50000.1", timeInForce: .immediateOrCancel), role: .target),
    ])
    let body = try #require(talk.effects.requests.first)
    let cloid = "0x0000000000000000000000000000000"
    let action =
      #"{"type":"order","orders":[{"a":0,"b":true,"p":"50000","s":"0.5","r":false,"#
      + #""t":{"limit":{"tif":"Gtc"}},"c":"\#(cloid)1"},{"a":2,"b":true,"p":"2610.5","s":"1","#
      + #""r":true,"t":{"trigger":{"isMarket":true,"triggerPx":"2900","tpsl":"sl"}},"#
      + #""c":"\#(cloid)2"},{"a":0,"b":true,"p":"50000.1","s":"0.5","r":false,"#
      + #""t":{"limit":{"tif":"Ioc"}},"c":"\#(cloid)3"}],"grouping":"na"}"#
    #expect(body.hasPrefix(#"/exchange {"action":"# + action + #","nonce":1700000000000,"#))
    #expect(body.hasSuffix(#","v":27},"expiresAfter":1700000010000}"#))
    var parser = JSONParser()
    let envelope = try parser.parse(Array(body.utf8.dropFirst("/exchange ".utf8.count))).root
    let packed = try #require(envelope["action"].flatMap(MessagePack.encode))
    let signable = SignableAction(
      messagePack: packed, nonce: 1_700_000_000_000, expiresAfter: 1_700_000_010_000)
    let signature = try SimulatedSigner(address: Dialogue.user).sign(signable)
    #expect(envelope["signature"]?["s"]?.string == "0x" + signature.s.hexadecimal)
    #expect(envelope["signature"]?["r"]?.string == "0x" + signature.r.hexadecimal)
  }

  @Test("nonces rise even while the wall clock does not")
  func nonces() {
    var talk = trading()
    var nonces: [Substring] = []
    for number in 1...3 {
      talk.say { $0.submit([Dialogue.cleared(UInt64(number))], at: $1, into: &$2) }
      talk.now.wall = talk.now.wall - .seconds(5)
      let body = talk.effects.requests.first ?? ""
      nonces.append(body.split(separator: "\"nonce\":")[1].prefix { $0 != "," })
    }
    #expect(nonces == ["1700000000000", "1700000000001", "1700000000002"])
  }

  @Test(
    "every status of a reply becomes its evidence",
    arguments: [
      (#"{"resting":{"oid":77}}"#, [OrderEvidence.working(venueID: 77)]),
      (
        #"{"resting":{"oid":77,"cloid":"0x00000000000000000000000000000001"}}"#,
        [.working(venueID: 77)]
      ),
      (
        #"{"filled":{"totalSz":"0.5","avgPx":"49999.123456789","oid":78}}"#,
        [.filled(total: "0.5", averagePrice: "49999.12345679", venueID: 78)]
      ),
      (
        #"{"filled":{"totalSz":"0.2","avgPx":"49999","oid":78}}"#,
        [
          .working(venueID: 78), .filled(total: "0.2", averagePrice: "49999", venueID: 78),
        ]
      ),
      (#"{"error":"Insufficient margin to place order. asset=0"}"#, [.rejected(.margin)]),
      (#""waitingForTrigger""#, [.working(venueID: 0)]),
      (#""waitingForFill""#, [.working(venueID: 0)]),
    ])
  func statuses(status: String, evidence: [OrderEvidence]) {
    var talk = submitting([Dialogue.cleared(1)])
    talk.pass(.milliseconds(300))
    talk.answer(talk.client.requests, Self.reply([status]))
    #expect(
      talk.effects.reports == evidence.map { .evidence(id(1), $0, at: talk.now.wall) })
    #expect(
      talk.effects.first
        == .latency(.request(.submit([id(1)]), roundTrip: .milliseconds(300))))
  }

  @Test("what an immediate order leaves over is cancelled")
  func immediatePartial() {
    var talk = submitting([
      Dialogue.cleared(1, pricing: .limit(price: "50000", timeInForce: .immediateOrCancel))
    ])
    talk.answer(
      talk.client.requests, Self.reply([#"{"filled":{"totalSz":"0.2","avgPx":"49999","oid":78}}"#]))
    #expect(
      talk.effects.reports == [
        .evidence(
          id(1), .filled(total: "0.2", averagePrice: "49999", venueID: 78), at: talk.now.wall),
        .evidence(id(1), .cancelled(filled: "0.2"), at: talk.now.wall),
      ])
  }

  @Test(
    "a reply that proves nothing leaves the order unknown",
    arguments: [
      "", "null", "<html>ok</html>", #"{"status":"ok"}"#, #"{"status":"maybe","response":"x"}"#,
      #"{"status":"err"}"#, #"{"status":"ok","response":{"type":"default"}}"#,
      #"{"status":"ok","response":{"type":"cancel","data":{"statuses":["success"]}}}"#,
      reply([]), reply([#"{"resting":{}}"#]), reply([#"{"resting":{"oid":-1}}"#]),
      reply([#"{"resting":{"oid":1,"cloid":"0x00000000000000000000000000000009"}}"#]),
      reply([#"{"filled":{"totalSz":"0.6","avgPx":"1","oid":1}}"#]),
      reply([#"{"filled":{"totalSz":"0","avgPx":"1","oid":1}}"#]),
      reply([#"{"filled":{"totalSz":"0.5","avgPx":"-1","oid":1}}"#]), reply([#""success""#]),
      reply(["1"]), reply([#"{"resting":{"oid":1}}"#, #"{"resting":{"oid":2}}"#]),
    ])
  func unusable(body: String) {
    var talk = submitting([Dialogue.cleared(1)])
    talk.answer(talk.client.requests, body)
    #expect(talk.effects.reports == [.unknown(id(1), .malformed)])
    #expect(talk.effects.rejections.count == 1)
  }

  @Test("a request without an answer leaves its orders unknown, never rejected")
  func unknown() {
    for failure in [TransportFailure.timeout, .connectionLost, .unreachable, .malformed, .oversize]
    {
      var talk = submitting([Dialogue.cleared(1), Dialogue.cleared(2)])
      talk.fail(talk.client.requests, failure)
      #expect(talk.effects.reports == [.unknown(id(1), failure), .unknown(id(2), failure)])
    }
    for status in [500, 502, 503, 404, 403, 302] {
      var talk = submitting([Dialogue.cleared(1)])
      talk.answer(talk.client.requests, Self.reply([#"{"resting":{"oid":77}}"#]), status: status)
      #expect(talk.effects.reports == [.unknown(id(1), .malformed)])
    }
  }

  @Test("an action that the venue could not read, or refuses as a whole, is rejected")
  func refusedWhole() {
    for (status, body, refusal) in [
      (422, "Failed to deserialize the JSON body into the target type", OrderRefusal.other),
      (200, #"{"status":"err","response":"Action already expired"}"#, .unauthorised),
      (200, Self.reply([#"{"error":"Order has invalid price. asset=0"}"#]), .tick),
    ] {
      var talk = submitting([Dialogue.cleared(1), Dialogue.cleared(2)])
      talk.answer(talk.client.requests, body, status: status)
      #expect(
        talk.effects.reports
          == [1, 2].map { .evidence(id($0), .rejected(refusal), at: talk.now.wall) })
    }
  }

  @Test("a batch has a verdict for each order")
  func batch() {
    var talk = submitting([Dialogue.cleared(1), Dialogue.cleared(2), Dialogue.cleared(3)])
    talk.answer(
      talk.client.requests,
      Self.reply([#"{"resting":{"oid":1}}"#, #"{"error":"x"}"#, #"{"resting":[]}"#]))
    #expect(
      talk.effects.reports == [
        .evidence(id(1), .working(venueID: 1), at: talk.now.wall),
        .evidence(id(2), .rejected(.other), at: talk.now.wall), .unknown(id(3), .malformed),
      ])
  }

  @Test("what cannot be sent is refused here")
  func unsendable() {
    var talk = Dialogue()
    talk.start()
    talk.say { $0.submit([Dialogue.cleared(1)], at: $1, into: &$2) }
    #expect(
      talk.effects.reports == [.evidence(id(1), .rejected(.other), at: talk.now.wall)])
    var listed = trading()
    listed.say {
      $0.submit(
        [Dialogue.cleared(1, symbol: "MATIC"), Dialogue.cleared(2)], at: $1, into: &$2)
    }
    #expect(listed.effects.requests.count == 1)
    #expect(
      listed.effects.reports == [.evidence(id(1), .rejected(.other), at: listed.now.wall)])
  }

  @Test("cancels go by our id and are answered one by one")
  func cancels() {
    var talk = trading()
    talk.say { $0.cancel([("BTC", id(1)), ("ETH", id(2)), ("BTC", id(3))], at: $1, into: &$2) }
    #expect(
      talk.effects.requests.first?.hasPrefix(
        #"/exchange {"action":{"type":"cancelByCloid","cancels":[{"asset":0,"#
          + #""cloid":"0x00000000000000000000000000000001"},{"asset":2,"#) == true)
    talk.answer(
      talk.client.requests,
      #"{"status":"ok","response":{"type":"cancel","data":{"statuses":["success",{"error":"#
        + #""Order was never placed, already canceled, or filled. asset=2"},{"error":"odd"}]}}}"#)
    #expect(
      talk.effects.reports == [
        .evidence(id(1), .cancelled(filled: nil), at: talk.now.wall), .cancelRefused(id(2)),
        .cancelUnknown(id(3)),
      ])
  }

  @Test("a cancel without an answer is unknown")
  func cancelUnknown() {
    for body in ["", "<html>", #"{"status":"err","response":"Nonce mismatch."}"#] {
      var talk = trading()
      talk.say { $0.cancel([("BTC", id(1))], at: $1, into: &$2) }
      talk.answer(talk.client.requests, body)
      #expect(talk.effects.reports == [.cancelUnknown(id(1))])
    }
    var talk = trading()
    talk.say { $0.cancel([("BTC", id(1))], at: $1, into: &$2) }
    talk.fail(talk.client.requests, .timeout)
    #expect(talk.effects.reports == [.cancelUnknown(id(1))])
  }

  @Test("a cancel waits for the list of perpetuals instead of getting lost")
  func earlyCancel() {
    var talk = Dialogue()
    talk.start()
    talk.say { $0.cancel([("BTC", id(1))], at: $1, into: &$2) }
    #expect(talk.effects.requests.isEmpty)
    talk.answer(1, Dialogue.meta)
    #expect(talk.effects.requests.first?.contains("cancelByCloid") == true)
  }

  @Test("the dead-man's switch is armed, cleared, refused or unknown")
  func deadMan() {
    var talk = trading()
    let time = Instant(milliseconds: 1_700_000_060_000)
    talk.say { $0.scheduleCancel(time, at: $1, into: &$2) }
    #expect(
      talk.effects.requests.first?.contains(
        #"{"type":"scheduleCancel","time":1700000060000}"#) == true)
    talk.answer(talk.client.requests, #"{"status":"ok","response":{"type":"default"}}"#)
    #expect(talk.effects.contains(.scheduledCancel(.armed(at: time))))
    talk.say { $0.scheduleCancel(nil, at: $1, into: &$2) }
    talk.answer(talk.client.requests, #"{"status":"ok","response":{"type":"default"}}"#)
    #expect(talk.effects.contains(.scheduledCancel(.cleared)))
    talk.say { $0.scheduleCancel(time, at: $1, into: &$2) }
    talk.answer(talk.client.requests, #"{"status":"err","response":"Cannot set"}"#)
    #expect(talk.effects.contains(.scheduledCancel(.refused("Cannot set"))))
    talk.say { $0.scheduleCancel(time, at: $1, into: &$2) }
    talk.fail(talk.client.requests, .timeout)
    #expect(talk.effects.contains(.scheduledCancel(.unknown(.timeout))))
  }

  static func reply(_ statuses: [String]) -> String {
    #"{"status":"ok","response":{"type":"order","data":{"statuses":["#
      + statuses.joined(separator: ",") + "]}}}"
  }
}

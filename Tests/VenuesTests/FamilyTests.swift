import Market
import Testing

@testable import Risk
@testable import Venues

/// An entry and its exits in one action, and what the venue's answer proves of each.
@Suite("Families of orders") struct FamilyTests {
  private static let immediate = OrderPricing.limit(
    price: "50000", timeInForce: .immediateOrCancel)

  private func id(_ number: UInt64) -> ClientOrderID { ClientOrderID(high: 0, low: number) }

  private func family(_ pricing: OrderPricing = immediate) -> ClearedFamily {
    ClearedFamily(
      entry: Dialogue.cleared(1, pricing: pricing),
      exits: [
        Dialogue.cleared(
          2, pricing: .trigger(trigger: "49000", worst: "46000"), role: .stop, isReduceOnly: true),
        Dialogue.cleared(
          3, pricing: .trigger(trigger: "53000", worst: "51000"), role: .target,
          isReduceOnly: true),
      ])
  }

  private func submitting(_ family: ClearedFamily) -> Dialogue {
    var talk = Dialogue(Dialogue.configuration(user: Dialogue.user))
    talk.begin()
    talk.say { $0.submit(family, at: $1, into: &$2) }
    return talk
  }

  private func evidence(_ talk: Dialogue, _ number: UInt64) -> [OrderEvidence] {
    talk.effects.compactMap {
      guard case .report(.evidence(id(number), let evidence, _)) = $0 else { return nil }
      return evidence
    }
  }

  private func answering(
    _ statuses: String, to family: ClearedFamily
  ) -> Dialogue {
    var talk = submitting(family)
    talk.answer(
      talk.client.requests,
      #"{"status":"ok","response":{"type":"order","data":{"statuses":[\#(statuses)]}}}"#)
    return talk
  }

  @Test("the parent comes first, under the grouping that ties the others to it")
  func wire() throws {
    let talk = submitting(family())
    let body = try #require(talk.effects.requests.first)
    #expect(talk.effects.requests.count == 1, "one action")
    #expect(body.contains(#""grouping":"normalTpsl"}"#))
    let places = (UInt64(1)...3).map { body.firstRange(of: #""c":"\#(id($0))""#)?.lowerBound }
    let found = places.compactMap { $0 }
    #expect(found.count == 3 && found == found.sorted())
    #expect(body.contains(#""triggerPx":"49000","tpsl":"sl""#))
    #expect(body.contains(#""triggerPx":"53000","tpsl":"tp""#))
    let action = try #require(talk.client.action(of: family()))
    #expect(body.hasPrefix(#"/exchange {"action":"# + action + #","nonce""#))
    let alone = submitting(ClearedFamily(entry: Dialogue.cleared(1), exits: []))
    #expect(alone.effects.requests.first?.contains(#""grouping":"na"}"#) == true)
  }

  @Test("exits that are awake are working")
  func filled() {
    let filled = #"{"filled":{"totalSz":"0.5","avgPx":"50000","oid":7}}"#
    let talk = answering(
      filled + #","waitingForTrigger","waitingForTrigger""#, to: family())
    #expect(evidence(talk, 2) == [.working(venueID: 0)])
    #expect(evidence(talk, 3) == [.working(venueID: 0)])
  }

  /// Planted: to take `waitingForFill` for standing would leave what filled in part naked.
  @Test(
    "of an exit that waits for an immediate entry the answer proves nothing",
    arguments: [
      #"{"filled":{"totalSz":"0.2","avgPx":"50000","oid":7}}"#,
      #"{"error":"Order could not immediately match against any resting orders. asset=0"}"#,
    ])
  func waiting(parent: String) {
    let talk = answering(parent + #","waitingForFill","waitingForFill""#, to: family())
    #expect(evidence(talk, 1).count >= 1)
    #expect(evidence(talk, 2).isEmpty && evidence(talk, 3).isEmpty)
    #expect(!talk.effects.contains { if case .report(.unknown) = $0 { true } else { false } })
  }

  @Test("of an exit that waits for a resting entry it proves that it stands")
  func resting() {
    let patient = family(.limit(price: "50000", timeInForce: .goodTilCancelled))
    let talk = answering(
      #"{"resting":{"oid":7}},"waitingForFill","waitingForFill""#, to: patient)
    #expect(evidence(talk, 2) == [.working(venueID: 0)])
  }

  @Test("one status refuses all three, one refused exit only itself, a missing one leaves doubt")
  func refusals() {
    let all = answering(#"{"error":"Order has invalid price."}"#, to: family())
    for number in UInt64(1)...3 { #expect(evidence(all, number) == [.rejected(.tick)]) }
    let filled = #"{"filled":{"totalSz":"0.5","avgPx":"50000","oid":7}}"#
    let one = answering(
      filled + #",{"error":"Invalid TP/SL price. asset=0"},"waitingForTrigger""#, to: family())
    #expect(evidence(one, 2) == [.rejected(.badTrigger)])
    #expect(evidence(one, 3) == [.working(venueID: 0)])
    let short = answering(filled + #","waitingForTrigger""#, to: family())
    for number in UInt64(1)...3 {
      #expect(short.effects.contains(.report(.unknown(id(number), .malformed))))
    }
  }

  @Test("no answer leaves all three unknown")
  func silence() {
    var talk = submitting(family())
    talk.fail(talk.client.requests, .timeout)
    for number in UInt64(1)...3 {
      #expect(talk.effects.contains(.report(.unknown(id(number), .timeout))))
    }
  }
}

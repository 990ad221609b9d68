import Market
import Risk
import Testing
import Venues

@testable import Exchange

@Suite("Modifying orders")
struct ModifyTests {
  private typealias Bench = VenueBench

  private func batch(_ oid: String, _ order: String, always: Bool = false) -> String {
    #"{"type":"batchModify","modifies":[{"oid":\#(oid),"order":\#(order)}]"#
      + (always ? #","a":true}"# : "}")
  }

  private func resting(_ bench: inout VenueBench, cloid: UInt64? = nil) -> UInt64 {
    _ = bench.order(Bench.limit(.buy, "0.1", at: "99000", cloid: cloid))
    return bench.venue.openOrders(of: Bench.alice).first?.id ?? 0
  }

  @Test("the new order has a new id, rests post-only, and the old one is cancelled")
  func replaces() throws {
    var bench = Bench()
    let old = resting(&bench)
    let answer = bench.act(batch("\(old)", Bench.limit(.buy, "0.2", at: "98500")))
    #expect(bench.statuses(answer) == ["resting"])
    #expect(bench.venue.order(id: old)?.status == .canceled)
    let open = bench.venue.openOrders(of: Bench.alice)
    #expect(open.count == 1 && open[0].id != old)
    #expect(open[0].limit == "98500" && open[0].quantity == "0.2")
    #expect(open[0].timeInForce == .addLiquidityOnly)
    #expect(bench.imbalance() == nil)
  }

  @Test("an order is found by its client id, which the new one may keep")
  func byClientID() {
    var bench = Bench()
    _ = resting(&bench, cloid: 7)
    let cloid = ClientOrderID(high: 0, low: 7)
    let answer = bench.act(
      batch("\"\(cloid)\"", Bench.limit(.buy, "0.1", at: "98000", "Alo", cloid: 7)))
    #expect(answer.contains(#"{"resting":{"oid":"#) && answer.contains("\(cloid)"))
    #expect(bench.venue.order(of: Bench.alice, clientID: cloid)?.limit == "98000")
  }

  @Test(
    "what may not replace is refused, and the old order stays",
    arguments: [
      (VenueBench.limit(.buy, "0.1", at: "99000", "Ioc"), ErrorText.modifyKind),
      (VenueBench.trigger(.sell, "0.1", at: "90000", limit: "89000"), ErrorText.modifyKind),
      (
        VenueBench.limit(.buy, "0.1", at: "101000"),
        "Error placing new order during modify: Post only order would have immediately matched"
      ),
      (VenueBench.limit(.buy, "0.1", at: "99000.55"), ErrorText.tick),
      (VenueBench.limit(.buy, "0", at: "99000"), ErrorText.zeroSize),
    ])
  func refused(order: String, text: String) {
    var bench = Bench()
    let old = resting(&bench)
    let answer = bench.statuses(bench.act(batch("\(old)", order)))
    #expect(answer.count == 1 && answer[0].hasPrefix(text), "\(answer)")
    #expect(bench.venue.order(id: old)?.status == .open)
  }

  @Test("what is gone is not modified, except where the new order is wanted always")
  func gone() {
    var bench = Bench()
    let order = Bench.limit(.buy, "0.1", at: "98000")
    let none = bench.act(batch("12345", order))
    #expect(bench.statuses(none) == [ErrorText.modifyGone + " asset=0"])
    #expect(bench.venue.openOrders(of: Bench.alice).isEmpty)
    let foreign = resting(&bench)
    let stolen = bench.act(batch("\(foreign)", order), as: Bench.bob)
    #expect(bench.statuses(stolen) == [ErrorText.modifyGone + " asset=0"])
    #expect(bench.venue.order(id: foreign)?.isOpen == true)
    #expect(bench.statuses(bench.act(batch("12345", order, always: true))) == ["resting"])
    let taking = Bench.limit(.buy, "0.1", at: "101000", "Ioc")
    #expect(bench.statuses(bench.act(batch("12345", taking, always: true))) == ["filled"])
  }

  @Test("a new order without margin leaves nothing: the old one is already cancelled")
  func withoutMargin() {
    var bench = Bench(deposit: Money(whole: 1_000))
    let old = resting(&bench)
    let answer = bench.statuses(bench.act(batch("\(old)", Bench.limit(.buy, "9", at: "99000"))))
    #expect(
      answer == [
        "Error placing new order during modify: Insufficient margin to place order. asset=0"
      ])
    #expect(bench.venue.openOrders(of: Bench.alice).isEmpty)
  }

  @Test("a single modification answers without data, or refuses the whole action")
  func single() {
    var bench = Bench()
    let old = resting(&bench)
    let order = Bench.limit(.buy, "0.1", at: "98000")
    #expect(
      bench.act(#"{"type":"modify","oid":\#(old),"order":\#(order)}"#)
        == #"{"status":"ok","response":{"type":"default"}}"#)
    #expect(
      bench.act(#"{"type":"modify","oid":\#(old),"order":\#(order)}"#)
        == #"{"status":"err","response":"Cannot modify canceled or filled order"}"#)
  }

  @Test("a fast cancel leaves triggers alone")
  func fastCancel() {
    var bench = Bench()
    _ = bench.order(Bench.limit(.buy, "0.1", at: "101000", "Ioc"))
    _ = bench.order(Bench.trigger(.sell, "0.1", at: "90000", limit: "89000"))
    let stop = bench.venue.openOrders(of: Bench.alice)[0].id
    let limit = bench.order(Bench.limit(.buy, "0.1", at: "99000"))
    #expect(bench.statuses(limit) == ["resting"])
    let other = bench.venue.openOrders(of: Bench.alice)[1].id
    let cancels = #"[{"a":0,"o":\#(stop)},{"a":0,"o":\#(other)}]"#
    let answer = bench.act(#"{"type":"cancel","cancels":\#(cancels),"f":true}"#)
    #expect(bench.statuses(answer) == [ErrorText.fastCancel + " asset=0", "success"])
    let slow = bench.act(#"{"type":"cancel","cancels":[{"a":0,"o":\#(stop)}],"f":false}"#)
    #expect(bench.statuses(slow) == ["success"])
  }
}

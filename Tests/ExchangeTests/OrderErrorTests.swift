import Exchange
import Market
import Risk
import Testing
import Venues

@Suite("Order errors")
struct OrderErrorTests {
  private typealias Bench = VenueBench

  struct Case: Sendable, CustomTestStringConvertible {
    let order: String
    let text: String
    var testDescription: String { text + " " + order }
  }

  static let cases: [Case] = [
    Case(
      order: Bench.limit(.buy, "0.01", at: "99000.5"),
      text: "Price must be divisible by tick size. asset=0"),
    Case(
      order: Bench.limit(.buy, "0.01", at: "3999.95", asset: 1),
      text: "Price must be divisible by tick size. asset=1"),
    Case(
      order: Bench.limit(.buy, "0.0001", at: "99000"),
      text: "Order must have minimum value of $10. asset=0"),
    Case(order: Bench.limit(.buy, "0", at: "99000"), text: "Order has zero size. asset=0"),
    Case(
      order: Bench.limit(.buy, "0.000001", at: "99000"), text: "Order has invalid size. asset=0"),
    Case(order: Bench.limit(.buy, "-1", at: "99000"), text: "Order has invalid size. asset=0"),
    Case(
      order: Bench.limit(.buy, "90000000000", at: "99000"),
      text: "Order has invalid size. asset=0"),
    Case(order: Bench.limit(.buy, "0.01", at: "0"), text: "Order has invalid price. asset=0"),
    Case(order: Bench.limit(.buy, "0.01", at: "-5"), text: "Order has invalid price. asset=0"),
    Case(
      order: Bench.limit(.buy, "0.01", at: "99000", asset: 7),
      text: "Order has invalid price. asset=7"),
    Case(
      order: Bench.limit(.buy, "0.01", at: "196000"),
      text: "Order price cannot be more than 95% away from the reference price asset=0"),
    Case(
      order: Bench.limit(.sell, "0.01", at: "4900"),
      text: "Order price cannot be more than 95% away from the reference price asset=0"),
    Case(
      order: Bench.limit(.buy, "30", at: "99000"),
      text: "Insufficient margin to place order. asset=0"),
    Case(
      order: Bench.limit(.sell, "0.01", at: "100000", reduceOnly: true),
      text: "Reduce only order would increase position. asset=0"),
    Case(
      order: Bench.limit(.buy, "0.01", at: "99000", "Ioc"),
      text: "Order could not immediately match against any resting orders. asset=0"),
    Case(
      order: Bench.trigger(.sell, "0.01", at: "100500", limit: "99000"),
      text: "Invalid TP/SL price. asset=0"),
    Case(
      order: Bench.trigger(.buy, "0.01", at: "99000", limit: "101000"),
      text: "Invalid TP/SL price. asset=0"),
    Case(
      order: Bench.trigger(.sell, "0.01", at: "99000", limit: "98000", kind: "tp"),
      text: "Invalid TP/SL price. asset=0"),
  ]

  @Test("each refusal has the venue's words and the asset", arguments: cases)
  func texts(_ item: Case) {
    var bench = VenueBench()
    #expect(bench.statuses(bench.order(item.order)) == [item.text])
    #expect(bench.venue.openOrders(of: Bench.alice).isEmpty)
    #expect(bench.venue.fills(of: Bench.alice).isEmpty)
  }

  @Test(
    "prices of five figures or whole numbers are on the tick",
    arguments: [
      ("99999", true), ("100001", true), ("99999.5", false), ("9999.5", true), ("9999.55", false),
    ])
  func ticks(price: String, isGood: Bool) {
    var bench = VenueBench(btc: .constant(price.hasPrefix("9999.") ? "9990" : "100000"))
    let answer = bench.order(Bench.limit(.buy, "0.1", at: price, "Alo"))
    let isTick = bench.statuses(answer)[0].hasPrefix("Price must be divisible")
    #expect(isTick == !isGood, "\(answer)")
  }

  @Test("a static fault of one order refuses the batch with one status; a run-time one does not")
  func batches() {
    var bench = VenueBench()
    let mixed = bench.order(
      Bench.limit(.buy, "0.01", at: "99000"), Bench.limit(.buy, "0.01", at: "99000.5"))
    #expect(bench.statuses(mixed) == ["Price must be divisible by tick size. asset=0"])
    #expect(bench.venue.openOrders(of: Bench.alice).isEmpty)
    let partly = bench.order(
      Bench.limit(.buy, "0.01", at: "99000"), Bench.limit(.buy, "0.01", at: "99000", "Ioc"))
    #expect(bench.statuses(partly).count == 2)
    #expect(bench.statuses(partly)[0] == "resting")
    #expect(
      bench.statuses(bench.act(#"{"type":"order","orders":[],"grouping":"na"}"#)) == [
        "Orders are empty."
      ])
  }

  @Test(
    "bodies that are no request answer 422",
    arguments: [
      ("/exchange", "{"), ("/exchange", "[]"), ("/exchange", "{}"), ("/info", "{}"),
      ("/info", #"{"type":"nosuch"}"#), ("/info", #"{"type":"openOrders"}"#),
      ("/info", #"{"type":"openOrders","user":"0x12"}"#),
      ("/info", #"{"type":"l2Book","coin":5}"#),
      ("/info", #"{"type":"candleSnapshot","req":{"coin":"BTC","interval":"7m","startTime":1}}"#),
    ])
  func unreadable(path: String, body: String) {
    var bench = VenueBench()
    let response = bench.call(path, body)
    #expect(response?.status == 422)
    #expect(
      response.map { String(decoding: $0.body, as: UTF8.self) }
        == "Failed to deserialize the JSON body into the target type")
  }

  @Test(
    "unknown and duplicate fields of an action answer 422",
    arguments: [
      #"{"type":"order","orders":[],"grouping":"na","extra":1}"#,
      #"{"type":"order","orders":[{"a":0,"b":true,"p":"1","s":"1","r":false}],"grouping":"na"}"#,
      #"{"type":"cancel","cancels":[{"a":0,"o":1,"o":2}]}"#,
      #"{"type":"cancel","cancels":[{"a":0,"o":"x"}]}"#,
      #"{"type":"order","orders":[{"a":0,"b":true,"p":"1.000000001","s":"1","r":false,"#
        + #""t":{"limit":{"tif":"Gtc"}}}],"grouping":"na"}"#,
      #"{"type":"nosuch"}"#,
    ])
  func strictActions(action: String) {
    var bench = VenueBench()
    #expect(bench.call("/exchange", bench.envelope(action))?.status == 422)
  }

  @Test("whole actions are refused with the venue's words")
  func wholeActions() {
    var bench = VenueBench()
    let stranger = AccountAddress(number: 99)
    let order = Bench.limit(.buy, "0.01", at: "99000")
    #expect(
      bench.order(order, as: stranger).contains(
        "User or API Wallet 0x0000000000000000000000000000000000000063 does not exist."))
    let late = bench.act(
      #"{"type":"noop"}"#, expiresAfter: UInt64(bench.now.milliseconds) - 1)
    #expect(late.contains("Action already expired"))
    #expect(bench.act(#"{"type":"noop"}"#).contains(#"{"status":"ok""#))
    let unsigned = bench.envelope(#"{"type":"noop"}"#)
      .replacing("\"v\":27", with: "\"v\":5")
    #expect(bench.text("/exchange", unsigned).contains("Unable to recover signer."))
    #expect(
      bench.act(#"{"type":"updateLeverage","asset":0,"isCross":true,"leverage":41}"#)
        .contains("Invalid leverage value"))
    #expect(
      bench.act(#"{"type":"createSubAccount","name":"x"}"#).contains(
        "Action createSubAccount is not simulated."))
    #expect(bench.act(#"{"type":"setReferrer","code":"CCXT1"}"#).contains("not registered"))
  }

  @Test("a cancel of what is gone is refused, by either id")
  func cancels() {
    var bench = VenueBench()
    let gone = "Order was never placed, already canceled, or filled. asset=0"
    _ = bench.order(Bench.limit(.buy, "0.01", at: "99000", cloid: 3))
    let id = bench.venue.openOrders(of: Bench.alice)[0].id
    let foreign = bench.act(
      #"{"type":"cancel","cancels":[{"a":0,"o":\#(id)}]}"#, as: Bench.bob)
    #expect(bench.statuses(foreign) == [gone])
    let both = bench.act(
      #"{"type":"cancel","cancels":[{"a":0,"o":\#(id)},{"a":0,"o":\#(id)}]}"#)
    #expect(bench.statuses(both) == ["success", gone])
    let again = bench.act(
      #"{"type":"cancelByCloid","cancels":[{"asset":0,"#
        + #""cloid":"0x00000000000000000000000000000003"}]}"#)
    #expect(bench.statuses(again) == [gone])
  }
}

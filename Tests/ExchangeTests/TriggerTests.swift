import Exchange
import Market
import Risk
import Testing

@Suite("Trigger orders")
struct TriggerTests {
  private typealias Bench = VenueBench

  private func falling(_ low: Price) -> PriceModel {
    .path([
      PathPoint(time: Bench.start + .seconds(10), price: "100000"),
      PathPoint(time: Bench.start + .seconds(310), price: low),
    ])
  }

  private func order(_ bench: Bench, _ id: UInt64) -> ExchangeOrder? {
    bench.venue.order(of: Bench.alice, clientID: ClientOrderID(high: 0, low: id))
  }

  @Test("a stop fires at the mark, sells what is held, and no earlier")
  func stop() throws {
    var bench = Bench(btc: falling("97000"))
    _ = bench.order(Bench.limit(.buy, "0.5", at: "101000", "Ioc"))
    let placed = bench.order(Bench.trigger(.sell, "0.5", at: "98500", limit: "97000", cloid: 1))
    #expect(bench.statuses(placed) == ["resting"])
    while let mark = bench.venue.mark(of: "BTC"), mark > "98500" {
      #expect(order(bench, 1)?.status == .open)
      bench.advance(by: .seconds(1))
    }
    #expect(order(bench, 1)?.status == .filled)
    #expect(bench.venue.positions(of: Bench.alice).isEmpty)
    let fill = try #require(bench.venue.fills(of: Bench.alice).last)
    #expect(fill.price < "98700" && fill.price > "98000")
    #expect(bench.imbalance() == nil)
  }

  @Test("a market trigger slips at most a tenth and not past its own limit")
  func slippage() {
    let gap: PriceModel = .path([
      PathPoint(time: Bench.start + .seconds(10), price: "100000"),
      PathPoint(time: Bench.start + .seconds(11), price: "95000"),
    ])
    var bench = Bench(btc: gap)
    _ = bench.order(Bench.limit(.buy, "0.05", at: "101000", "Ioc"))
    _ = bench.order(Bench.trigger(.sell, "0.05", at: "99000", limit: "98000", cloid: 1))
    bench.advance(by: .minutes(3))
    #expect(order(bench, 1)?.status == .canceled)
    #expect(bench.venue.positions(of: Bench.alice).count == 1)
  }

  @Test("a trigger that finds nothing to reduce is cancelled")
  func nothingToReduce() {
    var bench = Bench(btc: falling("97000"))
    _ = bench.order(Bench.limit(.buy, "0.5", at: "101000", "Ioc"))
    _ = bench.order(Bench.trigger(.sell, "0.5", at: "98500", limit: "97000", cloid: 1))
    _ = bench.order(Bench.limit(.sell, "0.5", at: "99000", "Ioc"))
    #expect(order(bench, 1)?.isOpen == true)
    bench.advance(by: .minutes(6))
    #expect(order(bench, 1)?.status == .reduceOnlyCanceled)
    #expect(bench.venue.positions(of: Bench.alice).isEmpty)
  }

  @Test("children wait for their parent and cancel one another")
  func family() {
    var bench = Bench(btc: falling("97000"))
    let answer = bench.order(
      Bench.limit(.buy, "0.5", at: "101000", cloid: 1),
      Bench.trigger(.sell, "0.5", at: "103000", limit: "102000", kind: "tp", cloid: 2),
      Bench.trigger(.sell, "0.5", at: "98500", limit: "97000", cloid: 3), grouping: "normalTpsl")
    #expect(bench.statuses(answer) == ["filled", "waitingForTrigger", "waitingForTrigger"])
    bench.advance(by: .minutes(6))
    #expect(order(bench, 3)?.status == .filled)
    #expect(order(bench, 2)?.status == .siblingFilledCanceled)
  }

  @Test("children of a parent that is cancelled unfilled go with it")
  func orphans() {
    var bench = Bench()
    let answer = bench.order(
      Bench.limit(.buy, "0.5", at: "95000", cloid: 1),
      Bench.trigger(.sell, "0.5", at: "94000", limit: "93000", cloid: 2),
      grouping: "normalTpsl")
    #expect(bench.statuses(answer) == ["resting", "waitingForFill"])
    _ = bench.act(
      #"{"type":"cancelByCloid","cancels":[{"asset":0,"#
        + #""cloid":"0x00000000000000000000000000000001"}]}"#)
    #expect(order(bench, 2)?.status == .canceled)
    #expect(bench.venue.openOrders(of: Bench.alice).isEmpty)
  }

  @Test("a scheduled cancel takes every order away at its time")
  func scheduledCancel() {
    var bench = Bench()
    _ = bench.order(Bench.limit(.buy, "0.5", at: "95000", cloid: 1))
    let early = (bench.now + .seconds(4)).milliseconds
    #expect(bench.act(#"{"type":"scheduleCancel","time":\#(early)}"#).contains("err"))
    let due = (bench.now + .seconds(10)).milliseconds
    #expect(bench.act(#"{"type":"scheduleCancel","time":\#(due)}"#).contains("default"))
    bench.advance(by: .seconds(9))
    #expect(order(bench, 1)?.status == .open)
    bench.advance(by: .seconds(1))
    #expect(order(bench, 1)?.status == .scheduledCancel)
  }

  @Test("clearing the schedule leaves the orders")
  func clearedSchedule() {
    var bench = Bench()
    _ = bench.order(Bench.limit(.buy, "0.5", at: "95000", cloid: 1))
    let due = (bench.now + .seconds(10)).milliseconds
    _ = bench.act(#"{"type":"scheduleCancel","time":\#(due)}"#)
    _ = bench.act(#"{"type":"scheduleCancel"}"#)
    bench.advance(by: .seconds(20))
    #expect(order(bench, 1)?.status == .open)
  }
}

import Market
import Risk
import Testing
import Venues

@testable import Exchange

@Suite("Triggers and reduce-only orders that go with the position")
struct PositionTriggerTests {
  private typealias Bench = VenueBench

  private func falling() -> PriceModel {
    .path([
      PathPoint(time: Bench.start + .seconds(10), price: "100000"),
      PathPoint(time: Bench.start + .seconds(310), price: "97000"),
    ])
  }

  private func order(_ bench: Bench, _ id: UInt64) -> ExchangeOrder? {
    bench.venue.order(of: Bench.alice, clientID: ClientOrderID(high: 0, low: id))
  }

  /// A stop and a target of the position at hand, without sizes of their own.
  private func protect(_ bench: inout Bench, size: String = "0") -> [String] {
    bench.statuses(
      bench.order(
        Bench.trigger(.sell, size, at: "98500", limit: "95000", cloid: 1),
        Bench.trigger(.sell, size, at: "105000", limit: "100000", kind: "tp", cloid: 2),
        grouping: "positionTpsl"))
  }

  @Test("without a size of its own a stop sells what the position has become")
  func resizes() throws {
    var bench = Bench(btc: falling())
    _ = bench.order(Bench.limit(.buy, "0.2", at: "101000", "Ioc"))
    #expect(protect(&bench) == ["waitingForTrigger", "waitingForTrigger"])
    let listed = bench.info(#"{"type":"frontendOpenOrders","user":"\#(Bench.alice)"}"#)
    let first = bench.parsed(listed)?[0]
    #expect(first?["sz"]?.string == "0.0" && first?["origSz"]?.string == "0.0")
    #expect(first?["isPositionTpsl"]?.bool == true)
    _ = bench.order(Bench.limit(.buy, "0.3", at: "101000", "Ioc"))
    bench.advance(by: .minutes(6))
    #expect(bench.venue.positions(of: Bench.alice).isEmpty)
    #expect(order(bench, 1)?.status == .filled)
    #expect(order(bench, 1)?.quantity == "0.5")
    #expect(order(bench, 2)?.status == .siblingFilledCanceled)
    #expect(bench.imbalance() == nil)
  }

  @Test(
    "with a size of its own it sells that, and no more than there is", arguments: ["0.2", "0.9"])
  func fixed(size: String) throws {
    var bench = Bench(btc: falling())
    _ = bench.order(Bench.limit(.buy, "0.5", at: "101000", "Ioc"))
    #expect(protect(&bench, size: size) == ["waitingForTrigger", "waitingForTrigger"])
    bench.advance(by: .minutes(6))
    let left = bench.venue.positions(of: Bench.alice).first?.quantity ?? .zero
    #expect(left == (size == "0.2" ? "0.3" : "0"))
  }

  @Test("they go when the position is closed or turned by other means", arguments: ["0.5", "0.8"])
  func closed(size: String) {
    var bench = Bench()
    _ = bench.order(Bench.limit(.buy, "0.5", at: "101000", "Ioc"))
    _ = protect(&bench)
    _ = bench.order(Bench.trigger(.sell, "0.5", at: "98000", limit: "95000", cloid: 3))
    _ = bench.order(Bench.limit(.sell, size, at: "99000", "Ioc"))
    #expect(order(bench, 1)?.status == .reduceOnlyCanceled)
    #expect(order(bench, 2)?.status == .reduceOnlyCanceled)
    // One that was sent alone belongs to nobody's position.
    #expect(order(bench, 3)?.status == .open)
  }

  @Test("only triggers of a position may do without a size")
  func sizes() {
    var bench = Bench()
    let bare = Bench.trigger(.sell, "0", at: "98500", limit: "95000")
    #expect(bench.statuses(bench.order(bare)) == ["Order has zero size. asset=0"])
    let family = bench.order(
      Bench.limit(.buy, "0.1", at: "99000"), bare, grouping: "normalTpsl")
    #expect(bench.statuses(family) == ["Order has zero size. asset=0"])
  }

  @Test("where resting reduce-only orders exceed the position, the oldest go")
  func trimming() {
    var bench = Bench()
    _ = bench.order(Bench.limit(.buy, "0.5", at: "101000", "Ioc"))
    for id in 1...3 {
      let order = Bench.limit(
        .sell, "0.2", at: "10\(id)000", reduceOnly: true, cloid: UInt64(id))
      #expect(bench.statuses(bench.order(order)) == ["resting"])
    }
    #expect(order(bench, 1)?.status == .reduceOnlyCanceled)
    #expect(order(bench, 2)?.isOpen == true && order(bench, 3)?.isOpen == true)
    // A position that shrinks has the same effect, and the newest stays.
    _ = bench.order(Bench.limit(.sell, "0.4", at: "99000", "Ioc"))
    #expect(order(bench, 2)?.status == .reduceOnlyCanceled)
    #expect(order(bench, 3)?.isOpen == true)
    #expect(bench.imbalance() == nil)
  }

  @Test("a liquidation is told to both sides, and its words name the margin")
  func liquidationWords() throws {
    var bench = Bench(deposit: Money(whole: 1_000_000)) { $0.listings[0].levels = 0 }
    _ = bench.act(#"{"type":"updateLeverage","asset":0,"isCross":false,"leverage":10}"#)
    _ = bench.order(Bench.limit(.sell, "0.1", at: "100000"), as: Bench.bob)
    _ = bench.order(Bench.limit(.buy, "0.1", at: "100000", "Ioc"))
    _ = bench.order(Bench.limit(.buy, "0.1", at: "99000"), as: Bench.bob)
    bench.venue.apply(.liquidation(Bench.alice, "BTC"))
    for (user, word) in [
      (Bench.alice, "Liquidated Isolated Long"), (Bench.bob, "Close Short"),
    ] {
      let fill = bench.parsed(bench.info(#"{"type":"userFills","user":"\#(user)"}"#))?[0]
      #expect(fill?["dir"]?.string == word)
      #expect(fill?["liquidation"]?["liquidatedUser"]?.string == Bench.alice.description)
      #expect(fill?["liquidation"]?["method"]?.string == "market")
    }
    let history = bench.info(#"{"type":"historicalOrders","user":"\#(Bench.alice)"}"#)
    let order = bench.parsed(history)?[0]?["order"]
    #expect(order?["tif"]?.string == "LiquidationMarket")
    #expect(order?["orderType"]?.string == "Market")
  }
}

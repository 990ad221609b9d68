import Market
import Risk
import Testing
import Venues

@testable import Exchange

@Suite("Margin and liquidation")
struct MarginTests {
  private typealias Bench = VenueBench

  @Test("the documented tiers give the documented margin")
  func tiers() {
    var listing = PerpetualListing(Bench.instrument("BTC", sizeDecimals: 5, leverage: 40))
    listing.marginTiers = [
      MarginTier(lowerBound: .zero, maximumLeverage: 40),
      MarginTier(lowerBound: Money(whole: 150_000_000), maximumLeverage: 20),
    ]
    let table = MaintenanceTable(listing)
    #expect(table.maintenance(of: Money(whole: 200_000_000)) == Money(whole: 3_125_000))
    #expect(table.maintenance(of: Money(whole: 150_000_000)) == Money(whole: 1_875_000))
    #expect(table.maintenance(of: Money("377667")) == Money("4720.8375"))
  }

  @Test("the liquidation price follows the documented formula")
  func liquidationPrice() throws {
    // Long 4.5 from 81285 with cash such that the account is worth 38252.7 at a mark of 83926.
    var bench = VenueBench(btc: .constant("83926"), deposit: Money(whole: 1_000_000)) {
      $0.listings[0].levels = 0
      $0.fees.taker = 0
      $0.fees.maker = 0
    }
    _ = bench.order(Bench.limit(.sell, "4.5", at: "83926"), as: Bench.bob)
    _ = bench.order(Bench.limit(.buy, "4.5", at: "83926", "Ioc"))
    let value = try #require(bench.venue.accountValue(of: Bench.alice))
    bench.venue.apply(.transfer(Bench.alice, Money("38252.7") - value))
    let mark = try #require(bench.venue.mark(of: "BTC"))
    #expect(mark == "83926")
    let alice = try #require(bench.venue.accountOf[Bench.alice])
    let own = try #require(bench.venue.liquidationPrice(alice, 0))
    #expect((own - Price("76380.15")).magnitude <= "0.01", "\(own)")
  }

  @Test("an order needs margin for what it opens, and none for what it closes")
  func openingMargin() {
    var bench = VenueBench(deposit: Money(whole: 10_000))
    // 20x of 10,000 is 2 BTC at 100,000.
    let large = bench.order(Bench.limit(.buy, "2.1", at: "99000"))
    #expect(bench.statuses(large) == ["Insufficient margin to place order. asset=0"])
    #expect(bench.statuses(bench.order(Bench.limit(.buy, "1.2", at: "99000"))) == ["resting"])
    // The first one's margin is set aside.
    let second = bench.order(Bench.limit(.buy, "1.2", at: "99000"))
    #expect(bench.statuses(second) == ["Insufficient margin to place order. asset=0"])
    let id = bench.venue.openOrders(of: Bench.alice)[0].id
    _ = bench.act(#"{"type":"cancel","cancels":[{"a":0,"o":\#(id)}]}"#)
    #expect(bench.statuses(bench.order(Bench.limit(.buy, "1.2", at: "99000"))) == ["resting"])
    #expect(bench.venue.account(Bench.alice)?.reserved == Money(whole: 5_940))
  }

  @Test("leverage moves within its bounds while margin suffices")
  func leverage() {
    var bench = VenueBench(deposit: Money(whole: 10_000))
    func set(_ leverage: Int) -> String {
      bench.act(#"{"type":"updateLeverage","asset":0,"isCross":true,"leverage":\#(leverage)}"#)
    }
    #expect(set(40).contains(#""type":"default""#))
    #expect(bench.statuses(bench.order(Bench.limit(.buy, "3", at: "101000", "Ioc"))) == ["filled"])
    #expect(set(20).contains("Cross position does not have sufficient margin"))
    #expect(bench.venue.positions(of: Bench.alice).first?.leverage == 40)
    #expect(set(0).contains("Invalid leverage value"))
    #expect(set(41).contains("Invalid leverage value"))
  }

  @Test("a position below maintenance is sold, its open orders go first, and the account is told")
  func liquidation() {
    let path: [PathPoint] = [
      PathPoint(time: Bench.start + .seconds(5), price: "100000"),
      PathPoint(time: Bench.start + .seconds(120), price: "96500"),
    ]
    var bench = VenueBench(btc: .path(path), deposit: Money(whole: 4_000))
    bench.open()
    _ = bench.subscribe(#"{"type":"userEvents","user":"\#(Bench.alice)"}"#)
    _ = bench.subscribe(#"{"type":"allMids"}"#)
    _ = bench.act(#"{"type":"updateLeverage","asset":0,"isCross":true,"leverage":40}"#)
    _ = bench.order(Bench.limit(.buy, "0.9", at: "101000", "Ioc"))
    _ = bench.order(Bench.limit(.buy, "0.01", at: "90000", cloid: 9))
    let frames = bench.frames { $0.advance(by: .seconds(130)) }
    #expect(bench.venue.positions(of: Bench.alice).isEmpty)
    let order = bench.venue.order(of: Bench.alice, clientID: .init(high: 0, low: 9))
    #expect(order?.status == .liquidatedCanceled)
    let forced = bench.venue.fills(of: Bench.alice).filter { $0.liquidation != nil }
    #expect(!forced.isEmpty)
    #expect(forced.allSatisfy { $0.liquidation?.isBackstop == false })
    // 4000 of margin and 0.9 long from about 100,000 carry it down to about 96,800.
    #expect(forced.allSatisfy { $0.price < "97200" && $0.price > "96300" })
    #expect(frames.contains { $0.contains(#""channel":"user","data":{"liquidation":{"lid""#) })
    #expect(frames.contains { $0.contains("Liquidated Cross Long") })
    #expect(bench.imbalance() == nil)
  }

  @Test("a fall through two thirds of maintenance ends at the backstop, with nothing left")
  func backstop() {
    let path: [PathPoint] = [
      PathPoint(time: Bench.start + .seconds(5), price: "100000"),
      PathPoint(time: Bench.start + .seconds(6), price: "90000"),
    ]
    var bench = VenueBench(btc: .path(path), deposit: Money(whole: 4_000))
    _ = bench.act(#"{"type":"updateLeverage","asset":0,"isCross":true,"leverage":40}"#)
    _ = bench.order(Bench.limit(.buy, "0.9", at: "101000", "Ioc"))
    bench.advance(by: .seconds(300))
    #expect(bench.venue.positions(of: Bench.alice).isEmpty)
    #expect(bench.venue.account(Bench.alice)?.cash == .zero)
    let last = bench.venue.fills(of: Bench.alice).last
    #expect(last?.liquidation?.isBackstop == true)
    #expect(bench.imbalance() == nil)
  }

  @Test("the account's answer keeps its identities")
  func identities() throws {
    var bench = VenueBench()
    _ = bench.order(Bench.limit(.buy, "0.5", at: "101000", "Ioc"))
    _ = bench.order(Bench.limit(.sell, "3", at: "3900", "Ioc", asset: 1))
    bench.advance(by: .minutes(1))
    let state = bench.info(#"{"type":"clearinghouseState","user":"\#(Bench.alice)"}"#)
    let document = bench.parsed(state)
    let root = try #require(document)
    let summary = try #require(root["marginSummary"])
    let value = try #require(summary["accountValue"]?.fixed(Money.self))
    var expected = try #require(summary["totalRawUsd"]?.fixed(Money.self))
    var margin = Money.zero
    for item in try #require(root["assetPositions"]?.elements) {
      let position = try #require(item["position"])
      let worth = try #require(position["positionValue"]?.fixed(Money.self))
      let size = try #require(position["szi"]?.fixed(Quantity.self))
      expected += size > .zero ? worth : -worth
      margin += try #require(position["marginUsed"]?.fixed(Money.self))
    }
    #expect(value == expected)
    #expect(summary["totalMarginUsed"]?.fixed(Money.self) == margin)
    #expect(value == bench.venue.accountValue(of: Bench.alice))
    let unknown = bench.info(
      #"{"type":"clearinghouseState","user":"0x00000000000000000000000000000000000000ff"}"#)
    #expect(unknown.contains(#""accountValue":"0.0""#) && unknown.contains(#""assetPositions":[]"#))
  }
}

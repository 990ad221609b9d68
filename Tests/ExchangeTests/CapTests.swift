import Market
import Risk
import Testing
import Venues

@testable import Exchange

@Suite("Bounds of oracle, tiers and open interest")
struct CapTests {
  private typealias Bench = VenueBench

  @Test(
    "an order is capped by value: one that takes at once at a tenth of one with a limit",
    arguments: [(40, 30_000_000), (20, 5_000_000), (10, 2_000_000), (5, 500_000)])
  func value(leverage: Int64, cap: Int64) {
    var bench = Bench(btc: .constant("10000"), deposit: Money(whole: 1_000_000_000)) {
      $0.listings[0] = PerpetualListing(
        Bench.instrument("BTC", sizeDecimals: 5, leverage: leverage))
    }
    let coins = cap / 10_000
    func verdict(_ size: String, _ tif: String, at price: String = "10000") -> [String] {
      bench.statuses(bench.order(Bench.limit(.buy, size, at: price, tif)))
    }
    let tooLarge = "Order has invalid size. asset=0"
    #expect(verdict("\(coins).00001", "Ioc") == [tooLarge])
    #expect(verdict("\(coins).00001", "FrontendMarket") == [tooLarge])
    #expect(verdict("\(coins)", "Ioc") != [tooLarge])
    #expect(verdict("\(coins * 10).00001", "Gtc", at: "9000") != [tooLarge])
    #expect(verdict("\(coins * 10).00001", "Gtc") == [tooLarge])
    #expect(verdict("\(coins * 10)", "Gtc") != [tooLarge])
  }

  @Test("a position stays within the tier that allows its leverage")
  func tier() {
    var bench = Bench(deposit: Money(whole: 10_000_000)) {
      $0.listings[0].marginTiers = [
        MarginTier(lowerBound: .zero, maximumLeverage: 40),
        MarginTier(lowerBound: Money(whole: 100_000), maximumLeverage: 10),
      ]
    }
    let refusal =
      "Order would cause position to exceed margin tier limit at current leverage asset=0"
    let large = Bench.limit(.buy, "1.5", at: "99000")
    #expect(bench.statuses(bench.order(large)) == [refusal])
    #expect(
      bench.venue.account(Bench.alice)?.orderHistory.last.flatMap {
        bench.venue.order(id: $0)?.status
      } == .perpMaxPositionRejected)
    #expect(bench.statuses(bench.order(Bench.limit(.buy, "0.5", at: "99000"))) == ["resting"])
    _ = bench.act(#"{"type":"updateLeverage","asset":0,"isCross":true,"leverage":10}"#)
    #expect(bench.statuses(bench.order(large)) == ["resting"])
  }

  @Test("the liquidation price is reckoned in the tier that is valid there")
  func tieredLiquidation() throws {
    var listing = PerpetualListing(Bench.instrument("BTC", sizeDecimals: 5, leverage: 40))
    listing.marginTiers = [
      MarginTier(lowerBound: .zero, maximumLeverage: 40),
      MarginTier(lowerBound: Money(whole: 100_000), maximumLeverage: 10),
    ]
    let table = MaintenanceTable(listing)
    for (size, equity) in [("1.2", "50000"), ("1.2", "9000"), ("-1", "20000"), ("-0.5", "2000")] {
      let quantity = try Quantity(decimal: size)
      let available = try Money(decimal: equity)
      let price = try #require(
        table.liquidationPrice(of: quantity, at: "100000", available: available))
      let value = try #require(price.notional(of: quantity.magnitude, .nearest))
      let moved = try #require((price - "100000").notional(of: quantity, .nearest))
      let short = available + moved - table.maintenance(of: value)
      #expect(short.magnitude <= "0.001", "\(size) \(equity): \(price) leaves \(short)")
    }
    // Without debt nothing liquidates a long.
    #expect(
      table.liquidationPrice(of: "1", at: "100000", available: Money(whole: 200_000)) == nil)
  }

  @Test("at the cap of open interest positions shrink, and neither grow nor turn")
  func openInterest() {
    var bench = Bench(deposit: Money(whole: 1_000_000)) {
      $0.listings[0].openInterestCap = Money(whole: 50_000)
    }
    #expect(
      bench.statuses(bench.order(Bench.limit(.buy, "0.6", at: "101000", "Ioc"))) == ["filled"])
    func verdict(_ order: String) -> [String] { bench.statuses(bench.order(order)) }
    #expect(
      verdict(Bench.limit(.buy, "0.1", at: "101000", "Ioc")) == [
        ErrorText.interestGrows + " asset=0"
      ])
    #expect(
      verdict(Bench.limit(.sell, "0.7", at: "99000", "Ioc")) == [
        ErrorText.interestGrows + " asset=0"
      ])
    #expect(verdict(Bench.limit(.buy, "0.1", at: "99000")) == ["resting"])
    #expect(verdict(Bench.limit(.sell, "0.3", at: "99000", "Ioc")) == ["filled"])
    #expect(verdict(Bench.limit(.buy, "0.1", at: "101000", "Ioc")) == ["filled"])
  }

  @Test("a resting order that would grow a position at the cap is cancelled when it is met")
  func capAtMatch() throws {
    var bench = Bench(
      btc: .path([
        PathPoint(time: Bench.start + .seconds(5), price: "100000"),
        PathPoint(time: Bench.start + .seconds(30), price: "98000"),
      ]), deposit: Money(whole: 1_000_000)
    ) { $0.listings[0].openInterestCap = Money(whole: 50_000) }
    _ = bench.order(Bench.limit(.buy, "0.1", at: "99000", cloid: 1))
    _ = bench.order(Bench.limit(.buy, "0.6", at: "101000", "Ioc"), as: Bench.bob)
    bench.advance(by: .minutes(1))
    let order = bench.venue.order(of: Bench.alice, clientID: ClientOrderID(high: 0, low: 1))
    #expect(order?.status == .openInterestCapCanceled)
    #expect(bench.imbalance() == nil)
  }

  @Test("a price too far from the oracle is refused where the listing bounds it")
  func oracle() {
    var bench = Bench { $0.listings[0].oracleBand = 100_000 }
    #expect(
      bench.statuses(bench.order(Bench.limit(.buy, "0.01", at: "89000"))) == [
        ErrorText.oracle + " asset=0"
      ])
    #expect(bench.statuses(bench.order(Bench.limit(.buy, "0.01", at: "91000"))) == ["resting"])
  }

  @Test("priority is sold to batches of IOC orders, or of ALO orders that open")
  func priority() {
    var bench = Bench()
    func verdict(_ orders: String...) -> [String] {
      let list = orders.joined(separator: ",")
      return bench.statuses(
        bench.act(#"{"type":"order","orders":[\#(list)],"grouping":{"p":100}}"#))
    }
    let taker = Bench.limit(.buy, "0.01", at: "101000", "Ioc")
    let maker = Bench.limit(.buy, "0.01", at: "99000", "Alo")
    #expect(verdict(taker, taker) == ["filled", "filled"])
    #expect(verdict(maker) == ["resting"])
    #expect(verdict(taker, maker) == [ErrorText.priority])
    #expect(verdict(Bench.limit(.buy, "0.01", at: "99000")) == [ErrorText.priority])
    #expect(
      verdict(Bench.limit(.sell, "0.01", at: "101000", "Alo", reduceOnly: true)) == [
        ErrorText.priority
      ])
  }
}

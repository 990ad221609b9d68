import Exchange
import Market
import Risk
import Testing

@Suite("Matching")
struct MatchingTests {
  private typealias Bench = VenueBench

  @Test("a marketable order walks the book, best level first, and pays the taker fee")
  func walksTheBook() throws {
    var bench = VenueBench()
    let book = try #require(bench.venue.book(of: "BTC", depth: 3))
    let answer = bench.order(Bench.limit(.buy, "1.2", at: "101000", "Ioc"))
    #expect(bench.statuses(answer) == ["filled"])
    let fills = bench.venue.fills(of: Bench.alice)
    #expect(fills.map(\.price) == book.asks.prefix(fills.count).map(\.price))
    #expect(fills.first?.quantity == book.asks.first?.quantity)
    #expect(fills.map(\.quantity).reduce(.zero, +) == Quantity("1.2"))
    #expect(fills.count > 1, "the size was meant to reach past the best level")
    for fill in fills {
      let notional = fill.price.notional(of: fill.quantity, .nearest) ?? .zero
      let exact = notional.steps * 45 / 100_000
      #expect(abs(fill.fee.steps - exact) <= 100 && fill.fee.steps % 100 == 0)
      #expect(fill.isTaker)
    }
    #expect(bench.imbalance() == nil)
  }

  @Test("what an IOC cannot take within its limit is cancelled")
  func limitBoundsTheWalk() throws {
    var bench = VenueBench(deposit: Money(whole: 100_000_000))
    let book = try #require(bench.venue.book(of: "BTC", depth: 2))
    let limit = book.asks[1].price
    let answer = bench.order(Bench.limit(.buy, "50", at: "\(limit)", "Ioc", cloid: 1))
    #expect(bench.statuses(answer) == ["filled"])
    let fills = bench.venue.fills(of: Bench.alice)
    #expect(fills.allSatisfy { $0.price <= limit })
    #expect(fills.map(\.quantity) == book.asks.map(\.quantity))
    let order = try #require(
      bench.venue.order(of: Bench.alice, clientID: .init(high: 0, low: 1)))
    #expect(order.status == .canceled)
    #expect(order.remaining + fills.map(\.quantity).reduce(.zero, +) == Quantity("50"))
  }

  @Test("what was taken stays taken until the price moves")
  func liquidityIsFinite() {
    var bench = VenueBench(deposit: Money(whole: 100_000_000)) { $0.listings[0].levels = 1 }
    let first = bench.order(Bench.limit(.buy, "50", at: "101000", "Ioc"))
    let second = bench.order(Bench.limit(.buy, "50", at: "101000", "Ioc"))
    #expect(bench.statuses(first) == ["filled"])
    #expect(
      bench.statuses(second) == [
        "Order could not immediately match against any resting orders. asset=0"
      ])
    bench.advance(by: .seconds(2))
    #expect(bench.statuses(bench.order(Bench.limit(.buy, "1", at: "101000", "Ioc"))) == ["filled"])
  }

  @Test("of two resting orders the better price trades first, then the older")
  func priceTimePriority() {
    var bench = VenueBench { $0.listings[0].levels = 0 }
    _ = bench.order(Bench.limit(.sell, "0.01", at: "100020", cloid: 1))
    _ = bench.order(Bench.limit(.sell, "0.01", at: "100010", cloid: 2))
    _ = bench.order(Bench.limit(.sell, "0.01", at: "100010", cloid: 3))
    _ = bench.order(Bench.limit(.buy, "0.025", at: "100050", "Ioc"), as: Bench.bob)
    let filled = bench.venue.fills(of: Bench.alice).map { ($0.clientID?.low, $0.quantity) }
    #expect(filled.map(\.0) == [2, 3, 1])
    #expect(filled.map(\.1) == ["0.01", "0.01", "0.005"])
    #expect(bench.venue.fills(of: Bench.bob).map(\.price) == ["100010", "100010", "100020"])
    #expect(bench.venue.fills(of: Bench.alice).allSatisfy { !$0.isTaker })
    #expect(bench.imbalance() == nil)
  }

  @Test("an account never trades with itself: the resting order goes, the taker goes on")
  func selfTrade() {
    var bench = VenueBench { $0.listings[0].levels = 0 }
    _ = bench.order(Bench.limit(.sell, "0.01", at: "100010", cloid: 1))
    _ = bench.order(Bench.limit(.sell, "0.01", at: "100020"), as: Bench.bob)
    _ = bench.order(Bench.limit(.buy, "0.01", at: "100050", "Ioc", cloid: 2))
    let own = bench.venue.order(of: Bench.alice, clientID: .init(high: 0, low: 1))
    #expect(own?.status == .selfTradeCanceled)
    #expect(bench.venue.fills(of: Bench.alice).map(\.price) == ["100020"])
    #expect(bench.venue.openOrders(of: Bench.alice).isEmpty)
  }

  @Test("a resting order trades at its own price when the market comes through it")
  func makerFill() {
    let path: [PathPoint] = [
      PathPoint(time: Bench.start, price: "100000"),
      PathPoint(time: Bench.start + .seconds(60), price: "98000"),
    ]
    var bench = VenueBench(btc: .path(path))
    _ = bench.order(Bench.limit(.buy, "0.5", at: "99000", cloid: 7))
    bench.advance(by: .seconds(20))
    #expect(bench.venue.fills(of: Bench.alice).isEmpty)
    bench.advance(by: .seconds(40))
    let fills = bench.venue.fills(of: Bench.alice)
    #expect(fills.map(\.quantity).reduce(.zero, +) == Quantity("0.5"))
    #expect(fills.allSatisfy { $0.price == "99000" && !$0.isTaker })
    // 49500 x 0.00015, each piece rounded to 1e-6
    let fee = fills.map(\.fee).reduce(.zero, +) - Money("7.425")
    #expect(fee.magnitude.steps <= Int64(50 * fills.count))
    #expect(bench.imbalance() == nil)
  }

  @Test("ALO rests or is refused with the book's best prices")
  func postOnly() throws {
    var bench = VenueBench()
    let book = try #require(bench.venue.book(of: "BTC", depth: 1))
    let crossing = bench.order(Bench.limit(.buy, "0.01", at: "100500", "Alo"))
    let (bid, ask) = (book.bids[0].price, book.asks[0].price)
    #expect(
      bench.statuses(crossing) == [
        "Post only order would have immediately matched, bbo was \(bid)@\(ask). asset=0"
      ])
    #expect(
      bench.statuses(bench.order(Bench.limit(.buy, "0.01", at: "99000", "Alo"))) == ["resting"])
  }

  @Test("a reduce-only order never opens or turns a position")
  func reduceOnly() {
    var bench = VenueBench()
    let refused = "Reduce only order would increase position. asset=0"
    let early = bench.order(Bench.limit(.sell, "0.1", at: "99000", "Ioc", reduceOnly: true))
    #expect(bench.statuses(early) == [refused])
    _ = bench.order(Bench.limit(.buy, "0.1", at: "101000", "Ioc"))
    let same = bench.order(Bench.limit(.buy, "0.1", at: "101000", "Ioc", reduceOnly: true))
    #expect(bench.statuses(same) == [refused])
    _ = bench.order(Bench.limit(.sell, "5", at: "99000", "Ioc", reduceOnly: true))
    #expect(bench.venue.positions(of: Bench.alice).isEmpty)
    #expect(bench.venue.account(Bench.alice)?.fillCount == 2)
  }

  @Test("resting reduce-only orders go when the position does")
  func reduceOnlyCancelled() {
    var bench = VenueBench()
    _ = bench.order(Bench.limit(.buy, "0.1", at: "101000", "Ioc"))
    _ = bench.order(Bench.limit(.sell, "0.1", at: "105000", reduceOnly: true, cloid: 5))
    _ = bench.order(Bench.limit(.sell, "0.1", at: "99000", "Ioc"))
    let order = bench.venue.order(of: Bench.alice, clientID: .init(high: 0, low: 5))
    #expect(order?.status == .reduceOnlyCanceled)
  }

  @Test("a position that turns realises what it closed and opens the rest at the price")
  func flip() throws {
    var bench = VenueBench { $0.listings[0].levels = 0 }
    _ = bench.order(Bench.limit(.sell, "0.3", at: "100000"), as: Bench.bob)
    _ = bench.order(Bench.limit(.buy, "0.1", at: "100000", "Ioc"))
    _ = bench.order(Bench.limit(.buy, "0.3", at: "101000"), as: Bench.bob)
    let answer = bench.order(Bench.limit(.sell, "0.3", at: "101000", "Ioc"))
    #expect(bench.statuses(answer) == ["filled"], "\(answer)")
    let position = try #require(bench.venue.positions(of: Bench.alice).first)
    #expect(position.quantity == Quantity("-0.2"))
    #expect(position.entryPrice == "101000")
    let profits = bench.venue.fills(of: Bench.alice).map(\.closedProfit)
    #expect(profits.reduce(.zero, +) == Money(whole: 100))
    #expect(bench.imbalance() == nil)
  }
}

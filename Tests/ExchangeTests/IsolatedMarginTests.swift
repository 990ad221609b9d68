import Market
import Risk
import Testing
import Venues

@testable import Exchange

@Suite("Isolated margin")
struct IsolatedMarginTests {
  @Test("an asset says which margin it allows, and holds to it", arguments: MarginMode.allCases)
  func modes(mode: MarginMode) {
    var bench = VenueBench { $0.listings[0].marginMode = mode }
    let listed = bench.info(#"{"type":"meta"}"#)
    #expect(listed.contains(#""onlyIsolated":true,"marginMode":"\#(mode.rawValue)""#))
    let cross = bench.act(#"{"type":"updateLeverage","asset":0,"isCross":true,"leverage":5}"#)
    #expect(cross.contains("Cross margin is not allowed for this asset."))
    let isolated = bench.act(#"{"type":"updateLeverage","asset":0,"isCross":false,"leverage":5}"#)
    #expect(isolated.contains(#""status":"ok""#))
    _ = bench.order(VenueBench.limit(.buy, "0.1", at: "101000", "Ioc"))
    #expect(bench.venue.positions(of: VenueBench.alice).first?.isIsolated == true)
    func move(_ dollars: Int) -> String {
      bench.act(
        #"{"type":"updateIsolatedMargin","asset":0,"isBuy":true,"ntli":\#(dollars * 1_000_000)}"#)
    }
    #expect(move(500).contains(#""status":"ok""#))
    #expect(move(-100).contains(#""status":"ok""#) == (mode == .noCross))
    #expect(bench.imbalance() == nil)
  }

  @Test("a delisted asset keeps its number and trades no more")
  func delisted() {
    var bench = VenueBench { $0.listings[0].isDelisted = true }
    #expect(bench.info(#"{"type":"meta"}"#).contains(#""marginTableId":40,"isDelisted":true}"#))
    let order = bench.order(VenueBench.limit(.buy, "0.1", at: "99000"))
    #expect(bench.statuses(order) == ["Trading is halted. asset=0"])
    let other = bench.order(VenueBench.limit(.buy, "0.1", at: "3900", asset: 1))
    #expect(bench.statuses(other) == ["resting"])
  }

  private typealias Bench = VenueBench

  /// Alice, with 10,000, isolated at 10 on the first listing; no fees, a deep book.
  private func isolated(
    _ model: PriceModel = .constant("100000"), deposit: Money = Money(whole: 10_000)
  ) -> VenueBench {
    var bench = Bench(btc: model, deposit: deposit) {
      $0.fees.taker = 0
      $0.fees.maker = 0
    }
    let answer = bench.act(
      #"{"type":"updateLeverage","asset":0,"isCross":false,"leverage":10}"#)
    #expect(answer.contains(#""type":"default""#))
    return bench
  }

  private func margin(_ bench: inout VenueBench, _ dollars: Int) -> String {
    bench.act(
      #"{"type":"updateIsolatedMargin","asset":0,"isBuy":true,"ntli":\#(dollars * 1_000_000)}"#)
  }

  private func alice(_ bench: VenueBench) -> Int { bench.venue.accountOf[Bench.alice] ?? 0 }

  @Test("a position brings its own margin, which the rest of the account no longer has")
  func opening() throws {
    var bench = isolated()
    _ = bench.order(Bench.limit(.buy, "0.1", at: "101000", "Ioc"))
    let account = alice(bench)
    let cost = try #require(bench.venue.fills(of: Bench.alice).first).price.double * 0.1
    let equity = bench.venue.isolatedEquity(account, 0)
    // A tenth of the cost, and what half the spread lost at once.
    #expect(abs(equity.double - cost / 10) < 20)
    let total = bench.venue.accountValue(account)
    #expect(bench.venue.crossValue(account) + equity == total)
    #expect(bench.venue.crossMarginUsed(account).isZero)
    let state = bench.info(#"{"type":"clearinghouseState","user":"\#(Bench.alice)"}"#)
    let root = bench.parsed(state)
    let leverage = root?["assetPositions"]?[0]?["position"]?["leverage"]
    #expect(leverage?["type"]?.string == "isolated" && leverage?["value"]?.int == 10)
    let raw = try #require(leverage?["rawUsd"]?.fixed(Money.self))
    #expect(raw == bench.venue.positions(of: Bench.alice)[0].isolatedCash && raw < .zero)
    let cross = root?["crossMarginSummary"]
    #expect(cross?["totalNtlPos"]?.string == "0.0")
    #expect(
      cross?["accountValue"]?.fixed(Money.self) == bench.venue.crossValue(account))
    #expect(root?["marginSummary"]?["accountValue"]?.fixed(Money.self) == total)
  }

  @Test("closing half gives back half of the margin; closing all gives back all of it")
  func closing() throws {
    var bench = isolated()
    _ = bench.order(Bench.limit(.buy, "0.2", at: "101000", "Ioc"))
    let before = bench.venue.isolatedEquity(alice(bench), 0)
    _ = bench.order(Bench.limit(.sell, "0.1", at: "99000", "Ioc", reduceOnly: true))
    let after = bench.venue.isolatedEquity(alice(bench), 0)
    #expect(abs(after.double - before.double / 2) < 15)
    _ = bench.order(Bench.limit(.sell, "0.1", at: "99000", "Ioc", reduceOnly: true))
    #expect(bench.venue.account(Bench.alice)?.positions[0].isolatedCash == .zero)
    #expect(bench.venue.crossValue(alice(bench)) == bench.venue.accountValue(alice(bench)))
    #expect(bench.imbalance() == nil)
  }

  @Test("turning a position around leaves the new one with its own initial margin")
  func turning() throws {
    var bench = isolated()
    _ = bench.order(Bench.limit(.buy, "0.1", at: "101000", "Ioc"))
    _ = bench.order(Bench.limit(.sell, "0.3", at: "99000", "Ioc"))
    #expect(bench.venue.positions(of: Bench.alice).first?.quantity == "-0.2")
    let account = alice(bench)
    let equity = bench.venue.isolatedEquity(account, 0)
    let initial = bench.venue.initialMargin(account, 0)
    #expect(abs(equity.double - initial.double) < 30)
    #expect(bench.imbalance() == nil)
  }

  @Test("margin is added and taken out within what either side can spare")
  func moving() {
    var bench = isolated()
    #expect(margin(&bench, 100).contains("Position does not use isolated margin."))
    _ = bench.order(Bench.limit(.buy, "0.1", at: "101000", "Ioc"))
    let account = alice(bench)
    let before = bench.venue.isolatedEquity(account, 0)
    #expect(margin(&bench, 500).contains(#""type":"default""#))
    #expect(bench.venue.isolatedEquity(account, 0) == before + Money(whole: 500))
    #expect(margin(&bench, 20_000).contains("Insufficient margin to add"))
    #expect(margin(&bench, -400).contains(#""type":"default""#))
    #expect(margin(&bench, -400).contains("Insufficient margin in the isolated position"))
    #expect(bench.venue.isolatedEquity(account, 0) == before + Money(whole: 100))
    #expect(bench.imbalance() == nil)
  }

  @Test("kind and leverage change only as an open position allows")
  func switching() {
    var bench = isolated()
    func set(_ leverage: Int, isCross: Bool) -> String {
      bench.act(
        #"{"type":"updateLeverage","asset":0,"isCross":\#(isCross),"leverage":\#(leverage)}"#)
    }
    _ = bench.order(Bench.limit(.buy, "0.1", at: "101000", "Ioc"))
    #expect(set(10, isCross: true).contains("Cannot switch leverage type with open position."))
    #expect(set(5, isCross: false).contains("To decrease leverage, add margin to the position."))
    #expect(bench.venue.positions(of: Bench.alice).first?.leverage == 10)
    #expect(margin(&bench, 1_100).contains("default"))
    #expect(set(5, isCross: false).contains(#""type":"default""#))
    _ = bench.order(Bench.limit(.sell, "0.1", at: "99000", "Ioc", reduceOnly: true))
    #expect(set(20, isCross: true).contains(#""type":"default""#))
  }

  @Test("an isolated position is liquidated for itself: the rest of the account stays")
  func liquidation() throws {
    let path: [PathPoint] = [
      PathPoint(time: Bench.start + .seconds(5), price: "100000"),
      PathPoint(time: Bench.start + .seconds(300), price: "88000"),
    ]
    var bench = isolated(.path(path))
    _ = bench.order(Bench.limit(.buy, "0.1", at: "101000", "Ioc"))
    _ = bench.order(Bench.limit(.buy, "0.01", at: "50000", cloid: 1))
    _ = bench.order(Bench.limit(.buy, "1", at: "3900", asset: 1, cloid: 2))
    let price = try #require(bench.venue.liquidationPrice(alice(bench), 0))
    #expect(price > "90000" && price < "92500", "\(price)")
    bench.advance(by: .minutes(6))
    #expect(bench.venue.positions(of: Bench.alice).isEmpty)
    let forced = bench.venue.fills(of: Bench.alice).filter { $0.liquidation != nil }
    let first = try #require(forced.first?.price)
    #expect((first - price).magnitude < "500", "\(first) is far from \(price)")
    let left = try #require(bench.venue.account(Bench.alice)).cash
    #expect(left > Money(whole: 8_900) && left < Money(whole: 9_400), "\(left)")
    let own = bench.venue.order(of: Bench.alice, clientID: .init(high: 0, low: 1))
    #expect(own?.status == .liquidatedCanceled)
    let other = bench.venue.order(of: Bench.alice, clientID: .init(high: 0, low: 2))
    #expect(other?.status == .open)
    #expect(bench.imbalance() == nil)
  }

  @Test("a jump through the margin ends at the backstop, at the cost of that margin only")
  func backstop() throws {
    let path: [PathPoint] = [
      PathPoint(time: Bench.start + .seconds(5), price: "100000"),
      PathPoint(time: Bench.start + .seconds(6), price: "80000"),
    ]
    var bench = isolated(.path(path))
    _ = bench.order(Bench.limit(.buy, "0.1", at: "101000", "Ioc"))
    bench.advance(by: .minutes(5))
    #expect(bench.venue.positions(of: Bench.alice).isEmpty)
    #expect(bench.venue.fills(of: Bench.alice).last?.liquidation?.isBackstop == true)
    let left = try #require(bench.venue.account(Bench.alice)).cash
    #expect(left > Money(whole: 8_950) && left < Money(whole: 9_050), "\(left)")
    #expect(bench.imbalance() == nil)
  }
}

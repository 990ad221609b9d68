import Market
import Risk
import Testing
import Venues

@testable import Exchange

@Suite("Auto-deleveraging")
struct DeleveragingTests {
  private typealias Bench = VenueBench
  private static let carol = AccountAddress(number: 0xca201)
  private static let dave = AccountAddress(number: 0xda7e)

  /// A book in which Alice will owe.
  ///
  /// Alice is long 1 and Dave 0.2 against Bob's 0.8 and Carol's 0.4, and the price falls past all
  /// that Alice has at once. Carol's equity is small, so she comes first.
  private func ruined(isolated: Bool = false) -> VenueBench {
    var bench = Bench(
      btc: .path([
        PathPoint(time: Bench.start + .seconds(10), price: "100000"),
        PathPoint(time: Bench.start + .seconds(11), price: "60000"),
      ]), deposit: Money(whole: 100_000)
    ) {
      $0.listings[0].levels = 0
      $0.blockInterval = .seconds(5)
      $0.accounts.append(AccountSetup(address: Self.carol, deposit: Money(whole: 5_000)))
      $0.accounts.append(AccountSetup(address: Self.dave, deposit: Money(whole: 100_000)))
      $0.accounts[0].deposit = Money(whole: isolated ? 100_000 : 12_000)
    }
    if isolated {
      _ = bench.act(#"{"type":"updateLeverage","asset":0,"isCross":false,"leverage":10}"#)
    }
    for (seller, buyer, size) in [
      (Bench.bob, Bench.alice, "0.6"), (Self.carol, Bench.alice, "0.4"),
      (Bench.bob, Self.dave, "0.2"),
    ] {
      _ = bench.order(Bench.limit(.sell, size, at: "100000"), as: seller)
      _ = bench.order(Bench.limit(.buy, size, at: "100000", "Ioc"), as: buyer)
    }
    return bench
  }

  @Test("what an account cannot pay for is closed against the other side, by rank")
  func closes() throws {
    var bench = ruined()
    #expect(bench.venue.positions(of: Bench.alice).first?.quantity == "1")
    bench.advance(by: .minutes(1))
    #expect(bench.venue.positions(of: Bench.alice).isEmpty)
    // Hers, the more leveraged, went whole; his as far as it was needed.
    #expect(bench.venue.positions(of: Self.carol).isEmpty)
    #expect(bench.venue.positions(of: Bench.bob).first?.quantity == "-0.2")
    #expect(bench.venue.positions(of: Self.dave).first?.quantity == "0.2")
    #expect(bench.imbalance() == nil)
    // Nobody is left owing.
    #expect(try #require(bench.venue.accountValue(of: Bench.alice)) == .zero)
  }

  @Test("its fills say so, cost nothing and carry no hash")
  func fills() throws {
    var bench = ruined()
    bench.advance(by: .minutes(1))
    for user in [Bench.alice, Self.carol] {
      let fill = bench.parsed(bench.info(#"{"type":"userFills","user":"\#(user)"}"#))?[0]
      #expect(fill?["dir"]?.string == "Auto-Deleveraging")
      #expect(fill?["fee"]?.string == "0.0")
      #expect(fill?["hash"]?.string == "0x" + String(repeating: "0", count: 64))
    }
  }

  @Test("an isolated position that owes takes nothing of the rest of its account")
  func isolated() throws {
    var bench = ruined(isolated: true)
    let before = try #require(bench.venue.accountValue(of: Bench.alice))
    bench.advance(by: .minutes(1))
    #expect(bench.venue.positions(of: Bench.alice).isEmpty)
    let after = try #require(bench.venue.accountValue(of: Bench.alice))
    // It lost the margin that was set aside, a tenth of 100,000, and no more.
    #expect((before - after - Money(whole: 10_000)).magnitude <= "0.01", "\(before) \(after)")
    #expect(bench.imbalance() == nil)
  }
}

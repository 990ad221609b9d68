@testable import Engine
import Exchange
import Market
import Risk
import Testing
import Venues

@testable import Simulation

/// The second set of books against books that were cooked.
@Suite struct LedgerOracleTests {
  private static let fee = Money(steps: 4_500_000)

  /// Books that balance: one coin bought at 100 with its fee.
  private func balanced(cash shift: Int64 = 0, equity: Int64? = nil) -> StepObservation {
    var account = Plant.account(fees: Self.fee)
    account.realised = Money(steps: shift)
    let position = Plant.position()
    var snapshot = Plant.snapshot(account: account, positions: [position])
    snapshot.marks = [
      Snapshot.Mark(symbol: "BTC", price: Price(whole: 110), time: Monotonic(nanoseconds: 0))
    ]
    snapshot.equity = Money(whole: equity ?? 1_010) - Self.fee + Money(steps: shift)
    return Plant.step(
      records: [.account(account), Plant.fill(), .position(position)], snapshot: snapshot)
  }

  @Test func booksThatBalanceAreLeftAlone() {
    var bench = Bench(LedgerOracle.self, paper: true)
    bench.step(balanced())
    #expect(bench.found == [])
  }

  @Test func cashThatNoFillExplains() {
    var bench = Bench(LedgerOracle.self, paper: true)
    bench.step(balanced(cash: 5))
    #expect(bench.found == ["A1"])
  }

  @Test func equityThatIsNotCashAndPositions() {
    var bench = Bench(LedgerOracle.self, paper: true)
    bench.step(balanced(equity: 1_011))
    #expect(bench.found == ["A2"])
  }

  @Test func aFillThatCountsTwice() {
    var bench = Bench(LedgerOracle.self, paper: true)
    bench.persist(Plant.fill(1), .position(Plant.position()))
    bench.persist(Plant.fill(1), .position(Plant.position(quantity: 2, cost: 200)))
    #expect(bench.found == ["A3"])
  }

  @Test func aPositionThatIsNotItsFills() {
    var bench = Bench(LedgerOracle.self, paper: true)
    bench.persist(Plant.fill(1), .position(Plant.position(quantity: 3, cost: 100)))
    #expect(bench.found == ["A3"])
  }

  @Test func anOrderThatFillsInPiecesWithinOneStep() {
    var bench = Bench(LedgerOracle.self, paper: true)
    bench.persist(
      Plant.fill(1), .position(Plant.position()),
      Plant.fill(2), .position(Plant.position(quantity: 2, cost: 200)),
      Plant.fill(3), .position(Plant.position(quantity: 3, cost: 300)))
    #expect(bench.found == [])
  }

  /// The last row is right: only a row that answers for its own piece shows the one before.
  @Test func aPieceThatIsMissingFromItsOwnRow() {
    var bench = Bench(LedgerOracle.self, paper: true)
    bench.persist(
      Plant.fill(1), .position(Plant.position()),
      Plant.fill(2), .position(Plant.position(quantity: 1, cost: 200)),
      Plant.fill(3), .position(Plant.position(quantity: 3, cost: 300)))
    #expect(bench.found == ["A3"])
  }

  @Test func aPieceBookedAtAnotherCostThanItsOwn() {
    var bench = Bench(LedgerOracle.self, paper: true)
    bench.persist(
      Plant.fill(1), .position(Plant.position(cost: 99)),
      Plant.fill(2), .position(Plant.position(quantity: 2, cost: 200)))
    #expect(Set(bench.found) == ["A6"])
  }

  @Test func aPieceWithoutARow() {
    var bench = Bench(LedgerOracle.self, paper: true)
    bench.persist(Plant.fill(1), .position(Plant.position()), Plant.fill(2))
    #expect(bench.found == ["A6"])
  }

  @Test func equityThatChangesForNoReason() {
    var bench = Bench(LedgerOracle.self, paper: true)
    let first = balanced()
    bench.step(first)
    // The account and equity gain a dollar together: cash is wrong, and the change is unexplained.
    var snapshot = first.snapshot
    snapshot.account?.realised += Money(whole: 1)
    snapshot.equity += Money(whole: 1)
    bench.step(Plant.step(snapshot: snapshot))
    #expect(bench.found == ["A1", "A4"])
  }

  @Test func aFlatPositionWithABasis() {
    var bench = Bench(LedgerOracle.self, paper: true)
    bench.persist(Plant.fill(1), .position(Plant.position()))
    bench.persist(
      Plant.fill(2, side: .sell, realised: Money(whole: -1)),
      .position(Plant.position(quantity: 0, cost: -1, closed: true)))
    #expect(bench.found == ["A5"])
  }

  @Test func aBasisOfTheWrongSign() {
    var bench = Bench(LedgerOracle.self, paper: true)
    bench.persist(
      Plant.fill(1, realised: Money(whole: -200)), .position(Plant.position(cost: -100)))
    #expect(bench.found == ["A5"])
  }

  @Test func aBookingOutOfBalance() {
    var bench = Bench(LedgerOracle.self, paper: true)
    bench.persist(Plant.fill(1), .position(Plant.position(cost: 101)))
    #expect(bench.found == ["A6"])
  }

  @Test(arguments: [4_499_999, 4_500_001, 0] as [Int64])
  func aFeeOffTheSchedule(steps: Int64) {
    var bench = Bench(LedgerOracle.self, paper: true)
    bench.persist(Plant.fill(1, fee: Money(steps: steps)), .position(Plant.position()))
    #expect(bench.found == ["A7"])
  }

  @Test func fundingThatIsAppliedTwiceOrOnNothing() {
    let payment = FundingPaymentRecord(
      position: Plant.id(1), symbol: "BTC", time: Plant.start + .hours(1), amount: Money(whole: 1))
    var twice = Bench(LedgerOracle.self, paper: true)
    twice.persist(Plant.fill(1), .position(Plant.position()))
    twice.persist(.fundingPayment(payment))
    #expect(twice.found == [])
    twice.persist(.fundingPayment(payment))
    #expect(twice.found == ["A8"])
    var nothing = Bench(LedgerOracle.self, paper: true)
    nothing.persist(.fundingPayment(payment))
    #expect(nothing.found == ["A8"])
  }
}

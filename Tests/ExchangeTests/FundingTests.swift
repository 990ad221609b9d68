import Market
import Testing
import Venues

@testable import Exchange

@Suite("Funding")
struct FundingTests {
  // Premium and hourly rate, in steps of 1e-10; worked from the documented formula.
  @Test(
    "the rate follows the documented formula",
    arguments: [
      (0, 125_000),  // 0 -> 0.0000125
      (100_000_000, 11_875_000),  // 0.01 -> 0.0011875
      (1_000_000, 125_000),  // 0.0001 -> 0.0001 / 8
      (6_000_000, 125_000),  // 0.0006 -> pulled back by 0.0005
      (-4_000_000, 125_000),  // -0.0004 -> pulled up by 0.0005
      (-10_000_000, -625_000),  // -0.001 -> -0.0005 / 8
      (100_000_000_000, 400_000_000),  // 10 -> capped at 4 %
      (-100_000_000_000, -400_000_000),
    ])
  func rates(premium: Int64, rate: Int64) {
    #expect(FundingMeter.rate(premium: premium).steps == rate)
  }

  @Test("the premium measures how far the impact prices leave the oracle")
  func premium() {
    #expect(
      FundingMeter.premium(impactBid: "101", impactAsk: "102", oracle: "100") == 100_000_000)
    #expect(
      FundingMeter.premium(impactBid: "97", impactAsk: "99", oracle: "100") == -100_000_000)
    #expect(FundingMeter.premium(impactBid: "99", impactAsk: "101", oracle: "100") == 0)
  }

  @Test("longs pay, shorts receive, on the oracle price")
  func payments() {
    let rate = FundingRate(steps: 125_000)
    #expect(
      FundingMeter.payment(position: "1", oracle: "100000", rate: rate) == Money("-1.25"))
    #expect(
      FundingMeter.payment(position: "-0.5", oracle: "100000", rate: rate) == Money("0.625"))
    #expect(
      FundingMeter.payment(position: "2", oracle: "50", rate: FundingRate(steps: -125_000))
        == Money("0.00125"))
  }

  @Test("it is settled every hour on the hour, once, and shown")
  func hourly() throws {
    var bench = VenueBench()
    _ = bench.order(VenueBench.limit(.buy, "0.1", at: "101000", "Ioc"))
    bench.advance(by: .minutes(59))
    #expect(bench.venue.fundings(of: VenueBench.alice).isEmpty)
    bench.advance(by: .hours(2))
    let fundings = bench.venue.fundings(of: VenueBench.alice)
    #expect(fundings.map(\.time) == [VenueBench.start + .hours(1), VenueBench.start + .hours(2)])
    for funding in fundings {
      #expect(funding.position == Quantity("0.1"))
      #expect(
        funding.payment
          == FundingMeter.payment(
            position: "0.1", oracle: try #require(bench.venue.oracle(of: "BTC")),
            rate: funding.rate))
    }
    let rows = bench.info(#"{"type":"fundingHistory","coin":"BTC","startTime":0}"#)
    #expect(rows.contains(#""coin":"BTC","fundingRate":"0.0000125""#), "\(rows)")
    #expect(bench.imbalance() == nil)
  }

  @Test("a basis makes a premium, and the premium a rate")
  func basis() throws {
    var bench = VenueBench { $0.listings[0].basis = 2_000 }
    bench.advance(by: .minutes(61))
    let row = try #require(bench.venue.markets[0].funding.history.last)
    // 0.2 % above the oracle, less half a spread and the book's depth.
    #expect((15_000_000...21_000_000).contains(row.premium), "\(row.premium)")
    #expect(row.rate == FundingMeter.rate(premium: row.premium))
    #expect(row.rate.steps > 125_000)
  }

  @Test("an extra settlement is one more row and one more payment")
  func extra() {
    var bench = VenueBench()
    _ = bench.order(VenueBench.limit(.sell, "0.1", at: "99000", "Ioc"))
    bench.venue.apply(.extraFunding("BTC", FundingRate(steps: 1_000_000)))
    #expect(bench.venue.fundings(of: VenueBench.alice).count == 1)
    #expect(bench.imbalance() == nil)
  }
}

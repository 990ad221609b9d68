import Market
import Testing

@testable import Risk

@Suite struct SizingTests {
  struct Case: Sendable {
    var name: String
    var entry: Int64
    var stop: Int64
    var quantity: Int64
  }

  /// `strategies.md` 4.2, with five decimals of size.
  @Test(arguments: [
    Case(name: "SZ-1", entry: 98_200, stop: 97_500, quantity: 10_699_000),
    Case(name: "SZ-2", entry: 64_400, stop: 64_100, quantity: 22_020_000),
  ]) func workedCases(_ case_: Case) {
    let input = GateCase().with {
      $0.policy = Policy(Limits.paperDefault)
      $0.policy.minimumStopDistanceBasisPoints = 25
      $0.trade.entry = dollars(case_.entry)
      $0.trade.fillEstimate = dollars(case_.entry)
      $0.trade.worstPrice = dollars(case_.entry)
      $0.trade.stop = dollars(case_.stop)
      $0.trade.target = dollars(case_.entry * 3 - case_.stop * 2)
    }
    #expect(input.quantity == case_.quantity, "\(case_.name)")
  }

  /// The plain formula, which ignores costs, stays reproducible: 0.14285.
  @Test func theNaiveFormulaIsAConfiguration() throws {
    let limits = try Limits(
      basedOn: .paperDefault,
      setting: [
        (.entrySlippageBasisPoints, 0), (.stopSlippageBasisPoints, 0),
        (.takerFeeTenthsOfBasisPoint, 0),
      ])
    let naive = GateCase().with {
      $0.policy = Policy(limits)
      $0.trade.worstPrice = $0.trade.entry
    }
    #expect(naive.quantity == 14_285_000)
  }

  /// Whole lots; the loss at the stop within every budget; one more lot would break one of them.
  @Test func sizesAreSafeAndMaximal() throws {
    var generator = Generator(seed: 1)
    var approvals = 0
    for _ in 0..<40_000 {
      let input = randomCase(&generator)
      guard let quantity = input.quantity else { continue }
      approvals += 1
      #expect(quantity > 0 && quantity % input.trade.lot == 0)
      #expect(isAffordable(quantity, input), "seed 1: \(quantity) of \(input)")
      #expect(
        !isAffordable(quantity + input.trade.lot, input),
        "seed 1: one more lot than \(quantity) of \(input)")
      let sized = try #require(
        stakes(of: quantity, in: input.trade, policy: input.policy, reading: Integers()))
      let point = input.account.equity / 10_000
      #expect(sized.risk <= point * 100)
      #expect(input.account.heat + sized.risk <= point * 200)
      #expect(input.symbol.risk + sized.risk <= point * 100)
      #expect(input.account.grossNotional + sized.notional <= input.account.equity * 5)
    }
    #expect(approvals > 5_000, "only \(approvals) approvals: the property says little")
  }

  /// More equity never gives a smaller size.
  @Test func sizeGrowsWithTheBudget() {
    var generator = Generator(seed: 4)
    for _ in 0..<20_000 {
      let input = randomCase(&generator)
      guard let quantity = input.quantity else { continue }
      let richer = input.with { $0.account.equity += generator.number(0...dollars(1_000)) }
      #expect((richer.quantity ?? -1) >= quantity, "seed 4: \(input)")
    }
  }

  @Test func leverageCapsTheSize() {
    // 50,000 of notional, 49,000 used: 1,000 is left, at the limit price of 98,249.
    let input = GateCase().with { $0.account.grossNotional = dollars(49_000) }
    #expect(input.quantity == 1_017_000)
    let venue = GateCase().with { $0.trade.venueLeverage = 1 }
    #expect(venue.quantity == 10_178_000)
  }

  @Test func heatAndSymbolRiskShrinkTheSize() {
    #expect(GateCase().with { $0.account.heat = dollars(150) }.quantity == 5_349_000)
    #expect(GateCase().with { $0.symbol.risk = dollars(50) }.quantity == 5_349_000)
  }

  /// The rule again, written from the formula and not from the code.
  private func isAffordable(_ quantity: Int64, _ input: GateCase) -> Bool {
    let entry = Int128(input.trade.entry)
    let stop = Int128(input.trade.stop)
    let distance = entry > stop ? entry - stop : stop - entry
    // Slippage of 5 and 10 basis points, fee of 4.5 on both fills, in units of 1e-5.
    let loss = distance * 100_000 + entry * 50 + stop * 100 + (entry + stop) * 45
    let spent = Int128(quantity) * loss
    let point = Int128(input.account.equity / 10_000)
    let unit: Int128 = 10_000_000_000_000
    let high = Int128(max(input.trade.entry, input.trade.worstPrice))
    return spent <= point * 100 * unit
      && spent <= (point * 200 - Int128(input.account.heat)) * unit
      && spent <= (point * 100 - Int128(input.symbol.risk)) * unit
      && Int128(quantity) * high
        <= (Int128(input.account.equity) * 5 - Int128(input.account.grossNotional)) * 100_000_000
  }
}

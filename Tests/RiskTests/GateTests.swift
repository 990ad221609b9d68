import Market
import Testing

@testable import Risk

@Suite struct GateTests {
  @Test func approvesTheWorkedCase() {
    #expect(GateCase().verdict() == .approved(quantity: 10_699_000))
  }

  @Test func everyReasonCanBeReached() {
    #expect(Gate.spoilers.map(\.reason) == RejectReason.allCases)
    for (reason, spoil) in Gate.spoilers {
      #expect(GateCase().with(spoil).reason == reason)
    }
  }

  /// The first reason in the order of the cases wins, whatever else is wrong.
  @Test func precedenceIsTheOrderOfTheCases() {
    for (index, first) in Gate.spoilers.enumerated() {
      for second in Gate.spoilers[(index + 1)...] {
        // One price cannot make both wrong: what opens a stop's distance closes the other limit.
        let case_ = GateCase().with { second.spoil(&$0) }.with { first.spoil(&$0) }
        #expect(case_.reason == first.reason, "\(first.reason) before \(second.reason)")
      }
    }
  }

  @Test func codesAreDistinctUpperCase() {
    let codes = RejectReason.allCases.map(\.code)
    #expect(Set(codes).count == codes.count)
    #expect(codes.allSatisfy { $0.utf8.allSatisfy { (65...90).contains($0) || $0 == 95 } })
    let refusals = ReductionRefusal.allCases.map(\.code)
    #expect(Set(refusals).count == refusals.count)
  }

  /// Each limit exactly reached, and one step short of it.
  @Test(arguments: Boundary.all) func equality(_ boundary: Boundary) {
    #expect(GateCase().with(boundary.at).reason == boundary.reasonAt, "at \(boundary.name)")
    #expect(
      GateCase().with(boundary.beside).reason == boundary.reasonBeside, "beside \(boundary.name)")
  }

  @Test func drawdownReferenceIsConfigured() {
    // 10,000 → 10,800 → 9,600: 4 % from the start of the session, 11.1 % from the peak.
    let fallen = GateCase().with {
      $0.account.equity = dollars(9_600)
      $0.account.dayStartEquity = dollars(9_600)
      $0.account.highWaterEquity = dollars(10_800)
    }
    #expect(fallen.reason == .sessionDrawdown)
    #expect(fallen.with { $0.policy.usesHighWater = false }.reason == nil)
    // A mark below the session's start is no peak.
    let stale = fallen.with { $0.account.highWaterEquity = dollars(1) }
    #expect(stale.reason == nil)
    #expect(
      stale.with { $0.account.sessionStartEquity = dollars(10_200) }.reason == .sessionDrawdown)
  }

  @Test func exposurePolicyIsConfigured() {
    let stacked = GateCase().with {
      $0.symbol.longExposure = 1
      $0.symbol.shortExposure = 1
    }
    #expect(stacked.reason == .opposesOpenPosition)
    #expect(stacked.with { $0.policy.isExclusive = false }.reason == nil)
    let own = GateCase().with { $0.symbol.hasOwnExposure = true }
    #expect(own.reason == .duplicateExposure)
    #expect(own.with { $0.policy.isExclusive = false }.reason == .duplicateExposure)
    #expect(GateCase().with { $0.symbol.shortExposure = 1 }.mirrored.reason == .opposesOpenPosition)
    #expect(GateCase().with { $0.symbol.longExposure = 1 }.mirrored.reason == .duplicateExposure)
  }

  /// AR-4 and AR-5: a pair needs two slots.
  @Test func aPairCountsTwo() {
    let two = GateCase().with { $0.account.slotsInUse = 2 }
    #expect(two.reason == nil)
    #expect(two.with { $0.trade.slots = 2 }.reason == .maximumPositions)
    #expect(GateCase().with { $0.trade.slots = 2 }.reason == nil)
  }

  /// The size may differ (costs follow the stop's price), the verdict may not.
  @Test func mirroredTradesGetTheMirroredVerdict() {
    #expect(GateCase().mirrored.quantity != nil)
    for (reason, spoil) in Gate.spoilers where reason != .malformed {
      #expect(GateCase().with(spoil).mirrored.reason == reason)
    }
  }

  /// A raised limit never turns an approval into a refusal, nor a size into a smaller one.
  @Test func raisedLimitsNeverRefuse() {
    var generator = Generator(seed: 13)
    for _ in 0..<20_000 {
      let before = randomCase(&generator)
      guard let quantity = before.quantity else { continue }
      let after = before.with {
        switch generator.number(0...7) {
        case 0: $0.policy.riskPerTradeBasisPoints += generator.number(0...100)
        case 1: $0.policy.portfolioHeatBasisPoints += generator.number(0...100)
        case 2: $0.policy.symbolRiskBasisPoints += generator.number(0...100)
        case 3: $0.policy.maximumLeverageTimes += generator.number(0...5)
        case 4: $0.policy.maximumPositionCount += 1
        case 5: $0.policy.maximumStopDistanceBasisPoints += generator.number(0...100)
        case 6: $0.policy.dayFloorBasisPoints -= generator.number(0...50)
        default: $0.policy.minimumRewardToRiskTenThousandths -= generator.number(0...1_000)
        }
      }
      #expect((after.quantity ?? -1) >= quantity, "seed 13: \(before) against \(after)")
    }
  }

  @Test func onlyTheGateSizesAndClears() throws {
    let instrument = try #require(Instrument(symbol: "BTC", sizeDecimals: 5, maximumLeverage: 40))
    let request = EntryRequest(
      clientID: ClientOrderID(high: 1, low: 2), strategy: "trader_mayne", instrument: instrument,
      side: .buy, entry: Price(whole: 98_200), fillEstimate: Price(whole: 98_200),
      limit: Price(whole: 98_249), timeInForce: .immediateOrCancel, stop: Price(whole: 97_500),
      target: Price(whole: 100_000), validUntil: Instant(nanoseconds: 1_700_000_060_000_000_000))
    let gate = Gate(limits: .exchangeDefault)
    let input = GateCase()
    let cleared = try gate.clearEntry(request, account: input.account, symbol: input.symbol).get()
    #expect(cleared.order.intent.quantity == Quantity(steps: 10_699_000))
    #expect(cleared.order.intent.role == .entry)
    #expect(!cleared.order.intent.isReduceOnly)
    #expect(cleared.order.intent.side == .buy)
    #expect(
      cleared.order.intent.pricing
        == .limit(price: Price(whole: 98_249), timeInForce: .immediateOrCancel))
    // 0.10699 · 934.665 and 0.10699 · 98,249, exactly.
    #expect(cleared.risk == Money(steps: 9_999_980_835))
    #expect(cleared.notional == Money(steps: 1_051_166_051_000))
    let killed = input.with { $0.account.isKilled = true }
    #expect(
      gate.clearEntry(request, account: killed.account, symbol: killed.symbol)
        == .failure(.killSwitch))
  }
}

/// A limit at its value, and one step away on the side that passes or on the side that does not.
struct Boundary: Sendable, CustomTestStringConvertible {
  var name: String
  var reasonAt: RejectReason?
  var at: @Sendable (inout GateCase) -> Void
  var reasonBeside: RejectReason?
  var beside: @Sendable (inout GateCase) -> Void
  var testDescription: String { name }

  static let all: [Boundary] = [
    Boundary(
      name: "day loss of 3 %", reasonAt: .dayLoss, at: { $0.account.equity = dollars(9_700) },
      reasonBeside: nil, beside: { $0.account.equity = dollars(9_700) + 1 }),
    Boundary(
      name: "session drawdown of 5 %", reasonAt: .sessionDrawdown,
      at: {
        $0.account.equity = dollars(9_500)
        $0.account.dayStartEquity = dollars(9_500)
      }, reasonBeside: nil,
      beside: {
        $0.account.equity = dollars(9_500) + 1
        $0.account.dayStartEquity = dollars(9_500)
      }),
    Boundary(
      name: "end of a pause", reasonAt: nil,
      at: { $0.account.pauses.staleFeed = $0.account.now }, reasonBeside: .pausedStaleFeed,
      beside: { $0.account.pauses.staleFeed = $0.account.now + 1 }),
    Boundary(
      name: "order rate", reasonAt: .orderRate, at: { $0.account.ordersInWindow = 10 },
      reasonBeside: nil, beside: { $0.account.ordersInWindow = 9 }),
    Boundary(
      name: "age of data", reasonAt: .staleData, at: { $0.symbol.dataAge = 60_000_000_000 },
      reasonBeside: nil, beside: { $0.symbol.dataAge = 59_999_999_999 }),
    Boundary(
      name: "last instant of the signal", reasonAt: nil,
      at: { $0.account.now = $0.trade.validUntil }, reasonBeside: .signalExpired,
      beside: { $0.account.now = $0.trade.validUntil + 1 }),
    Boundary(
      name: "slots", reasonAt: nil, at: { $0.account.slotsInUse = 2 },
      reasonBeside: .maximumPositions, beside: { $0.account.slotsInUse = 3 }),
    Boundary(
      // 491 / 98,200 is 50 basis points.
      name: "minimum stop distance", reasonAt: nil, at: { $0.trade.stop = dollars(97_709) },
      reasonBeside: .stopTooTight, beside: { $0.trade.stop = dollars(97_709) + 1 }),
    Boundary(
      name: "maximum stop distance", reasonAt: nil,
      at: {
        $0.trade.stop = dollars(93_290)
        $0.trade.target = dollars(110_000)
      }, reasonBeside: .stopTooWide,
      beside: {
        $0.trade.stop = dollars(93_290) - 1
        $0.trade.target = dollars(110_000)
      }),
    Boundary(
      name: "a day that was stopped stays stopped", reasonAt: nil, at: { _ in },
      reasonBeside: .dayLoss, beside: { $0.account.isStoppedForDay = true }),
    Boundary(
      name: "reward of twice the risk", reasonAt: nil, at: { $0.trade.target = dollars(99_600) },
      reasonBeside: .rewardToRisk, beside: { $0.trade.target = dollars(99_600) - 1 }),
    Boundary(
      // At 98,340 the fill leaves 1,260 of reward to 840 of risk: 1.5 to 1.
      name: "reward at the fill estimate", reasonAt: nil,
      at: {
        $0.policy.entrySlippageBasisPoints = 100
        $0.trade.target = dollars(99_600)
        $0.trade.fillEstimate = dollars(98_340)
      }, reasonBeside: .rewardToRisk,
      beside: {
        $0.policy.entrySlippageBasisPoints = 100
        $0.trade.target = dollars(99_600)
        $0.trade.fillEstimate = dollars(98_340) + 1
      }),
    Boundary(
      // 5 basis points of 98,200 are 49.10.
      name: "limit price at the collar", reasonAt: nil,
      at: { $0.trade.worstPrice = 9_824_910_000_000 }, reasonBeside: .priceCollar,
      beside: { $0.trade.worstPrice = 9_824_910_000_001 }),
    Boundary(
      name: "fill estimate at the collar", reasonAt: nil,
      at: { $0.trade.fillEstimate = 9_824_910_000_000 }, reasonBeside: .priceCollar,
      beside: { $0.trade.fillEstimate = 9_824_910_000_001 }),
    Boundary(
      name: "heat", reasonAt: .portfolioHeat, at: { $0.account.heat = dollars(200) },
      reasonBeside: nil, beside: { $0.account.heat = dollars(199) }),
    Boundary(
      name: "symbol risk", reasonAt: .symbolRisk, at: { $0.symbol.risk = dollars(100) },
      reasonBeside: nil, beside: { $0.symbol.risk = dollars(99) }),
    Boundary(
      name: "leverage", reasonAt: .leverage, at: { $0.account.grossNotional = dollars(50_000) },
      reasonBeside: nil, beside: { $0.account.grossNotional = dollars(49_000) }),
    Boundary(
      name: "one lot", reasonAt: nil,
      at: {
        $0.trade.lot = 10_699_000
      }, reasonBeside: .tooSmall, beside: { $0.trade.lot = 10_700_000 }),
    Boundary(
      // 0.10699 · 98,200 is 10,506.418.
      name: "minimum notional", reasonAt: nil,
      at: { $0.trade.minimumNotional = 1_050_641_800_000 }, reasonBeside: .minimumNotional,
      beside: { $0.trade.minimumNotional = 1_050_641_800_001 }),
    Boundary(
      name: "largest price", reasonAt: .badGeometry,
      at: { $0.trade.stop = Bounds.largestPrice }, reasonBeside: .malformed,
      beside: { $0.trade.stop = Bounds.largestPrice + 1 }),
    Boundary(
      name: "largest money", reasonAt: nil, at: { $0.account.equity = Bounds.largestMoney },
      reasonBeside: .malformed, beside: { $0.account.equity = Bounds.largestMoney + 1 }),
  ]
}

/// A case near the worked one, mostly approved.
func randomCase(_ generator: inout Generator) -> GateCase {
  GateCase().with {
    let entry = generator.number(dollars(1)...dollars(200_000))
    let risk = max(1, entry * generator.number(50...500) / 10_000)
    $0.trade.entry = entry
    $0.trade.fillEstimate = entry
    $0.trade.worstPrice = entry + entry / 2_000
    $0.trade.stop = max(1, entry - risk)
    $0.trade.target = entry + risk * generator.number(20...50) / 10
    $0.trade.lot = generator.element([1, 100, 1_000, 1_000_000, dollars(1)])
    $0.account.equity = generator.number(dollars(9_800)...dollars(12_000))
    $0.account.heat = generator.number(0...dollars(250))
    $0.account.grossNotional = generator.number(0...dollars(60_000))
    $0.symbol.risk = generator.number(0...dollars(120))
    if generator.flag() { $0 = $0.mirrored }
  }
}

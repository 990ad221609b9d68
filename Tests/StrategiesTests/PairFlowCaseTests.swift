import Market
import Risk
import Testing

@testable import Strategies

/// The worked cases of `strategies.md` section 3.7, through the code that trades.
@Suite struct PairFlowCaseTests {
  // PF-1: the line is fitted without the point that it judges.
  @Test func PF1_lineAndScore() throws {
    let x = [0, 0.01, 0.02, 0.03, 0.04, 0.05]
    let y = [0.1, 0.122, 0.138, 0.162, 0.178, 0.2]
    let line = try #require(PairLine(y, over: x))
    #expect((line.alpha - 0.100571).magnitude < 5e-7)
    #expect((line.beta - 1.977143).magnitude < 5e-7)
    #expect((line.deviation - 0.00194202).magnitude < 5e-9)
    // The exact value is 0.0024 / σ = 1.2358288; the table prints 1.23584.
    #expect((line.score(0.2216, 0.06) - 1.2358288).magnitude < 5e-7)
    #expect((line.score(0.2216, 0.06) - 1.23584).magnitude < 2e-5)
    // Looking one point ahead gives another line, and another score.
    let ahead = try #require(PairLine(y + [0.2216], over: x + [0.06]))
    #expect((ahead.score(0.2216, 0.06) - 1.23584).magnitude > 0.1)
  }

  static let residuals = [
    0.010, 0.012, 0.011, 0.008, 0.006, 0.003, 0.001, -0.003, -0.006, -0.008, -0.007, -0.009,
    -0.006, -0.004, -0.001, 0.002, 0.004, 0.003, 0.006, 0.005, 0.002, -0.001, -0.003, -0.002,
  ]

  // PF-2: one lagged difference, no constant.
  @Test func PF2_reversion() throws {
    let reversion = try #require(Reversion(of: Self.residuals))
    #expect((reversion.rate + 0.190251).magnitude < 5e-7)
    #expect((reversion.statistic + 2.915679).magnitude < 5e-7)
    #expect((try #require(reversion.halfLife) - 3.284577).magnitude < 5e-7)
    // A window short of one value is another answer.
    let short = try #require(Reversion(of: Array(Self.residuals.dropFirst())))
    #expect((short.statistic + 2.915679).magnitude > 0.01)
  }

  @Test func aSpreadThatDoesNotReturnHasNoHalfLife() {
    #expect(Reversion(rate: 0, statistic: 0).halfLife == nil)
    #expect(Reversion(rate: 0.01, statistic: 0).halfLife == nil)
    #expect(Reversion(rate: -1, statistic: 0).halfLife == nil)
    #expect(Reversion(of: [Double](repeating: 0, count: 24)) == nil)
    #expect(Reversion(of: [0.1, 0.2, 0.1, 0.2]) == nil)
    #expect(PairLine([1, 2, 3], over: [1, 1, 1]) == nil)
    #expect(PairLine([1, 2], over: [1, 2]) == nil)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let id: String
    var before = 1.7
    var now = 2.3
    var statistic = -3.6
    var halfLife: Double? = 18
    var correlation = 0.85
    var beta = 0.9
    var deviation = 0.012
    var expected: Outcome
    var testDescription: String { id }

    var spread: PairSpread {
      PairSpread(
        line: PairLine(alpha: 0, beta: beta, deviation: deviation), correlation: correlation,
        statistic: statistic, halfLife: halfLife, before: before, now: now)
    }
  }

  enum Outcome: Sendable {
    /// The first leg's side, reward to risk and confidence in ten-thousandths, bars to last.
    case trade(Side, rr: Int64, confidence: Int64, bars: Int64)
    case refused(NoTradeReason)
  }

  static let PF3 = Case(
    id: "PF-3", expected: .trade(.sell, rr: 32_857, confidence: 8_033, bars: 36))

  static let cases = [
    PF3,
    Case(id: "PF-4", before: 2.1, now: 2.4, expected: .refused(.notACrossing)),
    Case(id: "PF-5", statistic: -2.5, expected: .refused(.notCointegrated)),
    Case(
      id: "PF-6", before: -1.9, now: -2, statistic: -3.2, halfLife: 30, correlation: 0.70,
      beta: 1.1, expected: .trade(.buy, rr: 20_000, confidence: 6_217, bars: 60)),
    Case(id: "PF-8", before: 1.9, now: 2.9, expected: .refused(.tooStretched)),
    // Beyond the table: each check at its edge and one step beyond, in their order.
    Case(
      id: "hedge at its least", beta: 0.3,
      expected: .trade(.sell, rr: 32_857, confidence: 8_033, bars: 36)),
    Case(id: "hedge below", beta: 0.2999, expected: .refused(.betaOutOfRange)),
    Case(
      id: "hedge at its largest", beta: 3,
      expected: .trade(.sell, rr: 32_857, confidence: 8_033, bars: 36)),
    Case(id: "hedge above", beta: 3.0001, expected: .refused(.betaOutOfRange)),
    Case(id: "hedge first", correlation: 0, beta: -1, expected: .refused(.betaOutOfRange)),
    Case(
      id: "correlation at its least", correlation: 0.6,
      expected: .trade(.sell, rr: 32_857, confidence: 6_783, bars: 36)),
    Case(
      id: "correlation below", statistic: 0, correlation: 0.5999,
      expected: .refused(.correlationLow)),
    Case(id: "no correlation", correlation: .nan, expected: .refused(.correlationLow)),
    Case(id: "lockstep", deviation: 1e-13, expected: .refused(.flatSeries)),
    Case(
      id: "statistic at its bound", statistic: -3.07,
      expected: .trade(.sell, rr: 32_857, confidence: 7_150, bars: 36)),
    Case(
      id: "statistic above", statistic: -3.0699, halfLife: nil,
      expected: .refused(.notCointegrated)),
    Case(id: "no statistic", statistic: .nan, expected: .refused(.notCointegrated)),
    Case(
      id: "half-life at its least", halfLife: 2,
      expected: .trade(.sell, rr: 32_857, confidence: 7_233, bars: 4)),
    Case(id: "half-life below", halfLife: 1.9999, expected: .refused(.halfLifeOutOfRange)),
    Case(
      id: "half-life at its longest", halfLife: 60,
      expected: .trade(.sell, rr: 32_857, confidence: 6_133, bars: 60)),
    Case(
      id: "half-life above", now: 0, halfLife: 60.0001,
      expected: .refused(.halfLifeOutOfRange)),
    Case(id: "no half-life", halfLife: nil, expected: .refused(.halfLifeOutOfRange)),
    Case(id: "inside", before: 2.5, now: 1.9999, expected: .refused(.noSetup)),
    Case(
      id: "exactly two before", before: 2, now: 2.3, expected: .refused(.notACrossing)),
    Case(
      id: "from the other side", before: -2.5, now: 2.3,
      expected: .trade(.sell, rr: 32_857, confidence: 8_033, bars: 36)),
    Case(
      id: "as far as it may be", now: 2.75, deviation: 0.02,
      expected: .trade(.sell, rr: 110_000, confidence: 8_033, bars: 36)),
    Case(id: "farther", now: 2.7501, expected: .refused(.tooStretched)),
    Case(
      id: "stops nearer than the gate allows", now: 2.75, deviation: 0.009,
      expected: .refused(.stopTooTight)),
    Case(id: "stops farther", deviation: 0.08, expected: .refused(.stopTooWide)),
  ]

  static func judge(_ given: PairSpread, _ strategy: PairFlow? = nil) throws -> Judgement {
    let ether = try instrument("ETH")
    let strategy = strategy ?? PairFlow(other: "ETH", otherInstrument: ether)
    let trigger = try candle(.h4, at: tuesday, 60_000, 60_100, 59_900, 60_000)
    return strategy.judge(
      try context(trigger), given,
      PairFlow.OtherLeg(instrument: ether, close: Price(whole: 3_000)))
  }

  @Test(arguments: cases) func workedCase(_ given: Case) throws {
    switch (try Self.judge(given.spread), given.expected) {
    case (.signal(let signal), .trade(let side, let rr, let confidence, let bars)):
      #expect(signal.side == side && signal.pair?.side == side.opposite)
      #expect(signal.rewardToRisk.count == rr)
      #expect(signal.confidence.count == confidence)
      #expect(signal.timeStop == tuesday + .hours(4 + 4 * bars))
      #expect(signal.validUntil == tuesday + .hours(4) + .seconds(60))
    case (.noTrade(let reason), .refused(let expected)): #expect(reason == expected)
    case (let outcome, _): Issue.record("expected \(given.expected), got \(outcome)")
    }
  }

  // PF-3: the levels of both legs are where each alone brings the spread to 3, 0 and 4.
  @Test func PF3_levels() throws {
    let signal = try signal(try Self.judge(Self.PF3.spread))
    let pair = try #require(signal.pair)
    #expect(pair.symbol == "ETH" && pair.hedge == "0.9" && pair.entry == Price(whole: 3_000))
    // 60,000·1.0084 = 60,504, ·(1 − 0.0276) = 58,344, ·e^0.0204 = 61,236.6; away from entry.
    #expect(signal.stop == Price(whole: 60_504))
    #expect(signal.target == Price(whole: 58_344))
    #expect(pair.firstCatastrophicStop == Price(whole: 61_237))
    // 3,000·(1 − 0.0084/0.9) = 2,972, ·(1 + 0.0276/0.9) = 3,092, ·e^(−0.0204/0.9) = 2,932.77.
    #expect(pair.stop == Price(whole: 2_972))
    #expect(pair.target == Price(whole: 3_092))
    #expect(pair.catastrophicStop == "2932.7")
    // (0.0276 − 1.9·0.0014) / (0.0084 + 1.9·0.0024): both legs pay their way in and out.
    #expect(signal.netRewardToRisk.count == 19_244)
  }

  // With the spread on the other side, the levels lie the other way round.
  @Test func sidesFollowTheSpread() throws {
    var case3 = Self.PF3
    case3.before = -1.7
    case3.now = -2.3
    let signal = try signal(try Self.judge(case3.spread))
    let pair = try #require(signal.pair)
    #expect(signal.side == .buy && signal.stop < signal.entry && signal.target > signal.entry)
    #expect(pair.side == .sell && pair.stop > pair.entry && pair.target < pair.entry)
    #expect(signal.rewardToRisk.count == 32_857 && signal.confidence.count == 8_033)
  }

  // PF-3: what the gate makes of it at an equity of 100,000 and 1 % of risk, where nothing costs:
  // the case's figures leave costs out.
  @Test func PF3_notionals() throws {
    let signal = try signal(try Self.judge(Self.PF3.spread))
    let pair = try #require(signal.pair)
    let limits = try Limits(
      basedOn: .paperDefault,
      setting: [
        (.entrySlippageBasisPoints, 0), (.stopSlippageBasisPoints, 0),
        (.takerFeeTenthsOfBasisPoint, 0),
      ])
    func request(
      _ symbol: Symbol, _ side: Side, _ entry: Price, _ stop: Price, _ target: Price, slots: Int
    ) throws -> EntryRequest {
      EntryRequest(
        clientID: ClientOrderID(high: 1, low: UInt64(slots)), strategy: PairFlow.id,
        instrument: try instrument(symbol), side: side, entry: entry, fillEstimate: entry,
        limit: entry, timeInForce: .immediateOrCancel, stop: stop, target: target,
        validUntil: signal.validUntil, slots: slots)
    }
    let equity = Money(whole: 100_000).steps
    let account = AccountState<Int64>(
      isKilled: false, pauses: BreakerPauses(), isPausedByDrawdown: false, isStoppedForDay: false,
      now: (signal.validUntil - .seconds(60)).nanoseconds, equity: equity, dayStartEquity: equity,
      sessionStartEquity: equity, highWaterEquity: equity, ordersInWindow: 0, slotsInUse: 0,
      heat: 0, grossNotional: 0)
    let symbol = SymbolState<Int64>(
      isPermitted: true, isDriftAlertOpen: false, dataAge: 0, dataAgeBound: 1,
      hasOwnExposure: false, longExposure: 0, shortExposure: 0, risk: 0)
    let cleared = try Gate(limits: limits).clearPair(
      try request("BTC", signal.side, signal.entry, signal.stop, signal.target, slots: 2),
      try request(pair.symbol, pair.side, pair.entry, pair.stop, pair.target, slots: 1),
      hedge: pair.hedge, account: account, symbols: (symbol, symbol)
    ).get()
    // To a lot of 0.0001 of each.
    let first = try #require(
      signal.entry.notional(of: cleared.first.order.intent.quantity, .nearest))
    let other = try #require(
      pair.entry.notional(of: cleared.second.order.intent.quantity, .nearest))
    #expect((first - "119047.62").magnitude <= "6")
    #expect((other - "107142.86").magnitude <= "5.7")
  }

  @Test func everyThresholdIsConfiguration() throws {
    let ether = try instrument("ETH")
    func reason(_ change: (inout PairFlow.Configuration) -> Void) throws -> NoTradeReason? {
      var configuration = PairFlow.Configuration()
      change(&configuration)
      let strategy = PairFlow(configuration, other: "ETH", otherInstrument: ether)
      guard case .noTrade(let reason) = try Self.judge(Self.PF3.spread, strategy) else {
        return nil
      }
      return reason
    }
    #expect(try reason { _ in } == nil)
    #expect(try reason { $0.leastHedge = 1 } == .betaOutOfRange)
    #expect(try reason { $0.largestHedge = 0.8 } == .betaOutOfRange)
    #expect(try reason { $0.leastCorrelation = 0.9 } == .correlationLow)
    #expect(try reason { $0.criticalStatistic = -4 } == .notCointegrated)
    #expect(try reason { $0.shortestHalfLife = 19 } == .halfLifeOutOfRange)
    #expect(try reason { $0.longestHalfLife = 17 } == .halfLifeOutOfRange)
    #expect(try reason { $0.entry = 2.4 } == .noSetup)
    #expect(try reason { $0.entry = 1.7 } == .notACrossing)
    #expect(try reason { $0.farthestEntry = 2.2 } == .tooStretched)
    #expect(try reason { $0.stop = 4 } == .rewardToRiskBelowMinimum)
    #expect(try reason { $0.stop = 2.2 } == .badGeometry)
    #expect(try reason { $0.gate.minimumStop = "0.01" } == .stopTooTight)
  }
}

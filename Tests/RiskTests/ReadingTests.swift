import Market
import Testing

@testable import Risk

/// The same rules, read otherwise: path by path, at the edges of their types, and as mutants.
@Suite struct ReadingTests {
  /// A prover runs a rule once a path, so every rule stays within 256 of them.
  @Test func pathsStayFew() {
    let counts = [
      ("judge", ForkingReading.paths { _ = judge(checked(GateCase()), in: $0) }),
      (
        "stakes",
        ForkingReading.paths {
          let input = checked(GateCase())
          _ = stakes(of: 1, in: input.trade, policy: input.policy, reading: $0)
        }
      ),
      (
        "judgeReduction",
        ForkingReading.paths {
          _ = judgeReduction(
            Reduction<Checked>(
              role: .stop, isBuy: true, isReduceOnly: true, quantity: 1, price: 1, position: -1,
              outstanding: 0), in: $0)
        }
      ),
      (
        "measured",
        ForkingReading.paths {
          _ = measured(1, on: BreakerState(), threshold: 1, pause: 1, now: 1, in: $0)
        }
      ),
      (
        "orderFailed",
        ForkingReading.paths {
          _ = orderFailed(on: BreakerState(), threshold: 1, pause: 1, now: 1, in: $0)
        }
      ),
      (
        "rateLimited",
        ForkingReading.paths {
          _ = rateLimited(on: BreakerState(), threshold: 1, window: 1, pause: 1, now: 1, in: $0)
        }
      ),
      (
        "escalation",
        ForkingReading.paths {
          _ = escalation(
            equity: 1, reference: 1, collapse: 1, failures: 1, threshold: 1, in: $0)
        }
      ),
      (
        "classifyDrift",
        ForkingReading.paths {
          _ = classifyDrift(local: 1, venue: 1, buysInFlight: 0, sellsInFlight: 0, in: $0)
        }
      ),
      (
        "booked",
        ForkingReading.paths {
          _ = booked(
            LedgerFill<Checked>(isBuy: true, price: 1, quantity: 1, fee: 0), on: LedgerPosition(),
            in: $0)
        }
      ),
      (
        "advance",
        ForkingReading.paths {
          _ = advance(
            OrderStanding<Checked>(
              state: .working, wasAcknowledged: true, quantity: 2, filled: 0),
            on: .traded(quantity: 1), in: $0)
        }
      ),
    ]
    for (name, count) in counts {
      #expect(count <= 256, "\(name) has \(count) paths; all: \(counts)")
      #expect(count > 1, "\(name) does not branch")
    }
    let total = counts.map(\.1).reduce(0, +)
    print("paths:", counts.map { "\($0) \($1)" }.joined(separator: ", "), "in all", total)
  }

  /// No value, however absurd, makes an intermediate leave its type before the rule has refused it.
  @Test func noIntermediateLeavesItsType() {
    var generator = Generator(seed: 38)
    for _ in 0..<30_000 {
      let input = absurdCase(&generator)
      let reading = RangeReading()
      let numbers = checked(input)
      let verdict = judge(numbers, in: reading)
      #expect(reading.firstLeft == nil, "seed 38: \(input)")
      // The two readings agree, and the one that trades does not trap.
      switch (verdict, input.verdict()) {
      case (.approved(let checked), .approved(let traded)):
        #expect(!checked.hasLeft && checked.value == traded, "seed 38: \(input)")
        let sized = Risk.stakes(
          of: checked, in: numbers.trade, policy: numbers.policy,
          reading: reading)
        #expect(sized != nil && reading.firstLeft == nil, "seed 38: \(input)")
        #expect(sized?.risk.hasLeft == false && sized?.notional.hasLeft == false)
      case (.rejected(let checked), .rejected(let traded)): #expect(checked == traded)
      default: Issue.record("seed 38: the readings disagree on \(input)")
      }
    }
  }

  @Test func noIntermediateOfTheOtherRulesLeavesItsType() {
    var generator = Generator(seed: 39)
    func any() -> Checked { Checked(value: generator.element(edges), hasLeft: false) }
    func flag() -> CheckedTruth { CheckedTruth(value: generator.flag(), hasLeft: false) }
    for _ in 0..<15_000 {
      let reading = RangeReading()
      let breaker = BreakerState<Checked>(pausedUntil: any(), count: any(), windowStart: any())
      _ = measured(any(), on: breaker, threshold: any(), pause: any(), now: any(), in: reading)
      _ = orderFailed(on: breaker, threshold: any(), pause: any(), now: any(), in: reading)
      _ = rateLimited(
        on: breaker, threshold: any(), window: any(), pause: any(), now: any(), in: reading)
      _ = escalation(
        equity: any(), reference: any(), collapse: any(), failures: any(), threshold: any(),
        in: reading)
      _ = classifyDrift(
        local: any(), venue: any(), buysInFlight: any(), sellsInFlight: any(), in: reading)
      _ = judgeReduction(
        Reduction(
          role: .exit, isBuy: flag(), isReduceOnly: flag(), quantity: any(), price: any(),
          position: any(), outstanding: any()), in: reading)
      let position = LedgerPosition<Checked>(
        quantity: any(), cost: any(), realised: any(), fees: any(), funding: any())
      let fill = LedgerFill<Checked>(isBuy: flag(), price: any(), quantity: any(), fee: any())
      if case .booked(let booking) = booked(fill, on: position, in: reading) {
        #expect(!booking.traded.hasLeft && !booking.realised.hasLeft)
        #expect(!booking.position.cost.hasLeft && !booking.position.quantity.hasLeft)
      }
      _ = booked(funding: any(), on: position, in: reading)
      #expect(unrealised(position, at: any(), in: reading)?.hasLeft != true)
      #expect(
        fundingPayment(quantity: any(), price: any(), rate: any(), in: reading)?.hasLeft != true)
      #expect(takerFee(price: any(), quantity: any(), rate: any(), in: reading)?.hasLeft != true)
      let order = OrderStanding<Checked>(
        state: generator.element(OrderState.allCases), wasAcknowledged: generator.flag(),
        quantity: any(), filled: any())
      for event in [
        OrderEvent.traded(quantity: any()), .reported(total: any()), .cancelled(total: any()),
      ] { _ = advance(order, on: event, in: reading) }
      #expect(reading.firstLeft == nil, "seed 39")
      if reading.firstLeft != nil { return }
    }
  }

  /// The range reading can see: the same sum without its bound leaves the type.
  @Test func theRangeReadingNoticesAnUnboundedSum() {
    let reading = RangeReading()
    let huge = Checked(integerLiteral: .max)
    _ = reading.holds(huge + huge < 0)
    #expect(reading.firstLeft != nil)
  }

  /// Law 3 at work: turn any one branch of the gate round, and the table of reasons notices.
  @Test func everyMutantOfTheGateIsNoticed() {
    let reading = SiteReading()
    let inputs =
      [GateCase()] + Gate.spoilers.map { spoiler in GateCase().with(spoiler.spoil) }
      + [GateCase().with { $0.account.grossNotional = dollars(49_000) }]
    let expected = inputs.map { $0.verdict(in: reading) }
    // One branch a reason, and the one that caps by leverage.
    #expect(reading.sites.count == RejectReason.allCases.count + 1)
    for site in reading.sites.sorted() {
      let found = inputs.map { $0.verdict(in: Mutant(turned: site)) }
      #expect(found != expected, "nothing notices the branch at \(site) turned round")
    }
  }
}

func judge<D: Domain>(_ input: CheckedCase, in d: D) -> Verdict<Checked> where D.Number == Checked {
  judge(
    input.trade, account: input.account, symbol: input.symbol, policy: input.policy, in: d)
}

/// A case of the gate in checked numbers.
struct CheckedCase {
  var trade: TradeProposal<Checked>
  var account: AccountState<Checked>
  var symbol: SymbolState<Checked>
  var policy: Policy<Checked>
}

func checked(_ input: GateCase) -> CheckedCase {
  func number(_ value: Int64) -> Checked { Checked(value: value, hasLeft: false) }
  func truth(_ value: Bool) -> CheckedTruth { CheckedTruth(value: value, hasLeft: false) }
  let trade = input.trade
  let account = input.account
  let symbol = input.symbol
  var policy = Policy<Checked>(Limits.exchangeDefault)
  policy.usesHighWater = truth(input.policy.usesHighWater)
  policy.isExclusive = truth(input.policy.isExclusive)
  return CheckedCase(
    trade: TradeProposal(
      isLong: truth(trade.isLong), entry: number(trade.entry),
      fillEstimate: number(trade.fillEstimate), worstPrice: number(trade.worstPrice),
      stop: number(trade.stop), target: number(trade.target), validUntil: number(trade.validUntil),
      slots: number(trade.slots), lot: number(trade.lot),
      minimumNotional: number(trade.minimumNotional), venueLeverage: number(trade.venueLeverage)),
    account: AccountState(
      isKilled: truth(account.isKilled),
      pauses: BreakerPauses(
        latency: number(account.pauses.latency),
        orderFailures: number(account.pauses.orderFailures),
        staleFeed: number(account.pauses.staleFeed), rateLimit: number(account.pauses.rateLimit)),
      isPausedByDrawdown: truth(account.isPausedByDrawdown),
      isStoppedForDay: truth(account.isStoppedForDay), now: number(account.now),
      equity: number(account.equity), dayStartEquity: number(account.dayStartEquity),
      sessionStartEquity: number(account.sessionStartEquity),
      highWaterEquity: number(account.highWaterEquity),
      ordersInWindow: number(account.ordersInWindow), slotsInUse: number(account.slotsInUse),
      heat: number(account.heat), grossNotional: number(account.grossNotional)),
    symbol: SymbolState(
      isPermitted: truth(symbol.isPermitted), isDriftAlertOpen: truth(symbol.isDriftAlertOpen),
      dataAge: number(symbol.dataAge), dataAgeBound: number(symbol.dataAgeBound),
      hasOwnExposure: truth(symbol.hasOwnExposure), longExposure: number(symbol.longExposure),
      shortExposure: number(symbol.shortExposure), risk: number(symbol.risk)),
    policy: policy)
}

/// The values at which types and bounds end.
let edges: [Int64] = [
  .min, .min + 1, -Bounds.latestInstant, -Bounds.largestMoney - 1, -Bounds.largestMoney,
  -Bounds.largestQuantity, -10_000, -1, 0, 1, 2, 9_999, 10_000, 1_000_000, dollars(1),
  Bounds.longestPause, Bounds.largestPrice, Bounds.largestPrice + 1, Bounds.largestQuantity,
  Bounds.largestQuantity + 1, Bounds.largestMoney - 1, Bounds.largestMoney,
  Bounds.largestMoney + 1, Bounds.latestInstant, .max - 1, .max,
]

/// A case with a few of its values moved to an edge, or grown together to the largest that passes.
func absurdCase(_ generator: inout Generator) -> GateCase {
  var input = randomCase(&generator)
  if generator.flag() {
    let scale: Int64 = generator.element([1, 1_000, 1_000_000])
    let money = min(Bounds.largestMoney, input.account.equity * scale)
    input.account.equity = money
    input.account.dayStartEquity = money
    input.account.sessionStartEquity = money
    input.account.highWaterEquity = money
    input.trade.lot = generator.element([1, Bounds.largestQuantity])
  }
  if generator.flag() {
    // A coin worth next to nothing: sizes at their largest.
    input.trade.isLong = true
    input.trade.entry = 1_000
    input.trade.fillEstimate = 1_000
    input.trade.worstPrice = 1_000
    input.trade.stop = 990
    input.trade.target = 1_030
  }
  let paths: [WritableKeyPath<GateCase, Int64>] = [
    \.trade.entry, \.trade.fillEstimate, \.trade.worstPrice, \.trade.stop, \.trade.target,
    \.trade.validUntil, \.trade.slots, \.trade.lot, \.trade.minimumNotional,
    \.trade.venueLeverage, \.account.now, \.account.equity, \.account.dayStartEquity,
    \.account.sessionStartEquity, \.account.highWaterEquity, \.account.ordersInWindow,
    \.account.slotsInUse, \.account.heat, \.account.grossNotional, \.account.pauses.latency,
    \.symbol.dataAge, \.symbol.dataAgeBound, \.symbol.longExposure, \.symbol.shortExposure,
    \.symbol.risk,
  ]
  for _ in 0..<generator.number(0...2) {
    input[keyPath: generator.element(paths)] = generator.element(edges)
  }
  return input
}

import Risk

/// ``judge(_:account:symbol:policy:in:)`` with all that it reads.
struct GateRule: Rule {
  let name = "judge"
  let numbers = [
    "entry", "fillEstimate", "worstPrice", "stop", "target", "validUntil", "slots", "lot",
    "minimumNotional", "venueLeverage", "pausedLatency", "pausedOrderFailures",
    "pausedStaleFeed", "pausedRateLimit", "now", "equity", "dayStartEquity",
    "sessionStartEquity", "highWaterEquity", "ordersInWindow", "slotsInUse", "heat",
    "grossNotional", "dataAge", "dataAgeBound", "longExposure", "shortExposure", "symbolRisk",
  ]
  let truths = [
    "isLong", "isKilled", "isPausedByDrawdown", "isStoppedForDay", "isPermitted",
    "isDriftAlertOpen", "hasOwnExposure", "usesHighWater", "isExclusive",
  ]
  let limits = gateLimits
  let accepted = prices.merging([
    "equity": 0...Bounds.largestMoney, "lot": 1...Bounds.largestQuantity,
    "venueLeverage": 1...Bounds.largestLeverage, "slots": 1...Bounds.largestCount,
  ]) { first, _ in first }
  let examples = [tradeExample, leveredExample, dustExample]

  func outcome<D: Domain>(of inputs: Inputs<D.Number>, in d: D) -> Outcome<D.Number> {
    let verdict = judge(
      inputs.trade, account: inputs.account, symbol: inputs.symbol, policy: inputs.policy, in: d)
    switch verdict {
    case .approved(let quantity):
      return Outcome(verdict: "APPROVED", numbers: [("quantity", quantity)])
    case .rejected(let reason): return Outcome(verdict: reason.code)
    }
  }
}

/// ``stakes(of:in:policy:reading:)`` of a quantity.
struct StakesRule: Rule {
  let name = "stakes"
  let numbers = ["quantity", "entry", "fillEstimate", "worstPrice", "stop", "target"]
  let limits = gateLimits
  let accepted = prices.merging(["quantity": 1...Bounds.largestQuantity]) { first, _ in first }
  let examples = [tradeExample, leveredExample, dustExample]

  func outcome<D: Domain>(of inputs: Inputs<D.Number>, in d: D) -> Outcome<D.Number> {
    let stakes = stakes(
      of: inputs.number("quantity"), in: inputs.trade, policy: inputs.policy, reading: d)
    guard let stakes else { return Outcome(verdict: "REFUSED") }
    return Outcome(
      verdict: "STAKED", numbers: [("risk", stakes.risk), ("notional", stakes.notional)])
  }
}

/// ``lossAtStop(filledAt:stop:quantity:policy:in:)`` of an order that is out.
struct LossAtStopRule: Rule {
  let name = "lossAtStop"
  let numbers = ["entry", "stop", "quantity"]
  let limits = gateLimits
  let accepted = prices.merging(["quantity": 0...Bounds.largestQuantity]) { first, _ in first }
  let examples = [tradeExample]

  func outcome<D: Domain>(of inputs: Inputs<D.Number>, in d: D) -> Outcome<D.Number> {
    let loss = lossAtStop(
      filledAt: inputs.number("entry"), stop: inputs.number("stop"),
      quantity: inputs.number("quantity"), policy: inputs.policy, in: d)
    return Outcome(
      verdict: loss == nil ? "REFUSED" : "GIVEN", numbers: loss.map { [("loss", $0)] } ?? [])
  }
}

/// A long of Bitcoin at 60,000 with a stop 1 % below and a target 3 % above, on an account of
/// 10,000 that nothing stops.
private let tradeExample = Assignment(
  numbers: [
    "entry": 6_000_000_000_000, "fillEstimate": 6_000_000_000_000,
    "worstPrice": 6_003_000_000_000, "stop": 5_940_000_000_000, "target": 6_180_000_000_000,
    "validUntil": 1_772_409_600_000_000_000, "slots": 1, "lot": 1_000,
    "minimumNotional": 1_000_000_000, "venueLeverage": 40, "now": 1_772_409_600_000_000_000,
    "equity": 1_000_000_000_000, "dayStartEquity": 1_000_000_000_000,
    "sessionStartEquity": 1_000_000_000_000, "highWaterEquity": 1_000_000_000_000,
    "dataAgeBound": 15_000_000_000, "quantity": 13_000_000,
  ].merging(Limits.paperDefault.numbers) { first, _ in first }.mapValues(Whole.init),
  truths: ["isLong": true, "isPermitted": true])

/// The same with a stop so near, and a leverage so low, that the notional binds.
private let leveredExample: Assignment = {
  var example = tradeExample
  example.numbers["stop"] = Whole(5_982_000_000_000)
  example.numbers["maximumLeverageTimes"] = Whole(1)
  return example
}()

/// A coin worth a ten-thousandth of a dollar on the largest account: the largest quantity binds.
private let dustExample: Assignment = {
  var example = tradeExample
  let changes: [String: Int64] = [
    "entry": 10_000, "fillEstimate": 10_000, "worstPrice": 10_005, "stop": 9_900,
    "target": 10_300, "lot": 1, "equity": Bounds.largestMoney, "quantity": Bounds.largestQuantity,
  ]
  for (name, value) in changes { example.numbers[name] = Whole(value) }
  return example
}()

/// Where the gate lets prices lie.
private let prices: [String: ClosedRange<Int64>] = Dictionary(
  uniqueKeysWithValues: ["entry", "fillEstimate", "worstPrice", "stop", "target"].map {
    ($0, 1...Bounds.largestPrice)
  })

/// The limits that gate and sizing read.
private let gateLimits: [Limits.Field] = [
  .riskPerTradeBasisPoints, .minimumRewardToRiskTenThousandths, .maximumPositionCount,
  .dayLossBasisPoints, .sessionDrawdownBasisPoints, .minimumStopDistanceBasisPoints,
  .maximumStopDistanceBasisPoints, .maximumLeverageTimes, .portfolioHeatBasisPoints,
  .symbolRiskBasisPoints, .entrySlippageBasisPoints, .stopSlippageBasisPoints,
  .takerFeeTenthsOfBasisPoint, .maximumOrdersPerMinute, .minimumFillRewardToRiskTenThousandths,
]

extension Inputs {
  /// The trade that the inputs describe.
  var trade: TradeProposal<Number> {
    TradeProposal(
      isLong: truth("isLong"), entry: number("entry"), fillEstimate: number("fillEstimate"),
      worstPrice: number("worstPrice"), stop: number("stop"), target: number("target"),
      validUntil: number("validUntil"), slots: number("slots"), lot: number("lot"),
      minimumNotional: number("minimumNotional"), venueLeverage: number("venueLeverage"))
  }

  /// The account that the inputs describe.
  var account: AccountState<Number> {
    AccountState(
      isKilled: truth("isKilled"),
      pauses: BreakerPauses(
        latency: number("pausedLatency"), orderFailures: number("pausedOrderFailures"),
        staleFeed: number("pausedStaleFeed"), rateLimit: number("pausedRateLimit")),
      isPausedByDrawdown: truth("isPausedByDrawdown"), isStoppedForDay: truth("isStoppedForDay"),
      now: number("now"), equity: number("equity"), dayStartEquity: number("dayStartEquity"),
      sessionStartEquity: number("sessionStartEquity"), highWaterEquity: number("highWaterEquity"),
      ordersInWindow: number("ordersInWindow"), slotsInUse: number("slotsInUse"),
      heat: number("heat"), grossNotional: number("grossNotional"))
  }

  /// The symbol that the inputs describe.
  var symbol: SymbolState<Number> {
    SymbolState(
      isPermitted: truth("isPermitted"), isDriftAlertOpen: truth("isDriftAlertOpen"),
      dataAge: number("dataAge"), dataAgeBound: number("dataAgeBound"),
      hasOwnExposure: truth("hasOwnExposure"), longExposure: number("longExposure"),
      shortExposure: number("shortExposure"), risk: number("symbolRisk"))
  }

  /// The limits that the inputs describe.
  var policy: Policy<Number> {
    Policy(usesHighWater: truth("usesHighWater"), isExclusive: truth("isExclusive")) {
      number($0.name)
    }
  }
}

extension Limits {
  /// The values by name.
  fileprivate var numbers: [String: Int64] {
    Dictionary(uniqueKeysWithValues: Field.allCases.map { ($0.name, self[$0]) })
  }
}

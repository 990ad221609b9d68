import Risk

/// Every theorem, in the order of reports.
enum TheoremCatalog {
  static let all: [Theorem] =
    GateTheorems.all + StakesTheorems.all + SafetyTheorems.all + OrderTheorems.all
    + LedgerTheorems.all + ranges

  /// That every intermediate value of every path fits its type, one theorem a group of rules.
  private static let ranges: [Theorem] = [
    range("gate", "gate and sizing", [GateRule(), StakesRule()]),
    range(
      "safety", "breakers, escalation, references and drift",
      [MeasuredRule(), OrderFailedRule(), RateLimitedRule(), EscalationRule(), DriftRule()]
        + ReferencesRule.Event.allCases.map { ReferencesRule(event: $0) }),
    range(
      "orders", "reductions and the table of order states",
      OrderRole.allCases.map { ReductionRule(role: $0) } + OrderRule.all),
    range(
      "ledger", "the ledger",
      [
        BookedRule(), BookedFundingRule(), TakerFeeRule(), FundingPaymentRule(), UnrealisedRule(),
      ]),
  ]

  private static func range(_ id: String, _ what: String, _ rules: [any Rule]) -> Theorem {
    Theorem(
      id: "fits-\(id)",
      statement: """
        Every intermediate value on every path of \(what) fits its type, 64 or 128 bits, and every \
        divisor is positive, whatever goes in.
        """,
      rules: rules, claim: { $0.always }, isAboutRanges: true)
  }
}

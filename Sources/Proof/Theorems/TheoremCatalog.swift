import Risk

/// Every theorem, in the order of reports.
enum TheoremCatalog {
  static let all: [Theorem] =
    GateTheorems.all + StakesTheorems.all + SafetyTheorems.all + OrderTheorems.all
    + LedgerTheorems.all + ranges + [laws]

  /// The theorem called `id`; nil where there is none.
  static subscript(id: String) -> Theorem? { all.first { $0.id == id } }

  /// The laws themselves, as the very code that instantiates them makes them.
  private static let laws = Theorem(
    id: "laws-of-arithmetic",
    statement: """
      The laws under which products are numbers of their own in all other theorems hold of every \
      product and quotient.
      """,
    rules: [], claim: { $0.always }, isLeftToFirstSolver: true,
    impossible: { graph in
      func variable(_ name: String) -> Term { graph.term(.variable(name, isNumber: true)) }
      let (a, c, e, f, g) =
        (variable("a"), variable("c"), variable("e"), variable("f"), variable("g"))
      let products = [
        graph.product(a, f), graph.product(c, f), graph.product(e, f),
        // Two texts of what may be one factor.
        graph.product(a, graph.sum(f, graph.number(1))),
        graph.product(c, graph.sum(graph.number(1), f)),
        graph.quotient(e, g),
      ]
      let laws = Laws(for: products, variables: ["f": -5...9], in: graph)
      return laws.instances.enumerated().map { index, law in
        Query(about: "law \(index + 1)", assertions: [graph.not(law)])
      }
    })

  /// That every intermediate value of every path fits its type, one theorem a group of rules.
  private static let ranges: [Theorem] = [
    range("gate", "gate and sizing", [GateRule(), StakesRule(), LossAtStopRule()]),
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

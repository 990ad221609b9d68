import Risk

/// ``judgeReduction(_:in:)`` for one role.
struct ReductionRule: Rule {
  let role: OrderRole
  var name: String { "judgeReduction(\(role))" }
  let family = "judgeReduction"
  let numbers = ["quantity", "price", "position", "outstanding"]
  let truths = ["isBuy", "isReduceOnly"]

  func outcome<D: Domain>(of inputs: Inputs<D.Number>, in d: D) -> Outcome<D.Number> {
    let order = Reduction<D.Number>(
      role: role, isBuy: inputs.truth("isBuy"), isReduceOnly: inputs.truth("isReduceOnly"),
      quantity: inputs.number("quantity"), price: inputs.number("price"),
      position: inputs.number("position"), outstanding: inputs.number("outstanding"))
    return Outcome(verdict: judgeReduction(order, in: d)?.code ?? "ALLOWED")
  }
}

/// ``advance(_:on:in:)`` for one state and one event, and what the order counts for around it.
struct OrderRule: Rule {
  /// What happens, without the numbers that come with it.
  enum Event: String, CaseIterable {
    case sent, abandoned, cancelRequested, restarted, outcomeUnknown, acknowledged, traded
    case reported, cancelled, cancelRefused, rejected, notFound
  }
  let state: OrderState
  let wasAcknowledged: Bool
  let event: Event

  let family = "advance"
  var name: String {
    "advance(\(state.name)\(wasAcknowledged ? " acknowledged" : ""), \(event.rawValue))"
  }
  var numbers: [String] {
    switch event {
    case .traded, .reported, .cancelled: ["quantity", "filled", "amount"]
    default: ["quantity", "filled"]
    }
  }

  /// Every state and event.
  static var all: [OrderRule] {
    OrderState.allCases.flatMap { state in
      [false, true].flatMap { known in
        Event.allCases.map { OrderRule(state: state, wasAcknowledged: known, event: $0) }
      }
    }
  }

  func outcome<D: Domain>(of inputs: Inputs<D.Number>, in d: D) -> Outcome<D.Number> {
    let before = OrderStanding<D.Number>(
      state: state, wasAcknowledged: wasAcknowledged, quantity: inputs.number("quantity"),
      filled: inputs.number("filled"))
    switch advance(before, on: orderEvent(inputs), in: d) {
    case .moved(let after): return Self.outcome("moved", after)
    case .lateFill(let after): return Self.outcome("lateFill", after)
    case .ignored: return Self.outcome("ignored", before)
    case .illegal(.malformed): return Outcome(verdict: "illegal malformed")
    case .illegal(let fault): return Self.outcome("illegal \(fault)", before)
    }
  }

  private static func outcome<N: DomainNumber>(
    _ verdict: String, _ after: OrderStanding<N>
  ) -> Outcome<N> {
    Outcome(
      verdict: "\(verdict) \(after.state.name)",
      numbers: [
        ("quantity", after.quantity), ("filled", after.filled), ("open", openQuantity(of: after)),
      ],
      truths: [("wasAcknowledged", N.Truth(booleanLiteral: after.wasAcknowledged))])
  }

  private func orderEvent<N: DomainNumber>(_ inputs: Inputs<N>) -> OrderEvent<N> {
    switch event {
    case .sent: .sent
    case .abandoned: .abandoned
    case .cancelRequested: .cancelRequested
    case .restarted: .restarted
    case .outcomeUnknown: .outcomeUnknown
    case .acknowledged: .acknowledged
    case .traded: .traded(quantity: inputs.number("amount"))
    case .reported: .reported(total: inputs.number("amount"))
    case .cancelled: .cancelled(total: inputs.number("amount"))
    case .cancelRefused: .cancelRefused
    case .rejected: .rejected
    case .notFound: .notFound
    }
  }
}

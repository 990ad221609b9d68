import Risk

/// Orders that shrink a position, and the life of every order.
enum OrderTheorems {
  static let all: [Theorem] = [reduceOnly, reductionExact, unknown, life]

  static let reduceOnly = Theorem(
    id: "reduce-only-never-flips",
    statement: """
      An allowed reduction, alone or with all others of its role that are out, neither grows nor \
      flips its position, whatever part of each trades in whatever order.
      """,
    rules: OrderRole.allCases.map { ReductionRule(role: $0) },
    claim: { scene in
      guard scene.verdict == "ALLOWED" else { return scene.always }
      // Any part of this order and of the others may have traded.
      let (part, others) = (scene("tradedPart"), scene("tradedOthers"))
      let isPossible =
        part >= 0 && part <= scene("quantity") && others >= 0 && others <= scene("outstanding")
      let position = scene("position")
      let signed = scene.truth("isBuy").choose(part + others, -(part + others))
      let after = position + signed
      let staysLong = position > 0 && after >= 0 && after <= position
      let staysShort = position < 0 && after <= 0 && after >= position
      return scene.truth("isReduceOnly") && isPossible.implies(staysLong || staysShort)
    },
    telling: { [("tradedPart", $0("quantity")), ("tradedOthers", $0("outstanding"))] })

  static let reductionExact = Theorem(
    id: "reduction-exact",
    statement: """
      Each reason against a reduction is true and the first that is; an order that can only shrink \
      its position is allowed, killed or paused or not.
      """,
    rules: OrderRole.allCases.map { ReductionRule(role: $0) },
    claim: { scene in
      let (quantity, position) = (scene("quantity"), scene("position"))
      let held = (position < 0).choose(-position, position)
      let isSane =
        quantity.isWithin(1...Bounds.largestQuantity)
        && scene("price").isWithin(1...Bounds.largestPrice)
        && position.isWithin(-Bounds.largestQuantity...Bounds.largestQuantity)
        && scene("outstanding").isWithin(0...Bounds.largestQuantity)
      let isEntry = (scene.rule as? ReductionRule)?.role == .entry
      let grows =
        (scene.truth("isBuy") && position > 0) || (!scene.truth("isBuy") && position < 0)
      let reasons: [(ReductionRefusal, Proposition)] = [
        (.malformed, !isSane), (.isEntry, isEntry ? scene.always : scene.never),
        (.notReduceOnly, !scene.truth("isReduceOnly")), (.noPosition, position == 0),
        (.increases, grows), (.flips, quantity > held),
        (.exceedsPosition, quantity + scene("outstanding") > held),
      ]
      var earlier = scene.never
      for (reason, applies) in reasons {
        if scene.verdict == reason.code { return applies && !earlier }
        earlier = earlier || applies
      }
      return !earlier
    })

  static let unknown = Theorem(
    id: "unknown-counts-in-full",
    statement: """
      An order counts toward the limits with all that has not traded until the venue shows that it \
      is over: no time-out, restart or request of ours makes it count for less, and whatever later \
      turns out to have traded was counted before.
      """,
    rules: OrderRule.all,
    claim: { scene in
      guard let rule = scene.rule as? OrderRule, let open = scene.path.numbers["open"] else {
        return scene.always
      }
      let after = Integer(open, scene.graph)
      let before =
        rule.state.isTerminal ? scene.constant(0) : scene("quantity") - scene("filled")
      let traded = scene.result("filled") - scene("filled")
      switch rule.event {
      case .restarted, .outcomeUnknown, .cancelRequested, .cancelRefused, .sent, .acknowledged,
        .reported:
        // Our own doubt, or news that the order stands.
        return after == before
      case .traded:
        // What trades leaves the count as it enters the position.
        let isLate = scene.verdict.hasPrefix("lateFill")
        return isLate ? after == 0 : after + traded == before
      case .cancelled, .rejected, .notFound, .abandoned:
        return (after == 0 || after == before) && traded == 0
      }
    })

  static let life = Theorem(
    id: "order-life",
    statement: """
      Executions only add up and never beyond what was asked; what is over stays over; an order \
      ends only by the venue's evidence, or before it was sent; and nothing is sent twice.
      """,
    rules: OrderRule.all,
    claim: { scene in
      guard let rule = scene.rule as? OrderRule else { return scene.never }
      let (quantity, filled) = (scene("quantity"), scene("filled"))
      let amount = scene("amount")
      let isSane =
        quantity.isWithin(1...Bounds.largestQuantity) && filled >= 0 && filled <= quantity
      let after = scene.result("filled")
      let isAmountSane: Proposition
      switch rule.event {
      case .traded: isAmountSane = amount.isWithin(1...Bounds.largestQuantity)
      case .reported, .cancelled: isAmountSane = amount.isWithin(0...Bounds.largestQuantity)
      default: isAmountSane = scene.always
      }
      if scene.verdict == "illegal malformed" { return !(isSane && isAmountSane) }
      let sums =
        isSane && isAmountSane && after >= filled && after <= quantity
        && scene.result("quantity") == quantity
      return sums && scene.expected(of: rule)
    })
}

extension Scene {
  /// The state after, by the table of `OrderState`, and what the executions add.
  fileprivate func expected(of rule: OrderRule) -> Proposition {
    let (quantity, filled) = (self("quantity"), self("filled"))
    let amount = self("amount")
    let after = result("filled")
    let same = after == filled
    func state(_ state: OrderState) -> Bool { verdict.hasSuffix(" " + state.name) }
    func only(_ holds: Bool) -> Proposition { holds ? same : never }
    let isOver = rule.state.isTerminal
    if verdict == "illegal overfilled \(rule.state.name)" {
      switch rule.event {
      case .traded: return same && filled + amount > quantity
      case .reported, .cancelled: return same && amount > quantity
      default: return never
      }
    }
    switch rule.event {
    case .traded:
      let adds = after == filled + amount && resultTruth("wasAcknowledged")
      if isOver { return verdict == "lateFill \(rule.state.name)" ? adds : never }
      if state(.filled) { return adds && after == quantity }
      let goesOn = rule.state == .cancelling ? state(.cancelling) : state(.working)
      return goesOn && verdict.hasPrefix("moved") ? adds && after < quantity : never
    case .reported, .acknowledged:
      let isFitting = rule.event == .acknowledged ? always : amount <= quantity
      let stands = isOver || rule.state == .cancelling ? state(rule.state) : state(.working)
      return stands && !verdict.hasPrefix("illegal") ? same && isFitting : never
    case .cancelled:
      guard !isOver else {
        return verdict == "ignored \(rule.state.name)" ? same && amount <= quantity : never
      }
      if verdict.hasPrefix("illegal contradiction") { return same && amount < filled }
      if state(.cancelled) { return same && amount == filled }
      return state(.cancelling) ? same && amount > filled && amount <= quantity : never
    case .rejected:
      if isOver { return only(verdict == "ignored \(rule.state.name)") }
      if verdict.hasPrefix("illegal contradiction") { return same && filled > 0 }
      return state(.rejected) ? same && filled == 0 : never
    default:
      return only(rule.hasExpectedEnd(verdict))
    }
  }
}

extension OrderRule {
  /// Whether a verdict is what the table says of an event that carries no amount.
  fileprivate func hasExpectedEnd(_ verdict: String) -> Bool {
    func moved(_ next: OrderState) -> Bool { verdict == "moved \(next.name)" }
    let isIgnored = verdict == "ignored \(state.name)"
    let isBefore = state == .intended
    switch event {
    case .sent: return isBefore ? moved(.sent) : verdict.hasPrefix("illegal")
    case .abandoned: return isBefore ? moved(.neverReached) : verdict.hasPrefix("illegal")
    case .cancelRequested:
      if state.isTerminal { return verdict.hasPrefix("illegal") }
      return state == .unknown || state == .cancelling ? isIgnored : moved(.cancelling)
    case .restarted: return state.isTerminal || state == .unknown ? isIgnored : moved(.unknown)
    case .outcomeUnknown:
      return [.intended, .sent, .cancelling].contains(state) ? moved(.unknown) : isIgnored
    case .cancelRefused: return state == .cancelling ? moved(.unknown) : isIgnored
    case .notFound:
      switch state {
      case .working: return moved(.unknown)
      case .sent, .unknown, .cancelling:
        if !wasAcknowledged { return moved(.neverReached) }
        return state == .unknown ? isIgnored : moved(.unknown)
      default: return isIgnored
      }
    case .acknowledged, .traded, .reported, .cancelled, .rejected: return false
    }
  }
}

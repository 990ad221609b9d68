import Risk

/// What the gate lets through, and why it refuses the rest.
enum GateTheorems {
  static let all: [Theorem] = [
    lossAtStop, rewardToRisk, threeSlots, dayLoss, drawdown, pause, drift, kill, heat, leverage,
    reasons, permissiveness, maximality,
  ]

  static let lossAtStop = Theorem(
    id: "loss-at-stop",
    statement: """
      An approved trade that fills at its decision's price plus slippage and leaves at its stop \
      plus slippage loses, with both taker fees, at most 1 % of equity.
      """,
    rules: [GateRule()],
    claim: { scene in
      guard scene.isApproved else { return scene.always }
      // 1e8 steps a coin and costs in units of 1e-5: a factor of 1e13; of equity, one in 100.
      return scene.result("quantity") * scene.lossPerCoin * 100
        <= scene("equity") * 10_000_000_000_000
    })

  static let rewardToRisk = Theorem(
    id: "reward-to-risk",
    statement: """
      An approved trade's target lies at least twice as far ahead of its decision's price as its \
      stop lies behind.
      """,
    rules: [GateRule()],
    claim: { scene in
      guard scene.isApproved else { return scene.always }
      let risk = scene.gain("entry", over: "stop")
      return risk > 0 && scene.gain("target", over: "entry") >= risk * 2
    })

  static let threeSlots = Theorem(
    id: "three-slots",
    statement: """
      With an approved trade counted in full, a pair as two, at most three position slots are in \
      use.
      """,
    rules: [GateRule()],
    claim: { scene in
      guard scene.isApproved else { return scene.always }
      return scene("slots") >= 1 && scene("slotsInUse") + scene("slots") <= 3
    })

  static let dayLoss = refusal(
    id: "no-entry-past-day-loss",
    statement: """
      No trade is approved where equity is at or below 90 % of what the UTC day began with, or was \
      at any time of the day.
      """
  ) { scene in
    scene.truth("isStoppedForDay") || scene("equity") * 10 <= scene("dayStartEquity") * 9
  }

  static let drawdown = refusal(
    id: "no-entry-past-drawdown",
    statement: """
      No trade is approved where equity is at or below 95 % of what the session began with (of the \
      highest ever seen, where the configuration says so), or where an operator has yet to resume.
      """
  ) { scene in
    let equity = scene("equity") * 100
    return scene.truth("isPausedByDrawdown") || equity <= scene("sessionStartEquity") * 95
      || (scene.truth("usesHighWater") && equity <= scene("highWaterEquity") * 95)
  }

  static let pause = refusal(
    id: "no-entry-while-paused",
    statement: "No trade is approved before the end of any breaker's pause."
  ) { scene in
    ["pausedLatency", "pausedOrderFailures", "pausedStaleFeed", "pausedRateLimit"]
      .map { scene("now") < scene($0) }.reduce(scene.never, ||)
  }

  static let drift = refusal(
    id: "no-entry-under-drift",
    statement: "No trade is approved on a symbol with an open drift alert."
  ) { $0.truth("isDriftAlertOpen") }

  static let kill = refusal(
    id: "no-entry-when-killed",
    statement: "No trade is approved while the kill switch is engaged."
  ) { $0.truth("isKilled") }

  static let heat = Theorem(
    id: "heat-capped",
    statement: """
      With an approved trade's loss at its stop, money at risk stays within the caps of the \
      portfolio and of the symbol.
      """,
    rules: [GateRule()],
    claim: { scene in
      guard scene.isApproved else { return scene.always }
      let loss = scene.result("quantity") * scene.lossPerCoin
      return loss <= scene.heatRoom * 10_000_000_000_000
        && loss <= scene.symbolRoom * 10_000_000_000_000
    })

  static let leverage = Theorem(
    id: "leverage-capped",
    statement: """
      With an approved trade at the dearer of its decision's and its limit price, gross notional \
      stays within equity times the leverage cap, the venue's or ours, whichever is lower.
      """,
    rules: [GateRule()],
    claim: { scene in
      guard scene.isApproved else { return scene.always }
      let dearest = scene("entry").larger(scene("worstPrice"))
      return scene.result("quantity") * dearest <= scene.notionalRoom * 100_000_000
    })

  static let reasons = Theorem(
    id: "reasons-true",
    statement: """
      Each reason that the gate gives is true and the first in the contract's order that is; an \
      approved trade has none against it.
      """,
    rules: [GateRule()],
    claim: { scene in
      var earlier = scene.never
      for (reason, applies) in scene.reasons {
        if scene.verdict == reason.code { return applies && !earlier }
        earlier = earlier || applies
      }
      let lot = scene("lot")
      switch scene.verdict {
      case RejectReason.tooSmall.code:
        return !earlier && !scene.fits(lot)
      case RejectReason.minimumNotional.code:
        // No whole number of lots that fits is dear enough.
        let (count, quantity) = scene.anyLots
        let isCandidate = count >= 1 && scene.fits(quantity)
        return !earlier && scene.fits(lot) && isCandidate.implies(scene.isTooCheap(quantity))
      default:
        return !earlier
      }
    }, telling: { $0.largestLots })

  static let permissiveness = Theorem(
    id: "permissiveness",
    statement: """
      A trade against which nothing speaks, and of which some whole number of lots stays within \
      every budget and reaches the venue's minimum, is approved.
      """,
    rules: [GateRule()],
    premises: { scene in
      let (count, quantity) = scene.anyLots
      let isClear = scene.reasons.map { !$0.applies }.reduce(scene.always, &&)
      return isClear && count >= 1 && scene.fits(quantity) && !scene.isTooCheap(quantity)
    },
    claim: { $0.isApproved ? $0.always : $0.never }, telling: { $0.largestLots })

  static let maximality = Theorem(
    id: "sizing-maximal",
    statement: """
      The approved size is a whole number of lots, within every budget, worth the venue's minimum, \
      and no larger whole number of lots stays within every budget.
      """,
    rules: [GateRule()],
    claim: { scene in
      guard scene.isApproved else { return scene.always }
      let size = scene.result("quantity")
      let (count, quantity) = scene.anyLots
      let whole = scene.lotsOf(size)
      return size >= scene("lot") && whole && scene.fits(size) && !scene.isTooCheap(size)
        && (count >= 1 && scene.fits(quantity)).implies(quantity <= size)
    }, telling: { $0.largestLots })

  /// A theorem that nothing is approved under a condition.
  private static func refusal(
    id: String, statement: String, _ condition: @escaping @Sendable (Scene) -> Proposition
  ) -> Theorem {
    Theorem(
      id: id, statement: statement, rules: [GateRule()],
      claim: { $0.isApproved ? !condition($0) : $0.always })
  }
}

extension Scene {
  /// The whole number of lots that the rule approves.
  fileprivate var largestLots: [(name: String, value: Integer)] {
    guard isApproved else { return [] }
    let count = graph.quotient(result("quantity").term, self("lot").term)
    return [("lots", Integer(count, graph))]
  }

  /// Whether `quantity` is a whole number of lots.
  func lotsOf(_ quantity: Integer) -> Proposition {
    let lot = self("lot")
    let count = Integer(graph.quotient(quantity.term, lot.term), graph)
    return count * lot == quantity
  }
}

import Risk

/// The account's arithmetic.
enum LedgerTheorems {
  static let all: [Theorem] = [doubleEntry, fundingBooked, fee, funding, unrealised]

  static let doubleEntry = Theorem(
    id: "ledger-double-entry",
    statement: """
      An execution moves the position by what traded, and the basis by what was paid plus what was \
      realised; what closes is no more than what is held; each piece's cost is rounded against us \
      by less than a step.
      """,
    rules: [BookedRule()],
    claim: { scene in
      guard scene.verdict == "BOOKED" else { return scene.always }
      let isBuy = scene.truth("isBuy")
      let (held, quantity) = (scene("held"), scene("quantity"))
      let signed = isBuy.choose(quantity, -quantity)
      let size = (held < 0).choose(-held, held)
      let isOpposite = (isBuy && held < 0) || (!isBuy && held > 0)
      let closed = isOpposite.choose(size.smaller(quantity), scene.constant(0))
      let paid = scene.result("traded") * 100_000_000 - signed * scene("price")
      return scene.result("held") == held + signed && scene.result("closed") == closed
        && scene.result("cost") - scene("cost")
          == scene.result("traded") + scene.result("realised")
        && scene.result("realisedAfter") == scene("realised") + scene.result("realised")
        && scene.result("fees") == scene("fees") + scene("fee")
        && scene.result("funding") == scene("funding") && paid >= 0 && paid < 200_000_000
    })

  static let fundingBooked = Theorem(
    id: "ledger-funding",
    statement: "A funding payment moves the funding total by its amount and nothing else.",
    rules: [BookedFundingRule()],
    claim: { scene in
      guard scene.verdict == "BOOKED" else { return scene.always }
      let kept = ["held", "cost", "fees"].map { scene.result($0) == scene($0) }
      return kept.reduce(scene.always, &&)
        && scene.result("realisedAfter") == scene("realised")
        && scene.result("funding") == scene("funding") + scene("amount")
        && scene.result("realised") == 0 && scene.result("closed") == 0
        && scene.result("traded") == 0
    })

  static let fee = Theorem(
    id: "fee-rounded-up",
    statement: """
      A taker's fee is its rate of the notional, rounded up by less than a step; it is refused \
      exactly where a value is out of bounds.
      """,
    rules: [TakerFeeRule()],
    claim: { scene in
      let notional = scene("price") * scene("quantity")
      let isSane =
        scene("price").isWithin(1...Bounds.largestPrice)
        && scene("quantity").isWithin(1...Bounds.largestQuantity)
        && scene("rate").isWithin(0...Bounds.largestFeeTenthsOfBasisPoint)
        && notional <= scene.constant(Bounds.largestMoney) * 100_000_000
      guard scene.verdict == "GIVEN" else { return !isSane }
      let over = scene.result("amount") * 10_000_000_000_000 - notional * scene("rate")
      return isSane && over >= 0 && over < 10_000_000_000_000
    })

  static let funding = Theorem(
    id: "funding-against-us",
    statement: """
      Funding is quantity times price times rate, paid by longs where the rate is positive, rounded \
      against us by less than a step.
      """,
    rules: [FundingPaymentRule()],
    claim: { scene in
      guard scene.verdict == "GIVEN" else { return scene.always }
      let exact = scene("quantity") * scene("price") * (-scene("rate"))
      let over = exact - scene.result("amount") * 1_000_000_000_000_000_000
      return over >= 0 && over < 1_000_000_000_000_000_000
    })

  static let unrealised = Theorem(
    id: "unrealised-rounded-down",
    statement: """
      Unrealised profit is the position's value at the mark less its cost, rounded down by less \
      than a step.
      """,
    rules: [UnrealisedRule()],
    claim: { scene in
      guard scene.verdict == "GIVEN" else { return scene.always }
      let value = scene("held") * scene("price")
      let over = value - (scene.result("amount") + scene("cost")) * 100_000_000
      return over >= 0 && over < 100_000_000
    })
}

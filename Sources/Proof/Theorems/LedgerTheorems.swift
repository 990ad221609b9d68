import Risk

/// The account's arithmetic.
enum LedgerTheorems {
  static let all: [Theorem] = [
    doubleEntry, bookedExact, fundingBooked, fee, funding, unrealised,
  ]

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
      let paid =
        scene.result("traded") * 100_000_000 - scene.signedQuantity * scene("price")
      return scene.result("held") == scene("held") + scene.signedQuantity
        && scene.result("closed") == scene.closedQuantity
        && scene.result("cost") - scene("cost")
          == scene.result("traded") + scene.result("realised")
        && scene.result("realisedAfter") == scene("realised") + scene.result("realised")
        && scene.result("fees") == scene("fees") + scene("fee")
        && scene.result("funding") == scene("funding") && paid >= 0 && paid < 200_000_000
    })

  static let bookedExact = Theorem(
    id: "ledger-exact",
    statement: """
      What closes releases its share of the basis, rounded up, and what opens costs its value, \
      rounded up; an execution is refused exactly where a value or a total is out of bounds.
      """,
    rules: [BookedRule()],
    claim: { scene in
      let quantity = scene("quantity")
      let isSane =
        scene.isPositionSane && scene.isPriceSane && quantity.isWithin(1...Bounds.largestQuantity)
        && scene("fee").isWithin(-Bounds.largestMoney...Bounds.largestMoney)
      if scene.verdict == "REFUSED malformed" { return !isSane }
      let closed = scene.closedQuantity
      func cost(_ part: Integer) -> Integer {
        (scene.truth("isBuy").choose(part, -part) * scene("price"))
          .ceilingQuotient(by: 100_000_000)
      }
      let (closing, opening) = (cost(closed), cost(quantity - closed))
      let whole = scene.heldSize.larger(scene.constant(1))
      let released = (scene("cost") * closed).ceilingQuotient(by: whole)
      let realised = -closing - released
      let basis = scene("cost") - released + opening
      let total = scene("realised") + realised
      let fees = scene("fees") + scene("fee")
      let money = -Bounds.largestMoney...Bounds.largestMoney
      let fits =
        quantity * scene("price") <= scene.constant(Bounds.largestMoney) * 100_000_000
        && (scene("held") + scene.signedQuantity)
          .isWithin(-Bounds.largestQuantity...Bounds.largestQuantity)
        && basis.isWithin(money) && total.isWithin(money) && fees.isWithin(money)
      guard scene.verdict == "BOOKED" else { return isSane && !fits }
      return isSane && fits && scene.result("cost") == basis
        && scene.result("realised") == realised && scene.result("traded") == closing + opening
    })

  static let fundingBooked = Theorem(
    id: "ledger-funding",
    statement: """
      A funding payment moves the funding total by its amount and nothing else; it is refused \
      exactly where a value or the total is out of bounds.
      """,
    rules: [BookedFundingRule()],
    claim: { scene in
      let money = -Bounds.largestMoney...Bounds.largestMoney
      let isSane = scene.isPositionSane && scene("amount").isWithin(money)
      let total = scene("funding") + scene("amount")
      if scene.verdict == "REFUSED malformed" { return !isSane }
      guard scene.verdict == "BOOKED" else { return isSane && !total.isWithin(money) }
      let kept = ["held", "cost", "fees"].map { scene.result($0) == scene($0) }
      return isSane && total.isWithin(money) && kept.reduce(scene.always, &&)
        && scene.result("realisedAfter") == scene("realised")
        && scene.result("funding") == total && scene.result("realised") == 0
        && scene.result("closed") == 0 && scene.result("traded") == 0
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
        scene.isPriceSane && scene("quantity").isWithin(1...Bounds.largestQuantity)
        && scene("rate").isWithin(0...Bounds.largestFeeTenthsOfBasisPoint)
        && notional <= scene.constant(Bounds.largestMoney) * 100_000_000
      guard scene.verdict == "GIVEN" else { return !isSane }
      let over = scene.result("amount") * 10_000_000_000_000 - notional * scene("rate")
      return isSane && over >= 0 && over < 10_000_000_000_000
    })

  static let funding = Theorem(
    id: "funding-against-us",
    statement: """
      Funding is quantity times price times rate, paid by longs where the rate is positive, and \
      rounded against us by less than a step; it is refused exactly where a value is out of bounds.
      """,
    rules: [FundingPaymentRule()],
    claim: { scene in
      let quantity = scene("quantity")
      let size = (quantity < 0).choose(-quantity, quantity)
      let most = Bounds.largestFundingRate
      let isSane =
        scene.isPriceSane
        && quantity.isWithin(-Bounds.largestQuantity...Bounds.largestQuantity)
        && scene("rate").isWithin(-most...most)
        && size * scene("price") <= scene.constant(Bounds.largestMoney) * 100_000_000
      guard scene.verdict == "GIVEN" else { return !isSane }
      let exact = quantity * scene("price") * (-scene("rate"))
      let over = exact - scene.result("amount") * 1_000_000_000_000_000_000
      return isSane && over >= 0 && over < 1_000_000_000_000_000_000
    })

  static let unrealised = Theorem(
    id: "unrealised-rounded-down",
    statement: """
      Unrealised profit is the position's value at the mark less its cost, rounded down by less \
      than a step; it is refused exactly where a value is out of bounds.
      """,
    rules: [UnrealisedRule()],
    claim: { scene in
      let value = scene("held") * scene("price")
      let isSane =
        scene.isPositionSane && scene.isPriceSane
        && scene.heldSize * scene("price") <= scene.constant(Bounds.largestMoney) * 100_000_000
      guard scene.verdict == "GIVEN" else { return !isSane }
      let over = value - (scene.result("amount") + scene("cost")) * 100_000_000
      return isSane && over >= 0 && over < 100_000_000
    })
}

extension Scene {
  /// What is held, without its sign.
  fileprivate var heldSize: Integer {
    let held = self("held")
    return (held < 0).choose(-held, held)
  }

  /// What an execution adds to the position.
  fileprivate var signedQuantity: Integer {
    truth("isBuy").choose(self("quantity"), -self("quantity"))
  }

  /// The part of an execution that closes.
  fileprivate var closedQuantity: Integer {
    let (held, isBuy) = (self("held"), truth("isBuy"))
    let isOpposite = (isBuy && held < 0) || (!isBuy && held > 0)
    return isOpposite.choose(heldSize.smaller(self("quantity")), constant(0))
  }

  fileprivate var isPriceSane: Proposition { self("price").isWithin(1...Bounds.largestPrice) }

  /// Whether every total of the position is within its bounds.
  fileprivate var isPositionSane: Proposition {
    ["cost", "realised", "fees", "funding"]
      .map { self($0).isWithin(-Bounds.largestMoney...Bounds.largestMoney) }
      .reduce(self("held").isWithin(-Bounds.largestQuantity...Bounds.largestQuantity), &&)
  }
}

import Risk

/// What an approved size is said to put at stake.
enum StakesTheorems {
  static let all: [Theorem] = [exact, outstanding]

  static let exact = Theorem(
    id: "stakes-exact",
    statement: """
      The risk recorded for a size is its loss at the stop with all costs, and the notional its \
      value at the dearer price, each rounded up by less than a step.
      """,
    rules: [StakesRule()],
    claim: { scene in
      let prices = ["entry", "fillEstimate", "worstPrice", "stop", "target"]
      let quantity = scene("quantity")
      let loss = quantity * scene.lossPerCoin
      let value = quantity * scene("entry").larger(scene("worstPrice"))
      let most = scene.constant(Bounds.largestMoney)
      let isSane =
        prices.map { scene($0).isWithin(1...Bounds.largestPrice) }.reduce(scene.always, &&)
        && quantity.isWithin(1...Bounds.largestQuantity)
        && loss <= most * 10_000_000_000_000 && value <= most * 100_000_000
      guard scene.verdict == "STAKED" else { return !isSane }
      let risk = scene.result("risk") * 10_000_000_000_000 - loss
      let notional = scene.result("notional") * 100_000_000 - value
      return isSane && risk >= 0 && risk < 10_000_000_000_000 && notional >= 0
        && notional < 100_000_000
    })

  static let outstanding = Theorem(
    id: "outstanding-risk-exact",
    statement: """
      What an order that is out or of unknown outcome counts for is its loss at the stop from its \
      price, with both fees and the stop's slippage, rounded up by less than a step; it is refused \
      exactly where a value is out of bounds.
      """,
    rules: [LossAtStopRule()],
    claim: { scene in
      let (price, stop, quantity) = (scene("entry"), scene("stop"), scene("quantity"))
      let fee = scene("takerFeeTenthsOfBasisPoint")
      let distance = (price < stop).choose(stop - price, price - stop)
      let perCoin =
        distance * 100_000 + price * fee + stop * (scene("stopSlippageBasisPoints") * 10 + fee)
      let exact = quantity * perCoin
      let isSane =
        price.isWithin(1...Bounds.largestPrice) && stop.isWithin(1...Bounds.largestPrice)
        && quantity.isWithin(0...Bounds.largestQuantity)
        && exact <= scene.constant(.max) * 10_000_000_000_000
      guard scene.verdict == "GIVEN" else { return !isSane }
      let over = scene.result("loss") * 10_000_000_000_000 - exact
      return isSane && over >= 0 && over < 10_000_000_000_000
    })
}

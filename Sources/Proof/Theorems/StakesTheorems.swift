import Risk

/// What an approved size is said to put at stake.
enum StakesTheorems {
  static let all: [Theorem] = [exact]

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
}

import Market

extension TakerSplit {
  /// `(buy − sell) / (buy + sell)` in steps of 1e-8, nearest; zero where nothing traded.
  var deltaRatio: Fraction {
    let total = Int128(buy.steps) + Int128(sell.steps)
    guard total > 0 else { return .zero }
    let delta = (Int128(buy.steps) - Int128(sell.steps)) * Int128(Fraction.stepsPerWhole)
    // The quotient is within ±1e8.
    return Fraction(steps: Int64(truncatingIfNeeded: Rounding.nearest.divide(delta, by: total)))
  }

  /// `buy − sell` in steps of base coin.
  var delta: Int128 { Int128(buy.steps) - Int128(sell.steps) }
}

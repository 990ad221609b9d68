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

extension Funding {
  /// The rate as of a period of eight hours, to the nearest step; nil where the period is not
  /// positive or the rate too large.
  var eightHourRate: FundingRate? {
    guard period > .zero else { return nil }
    let scaled = Int128(rate.steps) * Int128(Interval.hours(8).nanoseconds)
    return Int64(exactly: Rounding.nearest.divide(scaled, by: Int128(period.nanoseconds)))
      .map(FundingRate.init(steps:))
  }
}

extension FundingRate {
  /// The nearest `Double` to the fraction, for indicators only.
  var fraction: Double { Double(steps) / 1e10 }
}

import Risk

extension Scene {
  /// Every number within 64 bits, every limit within its bounds, and those that the house bounds no
  /// looser than that.
  var types: [Proposition] {
    var all = rule.numbers.map { self($0).isWithin(Int64.min...Int64.max) }
    if case .house = range {
      for field in rule.limits { all.append(self(field.name).isWithin(field.houseRange)) }
      if rule.limits.contains(.maximumStopDistanceBasisPoints) {
        all.append(
          self("minimumStopDistanceBasisPoints") < self("maximumStopDistanceBasisPoints"))
      }
    }
    return all
  }
}

extension Rule {
  /// Where its variables lie, as far as it is known.
  func hints(_ range: PolicyRange) -> [String: ClosedRange<Int64>] {
    var hints = accepted
    if case .house = range { for field in limits { hints[field.name] = field.houseRange } }
    return hints
  }
}

extension Limits.Field {
  /// The values that the house's theorems are about: its ``bounds``, cut where the house is
  /// stricter (DESIGN.md, section 5).
  var houseRange: ClosedRange<Int64> {
    switch self {
    case .riskPerTradeBasisPoints: 1...100
    case .minimumRewardToRiskTenThousandths: 20_000...bounds.upperBound
    case .maximumPositionCount: 1...3
    case .dayLossBasisPoints: 1...1_000
    case .sessionDrawdownBasisPoints: 1...500
    default: bounds
    }
  }
}

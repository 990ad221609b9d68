import Market
import Risk

extension VolFlow {
  /// In favour of the rule, as `strategies.md` section 2.2 has it.
  private static let tolerance = 1e-9

  /// Judges the trigger hour against the hours before it.
  func judge(_ context: DecisionContext, _ reading: Reading) -> Judgement {
    guard longestQuiet(reading.ranks) >= configuration.quietHours else {
      return .noTrade(.notCompressed)
    }
    let close = context.trigger.close
    guard close > reading.high || close < reading.low else { return .noTrade(.noSetup) }
    guard let expansion = reading.expansion else { return .noTrade(.flatSeries) }
    guard expansion >= configuration.expansion - Self.tolerance else {
      return .noTrade(.noExpansion)
    }
    guard reading.largestShare <= configuration.largestShare + Self.tolerance else {
      return .noTrade(.singleJump)
    }
    let side: Side = close > reading.high ? .buy : .sell
    guard let levels = levels(context, side, reading.trueRange) else {
      return .noTrade(.badGeometry)
    }
    return configuration.gate.outcome(
      levels, confidence: confidence(reading, expansion), at: context.time,
      timeStop: context.time + configuration.timeStop)
  }

  /// The most hours on end that were quiet.
  private func longestQuiet(_ ranks: [Double]) -> Int {
    var longest = 0
    var run = 0
    for rank in ranks {
      run = rank <= configuration.quietRank + Self.tolerance ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }

  private func confidence(_ reading: Reading, _ expansion: Double) -> Double {
    let quietest = reading.ranks.min() ?? configuration.quietRank
    return 0.45 + 0.20 * clamp((configuration.quietRank - quietest) / configuration.quietRank)
      + 0.20 * clamp((expansion - configuration.expansion) / configuration.expansion)
      + 0.15 * clamp(1 - reading.largestShare / configuration.largestShare)
  }

  /// The stop at a multiple of the average true range, the target at a multiple of the risk.
  private func levels(
    _ context: DecisionContext, _ side: Side, _ trueRange: Mean
  ) -> Levels? {
    let gate = configuration.gate
    let entry = Int128(side.along(context.trigger.close))
    guard
      let stop = gate.stop(
        side, along: entry - trueRange.part(configuration.stop), of: context.instrument)
    else { return nil }
    let reward = Rounding.up.divide(
      (entry - Int128(side.along(stop))) * Int128(configuration.rewardToRisk.steps),
      by: Int128(Fraction.stepsPerWhole))
    guard let target = gate.target(side, along: entry + reward, of: context.instrument) else {
      return nil
    }
    return Levels(side: side, entry: context.trigger.close, stop: stop, target: target)
  }
}

import Market
import Risk

extension ValentiniFlow {
  /// The levels of `trade` against `value`, through the geometry.
  func judge(
    _ context: DecisionContext, _ trade: Trade, _ value: ValueArea, trueRange: Mean,
    cumulativeDelta: Int128
  ) -> Judgement {
    let gate = configuration.gate
    let side = trade.side
    let entry = context.trigger.close
    let worst = Int128(side.along(trade.extreme)) - trueRange.part(configuration.stopBuffer)
    guard let stop = gate.stop(side, along: worst, of: context.instrument) else {
      return .noTrade(.badGeometry)
    }
    let levels = aims(trade, value).compactMap { aim -> Levels? in
      gate.target(side, along: aim, of: context.instrument)
        .map { Levels(side: side, entry: entry, stop: stop, target: $0) }
    }
    let chosen: Levels
    if trade.setup == Self.failedAuction {
      guard let paying = levels.first(where: gate.pays) else {
        return .noTrade(.rewardToRiskBelowMinimum)
      }
      chosen = paying
    } else {
      guard let measured = levels.first else { return .noTrade(.badGeometry) }
      chosen = measured
    }
    return gate.outcome(
      chosen,
      confidence: confidence(
        trade, chosen, agrees: cumulativeDelta * Int128(side.sign) > 0,
        coverage: context.trigger.takerSplit?.coverage ?? .zero),
      at: context.time,
      timeStop: context.time + trigger.interval * configuration.timeStop)
  }

  /// Where `trade` may take its profit, the preferred first, in steps along its side.
  private func aims(_ trade: Trade, _ value: ValueArea) -> [Int128] {
    let side = trade.side
    let edge = Int128(value.edge(side))
    guard trade.setup == Self.failedAuction else {
      // The measured move: as far beyond the edge as value is wide.
      return [edge + Int128(value.high.steps) - Int128(value.low.steps)]
    }
    return [Int128(side.along(value.pointOfControl)), edge]
  }

  private func confidence(
    _ trade: Trade, _ levels: Levels, agrees: Bool, coverage: Fraction
  ) -> Double {
    0.45 + 0.20 * clamp((trade.score - 1.5) / 1.5) + (agrees ? 0.15 : 0)
      + 0.10 * clamp((levels.rewardToRisk - 2) / 2) + 0.10 * coverage.double
  }
}

import Market
import Risk

extension PairFlow {
  /// How the second leg trades, and where it closed.
  struct OtherLeg: Hashable, Sendable {
    let instrument: Instrument
    let close: Price
  }

  /// Where one leg ends.
  private struct LegLevels {
    let levels: Levels
    let catastrophe: Price
  }

  /// What counts as reached although a rounding of the last bits denies it
  /// (`strategies.md` section 2.2).
  private static let tolerance = 1e-9

  /// A signal with both legs, or the first reason against it.
  func judge(
    _ context: DecisionContext, _ spread: PairSpread, _ other: OtherLeg
  ) -> Judgement {
    if let reason = reason(against: spread) { return .noTrade(reason) }
    guard let halfLife = spread.halfLife else { return .noTrade(.halfLifeOutOfRange) }
    let side: Side = spread.now > 0 ? .sell : .buy
    let line = spread.line
    guard
      let one = levels(
        side, context.trigger.close, context.instrument, spread, share: line.deviation),
      let two = levels(
        side.opposite, other.close, other.instrument, spread, share: line.deviation / line.beta)
    else { return .noTrade(.badGeometry) }
    for leg in [one, two] {
      if let reason = configuration.gate.reason(againstDistancesOf: leg.levels) {
        return .noTrade(reason)
      }
    }
    guard let ratio = rewardToRisk(spread), let net = netRewardToRisk(spread),
      let confidence = TenThousandths(nearest: clamp(confidence(spread, halfLife))),
      let hedge = Fraction(nearest: line.beta)
    else { return .noTrade(.badGeometry) }
    guard
      Int128(ratio.count) * Int128(Fraction.stepsPerWhole)
        >= Int128(configuration.gate.minimumRewardToRisk.steps) * 10_000
    else { return .noTrade(.rewardToRiskBelowMinimum) }
    let pair = PairLeg(
      symbol: self.other, side: side.opposite, entry: other.close, stop: two.levels.stop,
      target: two.levels.target, catastrophicStop: two.catastrophe,
      firstCatastrophicStop: one.catastrophe, hedge: hedge)
    return .signal(
      Signal(
        side: side, entry: one.levels.entry, stop: one.levels.stop, target: one.levels.target,
        rewardToRisk: ratio, netRewardToRisk: net, confidence: confidence,
        validUntil: context.time + .seconds(60),
        timeStop: context.time + trigger.interval * timeStop(halfLife: halfLife), pair: pair))
  }

  /// The first reason against the spread, before any level; what is not a number passes no check.
  func reason(against spread: PairSpread) -> NoTradeReason? {
    let settings = configuration
    let slack = Self.tolerance
    let hedges = (settings.leastHedge - slack)...(settings.largestHedge + slack)
    guard hedges.contains(spread.line.beta) else { return .betaOutOfRange }
    guard spread.correlation >= settings.leastCorrelation - slack else {
      return .correlationLow
    }
    // Legs in lockstep leave nothing to return.
    guard spread.line.deviation >= 1e-12 else { return .flatSeries }
    guard spread.statistic <= settings.criticalStatistic + slack else {
      return .notCointegrated
    }
    let halfLives = (settings.shortestHalfLife - slack)...(settings.longestHalfLife + slack)
    guard let halfLife = spread.halfLife, halfLives.contains(halfLife) else {
      return .halfLifeOutOfRange
    }
    guard spread.now.magnitude >= settings.entry - slack else { return .noSetup }
    let wasOutside = spread.before.magnitude >= settings.entry - slack
    guard !wasOutside || (spread.before > 0) != (spread.now > 0) else { return .notACrossing }
    guard spread.now.magnitude <= settings.farthestEntry + slack else { return .tooStretched }
    return nil
  }

  /// Whole bars that a position may last: so many half-lives, to the nearest bar.
  func timeStop(halfLife: Double) -> Int64 {
    guard let bars = Int64(nearest: configuration.halfLives * halfLife) else {
      return configuration.longestTimeStop
    }
    return min(bars, configuration.longestTimeStop)
  }

  /// Where one leg alone would bring the spread to its stop, its mean and its catastrophe; `share`
  /// is the leg's logarithmic move for one deviation of the spread.
  ///
  /// Stop and target are in proportion to the entry, to first order of the logarithm, so that their
  /// ratio is the spread's and the gate judges the trade that is meant; neither rests at the venue.
  /// The catastrophe does, and is exact.
  private func levels(
    _ side: Side, _ entry: Price, _ instrument: Instrument, _ spread: PairSpread, share: Double
  ) -> LegLevels? {
    let gate = configuration.gate
    let outside = spread.now.magnitude
    let sign = side == .buy ? 1.0 : -1.0
    func along(_ factor: Double) -> Int128? {
      Int64(nearest: Double(entry.steps) * factor)
        .map { Int128(side.along(Price(steps: $0))) }
    }
    guard let stopAt = along(1 + sign * (outside - configuration.stop) * share),
      let targetAt = along(1 + sign * outside * share),
      let worstAt = along(exp(sign * (outside - configuration.catastrophe) * share)),
      let stop = gate.stop(side, along: stopAt, of: instrument),
      let target = gate.target(side, along: targetAt, of: instrument),
      let worst = gate.stop(side, along: worstAt, of: instrument)
    else { return nil }
    return LegLevels(
      levels: Levels(side: side, entry: entry, stop: stop, target: target), catastrophe: worst)
  }

  private func confidence(_ spread: PairSpread, _ halfLife: Double) -> Double {
    0.40 + 0.25 * clamp((-spread.statistic - 3.07) / 1.5)
      + 0.20 * clamp(1 - (halfLife - 20).magnitude / 40)
      + 0.15 * clamp((spread.correlation - 0.6) / 0.3)
  }

  /// `|z| / (3 − |z|)`: both legs move, so it is the spread's ratio and not one leg's.
  private func rewardToRisk(_ spread: PairSpread) -> TenThousandths? {
    let outside = spread.now.magnitude
    guard outside < configuration.stop else { return nil }
    return TenThousandths(nearest: outside / (configuration.stop - outside))
  }

  /// The same after costs: per unit of the first leg, `1 + β` units are bought and sold.
  private func netRewardToRisk(_ spread: PairSpread) -> TenThousandths? {
    let gate = configuration.gate
    let outside = spread.now.magnitude
    let turnover = 1 + spread.line.beta
    let winning = turnover * (gate.entrySlippage.double + 2 * gate.fee.double)
    let losing = winning + turnover * gate.stopSlippage.double
    let reward = outside * spread.line.deviation
    let risk = (configuration.stop - outside) * spread.line.deviation
    return TenThousandths(nearest: (reward - winning) / (risk + losing))
  }
}

import Market

extension SkewFlow {
  /// The first reason against trading, in the order of the specification, or the trade.
  func judge(_ context: DecisionContext, _ state: State) -> Judgement {
    guard let received = state.spotReceived else { return .noTrade(.dataMissing) }
    guard state.finding != .refused(.warmUp), let trueRange = state.trueRange.mean,
      state.last?.openTime == context.trigger.openTime
    else { return .noTrade(.warmUp) }
    guard context.time - received <= configuration.spotAge else { return .noTrade(.spotStale) }
    guard holdsPeg(state.stablecoin) else { return .noTrade(.stablecoinDepeg) }
    switch state.finding {
    case .refused(let reason): return .noTrade(reason)
    case .turned(let turn): return trade(context, turn, trueRange, funding: state.funding)
    }
  }

  /// Whether the stablecoin is near its peg, as far as it is known.
  private func holdsPeg(_ price: Price?) -> Bool {
    guard let price else { return true }
    // Price and fraction have the same steps, and the peg is one.
    let apart = Int128(price.steps) - Int128(Price.stepsPerWhole)
    return apart.magnitude <= configuration.depeg.steps.magnitude
  }

  /// The trade against a stretch that has turned, or the first reason against its levels.
  func trade(
    _ context: DecisionContext, _ turn: Turn, _ trueRange: Mean, funding: FundingRate?
  ) -> Judgement {
    let gate = configuration.gate
    let side = turn.stretch.side
    let entry = Int128(side.along(context.trigger.close))
    let worst = Int128(turn.stretch.extreme) - trueRange.part(configuration.stopBuffer)
    guard let stop = gate.stop(side, along: worst, of: context.instrument) else {
      return .noTrade(.badGeometry)
    }
    let risk = entry - Int128(side.along(stop))
    guard !trueRange.isExceeded(by: risk, times: configuration.maximumRisk) else {
      return .noTrade(.stopTooWide)
    }
    let reward = Rounding.up.divide(
      risk * Int128(configuration.rewardToRisk.steps), by: Int128(Fraction.stepsPerWhole))
    guard let target = gate.target(side, along: entry + reward, of: context.instrument) else {
      return .noTrade(.badGeometry)
    }
    return gate.outcome(
      Levels(side: side, entry: context.trigger.close, stop: stop, target: target),
      confidence: confidence(turn, funding), at: context.time,
      timeStop: context.time + trigger.interval * configuration.timeStop)
  }

  private func confidence(_ turn: Turn, _ funding: FundingRate?) -> Double {
    let parts = configuration.confidence
    let peak = turn.stretch.peak
    return parts.base
      + parts.peakWeight * clamp((peak - configuration.stretchScore) / parts.peakRange)
      + parts.fundingWeight * clamp(abs(funding?.fraction ?? 0) / parts.fundingRange)
      + parts.turnWeight * clamp((peak - turn.score) / parts.turnRange)
  }
}

import Market

extension OIFlow {
  /// Prefers one of the setups of both sides.
  func judge(_ context: DecisionContext, _ trueRange: Mean, _ state: State) -> Conclusion {
    var preference = Preference([Self.flush, Self.divergence], stage: Self.stage)
    let crowd = crowd(state.funding, at: context.time)
    for watch in [state.long, state.short] {
      let judged = [
        (Self.flush, flush(context, watch.side, trueRange, state.bars)),
        (Self.divergence, divergence(context, watch, trueRange, crowd: crowd)),
      ]
      for (setup, judgement) in judged where judgement != .noTrade(.noSetup) {
        preference.add(setup, judgement)
      }
    }
    return preference.verdict
  }

  /// How far a setup came that ended with `reason`: a new extreme tells more than a fast move.
  private static func stage(_ reason: NoTradeReason) -> Int {
    switch reason {
    case .openInterestNotFlushed: 1
    case .openInterestStale, .openInterestConfirms: 2
    case .openInterestStillFalling, .divergenceLost, .armExpired: 3
    case .noReversalCandle, .armed: 4
    default: 0
    }
  }

  /// The side that pays funding, where it pays much.
  private func crowd(_ funding: Known<FundingRate>?, at time: Instant) -> Side? {
    guard let funding, time - funding.received <= configuration.fundingAge else { return nil }
    if funding.value >= configuration.crowdLong { return .buy }
    return funding.value <= configuration.crowdShort ? .sell : nil
  }

  /// Setup D: the trade of a divergence that has triggered.
  private func divergence(
    _ context: DecisionContext, _ watch: Watch, _ trueRange: Mean, crowd: Side?
  ) -> Judgement {
    let armed: Divergence
    switch watch.finding {
    case .triggered(let divergence): armed = divergence
    case .refused(let reason): return .noTrade(reason)
    }
    let parts = configuration.confidence
    let excess = armed.gap - configuration.divergence.double
    return trade(
      context, watch.side, trueRange, extreme: armed.extreme, target: armed.target,
      confidence: parts.base + parts.interestWeight * clamp(excess / parts.divergenceRange)
        + (crowd == watch.side.opposite ? parts.crowdWeight : 0))
  }

  /// Setup F: the trade of the bar after a flush, the last of `bars`.
  private func flush(
    _ context: DecisionContext, _ side: Side, _ trueRange: Mean, _ bars: [Bar]
  ) -> Judgement {
    let length = configuration.flushBars
    guard length > 0, bars.count >= length + 2 else { return .noTrade(.warmUp) }
    let flushed = bars.dropLast().suffix(length)
    let before = bars[bars.count - length - 2]
    guard let turn = bars.last, let first = flushed.first, let last = flushed.last else {
      return .noTrade(.warmUp)
    }
    let start = side.along(first.open)
    let fall = Int128(start) - Int128(side.along(last.close))
    guard trueRange.isReached(by: fall, times: configuration.flushMove) else {
      return .noTrade(.noSetup)
    }
    guard let held = before.interest, let left = last.interest, let now = turn.interest else {
      return .noTrade(.openInterestStale)
    }
    guard left.isDown(from: held, by: configuration.flushDrop) else {
      return .noTrade(.openInterestNotFlushed)
    }
    guard !now.isDown(from: left, byMoreThan: configuration.turnDrop) else {
      return .noTrade(.openInterestStillFalling)
    }
    let facing = turn.facing(side)
    guard facing.close > facing.open, facing.close > side.along(last.close) else {
      return .noTrade(.noReversalCandle)
    }
    let extreme = flushed.reduce(facing.low) { min($0, $1.facing(side).low) }
    let parts = configuration.confidence
    let excess = left.shareDown(from: held) - configuration.flushDrop.double
    return trade(
      context, side, trueRange, extreme: extreme, target: start,
      confidence: parts.base + parts.interestWeight * clamp(excess / parts.flushRange)
        + parts.closeWeight * facing.closeLocation)
  }

  /// The trade with its stop beyond `extreme`; to `confidence` comes what the reward earns.
  private func trade(
    _ context: DecisionContext, _ side: Side, _ trueRange: Mean, extreme: Int64, target: Int64,
    confidence: Double
  ) -> Judgement {
    let gate = configuration.gate
    let worst = Int128(extreme) - trueRange.part(configuration.stopBuffer)
    guard let stop = gate.stop(side, along: worst, of: context.instrument),
      let target = gate.target(side, along: Int128(target), of: context.instrument)
    else { return .noTrade(.badGeometry) }
    let levels = Levels(side: side, entry: context.trigger.close, stop: stop, target: target)
    let parts = configuration.confidence
    let beyond = levels.rewardToRisk - gate.minimumRewardToRisk.double
    return gate.outcome(
      levels, confidence: confidence + parts.rewardWeight * clamp(beyond / parts.rewardRange),
      at: context.time, timeStop: context.time + trigger.interval * configuration.timeStop)
  }
}

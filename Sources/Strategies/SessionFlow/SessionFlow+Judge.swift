import Market
import Risk

extension SessionFlow {
  /// Judges the last absorbed candle as a trigger of `session`.
  func judge(
    _ context: DecisionContext, _ session: Session, of day: Day, _ state: State
  ) -> Judgement {
    let trigger = context.trigger
    let bar = session.bar(at: trigger.openTime)
    guard let dayOpen = day.open, isWhole(day), let volume = state.volumeBefore else {
      return .noTrade(state.wasBegun(by: day.start) ? .gapInHistory : .warmUp)
    }
    guard !session.isTraded else { return .noTrade(.sessionDone) }
    guard bar >= configuration.rangeBars else { return .noTrade(.rangeForming) }
    guard bar < configuration.closingBar else { return .noTrade(.sessionClosed) }
    guard let range = session.range, let trueRange = session.trueRange,
      session.rangeCount == configuration.rangeBars
    else { return .noTrade(state.wasBegun(by: session.anchor) ? .gapInHistory : .warmUp) }
    let width = Int128(range.high.steps) - Int128(range.low.steps)
    guard trueRange.isReached(by: width, times: configuration.narrowestRange),
      !trueRange.isExceeded(by: width, times: configuration.widestRange)
    else { return .noTrade(.rangeWidth) }
    guard let side = range.brokenSide(at: trigger.close) else { return .noTrade(.noSetup) }
    let candle = FacingCandle(trigger, facing: side)
    guard hasBody(candle) else { return .noTrade(.weakBody) }
    let traded = Int128(trigger.volume.steps)
    guard traded > 0, volume.isReached(by: traded, times: configuration.volumeMultiple) else {
      return .noTrade(.volumeNotElevated)
    }
    let beyond = Int128(candle.close) - Int128(range.ceiling(side))
    guard
      beyond * Int128(Fraction.stepsPerWhole) <= width * Int128(configuration.chase.steps)
    else { return .noTrade(.chased) }
    guard let levels = levels(context, range, side) else { return .noTrade(.badGeometry) }
    var confidence = 0.45 + 0.15 * clamp((volume.ratio(of: traded) - 1.5) / 1.5)
    confidence += 0.15 * Double(candle.body) / Double(candle.range)
    if session.hasSwept(against: side, before: trigger.openTime) { confidence += 0.15 }
    if candle.close > side.along(dayOpen) { confidence += 0.10 }
    return configuration.gate.outcome(
      levels, confidence: confidence, at: context.time,
      timeStop: session.anchor + configuration.timeStop)
  }

  /// Whether every candle of the day's Asian range was seen.
  private func isWhole(_ day: Day) -> Bool {
    Timeframe.m5.interval * day.asiaCount == configuration.asia
  }

  private func hasBody(_ candle: FacingCandle) -> Bool {
    candle.close > candle.open
      && Int128(candle.body) * Int128(Fraction.stepsPerWhole)
        >= Int128(candle.range) * Int128(configuration.bodyToRange.steps)
  }

  /// The stop at the middle of the range, the target at a multiple of the risk.
  private func levels(
    _ context: DecisionContext, _ range: Extremes, _ side: Side
  ) -> Levels? {
    let gate = configuration.gate
    let entry = Int128(side.along(context.trigger.close))
    let middle = Rounding.down.divide(
      Int128(range.floor(side)) + Int128(range.ceiling(side)), by: 2)
    guard let stop = gate.stop(side, along: middle, of: context.instrument) else { return nil }
    let reward = Rounding.up.divide(
      (entry - Int128(side.along(stop))) * Int128(configuration.rewardToRisk.steps),
      by: Int128(Fraction.stepsPerWhole))
    guard let target = gate.target(side, along: entry + reward, of: context.instrument) else {
      return nil
    }
    return Levels(side: side, entry: context.trigger.close, stop: stop, target: target)
  }
}

extension SessionFlow.State {
  /// Whether candles were seen from `time` on or earlier, so that what lacks after it is a gap.
  func wasBegun(by time: Instant) -> Bool { since.map { $0 <= time } ?? false }
}

extension SessionFlow.Extremes {
  /// The side to which a close at `price` breaks out; nil inside and on the edge.
  func brokenSide(at price: Price) -> Side? {
    price > high ? .buy : price < low ? .sell : nil
  }
}

import Market
import Risk

extension WickFlow {
  /// What the candles before the trigger amounted to.
  struct Reading: Hashable, Sendable {
    /// The open time of the trigger.
    let openTime: Instant
    /// The average true range up to the candle before.
    let trueRange: Mean
    /// The average volume of the candles before.
    let volume: Mean
    /// The highest high of the four candles before.
    let highest: Price
    /// The lowest low of the four candles before.
    let lowest: Price
  }

  /// Why orders are thought to rest at a level.
  enum PoolKind: Hashable, Sendable {
    case equal, priorDay, priorWeek

    var weight: Double {
      switch self {
      case .equal: 0.5
      case .priorDay: 0.7
      case .priorWeek: 1
      }
    }
  }

  /// A level where orders are thought to rest.
  struct Pool: Hashable, Sendable {
    let kind: PoolKind
    let price: Price
  }

  /// What the trigger alone came to.
  enum Screening: Hashable, Sendable {
    /// A rejection that the side trades, if something was there to reject.
    case rejection(Side)
    /// The first reason against.
    case refused(NoTradeReason)
  }

  /// Looks for a large wick on elevated volume.
  func screen(_ trigger: Candle, _ reading: Reading) -> Screening {
    let long = FacingCandle(trigger, facing: .buy)
    guard
      reading.trueRange.isReached(by: Int128(long.range), times: configuration.rangeMultiple)
    else { return .refused(.rangeTooSmall) }
    let side: Side
    switch (hasWick(long), hasWick(FacingCandle(trigger, facing: .sell))) {
    case (false, false): return .refused(.noWick)
    case (true, true): return .refused(.ambiguousDoubleWick)
    case (true, false): side = .buy
    case (false, true): side = .sell
    }
    // Nothing traded is not elevated, even where nothing traded before either.
    guard trigger.volume > .zero,
      reading.volume.isReached(
        by: Int128(trigger.volume.steps), times: configuration.volumeMultiple)
    else { return .refused(.volumeNotElevated) }
    return .rejection(side)
  }

  /// Judges a rejection among `pools` on its own side of the market and `opposing` ones.
  func judge(
    _ context: DecisionContext, _ reading: Reading, _ side: Side, pools: [Pool],
    opposing: [Pool]
  ) -> Conclusion {
    let trigger = context.trigger
    let candle = FacingCandle(trigger, facing: side)
    let volume = Int128(trigger.volume.steps)
    let swept =
      pools
      .filter { candle.low < side.along($0.price) && side.along($0.price) < candle.close }
      .map { $0.kind.weight }.max()
    guard swept != nil || isExhaustion(candle, side, volume, reading) else {
      return Conclusion(setup: .all, outcome: .noTrade(.noSetup))
    }
    let setup = swept == nil ? Self.exhaustion : Self.poolSweep
    switch levels(context, candle, side, reading, opposing: opposing) {
    case .refused(let reason): return Conclusion(setup: setup, outcome: .noTrade(reason))
    case .standing(let levels):
      let outcome = configuration.gate.outcome(
        levels,
        confidence: confidence(candle, reading.volume.ratio(of: volume), swept ?? 0),
        at: context.time,
        timeStop: context.time + trigger.timeframe.interval * configuration.timeStop)
      return Conclusion(setup: setup, outcome: outcome)
    }
  }

  private func hasWick(_ candle: FacingCandle) -> Bool {
    let wick = Int128(candle.wick) * Int128(Fraction.stepsPerWhole)
    return wick >= Int128(candle.body) * Int128(configuration.wickToBody.steps)
      && wick >= Int128(candle.range) * Int128(configuration.wickToRange.steps)
  }

  private func isExhaustion(
    _ candle: FacingCandle, _ side: Side, _ volume: Int128, _ reading: Reading
  ) -> Bool {
    let from = side.along(side == .buy ? reading.highest : reading.lowest)
    return reading.trueRange.isReached(
      by: Int128(from) - Int128(candle.low), times: configuration.exhaustionMove)
      && reading.volume.isReached(by: volume, times: configuration.exhaustionVolumeMultiple)
      && candle.closeLocation >= configuration.exhaustionCloseLocation
  }

  private enum Placement {
    case standing(Levels)
    case refused(NoTradeReason)
  }

  /// The stop beyond the wick; the target at the nearest opposing pool or twice the risk.
  private func levels(
    _ context: DecisionContext, _ candle: FacingCandle, _ side: Side, _ reading: Reading,
    opposing: [Pool]
  ) -> Placement {
    let gate = configuration.gate
    let entry = Int128(candle.close)
    let worst = Int128(candle.low) - reading.trueRange.part(configuration.stopBuffer)
    guard let stop = gate.stop(side, along: worst, of: context.instrument) else {
      return .refused(.badGeometry)
    }
    let risk = entry - Int128(side.along(stop))
    let scale = Int128(Fraction.stepsPerWhole)
    let least = Rounding.up.divide(
      risk * Int128(gate.minimumRewardToRisk.steps), by: scale)
    var aim = entry + least
    // A pool that the trigger itself traded through is gone.
    let nearest = opposing.map { side.along($0.price) }
      .filter { $0 >= candle.high && $0 > candle.close }.min().map { Int128($0) - entry }
    if let nearest {
      guard nearest >= least else { return .refused(.targetBlocked) }
      if nearest * scale <= risk * Int128(configuration.farthestTarget.steps) {
        aim = entry + nearest
      }
    }
    guard let target = gate.target(side, along: aim, of: context.instrument) else {
      return .refused(.badGeometry)
    }
    return .standing(
      Levels(side: side, entry: context.trigger.close, stop: stop, target: target))
  }

  private func confidence(
    _ candle: FacingCandle, _ volumeRatio: Double, _ poolWeight: Double
  ) -> Double {
    let wickRatio = Double(candle.wick) / max(Double(candle.body), 0.05 * Double(candle.range))
    return 0.40 + 0.20 * clamp((wickRatio - 2) / 3) + 0.20 * clamp((volumeRatio - 1.5) / 1.5)
      + 0.10 * poolWeight + 0.10 * candle.closeLocation
  }
}

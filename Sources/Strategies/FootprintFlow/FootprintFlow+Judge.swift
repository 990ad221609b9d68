import Market
import Risk

extension FootprintFlow {
  /// What the candles up to a five-minute candle amounted to.
  struct Reading: Hashable, Sendable {
    /// The average true range, the candle's own included.
    let trueRange: Mean
    /// The average volume of the candles before.
    let volume: Mean
    /// The highest high of the candles before.
    let highest: Price
    /// The lowest low of the candles before.
    let lowest: Price

    /// The extreme against `side` of the candles before, in steps along it.
    func low(_ side: Side) -> Int64 { side.along(side == .buy ? lowest : highest) }
    /// The extreme in favour of `side` of the candles before, in steps along it.
    func high(_ side: Side) -> Int64 { side.along(side == .buy ? highest : lowest) }
  }

  /// What one setup came to before any levels.
  enum Finding: Hashable, Sendable {
    /// Something to trade, if its levels pass.
    case trade(Trade)
    /// The first reason against.
    case refused(NoTradeReason)
  }

  /// A trade whose levels are not set yet.
  struct Trade: Hashable, Sendable {
    let side: Side
    /// The price that the stop hides behind.
    let extreme: Price
    let confidence: Double
  }

  /// Ties resolve absorption, stack.
  private static let ranks = [absorption, stacked]

  /// Judges both setups at the trigger.
  ///
  /// They point opposite ways where a stack completes against an absorption that was confirmed or
  /// has just begun to wait. The limits of the close's location that the specification gives leave
  /// no candle for both; a configuration may.
  func judge(
    _ context: DecisionContext, _ reading: Reading, awaiting: Absorption?, recent: [Minute]
  ) -> Conclusion {
    let absorbed = absorption(context.trigger, reading, awaiting: awaiting)
    let stack = stack(context.trigger, reading, recent)
    if case .trade(let stacked) = stack {
      let absorbing: Side?
      switch absorbed {
      case .trade(let trade): absorbing = trade.side
      case .refused(.awaitConfirm): absorbing = screen(context.trigger, reading).absorption?.side
      case .refused: absorbing = nil
      }
      if absorbing == stacked.side.opposite {
        return Conclusion(setup: .all, outcome: .noTrade(.ambiguous))
      }
    }
    // That a candle which broke the range is too light for an absorption says nothing: what it
    // lacks is a stack.
    let hasBroken = [Side.buy, .sell].contains {
      reasonAgainstBreak(context.trigger, reading, $0) == nil
    }
    var preference = Preference(Self.ranks) { reason in
      switch reason {
      case .volumeNotElevated: hasBroken ? -1 : 1
      case .noSetup: 0
      case .closeNotAtExtreme, .noAbsorption: 2
      case .noBreak: 3
      default: 4
      }
    }
    preference.add(Self.absorption, judgement(context, reading, absorbed))
    preference.add(Self.stacked, judgement(context, reading, stack))
    return preference.verdict
  }

  /// The levels of what a setup came to, through the geometry.
  private func judgement(
    _ context: DecisionContext, _ reading: Reading, _ finding: Finding
  ) -> Judgement {
    guard case .trade(let trade) = finding else {
      guard case .refused(let reason) = finding else { return .noTrade(.noSetup) }
      return .noTrade(reason)
    }
    let gate = configuration.gate
    let side = trade.side
    let entry = Int128(side.along(context.trigger.close))
    let worst = Int128(side.along(trade.extreme)) - reading.trueRange.part(configuration.stopBuffer)
    guard let stop = gate.stop(side, along: worst, of: context.instrument) else {
      return .noTrade(.badGeometry)
    }
    let risk = entry - Int128(side.along(stop))
    let reward = Rounding.up.divide(
      risk * Int128(configuration.rewardToRisk.steps), by: Int128(Fraction.stepsPerWhole))
    guard let target = gate.target(side, along: entry + reward, of: context.instrument) else {
      return .noTrade(.badGeometry)
    }
    return gate.outcome(
      Levels(side: side, entry: context.trigger.close, stop: stop, target: target),
      confidence: trade.confidence, at: context.time,
      timeStop: context.time + trigger.interval * configuration.timeStop)
  }
}

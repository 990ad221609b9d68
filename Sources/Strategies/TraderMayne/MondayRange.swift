import Market
import Risk

extension TraderMayne {
  /// Monday's high and low, and what each side of it has been through this week.
  ///
  /// The range forms on Monday and is set at Tuesday 00:00 if every quarter hour was seen. From
  /// then on a side is armed until it is used by a signal, or until a four-hour close far outside
  /// shows that the market accepts those prices. Everything ends with the week.
  struct MondayRange: Hashable, Sendable {
    struct SideState: Hashable, Sendable {
      var isUsed = false
      var isAcceptedOutside = false
    }

    /// Monday 00:00 of the week.
    var week: Instant?
    /// How many of Monday's quarter hours were seen.
    var count = 0
    var high: Price = .zero
    var low: Price = .zero
    /// The side below the range, which a long trades.
    var below = SideState()
    /// The side above the range, which a short trades.
    var above = SideState()

    mutating func absorbQuarter(_ candle: Candle) {
      let opening = opening(of: candle.openTime)
      if week != opening {
        self = MondayRange()
        week = opening
      }
      guard candle.openTime < opening + .days(1) else { return }
      high = count == 0 ? candle.high : max(high, candle.high)
      low = count == 0 ? candle.low : min(low, candle.low)
      count += 1
    }

    /// The Monday of `time`, which most often is the one that is known.
    private func opening(of time: Instant) -> Instant {
      if let week, time >= week, time < week + .days(7) { return week }
      return Timeframe.w1.open(containing: time)
    }

    mutating func absorbFourHours(_ candle: Candle, acceptance: Fraction) {
      guard isSet(for: candle.openTime) else { return }
      let limit = Int128(high.steps - low.steps) * Int128(acceptance.steps)
      let scale = Int128(Fraction.stepsPerWhole)
      if Int128(candle.close.steps - high.steps) * scale > limit { above.isAcceptedOutside = true }
      if Int128(low.steps - candle.close.steps) * scale > limit { below.isAcceptedOutside = true }
    }

    mutating func use(_ side: Side) {
      if side == .buy { below.isUsed = true } else { above.isUsed = true }
    }

    func state(_ side: Side) -> SideState { side == .buy ? below : above }

    /// Whether the range is complete for a candle that opens at `time`.
    func isSet(for time: Instant) -> Bool {
      guard let week, count == 96 else { return false }
      return time >= week + .days(1) && time < week + .days(7)
    }
  }

  /// A sweep and reclaim of Monday's range by the trigger.
  func mondayRange(
    _ context: DecisionContext, _ range: MondayRange, score: Int
  ) -> Judgement {
    let trigger = context.trigger
    guard let week = range.week, range.isSet(for: trigger.openTime) else {
      return .noTrade(.mondayIncomplete)
    }
    let doubleWidth = 2 * Int128(range.high.steps - range.low.steps)
    let doubleMiddle = Int128(range.high.steps) + Int128(range.low.steps)
    let scale = Int128(Fraction.stepsPerWhole)
    guard doubleWidth * scale >= doubleMiddle * Int128(configuration.narrowestRange.steps),
      doubleWidth * scale <= doubleMiddle * Int128(configuration.widestRange.steps)
    else { return .noTrade(.rangeWidth) }
    guard trigger.low >= range.low || trigger.high <= range.high else {
      return .noTrade(.ambiguousDoubleSweep)
    }
    let side: Side
    if trigger.low < range.low, trigger.close > range.low {
      side = .buy
    } else if trigger.high > range.high, trigger.close < range.high {
      side = .sell
    } else {
      return .noTrade(.noSetup)
    }
    guard !range.state(side).isAcceptedOutside else { return .noTrade(.rangeAcceptedOutside) }
    guard !range.state(side).isUsed else { return .noTrade(.alreadyTradedThisWeek) }
    if configuration.mondayNeedsBias {
      guard let bias = bias(score) else { return .noTrade(.biasNeutral) }
      guard bias == side else { return .noTrade(.biasOpposed) }
    }
    let candle = FacingCandle(trigger, facing: side)
    let middle = side == .buy ? doubleMiddle : -doubleMiddle
    guard 2 * Int128(candle.close) < middle else { return .noTrade(.closeBeyondTarget) }
    let gate = configuration.gate
    guard let stop = gate.stop(side, along: Int128(candle.low), of: context.instrument),
      let target = gate.target(
        side, along: Rounding.up.divide(middle, by: 2), of: context.instrument)
    else { return .noTrade(.badGeometry) }
    let levels = Levels(side: side, entry: trigger.close, stop: stop, target: target)
    let conviction = clamp(Double(abs(score) - 5) / 5)
    let confidence =
      0.50 + 0.20 * clamp((levels.rewardToRisk - 2) / 2) + 0.20 * conviction
      + 0.10 * candle.closeLocation
    return gate.outcome(
      levels, confidence: confidence, at: context.time,
      timeStop: week + .days(7) - .minutes(15))
  }
}

extension TraderMayne.MondayRange: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(week)
    writer.write(count)
    writer.write(high)
    writer.write(low)
    for side in [below, above] {
      writer.write(side.isUsed)
      writer.write(side.isAcceptedOutside)
    }
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    week = try reader.readOptionalTime()
    let start = reader.position
    count = try reader.readInt()
    high = try reader.readFixed()
    low = try reader.readFixed()
    guard (0...96).contains(count), low >= .zero, high >= low else {
      throw .invalid(offset: start)
    }
    below = SideState(
      isUsed: try reader.readBool(), isAcceptedOutside: try reader.readBool())
    above = SideState(
      isUsed: try reader.readBool(), isAcceptedOutside: try reader.readBool())
  }
}

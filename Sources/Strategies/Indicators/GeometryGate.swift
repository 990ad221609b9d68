public import Market

/// Where a trade begins and ends.
public struct Levels: Hashable, Sendable {
  /// Long or short.
  public let side: Side
  /// The close of the trigger candle.
  public let entry: Price
  /// Where the idea is wrong.
  public let stop: Price
  /// Where the profit is taken.
  public let target: Price

  /// Makes levels; nothing is checked until the gate sees them.
  public init(side: Side, entry: Price, stop: Price, target: Price) {
    self.side = side
    self.entry = entry
    self.stop = stop
    self.target = target
  }

  /// The distance from entry to stop, positive where the stop is on the losing side.
  public var risk: Int128 { Int128(side.along(entry)) - Int128(side.along(stop)) }
  /// The distance from entry to target, positive where the target is on the winning side.
  public var reward: Int128 { Int128(side.along(target)) - Int128(side.along(entry)) }
  /// Reward over risk; meaningful once the gate has passed them.
  public var rewardToRisk: Double { Double(reward) / Double(risk) }
}

/// The last step of every directional strategy (`strategies.md` section 2.3).
public struct GeometryGate: Hashable, Sendable {
  /// The nearest stop, as a fraction of the entry.
  public var minimumStop: Fraction = "0.0025"
  /// The farthest stop, as a fraction of the entry.
  public var maximumStop: Fraction = "0.05"
  /// The least reward to risk.
  public var minimumRewardToRisk: Fraction = "2"
  /// What entering is expected to lose to slippage.
  public var entrySlippage: Fraction = "0.0005"
  /// What leaving at the stop is expected to lose to slippage.
  public var stopSlippage: Fraction = "0.0010"
  /// What each side pays in fees.
  public var fee: Fraction = "0.00045"

  /// Makes the gate with its default limits.
  public init() {}

  /// The stop at `steps` along the side, rounded to the tick away from the entry.
  public func stop(_ side: Side, along steps: Int128, of instrument: Instrument) -> Price? {
    side.price(along: steps).flatMap { instrument.onTick($0, side == .buy ? .down : .up) }
  }

  /// The target at `steps` along the side, rounded to the tick away from the entry.
  public func target(_ side: Side, along steps: Int128, of instrument: Instrument) -> Price? {
    side.price(along: steps).flatMap { instrument.onTick($0, side == .buy ? .up : .down) }
  }

  /// The first reason against `levels`; nil where they pass.
  public func reason(against levels: Levels) -> NoTradeReason? {
    if let reason = reason(againstDistancesOf: levels) { return reason }
    return pays(levels) ? nil : .rewardToRiskBelowMinimum
  }

  /// The first reason against the order and the distances of `levels`, whatever they pay: a leg of
  /// a pair is paid by both.
  func reason(againstDistancesOf levels: Levels) -> NoTradeReason? {
    let entry = Int128(levels.entry.steps)
    let risk = levels.risk * Int128(Fraction.stepsPerWhole)
    guard levels.risk > 0, levels.reward > 0 else { return .badGeometry }
    guard risk >= entry * Int128(minimumStop.steps) else { return .stopTooTight }
    guard risk <= entry * Int128(maximumStop.steps) else { return .stopTooWide }
    return nil
  }

  /// Whether the reward is large enough for the risk.
  public func pays(_ levels: Levels) -> Bool {
    levels.reward * Int128(Fraction.stepsPerWhole)
      >= levels.risk * Int128(minimumRewardToRisk.steps)
  }

  /// Reward to risk before costs; nil where the risk is not positive.
  public func rewardToRisk(_ levels: Levels) -> TenThousandths? {
    Self.ratio(levels.reward, levels.risk)
  }

  /// Reward to risk after slippage and fees; nil where the risk is not positive.
  public func netRewardToRisk(_ levels: Levels) -> TenThousandths? {
    let scale = Int128(Fraction.stepsPerWhole)
    let entry = Int128(levels.entry.steps)
    let winning = Int128(entrySlippage.steps) + 2 * Int128(fee.steps)
    let losing = winning + Int128(stopSlippage.steps)
    return Self.ratio(
      levels.reward * scale - entry * winning, levels.risk * scale + entry * losing)
  }

  /// A signal with both ratios, or the first reason against it.
  public func outcome(
    _ levels: Levels, confidence: Double, at time: Instant, timeStop: Instant
  ) -> Judgement {
    if let reason = reason(against: levels) { return .noTrade(reason) }
    guard let gross = rewardToRisk(levels), let net = netRewardToRisk(levels),
      let confidence = TenThousandths(nearest: clamp(confidence))
    else { return .noTrade(.badGeometry) }
    return .signal(
      Signal(
        side: levels.side, entry: levels.entry, stop: levels.stop, target: levels.target,
        rewardToRisk: gross, netRewardToRisk: net, confidence: confidence,
        validUntil: time + .seconds(60), timeStop: timeStop))
  }

  private static func ratio(_ numerator: Int128, _ denominator: Int128) -> TenThousandths? {
    guard denominator > 0 else { return nil }
    return Int64(exactly: Rounding.nearest.divide(numerator * 10_000, by: denominator))
      .map(TenThousandths.init)
  }
}

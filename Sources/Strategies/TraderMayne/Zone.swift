import Market
import Risk

extension TraderMayne {
  /// The body of the last opposite candle before a displacement, and what became of it.
  ///
  /// ```
  ///   FRESH ──first touch──▶ TESTED          (touch: a quarter hour reaches the zone)
  ///     └────────┬──────────────┘
  ///       four-hour close through: the side flips
  ///              ▼
  ///   BREAKER ──first touch──▶ BREAKER_TESTED
  ///     └────────┬──────────────┘
  ///       four-hour close through the other side ──▶ DEAD (forgotten)
  /// ```
  struct Zone: Hashable, Sendable {
    enum Phase: Hashable, Sendable {
      case fresh, tested, breaker, breakerTested
    }

    let low: Price
    let high: Price
    /// The open time of the order block.
    let openTime: Instant
    /// Whom the zone supports now.
    var side: Side
    /// When the displacement closed, or the break that made it a breaker.
    var since: Instant
    var isBreaker = false
    /// The quarter hour that touched it first, by open time, since ``since``.
    var touchedBy: Instant?
    /// The farthest price in favour of ``side``, since and including the candle that closed at
    /// ``since``.
    var legExtreme: Price
    /// Displacement over average body, or for a breaker the break's distance over the true range.
    var strength: Double

    var phase: Phase {
      isBreaker
        ? (touchedBy == nil ? .breaker : .breakerTested)
        : (touchedBy == nil ? .fresh : .tested)
    }

    /// The edge that a retest meets first, in steps along the side.
    var near: Int64 { side.along(side == .buy ? high : low) }
    /// The edge behind which the zone has failed, in steps along the side.
    var far: Int64 { side.along(side == .buy ? low : high) }

    /// Whether no candle before the one that opens at `time` has touched it.
    func wasActive(before time: Instant) -> Bool { touchedBy.map { $0 >= time } ?? true }

    /// Whole four-hour candles since ``since``.
    func age(at time: Instant) -> Int64 {
      (time - since).nanoseconds.floorDivided(by: Timeframe.h4.interval.nanoseconds)
    }

    /// Whether more than `candles` four-hour candles have closed since ``since``.
    func isOlder(than candles: Int64, at time: Instant) -> Bool {
      time >= since + Timeframe.h4.interval * (candles + 1)
    }

    mutating func absorbQuarter(_ candle: Candle) {
      guard candle.openTime >= since else { return }
      let extreme = side == .buy ? candle.high : candle.low
      if side.along(extreme) > side.along(legExtreme) { legExtreme = extreme }
      guard touchedBy == nil else { return }
      if FacingCandle(candle, facing: side).low <= near { touchedBy = candle.openTime }
    }

    /// Takes in a four-hour close; false once the zone is dead.
    mutating func absorbFourHours(_ candle: Candle, trueRange: Mean?) -> Bool {
      let close = side.along(candle.close)
      guard close < far else { return true }
      guard !isBreaker else { return false }
      strength = trueRange.map { $0.ratio(of: Int128(far) - Int128(close)) } ?? 0
      isBreaker = true
      touchedBy = nil
      since = candle.closeTime
      side = side.opposite
      legExtreme = side == .buy ? candle.high : candle.low
      return true
    }
  }

  /// A first retest of `zone` by the trigger.
  func retest(
    _ context: DecisionContext, _ zone: Zone, trueRange: Mean?, score: Int, swings: SwingPair
  ) -> Judgement {
    let trigger = context.trigger
    guard let trueRange, zone.wasActive(before: trigger.openTime) else {
      return .noTrade(.zoneNotActive)
    }
    guard !zone.isOlder(than: configuration.zoneExpiry, at: context.time) else {
      return .noTrade(.zoneExpired)
    }
    let side = zone.side
    let candle = FacingCandle(trigger, facing: side)
    guard trigger.openTime >= zone.since, candle.low <= zone.near else {
      return .noTrade(.noSetup)
    }
    guard candle.low >= zone.far else { return .noTrade(.zonePierced) }
    guard candle.close > zone.near else { return .noTrade(.noRejection) }
    let gate = configuration.gate
    let worst = Int128(zone.far) - trueRange.part(configuration.zoneBuffer)
    guard let stop = gate.stop(side, along: worst, of: context.instrument) else {
      return .noTrade(.badGeometry)
    }
    guard
      let levels = firstPaying(
        side, entry: trigger.close, stop: stop,
        aims: [zone.legExtreme] + swings.beyond(trigger.close, side), of: context.instrument)
    else { return .noTrade(.rewardToRiskBelowMinimum) }
    let strength = zone.isBreaker ? zone.strength : (zone.strength - 2) / 2
    let confidence =
      0.45 + 0.15 * clamp(strength) + 0.15 * clamp((levels.rewardToRisk - 2) / 2)
      + 0.15 * alignment(of: side, score)
      + 0.10 * (1 - Double(zone.age(at: context.time)) / Double(configuration.zoneExpiry))
    return gate.outcome(
      levels, confidence: confidence, at: context.time,
      timeStop: context.time + Timeframe.h4.interval * configuration.timeStop)
  }

  /// Levels with the first of `aims` that pays enough.
  func firstPaying(
    _ side: Side, entry: Price, stop: Price, aims: [Price], of instrument: Instrument
  ) -> Levels? {
    for aim in aims {
      guard
        let target = configuration.gate.target(
          side, along: Int128(side.along(aim)), of: instrument)
      else { continue }
      let levels = Levels(side: side, entry: entry, stop: stop, target: target)
      if levels.reward > 0, configuration.gate.pays(levels) { return levels }
    }
    return nil
  }
}

extension TraderMayne.Zone: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(low)
    writer.write(high)
    writer.write(openTime)
    writer.write(side.rawValue)
    writer.write(since)
    writer.write(isBreaker)
    writer.write(touchedBy)
    writer.write(legExtreme)
    writer.write(strength)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(
      low: try reader.readPrice(), high: try reader.readPrice(), openTime: try reader.readTime(),
      side: try reader.readSide(), since: try reader.readTime(), isBreaker: try reader.readBool(),
      touchedBy: try reader.readOptionalTime(), legExtreme: try reader.readPrice(),
      strength: try reader.readDouble())
  }
}

import Market
import Risk

extension TraderMayne {
  /// A closed four-hour candle, as far as later ones look back at it.
  struct Bar: Hashable, Sendable {
    let openTime: Instant
    let open: Price
    let high: Price
    let low: Price
    let close: Price

    var closeTime: Instant { openTime + Timeframe.h4.interval }
    /// Up or down; nil for a candle without a body.
    var colour: Side? { close == open ? nil : close > open ? .buy : .sell }
    var body: Int64 { (close - open).magnitude.steps }
  }

  /// A swing swept and reclaimed on one candle, waiting for the next to confirm it.
  struct SwingFailure: Hashable, Sendable {
    let side: Side
    /// The far end of the sweep.
    let extreme: Price
    let close: Price
    /// The wick's share of the range.
    let wickShare: Double

    /// The failure that `candle` made of `level`; nil where it did not sweep and reclaim it.
    init?(_ candle: FacingCandle, _ side: Side, level: Int64) {
      guard candle.low < level, level < candle.close,
        let extreme = side.price(along: Int128(candle.low)),
        let close = side.price(along: Int128(candle.close))
      else { return nil }
      self.side = side
      self.extreme = extreme
      self.close = close
      wickShare = Double(candle.wick) / Double(candle.range)
    }
  }

  /// The outcome for the four-hour candle that closed with the trigger.
  func swingFailure(
    _ context: DecisionContext, _ candle: Bar, _ state: State, score: Int
  ) -> Judgement {
    var refused: NoTradeReason?
    for failure in state.awaiting {
      let outcome = confirm(
        context, failure, candle, state.zones, score: score, swings: state.swings)
      guard case .noTrade(let reason) = outcome else { return outcome }
      refused = refused ?? reason
    }
    if let refused, refused != .swingFailureNotConfirmed { return .noTrade(refused) }
    if !state.failures.isEmpty { return .noTrade(.awaitConfirm) }
    return .noTrade(refused ?? .noSetup)
  }

  /// Whether `candle` confirms the failure before it, and what that trades.
  func confirm(
    _ context: DecisionContext, _ failure: SwingFailure, _ candle: Bar, _ zones: [Zone],
    score: Int, swings: SwingPair
  ) -> Judgement {
    let side = failure.side
    let close = side.along(candle.close)
    guard close > side.along(candle.open), close > side.along(failure.close) else {
      return .noTrade(.swingFailureNotConfirmed)
    }
    let low = min(side.along(failure.extreme), side.along(side == .buy ? candle.low : candle.high))
    let gate = configuration.gate
    guard let stop = gate.stop(side, along: Int128(low), of: context.instrument) else {
      return .noTrade(.badGeometry)
    }
    guard
      let levels = firstPaying(
        side, entry: candle.close, stop: stop, aims: swings.beyond(candle.close, side),
        of: context.instrument)
    else { return .noTrade(.rewardToRiskBelowMinimum) }
    var confidence =
      0.50 + 0.15 * clamp((levels.rewardToRisk - 2) / 2) + 0.15 * alignment(of: side, score)
      + 0.10 * failure.wickShare
    if zones.contains(where: { isConfluent($0, failure, at: context.time) }) {
      confidence = min(1, confidence * configuration.confluence)
    }
    return gate.outcome(
      levels, confidence: confidence, at: context.time,
      timeStop: context.time + Timeframe.h4.interval * configuration.timeStop)
  }

  /// Whether the sweep, from its far end to its close, overlaps an active zone of its side.
  private func isConfluent(_ zone: Zone, _ failure: SwingFailure, at time: Instant) -> Bool {
    guard zone.side == failure.side, !zone.isOlder(than: configuration.zoneExpiry, at: time)
    else { return false }
    return min(failure.extreme, failure.close) <= zone.high
      && zone.low <= max(failure.extreme, failure.close)
  }
}

extension TraderMayne.Bar: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(openTime)
    writer.write(open)
    writer.write(high)
    writer.write(low)
    writer.write(close)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(
      openTime: try reader.readTime(), open: try reader.readPrice(), high: try reader.readPrice(),
      low: try reader.readPrice(), close: try reader.readPrice())
  }
}

extension TraderMayne.SwingFailure: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(side.rawValue)
    writer.write(extreme)
    writer.write(close)
    writer.write(wickShare)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    side = try reader.readSide()
    extreme = try reader.readPrice()
    close = try reader.readPrice()
    wickShare = try reader.readDouble()
  }
}

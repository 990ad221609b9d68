public import Market

extension TraderMayne {
  /// The structures, the range, the zones and the pending failures after the last candle.
  public struct State: Hashable, Sendable {
    var week = Structure(reach: 3)
    var threeDays = Structure(reach: 3)
    var day = Structure(reach: 5)
    var monday = MondayRange()
    var trueRange = AverageTrueRange(length: trueRangeLength)
    var bodies = RollingSum(capacity: bodyLength)
    /// The last four-hour candles, newest last.
    var bars: [Bar] = []
    var finder = SwingFinder(reach: fourHourReach)
    var swings = SwingPair()
    var zones: [Zone] = []
    /// What the newest four-hour candle swept and reclaimed.
    var failures: [SwingFailure] = []
    /// What the one before it had, and the newest was to confirm.
    var awaiting: [SwingFailure] = []

    static let trueRangeLength = 14
    static let bodyLength = 10
    static let fourHourReach = 5
  }
}

extension TraderMayne.State {
  typealias Configuration = TraderMayne.Configuration

  mutating func absorbFourHours(_ candle: Candle, _ configuration: Configuration) {
    if let last = bars.last, last.closeTime != candle.openTime {
      bars.removeAll()
      failures.removeAll()
    }
    trueRange.absorb(candle)
    absorbZones(candle, configuration)
    awaiting = failures
    failures.removeAll(keepingCapacity: true)
    for side in [Side.buy, .sell] {
      if let failure = failure(of: candle, side) { failures.append(failure) }
    }
    swings.absorb(candle, finder.absorb(candle), configuration.swingRule)
    let bar = TraderMayne.Bar(
      openTime: candle.openTime, open: candle.open, high: candle.high, low: candle.low,
      close: candle.close)
    bodies.push(bar.body)
    bars.append(bar)
    if bars.count > configuration.orderBlockSearch { bars.removeFirst() }
  }

  /// Moves the zones on, forgets the dead and the long expired, and adds a new order block.
  ///
  /// An expired zone is kept for as long again, so that its retest is recorded as refused.
  private mutating func absorbZones(_ candle: Candle, _ configuration: Configuration) {
    var kept = 0
    for index in zones.indices {
      guard zones[index].absorbFourHours(candle, trueRange: trueRange.mean),
        !zones[index].isOlder(than: 2 * configuration.zoneExpiry, at: candle.closeTime)
      else { continue }
      if kept != index { zones[kept] = zones[index] }
      kept += 1
    }
    zones.removeLast(zones.count - kept)
    guard let zone = orderBlock(before: candle, configuration),
      !zones.contains(where: { $0.openTime == zone.openTime })
    else { return }
    zones.append(zone)
  }

  /// The order block that `candle` makes by displacing the market; nil where it does not.
  private func orderBlock(
    before candle: Candle, _ configuration: Configuration
  ) -> TraderMayne.Zone? {
    let body = Int128((candle.close - candle.open).magnitude.steps)
    guard body > 0, let average = bodies.mean,
      average.isReached(by: body, times: configuration.displacement)
    else { return nil }
    let side: Side = candle.close > candle.open ? .buy : .sell
    guard let block = bars.last(where: { $0.colour == side.opposite }) else { return nil }
    return TraderMayne.Zone(
      low: min(block.open, block.close), high: max(block.open, block.close),
      openTime: block.openTime, side: side, since: candle.closeTime,
      legExtreme: side == .buy ? candle.high : candle.low, strength: average.ratio(of: body))
  }

  /// The failure that `candle` makes of a swing that stood until then.
  private func failure(of candle: Candle, _ side: Side) -> TraderMayne.SwingFailure? {
    let facing = FacingCandle(candle, facing: side)
    let book = side == .buy ? swings.lows : swings.highs
    for swing in book.swings where swing.brokenBy == nil {
      // Outward is against the side that trades the failure.
      if let failure = TraderMayne.SwingFailure(facing, side, level: -swing.outward) {
        return failure
      }
    }
    return nil
  }
}

extension TraderMayne.State: BinaryCodable {
  /// Writes the whole memory.
  public func write(to writer: inout BinaryWriter) {
    week.write(to: &writer)
    threeDays.write(to: &writer)
    day.write(to: &writer)
    writer.write(monday)
    trueRange.write(to: &writer)
    bodies.write(to: &writer)
    writer.write(bars)
    finder.write(to: &writer)
    writer.write(swings)
    writer.write(zones)
    writer.write(failures)
    writer.write(awaiting)
  }

  /// Reads a whole memory.
  ///
  /// - Throws: ``BinaryFault`` where the bytes are not such a memory.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    week = try TraderMayne.Structure(reach: 3, from: &reader)
    threeDays = try TraderMayne.Structure(reach: 3, from: &reader)
    day = try TraderMayne.Structure(reach: 5, from: &reader)
    monday = try reader.read()
    trueRange = try AverageTrueRange(length: Self.trueRangeLength, from: &reader)
    bodies = try RollingSum(capacity: Self.bodyLength, from: &reader)
    bars = try reader.readArray()
    finder = try SwingFinder(reach: Self.fourHourReach, from: &reader)
    swings = try reader.read()
    zones = try reader.readArray()
    failures = try reader.readArray()
    awaiting = try reader.readArray()
  }
}

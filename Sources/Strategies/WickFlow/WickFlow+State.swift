public import Market

extension WickFlow {
  /// The averages and pools after the last candle.
  public struct State: Hashable, Sendable {
    var trueRange = AverageTrueRange(length: trueRangeLength)
    var volumes = RollingSum(capacity: volumeLength)
    var highs = Window(capacity: cascadeLength)
    var lows = Window(capacity: cascadeLength)
    var finder = SwingFinder(reach: reach)
    var swings = SwingPair()
    var day = PriorRange()
    var week = PriorRange()
    /// What the candles before the last one amounted to.
    var reading: Reading?

    static let trueRangeLength = 14
    static let volumeLength = 20
    static let cascadeLength = 4
    static let reach = 3
  }

  /// The high and low of the last finished day or week, until traded through.
  struct PriorRange: Hashable, Sendable {
    struct Extremes: Hashable, Sendable {
      let high: Price
      let low: Price
      /// From when they are the prior ones.
      let since: Instant
      var highBrokenBy: Instant?
      var lowBrokenBy: Instant?
    }

    var standing: Extremes?
    /// Takes over with the first quarter hour of the new day or week: the last one of the old
    /// still trades against the old extremes.
    var next: Extremes?

    mutating func replace(with candle: Candle) {
      next = Extremes(high: candle.high, low: candle.low, since: candle.closeTime)
    }

    mutating func absorb(_ candle: Candle) {
      if let next, next.since <= candle.openTime {
        standing = next
        self.next = nil
      }
      guard var extremes = standing else { return }
      if extremes.highBrokenBy == nil, candle.high > extremes.high {
        extremes.highBrokenBy = candle.openTime
        standing = extremes
      }
      if extremes.lowBrokenBy == nil, candle.low < extremes.low {
        extremes.lowBrokenBy = candle.openTime
        standing = extremes
      }
    }

    /// The low for `.buy`, the high for `.sell`, where it stood until the candle at `time`.
    func level(_ side: Side, before time: Instant) -> Price? {
      guard let standing else { return nil }
      let brokenBy = side == .buy ? standing.lowBrokenBy : standing.highBrokenBy
      guard brokenBy.map({ $0 >= time }) ?? true else { return nil }
      return side == .buy ? standing.low : standing.high
    }
  }
}

extension WickFlow.State {
  mutating func absorbQuarter(_ candle: Candle, equal rule: SwingBook.Rule) {
    reading = nil
    if let trueRange = trueRange.mean, let volume = volumes.mean, let highest = highs.maximum,
      let lowest = lows.minimum, highs.isFull
    {
      reading = WickFlow.Reading(
        openTime: candle.openTime, trueRange: trueRange, volume: volume,
        highest: Price(steps: highest), lowest: Price(steps: lowest))
    }
    trueRange.absorb(candle)
    volumes.push(candle.volume.steps)
    highs.push(candle.high.steps)
    lows.push(candle.low.steps)
    day.absorb(candle)
    week.absorb(candle)
    swings.absorb(candle, finder.absorb(candle), rule)
  }

  /// The pools below the market for `.buy`, above it for `.sell`, that stood until the candle at
  /// `time`, which is the last one absorbed.
  func pools(_ side: Side, before time: Instant) -> [WickFlow.Pool] {
    var pools: [WickFlow.Pool] = []
    if let price = week.level(side, before: time) {
      pools.append(WickFlow.Pool(kind: .priorWeek, price: price))
    }
    if let price = day.level(side, before: time) {
      pools.append(WickFlow.Pool(kind: .priorDay, price: price))
    }
    let book = side == .buy ? swings.lows : swings.highs
    for swing in book.swings {
      guard let twin = swing.twinUntil, twin >= time, swing.stood(before: time) else { continue }
      pools.append(
        WickFlow.Pool(
          kind: .equal, price: Price(steps: side == .buy ? -swing.outward : swing.outward)))
    }
    return pools
  }
}

extension WickFlow.State: BinaryCodable {
  /// Writes the averages and pools.
  public func write(to writer: inout BinaryWriter) {
    trueRange.write(to: &writer)
    volumes.write(to: &writer)
    highs.write(to: &writer)
    lows.write(to: &writer)
    finder.write(to: &writer)
    writer.write(swings)
    writer.write(day)
    writer.write(week)
    writer.write(reading)
  }

  /// Reads averages and pools.
  ///
  /// - Throws: ``BinaryFault`` where the bytes are not such a state.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    trueRange = try AverageTrueRange(length: Self.trueRangeLength, from: &reader)
    volumes = try RollingSum(capacity: Self.volumeLength, from: &reader)
    highs = try Window(capacity: Self.cascadeLength, from: &reader)
    lows = try Window(capacity: Self.cascadeLength, from: &reader)
    finder = try SwingFinder(reach: Self.reach, from: &reader)
    swings = try reader.read()
    day = try reader.read()
    week = try reader.read()
    reading = try reader.readOptional()
  }
}

extension WickFlow.Reading: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(openTime)
    writer.write(trueRange)
    writer.write(volume)
    writer.write(highest)
    writer.write(lowest)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(
      openTime: try reader.readTime(), trueRange: try reader.read(), volume: try reader.read(),
      highest: try reader.readPrice(), lowest: try reader.readPrice())
  }
}

extension WickFlow.PriorRange: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(standing)
    writer.write(next)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    standing = try reader.readOptional()
    next = try reader.readOptional()
  }
}

extension WickFlow.PriorRange.Extremes: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(high)
    writer.write(low)
    writer.write(since)
    writer.write(highBrokenBy)
    writer.write(lowBrokenBy)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(
      high: try reader.readPrice(), low: try reader.readPrice(), since: try reader.readTime(),
      highBrokenBy: try reader.readOptionalTime(),
      lowBrokenBy: try reader.readOptionalTime())
  }
}

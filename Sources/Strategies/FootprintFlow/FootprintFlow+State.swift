public import Market
import Risk

extension FootprintFlow {
  /// The averages of both series, the newest minutes and what waits after the last candle.
  public struct State: Hashable, Sendable {
    static let minutesPerCandle = 5

    let lengths: Lengths
    var minutes: Series
    /// The newest minutes, at most those of one candle.
    var recent: [Minute] = []
    var fives: Series
    var trueRange: AverageTrueRange
    var highs: Window
    var lows: Window
    /// What the candles up to the last amounted to.
    var reading: Reading?
    /// The absorption that the candle before the last was.
    var awaiting: Absorption?
    /// The absorption that the last candle is.
    var pending: Absorption?

    init(_ lengths: Lengths) {
      self.lengths = lengths
      minutes = Series(lengths)
      fives = Series(lengths)
      trueRange = AverageTrueRange(length: lengths.trueRange)
      highs = Window(capacity: lengths.breakout)
      lows = Window(capacity: lengths.breakout)
    }
  }

  /// What both series are measured by.
  struct Series: Hashable, Sendable {
    /// The close of the last candle.
    var closeTime: Instant?
    var volumes: RollingSum
    var coverage: FlowCoverage

    init(_ lengths: Lengths) {
      volumes = RollingSum(capacity: lengths.volume)
      coverage = FlowCoverage(length: lengths.lookBack)
    }

    mutating func absorb(_ candle: Candle, _ rules: Configuration) {
      closeTime = candle.closeTime
      volumes.push(candle.volume.steps)
      coverage.absorb(candle.takerSplit, least: rules.coverage)
    }
  }
}

extension FootprintFlow.State {
  /// Takes in the next minute; after a gap the minutes begin anew.
  mutating func absorbMinute(_ candle: Candle, _ rules: FootprintFlow.Configuration) {
    if let closeTime = minutes.closeTime, closeTime != candle.openTime {
      minutes = FootprintFlow.Series(lengths)
      recent.removeAll()
    }
    let volume = Int128(candle.volume.steps)
    let minute = FootprintFlow.Minute(
      openTime: candle.openTime, high: candle.high, low: candle.low,
      ratio: candle.takerSplit?.deltaRatio ?? .zero,
      isHeavy: minutes.volumes.mean?.isReached(by: volume, times: rules.stackedVolume) ?? false)
    if recent.count == Self.minutesPerCandle { recent.removeFirst() }
    recent.append(minute)
    minutes.absorb(candle, rules)
  }

  /// Takes in the next five minutes; after a gap they begin anew, and nothing waits any more.
  mutating func absorbFive(_ candle: Candle, _ strategy: FootprintFlow) {
    if let closeTime = fives.closeTime, closeTime != candle.openTime {
      var anew = Self(lengths)
      anew.minutes = minutes
      anew.recent = recent
      self = anew
    }
    trueRange.absorb(candle)
    reading = nil
    if let trueRange = trueRange.mean, let volume = fives.volumes.mean, highs.isFull,
      let highest = highs.maximum, let lowest = lows.minimum
    {
      reading = FootprintFlow.Reading(
        trueRange: trueRange, volume: volume, highest: Price(steps: highest),
        lowest: Price(steps: lowest))
    }
    awaiting = pending
    pending = reading.flatMap { strategy.screen(candle, $0).absorption }
    highs.push(candle.high.steps)
    lows.push(candle.low.steps)
    fives.absorb(candle, strategy.configuration)
  }
}

extension FootprintFlow.State: BinaryCodable {
  /// The longest average that bytes may ask for.
  private static let longest = 10_000

  /// Writes the averages and what waits.
  public func write(to writer: inout BinaryWriter) {
    writer.write(lengths.lookBack)
    writer.write(lengths.breakout)
    writer.write(lengths.volume)
    writer.write(lengths.trueRange)
    minutes.write(to: &writer)
    writer.write(recent)
    fives.write(to: &writer)
    trueRange.write(to: &writer)
    highs.write(to: &writer)
    lows.write(to: &writer)
    writer.write(reading)
    writer.write(awaiting)
    writer.write(pending)
  }

  /// Reads averages and what waits.
  ///
  /// - Throws: ``BinaryFault`` where the bytes are not such a state.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    let start = reader.position
    var lengths = FootprintFlow.Lengths()
    lengths.lookBack = try reader.readInt()
    lengths.breakout = try reader.readInt()
    lengths.volume = try reader.readInt()
    lengths.trueRange = try reader.readInt()
    guard
      [lengths.lookBack, lengths.breakout, lengths.volume, lengths.trueRange]
        .allSatisfy((1...Self.longest).contains)
    else { throw .invalid(offset: start) }
    self.lengths = lengths
    minutes = try FootprintFlow.Series(lengths, from: &reader)
    let offset = reader.position
    recent = try reader.readArray()
    guard recent.count <= Self.minutesPerCandle else { throw .invalid(offset: offset) }
    fives = try FootprintFlow.Series(lengths, from: &reader)
    trueRange = try AverageTrueRange(length: lengths.trueRange, from: &reader)
    highs = try Window(capacity: lengths.breakout, from: &reader)
    lows = try Window(capacity: lengths.breakout, from: &reader)
    reading = try reader.readOptional()
    awaiting = try reader.readOptional()
    pending = try reader.readOptional()
  }
}

public import Market
import Risk

extension ValentiniFlow {
  /// The averages, the value of the day before and the auction after the last candle.
  public struct State: Hashable, Sendable {
    static let candlesPerDay = 96

    let lengths: Lengths
    /// The close of the last candle.
    var closeTime: Instant?
    var trueRange: AverageTrueRange
    var ratios: RollingMoments
    var deltas: RollingSum
    /// Over every candle whose flow the score of one reads, itself included.
    var coverage: FlowCoverage
    /// The extremes of the last candle.
    var last: Extremes?
    var day: Day?
    /// The value of the day before; nil where that day was not complete.
    var value: ValueArea?
    var auction = Auction.balance(nil)
    /// What the last candle came to.
    var finding: Finding?

    init(_ lengths: Lengths) {
      self.lengths = lengths
      trueRange = AverageTrueRange(length: lengths.trueRange)
      ratios = RollingMoments(capacity: lengths.score)
      deltas = RollingSum(capacity: lengths.delta)
      coverage = FlowCoverage(length: lengths.score + 1)
    }
  }

  /// High and low of one candle.
  struct Extremes: Hashable, Sendable {
    let high: Price
    let low: Price
  }

  /// The candles of the present UTC day so far.
  struct Day: Hashable, Sendable {
    let start: Instant
    var bars: [VolumeProfile.Bar] = []
    /// Whether the taker split of every one of them is good enough.
    var isCovered = true
  }
}

extension ValentiniFlow.State {
  /// Takes in the next quarter hour; after a gap everything begins anew.
  mutating func absorb(_ candle: Candle, _ rules: ValentiniFlow.Configuration) {
    if let closeTime, closeTime != candle.openTime { self = Self(lengths) }
    closeTime = candle.closeTime
    begin(Timeframe.d1.open(containing: candle.openTime), rules)
    let ratio = candle.takerSplit?.deltaRatio ?? .zero
    let isFull = ratios.window.isFull
    let score = ratios.score(ratio.steps)
    ratios.push(ratio.steps)
    deltas.push(Int64(clamping: candle.takerSplit?.delta ?? 0))
    trueRange.absorb(candle)
    coverage.absorb(candle.takerSplit, least: rules.coverage)
    if isFull, deltas.window.isFull, let trueRange = trueRange.mean, let last {
      let reading = ValentiniFlow.Reading(
        trueRange: trueRange, ratio: ratio, score: score, previousHigh: last.high,
        previousLow: last.low)
      finding = advance(candle, reading, rules)
    }
    last = ValentiniFlow.Extremes(high: candle.high, low: candle.low)
    day?.bars.append(
      VolumeProfile.Bar(high: candle.high, low: candle.low, volume: candle.volume))
    if candle.takerSplit.map({ $0.coverage >= rules.coverage }) != true { day?.isCovered = false }
  }

  /// With the first candle of a day, the one before becomes the value that it is measured by.
  private mutating func begin(_ start: Instant, _ rules: ValentiniFlow.Configuration) {
    guard day?.start != start else { return }
    value = nil
    if let day, day.isCovered, day.bars.count == Self.candlesPerDay {
      value = VolumeProfile(day.bars, binCount: rules.binCount)?.valueArea(rules.valueShare)
    }
    day = ValentiniFlow.Day(start: start)
    auction = .balance(nil)
  }

  /// Moves the auction; what takers did has to be known all the way, or it stays in balance.
  private mutating func advance(
    _ candle: Candle, _ reading: ValentiniFlow.Reading, _ rules: ValentiniFlow.Configuration
  ) -> ValentiniFlow.Finding {
    guard coverage.isEnough else {
      auction = .balance(nil)
      return .refused(.all, .flowCoverageLow)
    }
    guard let value else { return .refused(.all, .profileIncomplete) }
    return auction.absorb(candle, reading, value, rules)
  }
}

extension ValentiniFlow.State: BinaryCodable {
  /// The longest average that bytes may ask for.
  private static let longest = 10_000

  /// Writes the averages and the auction.
  public func write(to writer: inout BinaryWriter) {
    writer.write(lengths.score)
    writer.write(lengths.delta)
    writer.write(lengths.trueRange)
    writer.write(closeTime)
    trueRange.write(to: &writer)
    ratios.write(to: &writer)
    deltas.write(to: &writer)
    coverage.write(to: &writer)
    writer.write(last)
    writer.write(day)
    writer.write(value)
    writer.write(auction)
    writer.write(finding)
  }

  /// Reads averages and auction.
  ///
  /// - Throws: ``BinaryFault`` where the bytes are not such a state.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    let start = reader.position
    var lengths = ValentiniFlow.Lengths()
    lengths.score = try reader.readInt()
    lengths.delta = try reader.readInt()
    lengths.trueRange = try reader.readInt()
    guard [lengths.score, lengths.delta, lengths.trueRange].allSatisfy((1...Self.longest).contains)
    else { throw .invalid(offset: start) }
    self.lengths = lengths
    closeTime = try reader.readOptionalTime()
    trueRange = try AverageTrueRange(length: lengths.trueRange, from: &reader)
    ratios = try RollingMoments(capacity: lengths.score, from: &reader)
    deltas = try RollingSum(capacity: lengths.delta, from: &reader)
    coverage = try FlowCoverage(length: lengths.score + 1, from: &reader)
    last = try reader.readOptional()
    day = try reader.readOptional()
    value = try reader.readOptional()
    auction = try reader.read()
    finding = try reader.readOptional()
  }
}

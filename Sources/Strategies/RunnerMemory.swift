import Market
import Risk

/// What a runner itself carries from one candle to the next.
struct RunnerMemory: Hashable, Sendable {
  /// The last signal of one setup and side.
  private struct Signalled: Hashable, Sendable {
    let setup: Setup
    let side: Side
    var time: Instant
  }

  /// The chain over every candle absorbed so far.
  private(set) var inputs = Digest()
  /// The newest decision.
  private(set) var newest: Decision?
  /// Whether the strategy's own windows were full when it was last asked.
  private(set) var isWarm = false
  private var signals: [Signalled] = []
  /// The open time of the newest absorbed candle of each declared series.
  private var absorbed: [Instant?]

  /// Starts empty, for so many declared series.
  init(seriesCount: Int) { absorbed = Array(repeating: nil, count: seriesCount) }

  /// Whether `candle`, of the series at `place`, or a later one was absorbed.
  func hasAbsorbed(_ candle: Candle, at place: Int) -> Bool {
    guard let newest = absorbed[place] else { return false }
    return newest >= candle.openTime
  }

  /// Notes `candle`; false where its series already showed it or a later one.
  mutating func admits(_ candle: Candle, at place: Int) -> Bool {
    guard !hasAbsorbed(candle, at: place) else { return false }
    absorbed[place] = candle.openTime
    inputs.add(UInt64(place))
    inputs.add(candle.openTime.nanoseconds)
    inputs.add(candle.open)
    inputs.add(candle.high)
    inputs.add(candle.low)
    inputs.add(candle.close)
    inputs.add(candle.volume)
    if let split = candle.takerSplit {
      inputs.add(split.buy)
      inputs.add(split.sell)
      inputs.add(split.coverage)
    }
    return true
  }

  /// Notes a decision; one for want of data tells nothing of the strategy's own windows.
  mutating func note(_ decision: Decision) {
    newest = decision
    switch decision.outcome {
    case .noTrade(.warmUp): isWarm = false
    case .noTrade(.dataMissing), .noTrade(.dataStale), .noTrade(.gapInHistory): break
    case .noTrade, .signal, .leave: isWarm = true
    }
  }

  /// Notes a reading.
  mutating func note(_ reading: ReceivedReading) {
    inputs.add(reading.received.nanoseconds)
    inputs.add(reading.reading)
  }

  /// Whether the memory is of so many declared series.
  func fits(seriesCount: Int) -> Bool { absorbed.count == seriesCount }

  /// When `setup` last signalled on `side`.
  func signalled(_ setup: Setup, _ side: Side) -> Instant? {
    signals.first { $0.setup == setup && $0.side == side }?.time
  }

  /// Notes a signal; one entry a setup and side.
  mutating func remember(_ setup: Setup, _ side: Side, at time: Instant) {
    for index in signals.indices where signals[index].setup == setup && signals[index].side == side
    {
      signals[index].time = time
      return
    }
    signals.append(Signalled(setup: setup, side: side, time: time))
  }
}

extension RunnerMemory: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(inputs.value)
    writer.write(newest)
    writer.write(isWarm)
    writer.write(signals.count)
    for entry in signals {
      writer.write(entry.setup.description)
      writer.write(entry.side.rawValue)
      writer.write(entry.time)
    }
    writer.write(absorbed.count)
    for time in absorbed { writer.write(time) }
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(seriesCount: 0)
    inputs = Digest(rawValue: try reader.readUInt64())
    newest = try reader.readOptional(Decision.self)
    isWarm = try reader.readBool()
    for _ in 0..<(try reader.readCount()) {
      signals.append(
        Signalled(
          setup: try reader.readName(), side: try reader.readSide(),
          time: try reader.readTime()))
    }
    for _ in 0..<(try reader.readCount()) { absorbed.append(try reader.readOptionalTime()) }
  }
}

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
  var newest: Decision?
  private var signals: [Signalled] = []
  /// The open time of the newest absorbed candle, by timeframe.
  private var absorbed = [Instant?](repeating: nil, count: Timeframe.allCases.count)

  init() {}

  /// Whether `candle` or a later one of its series was absorbed.
  func hasAbsorbed(_ candle: Candle) -> Bool {
    guard let newest = absorbed[Int(candle.timeframe.rawValue)] else { return false }
    return newest >= candle.openTime
  }

  /// Notes `candle`; false where its series already showed it or a later one.
  mutating func admits(_ candle: Candle) -> Bool {
    guard !hasAbsorbed(candle) else { return false }
    absorbed[Int(candle.timeframe.rawValue)] = candle.openTime
    inputs.add(UInt64(candle.timeframe.rawValue))
    inputs.add(candle.openTime.nanoseconds)
    inputs.add(candle.open)
    inputs.add(candle.high)
    inputs.add(candle.low)
    inputs.add(candle.close)
    inputs.add(candle.volume)
    return true
  }

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
    writer.write(signals.count)
    for entry in signals {
      writer.write(entry.setup.description)
      writer.write(entry.side.rawValue)
      writer.write(entry.time)
    }
    for time in absorbed { writer.write(time) }
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    inputs = Digest(rawValue: try reader.readUInt64())
    newest = try reader.readOptional(Decision.self)
    for _ in 0..<(try reader.readCount()) {
      signals.append(
        Signalled(
          setup: try reader.readName(), side: try reader.readSide(),
          time: try reader.readTime()))
    }
    for slot in absorbed.indices { absorbed[slot] = try reader.readOptionalTime() }
  }
}

public import Market
import Risk

extension BinaryReader {
  /// Reads a name.
  mutating func readName<Tag>(_ tag: Tag.Type = Tag.self) throws(BinaryFault) -> Name<Tag> {
    let start = position
    guard let name = Name<Tag>(try readString()) else { throw .invalid(offset: start) }
    return name
  }

  /// Reads a side.
  mutating func readSide() throws(BinaryFault) -> Side {
    guard let side = Side(rawValue: try readByte()) else { throw .invalid(offset: position - 1) }
    return side
  }
}

extension PairLeg: BinaryCodable {
  /// Writes the leg.
  public func write(to writer: inout BinaryWriter) {
    writer.write(symbol.description)
    writer.write(side.rawValue)
    writer.write(entry)
    writer.write(stop)
    writer.write(target)
    writer.write(catastrophicStop)
    writer.write(firstCatastrophicStop)
    writer.write(hedge)
  }

  /// Reads a leg.
  ///
  /// - Throws: ``BinaryFault`` where the bytes are not a leg.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(
      symbol: try reader.readName(), side: try reader.readSide(), entry: try reader.readFixed(),
      stop: try reader.readFixed(), target: try reader.readFixed(),
      catastrophicStop: try reader.readFixed(), firstCatastrophicStop: try reader.readFixed(),
      hedge: try reader.readFixed())
  }
}

extension Signal: BinaryCodable {
  /// Writes the signal.
  public func write(to writer: inout BinaryWriter) {
    writer.write(side.rawValue)
    writer.write(entry)
    writer.write(stop)
    writer.write(target)
    writer.write(rewardToRisk.count)
    writer.write(netRewardToRisk.count)
    writer.write(confidence.count)
    writer.write(validUntil)
    writer.write(timeStop)
    writer.write(pair)
  }

  /// Reads a signal.
  ///
  /// - Throws: ``BinaryFault`` where the bytes are not a signal.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(
      side: try reader.readSide(), entry: try reader.readFixed(), stop: try reader.readFixed(),
      target: try reader.readFixed(), rewardToRisk: TenThousandths(try reader.readInt64()),
      netRewardToRisk: TenThousandths(try reader.readInt64()),
      confidence: TenThousandths(try reader.readInt64()), validUntil: try reader.readTime(),
      timeStop: try reader.readTime(), pair: try reader.readOptional())
  }
}

extension Decision: BinaryCodable {
  /// Writes the decision.
  public func write(to writer: inout BinaryWriter) {
    writer.write(strategy.description)
    writer.write(symbol.description)
    writer.write(setup.description)
    writer.write(time)
    writer.write(inputs)
    writer.write(note)
    switch outcome {
    case .noTrade(let reason):
      writer.write(UInt8(0))
      writer.write(reason.rawValue)
    case .signal(let signal):
      writer.write(UInt8(1))
      writer.write(signal)
    case .leave: writer.write(UInt8(2))
    }
  }

  /// Reads a decision.
  ///
  /// - Throws: ``BinaryFault`` where the bytes are not a decision.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    let strategy = try reader.readName(StrategyTag.self)
    let symbol = try reader.readName(SymbolTag.self)
    let setup = try reader.readName(SetupTag.self)
    let time = try reader.readTime()
    let inputs = try reader.readUInt64()
    let note = try reader.readString()
    let outcome: Outcome
    let start = reader.position
    switch try reader.readByte() {
    case 0:
      guard let reason = NoTradeReason(rawValue: try reader.readString()) else {
        throw .invalid(offset: start + 1)
      }
      outcome = .noTrade(reason)
    case 1: outcome = .signal(try reader.read(Signal.self))
    case 2: outcome = .leave
    default: throw .invalid(offset: start)
    }
    self.init(
      strategy: strategy, symbol: symbol, setup: setup, time: time, outcome: outcome,
      inputs: inputs, note: note)
  }
}

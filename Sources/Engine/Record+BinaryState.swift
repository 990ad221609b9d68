public import Market
import Risk

extension RunRecord: BinaryCodable {
  /// Writes the record.
  public func write(to writer: inout BinaryWriter) {
    writer.write(UInt64(epoch))
    writer.write(startedAt)
    writer.write(configuration)
  }

  /// Reads a record.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(
      epoch: try reader.readUInt32(), startedAt: try reader.readInstant(),
      configuration: try reader.readUInt64())
  }
}

extension AccountRecord: BinaryCodable {
  /// Writes the record.
  public func write(to writer: inout BinaryWriter) {
    writer.write(opening)
    writer.write(realised)
    writer.write(fees)
    writer.write(funding)
    writer.write(dayStartEquity)
    writer.write(dayStart)
    writer.write(sessionStartEquity)
    writer.write(highWaterEquity)
    writer.write(isPausedByDrawdown)
    writer.write(isStoppedForDay)
  }

  /// Reads a record.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(
      opening: try reader.readFixed(), realised: try reader.readFixed(),
      fees: try reader.readFixed(), funding: try reader.readFixed(),
      dayStartEquity: try reader.readFixed(), dayStart: try reader.readInstant(),
      sessionStartEquity: try reader.readFixed(), highWaterEquity: try reader.readFixed(),
      isPausedByDrawdown: try reader.readBool(), isStoppedForDay: try reader.readBool())
  }
}

extension EquityRecord: BinaryCodable {
  /// Writes the record.
  public func write(to writer: inout BinaryWriter) {
    writer.write(time)
    writer.write(equity)
    writer.write(cash)
    writer.write(openPositions)
  }

  /// Reads a record.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(
      time: try reader.readInstant(), equity: try reader.readFixed(),
      cash: try reader.readFixed(), openPositions: try reader.readInt())
  }
}

extension StrategyStateRecord: BinaryCodable {
  /// Writes the record.
  public func write(to writer: inout BinaryWriter) {
    writer.write(strategy)
    writer.write(symbol)
    writer.write(time)
    writer.write(bytes: bytes)
  }

  /// Reads a record.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(
      strategy: try reader.readName(), symbol: try reader.readName(),
      time: try reader.readInstant(), bytes: try reader.readBytes())
  }
}

extension HealthRecord: BinaryCodable {
  /// Writes the record.
  public func write(to writer: inout BinaryWriter) {
    writer.write(time)
    writer.write(component)
    writer.write(status)
    writer.write(detail)
  }

  /// Reads a record.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(
      time: try reader.readInstant(), component: try reader.readString(),
      status: try reader.readString(), detail: try reader.readString())
  }
}

extension BreakerRecord: BinaryCodable {
  /// Writes the record.
  public func write(to writer: inout BinaryWriter) {
    writer.write(time)
    writer.writeCase(kind)
    writer.write(until)
    writer.write(detail)
  }

  /// Reads a record.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(
      time: try reader.readInstant(), kind: try reader.readCase(),
      until: try reader.readInstant(), detail: try reader.readString())
  }
}

extension DriftRecord: BinaryCodable {
  /// Writes the record.
  public func write(to writer: inout BinaryWriter) {
    writer.write(time)
    writer.write(symbol)
    writer.writeCase(kind)
    writer.write(local)
    writer.write(venue)
    writer.write(isOpen)
  }

  /// Reads a record.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(
      time: try reader.readInstant(), symbol: try reader.readName(),
      kind: try reader.readCase(), local: try reader.readFixed(),
      venue: try reader.readFixed(), isOpen: try reader.readBool())
  }
}

extension KillSwitchRecord: BinaryCodable {
  /// Writes the record.
  public func write(to writer: inout BinaryWriter) {
    writer.write(time)
    writer.write(isEngaged)
    writer.write(reason)
  }

  /// Reads a record.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(
      time: try reader.readInstant(), isEngaged: try reader.readBool(),
      reason: try reader.readString())
  }
}

extension FundingPaymentRecord: BinaryCodable {
  /// Writes the record.
  public func write(to writer: inout BinaryWriter) {
    writer.write(position)
    writer.write(symbol)
    writer.write(time)
    writer.write(amount)
  }

  /// Reads a record.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(
      position: try reader.readClientID(), symbol: try reader.readName(),
      time: try reader.readInstant(), amount: try reader.readFixed())
  }
}

public import Market
import Risk
import Venues

extension OrderRecord: BinaryCodable {
  /// Writes the record.
  public func write(to writer: inout BinaryWriter) {
    writer.write(intent)
    writer.write(position)
    writer.write(setup)
    writer.write(decidedAt)
    writer.write(bracket)
    writer.writeCase(state)
    writer.write(wasAcknowledged)
    writer.write(filled)
    writer.write(filledNotional)
    writer.writeOptional(venueID) { $0.write($1) }
    writer.write(createdAt)
    writer.write(updatedAt)
  }

  /// Reads a record.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(
      intent: try reader.readIntent(), position: try reader.readClientID(),
      setup: try reader.readName(), decidedAt: try reader.readInstant(),
      bracket: try reader.read(), state: try reader.readCase(),
      wasAcknowledged: try reader.readBool(), filled: try reader.readFixed(),
      filledNotional: try reader.readFixed(),
      venueID: try reader.readOptional { reader throws(BinaryFault) in try reader.readUInt64() },
      createdAt: try reader.readInstant(), updatedAt: try reader.readInstant())
  }
}

extension Bracket: BinaryCodable {
  /// Writes the bracket.
  public func write(to writer: inout BinaryWriter) {
    writer.write(stop)
    writer.write(target)
    writer.write(timeStop)
    writer.writeOptional(partner) { $0.write($1) }
  }

  /// Reads a bracket.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(
      stop: try reader.readFixed(), target: try reader.readFixed(),
      timeStop: try reader.readInstant(),
      partner: try reader.readOptional { reader throws(BinaryFault) in
        try reader.readClientID()
      })
  }
}

extension FillRecord: BinaryCodable {
  /// Writes the record.
  public func write(to writer: inout BinaryWriter) {
    writer.write(fill.clientID)
    writer.write(fill.symbol)
    writer.writeCase(fill.side)
    writer.write(fill.price)
    writer.write(fill.quantity)
    writer.write(fill.fee)
    writer.write(fill.tradeID)
    writer.write(fill.time)
    writer.write(strategy)
    writer.write(position)
    writer.write(realised)
  }

  /// Reads a record.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    let fill = Fill(
      clientID: try reader.readClientID(), symbol: try reader.readName(),
      side: try reader.readCase(), price: try reader.readFixed(),
      quantity: try reader.readFixed(), fee: try reader.readFixed(),
      tradeID: try reader.readUInt64(), time: try reader.readInstant())
    self.init(
      fill: fill, strategy: try reader.readName(), position: try reader.readClientID(),
      realised: try reader.readFixed())
  }
}

extension PositionRecord: BinaryCodable {
  /// Writes the record.
  public func write(to writer: inout BinaryWriter) {
    writer.write(id)
    writer.write(strategy)
    writer.write(symbol)
    writer.write(setup)
    writer.write(bracket)
    writer.write(quantity)
    writer.write(cost)
    writer.write(peakQuantity)
    writer.write(realised)
    writer.write(fees)
    writer.write(funding)
    writer.write(initialRisk)
    writer.write(openedAt)
    writer.writeOptional(closedAt) { $0.write($1) }
    writer.writeOptional(exitReason) { $0.writeCase($1) }
  }

  /// Reads a record.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(
      id: try reader.readClientID(), strategy: try reader.readName(),
      symbol: try reader.readName(), setup: try reader.readName(), bracket: try reader.read(),
      quantity: try reader.readFixed(), cost: try reader.readFixed(),
      peakQuantity: try reader.readFixed(), realised: try reader.readFixed(),
      fees: try reader.readFixed(), funding: try reader.readFixed(),
      initialRisk: try reader.readFixed(), openedAt: try reader.readInstant(),
      closedAt: try reader.readOptional { reader throws(BinaryFault) in
        try reader.readInstant()
      },
      exitReason: try reader.readOptional { reader throws(BinaryFault) in
        try reader.readCase(ExitReason.self)
      })
  }
}

extension SignalRecord: BinaryCodable {
  /// Writes the record.
  public func write(to writer: inout BinaryWriter) {
    writer.write(strategy)
    writer.write(symbol)
    writer.write(setup)
    writer.write(time)
    writer.write(signal)
    writer.write(outcome)
    writer.writeOptional(order) { $0.write($1) }
  }

  /// Reads a record.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(
      strategy: try reader.readName(), symbol: try reader.readName(),
      setup: try reader.readName(), time: try reader.readInstant(),
      signal: try reader.read(), outcome: try reader.readString(),
      order: try reader.readOptional { reader throws(BinaryFault) in
        try reader.readClientID()
      })
  }
}

extension BinaryWriter {
  mutating func write(_ intent: OrderIntent) {
    write(intent.clientID)
    write(intent.strategy)
    write(intent.symbol)
    writeCase(intent.role)
    writeCase(intent.side)
    write(intent.quantity)
    switch intent.pricing {
    case .limit(let price, let timeInForce):
      write(UInt8(0))
      write(price)
      writeCase(timeInForce)
    case .trigger(let trigger, let worst):
      write(UInt8(1))
      write(trigger)
      write(worst)
    }
    write(intent.isReduceOnly)
  }
}

extension BinaryReader {
  mutating func readIntent() throws(BinaryFault) -> OrderIntent {
    OrderIntent(
      clientID: try readClientID(), strategy: try readName(), symbol: try readName(),
      role: try readCase(), side: try readCase(), quantity: try readFixed(),
      pricing: try readPricing(), isReduceOnly: try readBool())
  }

  private mutating func readPricing() throws(BinaryFault) -> OrderPricing {
    if try readBool() {
      return .trigger(trigger: try readFixed(), worst: try readFixed())
    }
    return .limit(price: try readFixed(), timeInForce: try readCase())
  }
}

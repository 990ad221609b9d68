public import Market
import Risk

extension DurableState: BinaryCodable {
  /// Writes the state; a recording begins with what its run recovered.
  public func write(to writer: inout BinaryWriter) {
    writer.write(run)
    writer.write(account)
    writer.write(killSwitch)
    writer.write(orders)
    writer.write(positions)
    writer.write(breakers)
    writer.write(drifts)
    writer.write(strategyStates)
    writer.write(candles.flatMap(\.candles).map { CandleRecord(candle: $0, isBackfilled: false) })
    writer.write(fills)
    writer.write(fundingPayments)
    writer.write(decisionTimes.count)
    for entry in decisionTimes {
      writer.write(entry.strategy)
      writer.write(entry.symbol)
      writer.write(entry.time)
    }
  }

  /// Reads a state.
  ///
  /// - Throws: ``BinaryFault`` where the bytes are not a state.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    self.init()
    run = try reader.readOptional { reader throws(BinaryFault) in try reader.read() }
    account = try reader.readOptional { reader throws(BinaryFault) in try reader.read() }
    killSwitch = try reader.readOptional { reader throws(BinaryFault) in try reader.read() }
    orders = try reader.readArray()
    positions = try reader.readArray()
    breakers = try reader.readArray()
    drifts = try reader.readArray()
    strategyStates = try reader.readArray()
    // The fold makes the tails anew, in the order in which they were.
    for record in try reader.readArray(of: CandleRecord.self) { apply(.candle(record)) }
    fills = try reader.readArray()
    fundingPayments = try reader.readArray()
    for _ in 0..<(try reader.readCount()) {
      decisionTimes.append(
        DecisionTime(
          strategy: try reader.readName(), symbol: try reader.readName(),
          time: try reader.readInstant()))
    }
  }
}

import Market
import Risk

extension ValentiniFlow.Extremes: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(high)
    writer.write(low)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(high: try reader.readPrice(), low: try reader.readPrice())
  }
}

extension ValentiniFlow.Day: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(start)
    writer.write(bars)
    writer.write(isCovered)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    start = try reader.readTime()
    let position = reader.position
    let count = try reader.readCount()
    guard count <= ValentiniFlow.State.candlesPerDay else { throw .invalid(offset: position) }
    for _ in 0..<count { bars.append(try reader.read()) }
    isCovered = try reader.readBool()
  }
}

extension ValentiniFlow.Auction: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    switch self {
    case .balance(let excursion):
      writer.write(UInt8(0))
      writer.write(excursion)
    case .imbalance(let imbalance):
      writer.write(UInt8(1))
      writer.write(imbalance)
    }
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    let start = reader.position
    switch try reader.readByte() {
    case 0: self = .balance(try reader.readOptional())
    case 1: self = .imbalance(try reader.read())
    default: throw .invalid(offset: start)
    }
  }
}

extension ValentiniFlow.Excursion: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(side.rawValue)
    writer.write(ratio)
    writer.write(extreme)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(
      side: try reader.readSide(), ratio: try reader.readFixed(),
      extreme: try reader.readPrice())
  }
}

extension ValentiniFlow.Imbalance: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(side.rawValue)
    writer.write(since)
    writer.write(extreme)
    writer.write(pullback)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(
      side: try reader.readSide(), since: try reader.readTime(),
      extreme: try reader.readPrice(), pullback: try reader.readOptionalPrice())
  }
}

extension ValentiniFlow.Finding: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    switch self {
    case .refused(let setup, let reason):
      writer.write(UInt8(0))
      writer.write(setup.description)
      writer.write(reason.rawValue)
    case .trade(let trade):
      writer.write(UInt8(1))
      writer.write(trade.setup.description)
      writer.write(trade.side.rawValue)
      writer.write(trade.extreme)
      writer.write(trade.score)
    }
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    let start = reader.position
    switch try reader.readByte() {
    case 0:
      let setup: Setup = try reader.readName()
      guard let reason = NoTradeReason(rawValue: try reader.readString()) else {
        throw .invalid(offset: start)
      }
      self = .refused(setup, reason)
    case 1:
      self = .trade(
        ValentiniFlow.Trade(
          setup: try reader.readName(), side: try reader.readSide(),
          extreme: try reader.readPrice(), score: try reader.readDouble()))
    default: throw .invalid(offset: start)
    }
  }
}

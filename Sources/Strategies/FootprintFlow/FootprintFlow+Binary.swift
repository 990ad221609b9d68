import Market
import Risk

extension FootprintFlow.Series {
  func write(to writer: inout BinaryWriter) {
    writer.write(closeTime)
    volumes.write(to: &writer)
    coverage.write(to: &writer)
  }

  init(_ lengths: FootprintFlow.Lengths, from reader: inout BinaryReader) throws(BinaryFault) {
    closeTime = try reader.readOptionalTime()
    volumes = try RollingSum(capacity: lengths.volume, from: &reader)
    coverage = try FlowCoverage(length: lengths.lookBack, from: &reader)
  }
}

extension FootprintFlow.Minute: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(openTime)
    writer.write(high)
    writer.write(low)
    writer.write(ratio)
    writer.write(isHeavy)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    openTime = try reader.readTime()
    high = try reader.readPrice()
    low = try reader.readPrice()
    let start = reader.position
    ratio = try reader.readFixed()
    guard (-Fraction(whole: 1)...Fraction(whole: 1)).contains(ratio) else {
      throw .invalid(offset: start)
    }
    isHeavy = try reader.readBool()
  }
}

extension FootprintFlow.Reading: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(trueRange)
    writer.write(volume)
    writer.write(highest)
    writer.write(lowest)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(
      trueRange: try reader.read(), volume: try reader.read(), highest: try reader.readPrice(),
      lowest: try reader.readPrice())
  }
}

extension FootprintFlow.Absorption: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(side.rawValue)
    writer.write(extreme)
    writer.write(close)
    writer.write(confidence)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(
      side: try reader.readSide(), extreme: try reader.readPrice(),
      close: try reader.readPrice(), confidence: try reader.readDouble())
  }
}

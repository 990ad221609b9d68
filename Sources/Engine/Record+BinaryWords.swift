import Market
import Risk

/// The words that rows are made of. Times are free 64-bit values; names, cases and truth values
/// have exactly one form each, so that a record that reads back writes the same bytes.
extension BinaryWriter {
  mutating func write<Tag>(_ name: Name<Tag>) {
    write(name.words.0)
    write(name.words.1)
  }

  mutating func write(_ id: ClientOrderID) {
    write(id.high)
    write(id.low)
  }

  mutating func writeCase(_ value: some RawRepresentable<UInt8>) { write(value.rawValue) }

  /// Writes presence and, where present, the value as `body` does.
  mutating func writeOptional<Value>(
    _ value: Value?, _ body: (inout BinaryWriter, Value) -> Void
  ) {
    write(value != nil)
    if let value { body(&self, value) }
  }
}

extension BinaryReader {
  mutating func readName<Tag>(
    _ type: Name<Tag>.Type = Name<Tag>.self
  ) throws(BinaryFault) -> Name<Tag> {
    let start = position
    let words = (try readUInt64(), try readUInt64())
    var bytes: [UInt8] = []
    for word in [words.0, words.1] {
      for shift in stride(from: 56, through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
      }
    }
    while bytes.last == 0 { bytes.removeLast() }
    guard let name = Name<Tag>(bytes) else { throw .invalid(offset: start) }
    return name
  }

  mutating func readClientID() throws(BinaryFault) -> ClientOrderID {
    ClientOrderID(high: try readUInt64(), low: try readUInt64())
  }

  mutating func readCase<Value: RawRepresentable<UInt8>>(
    _ type: Value.Type = Value.self
  ) throws(BinaryFault) -> Value {
    let start = position
    guard let value = Value(rawValue: try readByte()) else { throw .invalid(offset: start) }
    return value
  }

  mutating func readUInt32() throws(BinaryFault) -> UInt32 {
    let start = position
    guard let value = UInt32(exactly: try readUInt64()) else { throw .invalid(offset: start) }
    return value
  }

  /// Reads presence and, where present, the value as `body` does.
  mutating func readOptional<Value>(
    _ body: (inout BinaryReader) throws(BinaryFault) -> Value
  ) throws(BinaryFault) -> Value? { try readBool() ? try body(&self) : nil }
}

/// Why bytes are not the value that they should hold.
public enum BinaryFault: Error, Hashable, Sendable {
  /// The bytes end inside a value.
  case truncated
  /// Bytes are left over.
  case trailing
  /// A tag, count or flag has no meaning.
  case invalid(offset: Int)
}

/// Writes values in Assay's canonical binary form: little-endian words, counts before elements.
public struct BinaryWriter: Sendable {
  /// What has been written.
  public private(set) var bytes: [UInt8] = []

  /// Starts empty.
  public init() {}

  /// Writes one byte.
  public mutating func write(_ byte: UInt8) { bytes.append(byte) }
  /// Writes a truth value as one byte.
  public mutating func write(_ flag: Bool) { bytes.append(flag ? 1 : 0) }
  /// Writes eight bytes.
  public mutating func write(_ word: UInt64) {
    withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
  }
  /// Writes eight bytes.
  public mutating func write(_ word: Int64) { write(UInt64(bitPattern: word)) }
  /// Writes a count or index as eight bytes.
  public mutating func write(_ count: Int) { write(Int64(count)) }
  /// Writes the bit pattern of a finite or other `Double`.
  public mutating func write(_ value: Double) { write(value.bitPattern) }
  /// Writes an amount.
  public mutating func write<Unit>(_ amount: Fixed<Unit>) { write(amount.steps) }
  /// Writes an instant.
  public mutating func write(_ instant: Instant) { write(instant.nanoseconds) }
  /// Writes a count and that many bytes.
  public mutating func write(bytes run: [UInt8]) {
    write(run.count)
    bytes.append(contentsOf: run)
  }
  /// Writes a text as its UTF-8 count and bytes.
  public mutating func write(_ text: String) {
    write(text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }
  /// Writes a value that knows its own form.
  public mutating func write(_ value: some BinaryCodable) { value.write(to: &self) }
  /// Writes a count and that many values.
  public mutating func write<Element: BinaryCodable>(_ values: [Element]) {
    write(values.count)
    for value in values { value.write(to: &self) }
  }
  /// Writes presence and, where present, the value.
  public mutating func write<Wrapped: BinaryCodable>(_ value: Wrapped?) {
    write(value != nil)
    if let value { value.write(to: &self) }
  }
}

/// Reads what ``BinaryWriter`` wrote; never traps on what it is given.
public struct BinaryReader: Sendable {
  private let bytes: [UInt8]
  private var offset = 0

  /// Reads from the start of `bytes`.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Bytes not yet read.
  public var remaining: Int { bytes.count - offset }

  /// Bytes already read, for the offset of a fault.
  public var position: Int { offset }

  /// Reads one byte.
  public mutating func readByte() throws(BinaryFault) -> UInt8 {
    guard offset < bytes.count else { throw .truncated }
    defer { offset += 1 }
    return bytes[offset]
  }
  /// Reads a truth value, 0 or 1.
  public mutating func readBool() throws(BinaryFault) -> Bool {
    switch try readByte() {
    case 0: return false
    case 1: return true
    default: throw .invalid(offset: offset - 1)
    }
  }
  /// Reads eight bytes.
  public mutating func readUInt64() throws(BinaryFault) -> UInt64 {
    guard remaining >= 8 else { throw .truncated }
    var word: UInt64 = 0
    for index in 0..<8 { word |= UInt64(bytes[offset + index]) << UInt64(8 * index) }
    offset += 8
    return word
  }
  /// Reads eight bytes.
  public mutating func readInt64() throws(BinaryFault) -> Int64 {
    Int64(bitPattern: try readUInt64())
  }
  /// Reads a count that at most `remaining` values of a byte or more could follow.
  public mutating func readCount() throws(BinaryFault) -> Int {
    let count = try readInt64()
    guard count >= 0, count <= Int64(remaining) else { throw .invalid(offset: offset - 8) }
    return Int(count)
  }
  /// Reads an `Int`.
  public mutating func readInt() throws(BinaryFault) -> Int { Int(try readInt64()) }
  /// Reads a `Double` by its bit pattern.
  public mutating func readDouble() throws(BinaryFault) -> Double {
    Double(bitPattern: try readUInt64())
  }
  /// Reads an amount.
  public mutating func readFixed<Unit>(
    _ unit: Fixed<Unit>.Type = Fixed<Unit>.self
  ) throws(BinaryFault) -> Fixed<Unit> { Fixed(steps: try readInt64()) }
  /// Reads an instant.
  public mutating func readInstant() throws(BinaryFault) -> Instant {
    Instant(nanoseconds: try readInt64())
  }
  /// Reads a text.
  public mutating func readString() throws(BinaryFault) -> String {
    let count = try readCount()
    defer { offset += count }
    guard let text = String(validating: bytes[offset..<(offset + count)], as: UTF8.self) else {
      throw .invalid(offset: offset)
    }
    return text
  }
  /// Reads a count and that many bytes.
  public mutating func readBytes() throws(BinaryFault) -> [UInt8] {
    let count = try readCount()
    defer { offset += count }
    return Array(bytes[offset..<(offset + count)])
  }
  /// Reads a value that knows its own form.
  public mutating func read<Value: BinaryCodable>(
    _ type: Value.Type = Value.self
  ) throws(BinaryFault) -> Value { try Value(from: &self) }
  /// Reads a count and that many values.
  public mutating func readArray<Element: BinaryCodable>(
    of type: Element.Type = Element.self
  ) throws(BinaryFault) -> [Element] {
    let count = try readCount()
    var values: [Element] = []
    values.reserveCapacity(count)
    for _ in 0..<count { values.append(try Element(from: &self)) }
    return values
  }
  /// Reads presence and, where present, the value.
  public mutating func readOptional<Wrapped: BinaryCodable>(
    _ type: Wrapped.Type = Wrapped.self
  ) throws(BinaryFault) -> Wrapped? { try readBool() ? try Wrapped(from: &self) : nil }
  /// Ends the reading; bytes left over are a fault.
  public func finish() throws(BinaryFault) {
    guard remaining == 0 else { throw .trailing }
  }
}

/// A value with a canonical binary form: equal values have equal bytes in every process.
public protocol BinaryCodable {
  /// Writes the value.
  func write(to writer: inout BinaryWriter)
  /// Reads a value.
  ///
  /// - Throws: ``BinaryFault`` where the bytes are not such a value.
  init(from reader: inout BinaryReader) throws(BinaryFault)
}

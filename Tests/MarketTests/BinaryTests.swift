import Market
import Testing

@Suite("Binary form")
struct BinaryTests {
  @Test("What is written reads back, and nothing is left")
  func roundTrip() throws {
    var writer = BinaryWriter()
    writer.write(0xab as UInt8)
    writer.write(true)
    writer.write(UInt64.max)
    writer.write(Int64.min)
    writer.write(-7)
    writer.write(-0.0)
    writer.write("98200.5" as Price)
    writer.write(Instant(milliseconds: 1_737_982_800_000))
    writer.write("größer ✓")
    var reader = BinaryReader(writer.bytes)
    #expect(try reader.readByte() == 0xab)
    #expect(try reader.readBool())
    #expect(try reader.readUInt64() == .max)
    #expect(try reader.readInt64() == .min)
    #expect(try reader.readInt() == -7)
    #expect(try reader.readDouble().sign == .minus)
    #expect(try reader.readFixed(Price.self) == "98200.5")
    #expect(try reader.readInstant() == Instant(milliseconds: 1_737_982_800_000))
    #expect(try reader.readString() == "größer ✓")
    try reader.finish()
  }

  @Test("The layout is fixed: little-endian words, counts first")
  func layout() {
    var writer = BinaryWriter()
    writer.write(0x0102_0304_0506_0708 as UInt64)
    writer.write("ab")
    #expect(writer.bytes == [8, 7, 6, 5, 4, 3, 2, 1, 2, 0, 0, 0, 0, 0, 0, 0, 97, 98])
  }

  @Test("Bytes that hold something else are refused")
  func refuses() {
    #expect(throws: BinaryFault.truncated) { try Self.reading([]) { try $0.readByte() } }
    #expect(throws: BinaryFault.truncated) {
      try Self.reading([1, 2, 3, 4, 5, 6, 7]) { try $0.readUInt64() }
    }
    #expect(throws: BinaryFault.invalid(offset: 0)) { try Self.reading([2]) { try $0.readBool() } }
    // A count beyond what is left, one below zero, one that would exhaust the memory.
    for count in [3, -1, .max] as [Int64] {
      var writer = BinaryWriter()
      writer.write(count)
      writer.write(0 as UInt8)
      #expect(throws: BinaryFault.invalid(offset: 0)) {
        try Self.reading(writer.bytes) { try $0.readString() }
      }
    }
    var writer = BinaryWriter()
    writer.write(1)
    writer.write(0xff as UInt8)
    #expect(throws: BinaryFault.invalid(offset: 8)) {
      try Self.reading(writer.bytes) { try $0.readString() }
    }
    #expect(throws: BinaryFault.trailing) { try BinaryReader([0]).finish() }
  }

  struct Pair: BinaryCodable, Hashable {
    var label: String
    var amount: Money?

    init(label: String, amount: Money?) {
      self.label = label
      self.amount = amount
    }

    func write(to writer: inout BinaryWriter) {
      writer.write(label)
      writer.write(amount != nil)
      if let amount { writer.write(amount) }
    }

    init(from reader: inout BinaryReader) throws(BinaryFault) {
      label = try reader.readString()
      amount = try reader.readBool() ? try reader.readFixed() : nil
    }
  }

  @Test("Values nest in arrays and optionals")
  func nesting() throws {
    let pairs = [Pair(label: "", amount: nil), Pair(label: "x", amount: "-1.5")]
    var writer = BinaryWriter()
    writer.write(pairs)
    writer.write(pairs.first)
    writer.write(Pair?.none)
    var reader = BinaryReader(writer.bytes)
    #expect(try reader.readArray(of: Pair.self) == pairs)
    #expect(try reader.readOptional(Pair.self) == pairs[0])
    #expect(try reader.readOptional(Pair.self) == nil)
    try reader.finish()
  }

  @Test("Every prefix of a message is refused", arguments: [1, 2] as [UInt64])
  func prefixes(seed: UInt64) throws {
    var words = Words(seed: seed)
    var writer = BinaryWriter()
    let pairs = (0..<4).map { index in
      Pair(
        label: String(repeating: "y", count: Int(words.below(9))),
        amount: index % 2 == 0 ? nil : Money(steps: Int64(words.below(1_000))))
    }
    writer.write(pairs)
    for count in 0..<writer.bytes.count {
      #expect(throws: BinaryFault.self) {
        try Self.reading(Array(writer.bytes.prefix(count))) { try $0.readArray(of: Pair.self) }
      }
    }
  }

  @Test("Random bytes never trap a reader", arguments: [1, 2, 3, 4] as [UInt64])
  func fuzz(seed: UInt64) {
    var words = Words(seed: seed)
    var finished = 0
    for _ in 0..<4_000 {
      let bytes = (0..<words.below(48)).map { _ in
        // Small numbers are common, so that counts are sometimes plausible.
        words.below(3) == 0 ? UInt8(truncatingIfNeeded: words.next()) : UInt8(words.below(3))
      }
      var reader = BinaryReader(bytes)
      do {
        while reader.remaining > 0 {
          switch words.below(8) {
          case 0: _ = try reader.readByte()
          case 1: _ = try reader.readBool()
          case 2: _ = try reader.readUInt64()
          case 3: _ = try reader.readDouble()
          case 4: _ = try reader.readString()
          case 5: _ = try reader.readArray(of: Pair.self)
          case 6: _ = try reader.readOptional(Pair.self)
          default: _ = try reader.readInt()
          }
          #expect(reader.remaining >= 0)
        }
        try reader.finish()
        finished += 1
      } catch {
        #expect(reader.remaining >= 0)
      }
    }
    #expect(finished > 0)
  }

  private static func reading<Value>(
    _ bytes: [UInt8], _ body: (inout BinaryReader) throws -> Value
  ) throws -> Value {
    var reader = BinaryReader(bytes)
    return try body(&reader)
  }
}

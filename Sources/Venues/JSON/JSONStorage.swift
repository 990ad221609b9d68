import CSimdJSON
import Market

/// The C parser and the tape that it last wrote.
///
/// SAFETY: `parse` runs only from ``JSONParser/parse(_:)``, on a storage that nobody else refers
/// to; from then on, while documents and values refer to it, it is only read. Indices come from the
/// tape itself, which simdjson ends before any of them.
final class JSONStorage: @unchecked Sendable {
  private let parser: OpaquePointer
  private var tape: UnsafePointer<UInt64>?
  private var strings: UnsafePointer<UInt8>?

  init?(_ limits: JSONLimits) {
    guard let parser = csimdjson_create(limits.bytes, limits.depth) else { return nil }
    self.parser = parser
  }

  deinit { csimdjson_destroy(parser) }

  /// Reads a document in place of the last one; zero where it is one.
  func parse(_ bytes: [UInt8]) -> Int32 {
    let status = bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return JSONFault.empty.status }
      return csimdjson_parse(parser, base, buffer.count)
    }
    tape = status == 0 ? csimdjson_tape(parser) : nil
    strings = status == 0 ? csimdjson_strings(parser) : nil
    return status
  }

  /// The word of the tape at an index; a null outside any document.
  @inline(__always)
  func word(_ index: Int) -> UInt64 {
    guard let tape else { return UInt64(UInt8(ascii: "n")) << 56 }
    return tape[index]
  }

  /// The bytes of the string that a tape word points to.
  @inline(__always)
  func text(_ word: UInt64) -> UnsafeBufferPointer<UInt8> {
    guard let strings else { return UnsafeBufferPointer(start: nil, count: 0) }
    let start = strings + Int(word & JSONStorage.payloadMask)
    let count = UnsafeRawPointer(start).loadUnaligned(as: UInt32.self)
    return UnsafeBufferPointer(start: start + 4, count: Int(count))
  }

  /// The index of the value after the one at `index`.
  @inline(__always)
  func next(after index: Int) -> Int {
    let word = word(index)
    switch UInt8(truncatingIfNeeded: word >> 56) {
    case UInt8(ascii: "{"), UInt8(ascii: "["): return Int(word & 0xffff_ffff)
    case UInt8(ascii: "l"), UInt8(ascii: "u"), UInt8(ascii: "d"): return index + 2
    default: return index + 1
    }
  }

  /// The bytes of the string at an index; nil where another kind stands there.
  @inline(__always)
  func text(at index: Int) -> UnsafeBufferPointer<UInt8>? {
    let word = word(index)
    guard UInt8(truncatingIfNeeded: word >> 56) == UInt8(ascii: "\"") else { return nil }
    return text(word)
  }

  /// The exact amount that the string at an index spells.
  @inline(__always)
  func fixed<Unit>(at index: Int, _ unit: Fixed<Unit>.Type = Fixed<Unit>.self) -> Fixed<Unit>? {
    text(at: index).flatMap { try? Fixed(decimal: $0) }
  }

  /// The time that the integer at an index says in milliseconds; nil outside 1970 to 2199.
  @inline(__always)
  func milliseconds(at index: Int) -> Instant? {
    guard UInt8(truncatingIfNeeded: word(index) >> 56) == UInt8(ascii: "l") else { return nil }
    let count = Int64(bitPattern: word(index + 1))
    guard (0..<7_258_118_400_000).contains(count) else { return nil }
    return Instant(milliseconds: count)
  }

  static let payloadMask: UInt64 = 0x00ff_ffff_ffff_ffff
}

extension JSONFault {
  /// The C name of the fault.
  var status: Int32 { Int32(rawValue) }
}

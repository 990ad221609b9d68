import CSimdJSON

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

  static let payloadMask: UInt64 = 0x00ff_ffff_ffff_ffff
}

extension JSONFault {
  /// The C name of the fault.
  var status: Int32 { Int32(rawValue) }
}

@testable import Venues

/// Reads MessagePack, to hold the encoder to it: by the format's public specification, not by the
/// encoder's source.
struct MessagePackReader {
  private let bytes: [UInt8]
  private var place = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { place == bytes.count }

  private enum Head {
    case map(Int)
    case list(Int)
    case text(Int)
    case unsigned(UInt64)
    case signed(Int64)
    case bool(Bool)
  }

  /// Whether the next value is `value`, in the shortest form of its kind.
  mutating func reads(_ value: JSONValue) -> Bool {
    let start = place
    guard let head = head() else { return false }
    switch head {
    case .map(let count):
      guard let members = value.members, members.count == count else { return false }
      for member in members {
        guard case .text(let length)? = self.head(), isText(length, member.key),
          reads(member.value)
        else { return false }
      }
      return true
    case .list(let count):
      guard let elements = value.elements, elements.count == count else { return false }
      for element in elements where !reads(element) { return false }
      return true
    case .text(let length):
      guard let text = value.text else { return false }
      return isText(length, text)
    case .unsigned(let number):
      return value.uint64 == number && place - start == Self.width(of: number)
    case .signed(let number):
      return number < 0 && value.int64 == number && place - start == Self.width(of: number)
    case .bool(let flag): return value.bool == flag
    }
  }

  /// Writes the next value as JSON; false where there is none.
  mutating func write(to writer: inout JSONWriter) -> Bool {
    guard let head = head() else { return false }
    var isComplete = true
    switch head {
    case .map(let count):
      writer.object { writer in
        for _ in 0..<count where isComplete {
          guard case .text(let length)? = self.head(), let key = take(length) else {
            isComplete = false
            return
          }
          writer.key(key)
          isComplete = write(to: &writer)
        }
      }
    case .list(let count):
      writer.array { writer in
        for _ in 0..<count where isComplete { isComplete = write(to: &writer) }
      }
    case .text(let length):
      guard let text = take(length) else { return false }
      writer.string(text)
    case .unsigned(let number): writer.integer(number)
    case .signed(let number): writer.integer(number)
    case .bool(let flag): writer.bool(flag)
    }
    return isComplete
  }

  private mutating func head() -> Head? {
    guard let tag = take(1)?.first else { return nil }
    switch tag {
    case 0x00...0x7f: return .unsigned(UInt64(tag))
    case 0x80...0x8f: return .map(Int(tag & 0x0f))
    case 0x90...0x9f: return .list(Int(tag & 0x0f))
    case 0xa0...0xbf: return .text(Int(tag & 0x1f))
    case 0xc2, 0xc3: return .bool(tag == 0xc3)
    case 0xcc...0xcf: return number(1 << Int(tag - 0xcc)).map(Head.unsigned)
    case 0xd0: return number(1).map { .signed(Int64(Int8(truncatingIfNeeded: $0))) }
    case 0xd1: return number(2).map { .signed(Int64(Int16(truncatingIfNeeded: $0))) }
    case 0xd2: return number(4).map { .signed(Int64(Int32(truncatingIfNeeded: $0))) }
    case 0xd3: return number(8).map { .signed(Int64(bitPattern: $0)) }
    case 0xd9, 0xda: return number(1 << Int(tag - 0xd9)).map { .text(Int($0)) }
    case 0xdc: return number(2).map { .list(Int($0)) }
    case 0xde: return number(2).map { .map(Int($0)) }
    case 0xe0...0xff: return .signed(Int64(Int8(bitPattern: tag)))
    default: return nil
    }
  }

  private mutating func number(_ width: Int) -> UInt64? {
    take(width)?.reduce(0) { $0 << 8 | UInt64($1) }
  }

  private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count <= bytes.count - place else { return nil }
    defer { place += count }
    return bytes[place..<(place + count)]
  }

  private mutating func isText(_ length: Int, _ text: JSONText) -> Bool {
    take(length)?.elementsEqual(text) ?? false
  }

  private static func width(of number: UInt64) -> Int {
    switch number {
    case ...0x7f: 1
    case ...0xff: 2
    case ...0xffff: 3
    case ...0xffff_ffff: 5
    default: 9
    }
  }

  private static func width(of number: Int64) -> Int {
    switch number {
    case (-32)...: 1
    case (-128)...: 2
    case (-32_768)...: 3
    case (-2_147_483_648)...: 5
    default: 9
    }
  }
}

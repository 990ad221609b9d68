/// MessagePack as the venue hashes it: objects keep their order, integers take the smallest form.
public enum MessagePack {
  /// The encoding of a JSON value; nil where it holds a null, a fraction or more than 65,535 parts.
  public static func encode(_ value: JSONValue) -> [UInt8]? {
    var bytes: [UInt8] = []
    return append(value, to: &bytes) ? bytes : nil
  }

  // Recursion ends at the depth that the JSON parser allowed.
  private static func append(_ value: JSONValue, to bytes: inout [UInt8]) -> Bool {
    switch value.kind {
    case .object: appendMap(value, to: &bytes)
    case .array: appendList(value, to: &bytes)
    case .string: value.text.map { append($0, to: &bytes) } ?? false
    case .integer: appendInteger(value, to: &bytes)
    case .bool: value.bool.map { bytes.append($0 ? 0xc3 : 0xc2) } != nil
    case .double, .null: false
    }
  }

  private static func appendMap(_ value: JSONValue, to bytes: inout [UInt8]) -> Bool {
    guard let members = value.members,
      appendCount(members.count, short: 0x80, limit: 15, long: 0xde, to: &bytes)
    else { return false }
    for member in members {
      guard append(member.key, to: &bytes), append(member.value, to: &bytes) else { return false }
    }
    return true
  }

  private static func appendList(_ value: JSONValue, to bytes: inout [UInt8]) -> Bool {
    guard let elements = value.elements,
      appendCount(elements.count, short: 0x90, limit: 15, long: 0xdc, to: &bytes)
    else { return false }
    for element in elements where !append(element, to: &bytes) { return false }
    return true
  }

  private static func appendInteger(_ value: JSONValue, to bytes: inout [UInt8]) -> Bool {
    if let word = value.uint64 {
      switch word {
      case 0..<0x80: bytes.append(UInt8(word))
      case ...0xff: append(0xcc, word, count: 1, to: &bytes)
      case ...0xffff: append(0xcd, word, count: 2, to: &bytes)
      case ...0xffff_ffff: append(0xce, word, count: 4, to: &bytes)
      default: append(0xcf, word, count: 8, to: &bytes)
      }
      return true
    }
    guard let number = value.int64 else { return false }
    let word = UInt64(bitPattern: number)
    switch number {
    case (-32)...: bytes.append(UInt8(truncatingIfNeeded: word))
    case Int64(Int8.min)...: append(0xd0, word, count: 1, to: &bytes)
    case Int64(Int16.min)...: append(0xd1, word, count: 2, to: &bytes)
    case Int64(Int32.min)...: append(0xd2, word, count: 4, to: &bytes)
    default: append(0xd3, word, count: 8, to: &bytes)
    }
    return true
  }

  private static func append(_ text: JSONText, to bytes: inout [UInt8]) -> Bool {
    switch text.count {
    case ...31: bytes.append(0xa0 | UInt8(text.count))
    case ...0xff: append(0xd9, UInt64(text.count), count: 1, to: &bytes)
    case ...0xffff: append(0xda, UInt64(text.count), count: 2, to: &bytes)
    default: return false
    }
    bytes.append(contentsOf: text)
    return true
  }

  private static func appendCount(
    _ count: Int, short: UInt8, limit: Int, long: UInt8, to bytes: inout [UInt8]
  ) -> Bool {
    guard count <= 0xffff else { return false }
    if count <= limit {
      bytes.append(short | UInt8(count))
    } else {
      append(long, UInt64(count), count: 2, to: &bytes)
    }
    return true
  }

  private static func append(
    _ tag: UInt8, _ word: UInt64, count: Int, to bytes: inout [UInt8]
  ) {
    bytes.append(tag)
    for index in (0..<count).reversed() {
      bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * index)))
    }
  }
}

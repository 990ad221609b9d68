import Market

@testable import Exchange
@testable import Venues

/// Any bytes as a JSON document.
///
/// What the parser accepts, the writer writes again, and that reads as the same document; every
/// reader of every value answers without a trap; a parser that has just refused something reads the
/// next document as a new one would.
enum JSONTarget: FuzzTarget {
  static let name = "json"
  static let isScript = false

  static func run(_ input: [UInt8], isPlanted: Bool) {
    var parser = JSONParser(limits: JSONLimits(bytes: 1 << 16, depth: 32))
    guard let document = try? parser.parse(input) else { return checkReuse(&parser) }
    read(document.root)
    var writer = JSONWriter()
    if isPlanted {
      FlawedWriter.write(document.root, to: &writer)
    } else {
      writer.value(document.root)
    }
    var second = JSONParser(limits: JSONLimits(bytes: 1 << 19, depth: 32))
    do throws(JSONFault) {
      let copy = try second.parse(writer.bytes)
      expect(
        isSame(document.root, copy.root), "written as \(writer.text), which says another thing")
      _ = MessagePack.encode(copy.root)
    } catch {
      finding("written as \(writer.text), which is no document: \(error)")
    }
  }

  private static func checkReuse(_ parser: inout JSONParser) {
    let word = try? parser.parse(Array(#"{"a":[1,"b"]}"#.utf8)).root["a"]?[1]?.string
    expect(word == "b", "after a document that was refused, the next one is misread")
  }

  /// Asks every value everything.
  private static func read(_ value: JSONValue) {
    _ = (value.bool, value.int64, value.uint64, value.int, value.double, value.milliseconds)
    _ = (value["a"], value[0])
    if let exact = value.fixed(Price.self) {
      expect(value.nearest(Price.self) == exact, "\(exact) is not the nearest to itself")
      expect(
        (try? Price(decimal: exact.description)) == exact, "\(exact) is read back as another amount"
      )
    }
    if let text = value.text {
      expect(text.count == text.withUTF8 { $0.count }, "a text has two lengths")
      _ = Symbol(text)
    }
    if let elements = value.elements {
      for element in elements { read(element) }
    }
    guard let members = value.members else { return }
    var found = 0
    for member in members {
      found += 1
      read(member.value)
      let found = value.member(named: member.key)
      expect(found?.index == member.value.index, "a key leads to a member of the same name")
    }
    expect(found == members.count, "an object counts \(members.count) members and shows \(found)")
  }

  private static func isSame(_ one: JSONValue, _ other: JSONValue) -> Bool {
    guard one.kind == other.kind else { return false }
    switch one.kind {
    case .null: return true
    case .bool: return one.bool == other.bool
    case .integer: return one.int64 == other.int64 && one.uint64 == other.uint64
    case .double: return one.double?.bitPattern == other.double?.bitPattern
    case .string: return one.string.map { Array($0.utf8) } == other.string.map { Array($0.utf8) }
    case .array:
      guard let left = one.elements, let right = other.elements, left.count == right.count else {
        return false
      }
      return zip(left, right).allSatisfy { isSame($0, $1) }
    case .object:
      guard let left = one.members, let right = other.members, left.count == right.count else {
        return false
      }
      return zip(left, right).allSatisfy { pair in
        pair.0.key.elementsEqual(pair.1.key) && isSame(pair.0.value, pair.1.value)
      }
    }
  }
}

/// A writer that forgets what a text must not hold unescaped.
private enum FlawedWriter {
  static func write(_ value: JSONValue, to writer: inout JSONWriter) {
    if let text = value.text {
      writer.raw([UInt8(ascii: "\"")] + text + [UInt8(ascii: "\"")])
    } else if let elements = value.elements {
      writer.array(elements) { write($1, to: &$0) }
    } else {
      writer.value(value)
    }
  }
}

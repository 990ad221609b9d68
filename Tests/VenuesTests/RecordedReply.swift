import Venues

/// A reply that a cassette of recorded calls holds: YAML in which the body is one quoted text.
enum RecordedReply {
  /// The last reply of a cassette of the official Python client; nil where the data is absent.
  static func ofPython(_ name: String) -> [UInt8]? {
    body(
      of: "data/raw/hyperliquid_python_sdk_cassettes.tar.gz", name, after: "      string: '")
  }

  /// The last reply of a cassette of a Go client.
  static func ofGo(_ name: String) -> [UInt8]? {
    body(of: "data/raw/go_hyperliquid_cassettes.tar.gz", name, after: "        body: '")
  }

  /// A message that the tests of NautilusTrader keep.
  static func ofNautilus(_ name: String) -> [UInt8]? {
    SharedData.archive("data/raw/nautilus_hyperliquid_test_data.tar.gz")?
      .first { $0.path.hasSuffix("/" + name) }?.bytes
  }

  private static func body(
    of archive: String, _ name: String, after marker: String
  ) -> [UInt8]? {
    guard let members = SharedData.archive(archive),
      let member = members.first(where: { $0.path.hasSuffix(name) })
    else { return nil }
    let text = String(decoding: member.bytes, as: UTF8.self)
    guard let start = text.ranges(of: marker).last?.upperBound,
      let end = text[start...].firstIndex(of: "'")
    else { return nil }
    // A long quoted line is folded: a break and its indent are one blank.
    let folded = text[start..<end].split(separator: "\n").map { line in
      String(line.drop { $0 == " " })
    }
    return Array(folded.joined(separator: " ").utf8)
  }
}

extension JSONValue {
  /// The members of an object with their names; none where it is no object.
  var memberList: [(name: String, value: JSONValue)] {
    var list: [(name: String, value: JSONValue)] = []
    guard let members else { return list }
    for member in members { list.append((String(member.key), member.value)) }
    return list
  }

  /// The elements of an array; none where it is no array.
  var elementList: [JSONValue] {
    guard let elements else { return [] }
    return Array(elements)
  }
}

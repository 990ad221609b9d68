/// The parameters of a call, in order, at most sixty-four.
struct CallQuery: Sendable {
  private(set) var parameters: [(name: String, value: String)] = []

  /// Reads `name=value` pairs between `&`, percent-encoded; a name without `=` has no value.
  init(_ query: String) {
    for pair in query.split(separator: "&").prefix(64) {
      let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = halves.first else { continue }
      let value = halves.count > 1 ? String(halves[1]) : ""
      parameters.append((Self.decoded(String(name)), Self.decoded(value)))
    }
  }

  /// The first value of a parameter; nil where it is missing.
  subscript(name: String) -> String? { parameters.first { $0.name == name }?.value }

  /// Every value of a parameter that may be repeated.
  func all(_ name: String) -> [String] { parameters.filter { $0.name == name }.map(\.value) }

  private static func decoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        guard rest.count >= 2, let high = digit(rest[rest.startIndex]),
          let low = digit(rest[rest.startIndex + 1])
        else {
          bytes.append(byte)
          continue
        }
        rest.removeFirst(2)
        bytes.append(high << 4 | low)
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

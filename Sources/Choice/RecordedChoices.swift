/// Why a text is not a record of choices.
public struct RecordedChoicesFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// The line, counted from one.
  public let line: Int
  /// What is wrong with it, and what was expected.
  public let problem: String

  /// The line and the problem.
  public var description: String { "line \(line): \(problem)" }
}

/// What streams drew, by stream name: the file form of a run's choices.
///
/// A stream without values is the same as no stream. Equal records have equal texts.
public struct RecordedChoices: Hashable, Sendable {
  private struct Entry: Hashable, Sendable {
    let name: String
    var values: [UInt64]
  }

  /// Ascending by name, no name twice, no list empty.
  private var entries: [Entry] = []

  /// Starts without any.
  public init() {}

  /// The names of the streams with values, ascending.
  public var names: [String] { entries.map(\.name) }

  /// How many values all streams hold.
  public var count: Int { entries.reduce(0) { $0 + $1.values.count } }

  /// The values of the stream called `name`; empty where there are none.
  public subscript(name: String) -> [UInt64] {
    get {
      let index = slot(of: name)
      return index < entries.count && entries[index].name == name ? entries[index].values : []
    }
    set {
      let index = slot(of: name)
      let isPresent = index < entries.count && entries[index].name == name
      switch (isPresent, newValue.isEmpty) {
      case (true, true): entries.remove(at: index)
      case (true, false): entries[index].values = newValue
      case (false, true): break
      case (false, false): entries.insert(Entry(name: name, values: newValue), at: index)
      }
    }
  }

  /// Takes over the log of `stream`, in place of what was held under its name.
  public mutating func record(_ stream: ChoiceStream) { self[stream.name] = stream.log }

  /// The first index whose name is not below `name`.
  private func slot(of name: String) -> Int {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].name < name { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension RecordedChoices {
  /// One line a stream, `name: 1,2,3`, ascending by name, each ended by a line feed.
  ///
  /// Line feeds, carriage returns and backslashes in a name are written `\n`, `\r` and `\\`.
  public var text: String {
    var text = ""
    for entry in entries {
      for character in entry.name.unicodeScalars {
        switch character {
        case "\n": text += "\\n"
        case "\r": text += "\\r"
        case "\\": text += "\\\\"
        default: text.unicodeScalars.append(character)
        }
      }
      text += ": " + entry.values.map(String.init).joined(separator: ",") + "\n"
    }
    return text
  }

  /// Reads a ``text``; blank lines are passed over and lines may come in any order.
  ///
  /// - Throws: ``RecordedChoicesFault`` naming the first line that is no list of choices.
  public init(text: String) throws(RecordedChoicesFault) {
    var line = 0
    for bytes in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      line += 1
      if bytes.isEmpty { continue }
      guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")) else {
        throw RecordedChoicesFault(line: line, problem: "no colon; expected `name: 1,2,3`")
      }
      guard let name = Self.unescaped(bytes[..<colon]) else {
        throw RecordedChoicesFault(
          line: line, problem: "a backslash in a name must be followed by `n`, `r` or `\\`")
      }
      guard self[name].isEmpty else {
        throw RecordedChoicesFault(line: line, problem: "the stream `\(name)` is listed twice")
      }
      var values: [UInt64] = []
      let list = bytes[bytes.index(after: colon)...].drop { $0 == UInt8(ascii: " ") }
      for part in list.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
        guard part.allSatisfy({ (0x30...0x39).contains($0) }), let value = UInt64(Substring(part))
        else {
          let excerpt = String(Substring(part.prefix(24)))
          throw RecordedChoicesFault(
            line: line, problem: "`\(excerpt)` is not a whole number from 0 to 2^64 - 1")
        }
        values.append(value)
      }
      self[name] = values
    }
  }

  private static func unescaped(_ bytes: Substring.UTF8View) -> String? {
    var name: [UInt8] = []
    var isEscaped = false
    for byte in bytes {
      switch (isEscaped, byte) {
      case (false, UInt8(ascii: "\\")):
        isEscaped = true
        continue
      case (false, _), (true, UInt8(ascii: "\\")): name.append(byte)
      case (true, UInt8(ascii: "n")): name.append(UInt8(ascii: "\n"))
      case (true, UInt8(ascii: "r")): name.append(UInt8(ascii: "\r"))
      case (true, _): return nil
      }
      isEscaped = false
    }
    return isEscaped ? nil : String(decoding: name, as: UTF8.self)
  }
}

extension RecordedChoices: CustomStringConvertible {
  /// The ``text``.
  public var description: String { text }
}

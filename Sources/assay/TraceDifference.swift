/// Where two runs part: the first event that is not the same, and what in it.
struct TraceDifference {
  private let left: TraceEvent
  private let right: TraceEvent
  private let components: [String]
  /// The first lines that differ; nil where one event has fewer.
  private let lines: (left: String?, right: String?)

  /// Nil where both events are the same.
  init?(_ left: TraceEvent, _ right: TraceEvent) {
    let pairs = zip(left.components, right.components)
    components = pairs.filter { $0.0 != $0.1 }.map { $0.0.name }
    guard left.digest != right.digest || left.details != right.details || left.time != right.time
    else { return nil }
    self.left = left
    self.right = right
    var index = 0
    while index < min(left.details.count, right.details.count),
      left.details[index] == right.details[index]
    {
      index += 1
    }
    lines = (
      index < left.details.count ? left.details[index] : nil,
      index < right.details.count ? right.details[index] : nil
    )
  }

  func lines(on console: Console) -> [String] {
    var told: [String] = []
    func add(_ name: String, _ text: String) {
      told.append(
        console.paint(name, .faint) + String(repeating: " ", count: 12 - name.count) + text)
    }
    add(
      "event", left.number == right.number ? "\(left.number)" : "\(left.number) | \(right.number)")
    add("time", left.time == right.time ? left.time : "\(left.time) | \(right.time)")
    let component = lines.left ?? lines.right
    add(
      "component",
      components.isEmpty
        ? component?.split(separator: " ").first.map(String.init) ?? "time"
        : components.joined(separator: ", "))
    guard let one = lines.left, let other = lines.right else {
      // Nothing but the time, or what came before, tells the events apart.
      guard lines.left != nil || lines.right != nil else { return told }
      add(lines.left == nil ? "only second" : "only first", component ?? "")
      return told
    }
    let path = FieldPath(one, other)
    if !path.field.isEmpty { add("field", path.field) }
    add("first", path.left)
    add("second", path.right)
    return told
  }
}

/// The field in which two descriptions or JSON texts first differ, and both values.
struct FieldPath {
  /// `candle.close`, `channel.data.[0]`; empty where the text has no names.
  let field: String
  /// The value in the first text.
  let left: String
  /// The value in the second.
  let right: String

  init(_ one: String, _ other: String) {
    let left = Array(one)
    let right = Array(other)
    var common = 0
    while common < min(left.count, right.count), left[common] == right[common] { common += 1 }
    var names: [String] = []
    var word = ""
    var name = ""
    // The value that holds the first difference begins after the last separator before it.
    var begin = 0
    for index in 0..<common {
      switch left[index] {
      case "(", "{", "[":
        names.append(name)
        name = ""
        word = ""
        begin = index + 1
      case ")", "}", "]":
        if !names.isEmpty { names.removeLast() }
        name = ""
        word = ""
        begin = index + 1
      case ",":
        name = ""
        word = ""
        begin = index + 1
      case ":" where Self.isName(word):
        name = word
        word = ""
        begin = index + 1
      case " ":
        word = ""
      case "\"": break
      default: word.append(left[index])
      }
    }
    field = (names + [name]).filter { !$0.isEmpty }.joined(separator: ".")
    self.left = Self.value(left, from: begin)
    self.right = Self.value(right, from: begin)
  }

  private static func isName(_ word: String) -> Bool {
    guard let first = word.first, first.isLetter else { return false }
    return word.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
  }

  /// The text from `begin` to the end of the value, at most eighty characters.
  private static func value(_ text: [Character], from begin: Int) -> String {
    var end = begin
    while end < text.count, !",)}]".contains(text[end]) { end += 1 }
    let value = String(text[begin..<max(begin, end)]).drop { $0 == " " }
    return value.isEmpty ? String(text[begin...].prefix(80)) : String(value.prefix(80))
  }
}

/// Finds where the order of a `Dictionary` or `Set` can be seen, as far as text can tell.
///
/// It learns the names that a file declares with a hash type, and those that its module declares
/// so everywhere, and then looks for what walks through them.
struct HashOrder {
  static let rule = "hash-order"

  /// Names declared with a hash type, and names declared with any other, by file.
  private var hashed: [String: Set<String>] = [:]
  private var other: [String: Set<String>] = [:]
  private var aliases: Set<String> = ["Dictionary", "Set"]
  private let files: [(path: String, code: SourceCode)]

  /// Learns the names of one module's `files`.
  init(_ files: [SourceFile]) {
    self.files = files.map { ($0.path, SourceCode($0.text)) }
    for (_, code) in self.files {
      for index in code.tokens.indices where code[index] == "typealias" {
        if code[index + 2] == "=", isHashType(code, at: index + 3) {
          aliases.insert(code[index + 1])
        }
      }
    }
    for (path, code) in self.files { learn(path, code) }
  }

  private mutating func learn(_ path: String, _ code: SourceCode) {
    for index in code.tokens.indices where code.tokens[index].isWord {
      let name = code[index]
      let isDeclared = ["var", "let"].contains(code[index - 1])
      if code[index + 1] == ":" {
        if isHashType(code, at: index + 2) {
          hashed[path, default: []].insert(name)
        } else if isDeclared {
          other[path, default: []].insert(name)
        }
      } else if isDeclared, code[index + 1] == "=" {
        if isHashValue(code, at: index + 2) {
          hashed[path, default: []].insert(name)
        } else {
          other[path, default: []].insert(name)
        }
      }
    }
  }

  /// Whether a hash type is written from `index` on.
  private func isHashType(_ code: SourceCode, at index: Int) -> Bool {
    var place = index
    while ["inout", "borrowing", "consuming", "sending", "@", "escaping"].contains(code[place]) {
      place += 1
    }
    guard code[place] == "[" else {
      guard aliases.contains(code[place]) else { return false }
      var end = place + 1
      if code[end] == "<" {
        var depth = 0
        repeat {
          depth += code[end] == "<" ? 1 : code[end] == ">" ? -1 : 0
          end += 1
        } while depth > 0 && end < code.tokens.count
      }
      // `Set<Int>.Index` and the like are other types.
      return code[end] != "."
    }
    return hasColon(code, within: place)
  }

  /// Whether an expression that makes a hash collection is written from `index` on.
  private func isHashValue(_ code: SourceCode, at index: Int) -> Bool {
    if code[index] == "[" { return hasColon(code, within: index) }
    guard let close = construction(code, at: index) else { return false }
    let keepers = ["union", "subtracting", "intersection", "filter", "merging", "mapValues"]
    return code[close + 1] != "." || keepers.contains(code[close + 2])
  }

  /// The index of the parenthesis that ends `Set(…)` or the like at `index`, or nil for other code.
  private func construction(_ code: SourceCode, at index: Int) -> Int? {
    guard aliases.contains(code[index]) else { return nil }
    var place = index + 1
    while place < code.tokens.count, code[place] != "(" {
      guard code.tokens[place].isWord || ["<", ">", ",", ".", "[", "]", ":"].contains(code[place])
      else { return nil }
      place += 1
    }
    return code.closing(place)
  }

  /// Whether a collection made on the spot at `index` is walked through at once.
  private func isWalkedAtOnce(_ code: SourceCode, at index: Int) -> Bool {
    guard ["(", "<"].contains(code[index + 1]), let close = construction(code, at: index) else {
      return false
    }
    if code[index - 1] == "in", code[close + 1] == "{" { return true }
    if code[close + 1] == ")", ["Array", "zip"].contains(opener(code, before: index)) {
      return true
    }
    return code[close + 1] == "."
      && (Self.loud.contains(code[close + 2]) || code[close + 2] == "values")
  }

  /// Whether the bracket at `index` holds `key: value` directly.
  private func hasColon(_ code: SourceCode, within index: Int) -> Bool {
    guard let close = code.closing(index) else { return false }
    var place = index + 1
    var isConditional = false
    while place < close {
      switch code[place] {
      case "(", "[", "{": place = code.closing(place) ?? close
      case "?": isConditional = !["]", ",", ":"].contains(code[place + 1])
      case ":":
        if !isConditional { return true }
      default: break
      }
      place += 1
    }
    return false
  }

  func findings() -> [Finding] {
    let everywhere = hashed.values.reduce(into: Set<String>()) { $0.formUnion($1) }
    let elsewhere = other.values.reduce(into: Set<String>()) { $0.formUnion($1) }
    let shared = everywhere.subtracting(elsewhere)
    return files.flatMap { path, code -> [Finding] in
      let names = (hashed[path] ?? []).union(shared)
      return code.tokens.indices.filter { index in
        guard code.tokens[index].isWord else { return false }
        return names.contains(code[index]) && isWalked(code, at: index)
          || isWalkedAtOnce(code, at: index)
      }
      .map { index in
        Finding(
          path: path, line: code.tokens[index].line, rule: Self.rule,
          message: "the order of `\(code[index])` can be seen; keep a sorted array beside it")
      }
    }
  }

  /// Members of the collection, and of its keys, that show no order.
  private static let quiet: Set = [
    "count", "isEmpty", "contains", "allSatisfy", "sorted", "filter", "mapValues",
    "compactMapValues", "insert", "remove", "removeValue", "removeAll", "updateValue", "update",
    "subscript", "index", "reserveCapacity", "capacity", "formUnion", "union", "subtract",
    "subtracting", "intersection", "formIntersection", "isSubset", "isSuperset", "isDisjoint",
    "merge", "merging", "symmetricDifference", "self", "max", "min",
  ]
  /// Members that walk in hash order.
  private static let loud: Set = [
    "map", "compactMap", "flatMap", "forEach", "reduce", "first", "enumerated", "prefix", "suffix",
    "dropFirst", "drop", "popFirst", "lazy", "makeIterator", "startIndex", "endIndex", "joined",
    "elements", "randomElement", "description", "debugDescription", "indices", "removeFirst",
    "elementsEqual", "lexicographicallyPrecedes", "split", "zip",
  ]
  /// Members of `values` that show no order.
  private static let quietValues: Set = [
    "count", "isEmpty", "contains", "allSatisfy", "max", "min",
  ]

  private func isWalked(_ code: SourceCode, at index: Int) -> Bool {
    if startsLoop(code, at: index) { return true }
    if feedsSequence(code, at: index, end: index + 1) { return true }
    var place = index + 1
    if code[place] == "?" || code[place] == "!" { place += 1 }
    guard code[place] == "." else { return false }
    switch code[place + 1] {
    case "keys", "values":
      let quiet = code[place + 1] == "keys" ? Self.quiet : Self.quietValues
      guard code[place + 2] == "." else {
        // `Set(names.keys)` forgets the order again.
        return !(code[place + 2] == ")" && opener(code, before: index) == "Set")
      }
      let member = code[place + 3]
      return !quiet.contains(member) || isByClosure(code, at: place + 3)
    case let member where Self.loud.contains(member): return true
    default: return isByClosure(code, at: place + 1)
    }
  }

  /// Whether `min` or `max` at `index` picks by a closure, under which elements may tie.
  private func isByClosure(_ code: SourceCode, at index: Int) -> Bool {
    guard ["min", "max"].contains(code[index]) else { return false }
    return code[index + 1] == "{" || code.matches(["(", "by"], at: index + 1)
  }

  /// Whether the name at `index` is all that a `for` walks through.
  private func startsLoop(_ code: SourceCode, at index: Int) -> Bool {
    guard ["{", "where"].contains(code[index + 1]) else { return false }
    var place = index
    while code[place - 1] == "." { place -= 2 }
    guard code[place - 1] == "in" else { return false }
    return code.tokens[..<place].suffix(16).contains { $0.text == "for" }
  }

  /// Whether the expression up to `end` is made an array or appended to one.
  private func feedsSequence(_ code: SourceCode, at index: Int, end: Int) -> Bool {
    guard [")", ","].contains(code[end]) else { return false }
    var place = index
    while code[place - 1] == "." { place -= 2 }
    if code[place - 1] == ":", code[place - 2] == "contentsOf" {
      return code[place - 4] == "append" || code[place - 4] == "insert"
    }
    return ["Array", "ContiguousArray", "zip", "AnySequence"].contains(opener(code, before: index))
  }

  /// The word before the parenthesis that directly opens before the expression at `index`;
  /// nothing where what it makes is sorted at once.
  private func opener(_ code: SourceCode, before index: Int) -> String {
    var place = index
    while code[place - 1] == "." { place -= 2 }
    guard code[place - 1] == "(" else { return "" }
    let isSorted = code.closing(place - 1).map { code.matches([".", "sorted"], at: $0 + 1) }
    return isSorted == true ? "" : code[place - 2]
  }
}

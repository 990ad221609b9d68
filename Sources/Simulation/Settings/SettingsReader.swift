import Market
import Yams

/// Reads YAML into a ``Section`` by a ``Table``; anything that the table does not name is an error.
struct SettingsReader {
  /// The longest file that is read.
  static let longestFile = 1 << 20

  private let file: String

  static func read(
    _ text: String, file: String, as table: Table
  ) throws(SettingsError) -> Section {
    try SettingsReader(file: file).root(text, as: table)
  }

  private init(file: String) { self.file = file }

  private func root(_ text: String, as table: Table) throws(SettingsError) -> Section {
    let whole = Place(file: file, line: 0, column: 0)
    guard text.utf8.count <= Self.longestFile else {
      throw whole.error(
        "the file has \(text.utf8.count) bytes", "at most \(Self.longestFile) are read")
    }
    guard let node = try parse(text) else {
      throw whole.error("the file is empty", "a \(table.name) is a mapping of keys to values")
    }
    return try section(node, table, fallback: Place(file: file, line: 1, column: 1))
  }

  private func parse(_ text: String) throws(SettingsError) -> Node? {
    do {
      return try compose(yaml: text)
    } catch let error as YamlError {
      throw Self.translate(error, file)
    } catch {
      throw Place(file: file, line: 0, column: 0).error("the file is no YAML")
    }
  }

  private static func translate(_ error: YamlError, _ file: String) -> SettingsError {
    func at(_ mark: Yams.Mark) -> Place { Place(file: file, line: mark.line, column: mark.column) }
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return at(mark).error(problem, "YAML is expected")
    case .duplicatedKeysInMapping(let keys, let context):
      let key = keys.first ?? ""
      return at(context.mark).error("`\(key)` is given twice", "keep one of the two")
    case .reader(let problem, _, _, _):
      return Place(file: file, line: 0, column: 0).error(problem, "UTF-8 text is expected")
    default:
      return Place(file: file, line: 0, column: 0).error("the file is no YAML")
    }
  }

  private func place(of node: Node, or fallback: Place) -> Place {
    guard let mark = node.mark else { return fallback }
    return Place(file: file, line: mark.line, column: mark.column)
  }

  // MARK: Mappings

  private func pairs(
    _ node: Node, _ what: String, _ place: Place
  ) throws(SettingsError) -> [(key: String, place: Place, value: Node)] {
    guard case .mapping(let mapping) = node else {
      throw place.error("\(what) is a mapping of keys to values", "write `key: value`")
    }
    var pairs: [(key: String, place: Place, value: Node)] = []
    for (key, value) in mapping {
      let at = self.place(of: key, or: place)
      guard case .scalar(let scalar) = key else {
        throw at.error("a key is a word", "write `key: value`")
      }
      pairs.append((scalar.string, at, value))
    }
    return pairs
  }

  private func section(
    _ node: Node, _ table: Table, fallback: Place, ignoring ignored: String? = nil
  ) throws(SettingsError) -> Section {
    let place = place(of: node, or: fallback)
    var section = Section(place: place)
    for pair in try pairs(node, table.name, place) where pair.key != ignored {
      guard let field = table.fields.first(where: { $0.key == pair.key }) else {
        throw unknown(pair.key, pair.place, table, ignored)
      }
      section.append(pair.key, try value(pair.value, field.shape, pair.key, pair.place))
    }
    for field in table.fields where field.isRequired && section[field.key] == nil {
      throw place.error("\(table.name) needs `\(field.key)`", field.summary)
    }
    return section
  }

  private func unknown(
    _ key: String, _ place: Place, _ table: Table, _ discriminator: String?
  ) -> SettingsError {
    let keys = table.fields.map(\.key) + (discriminator.map { [$0] } ?? [])
    let remedy =
      nearest(to: key, in: keys).map { "did you mean `\($0)`?" }
      ?? "known keys: " + keys.sorted().joined(separator: ", ")
    return place.error("\(table.name) has no key `\(key)`", remedy)
  }

  private func variant(
    _ node: Node, _ discriminator: String, _ variants: [(word: String, table: Table)],
    _ key: String, _ place: Place
  ) throws(SettingsError) -> Section {
    let pairs = try pairs(node, "an entry of `\(key)`", place)
    guard let choice = pairs.first(where: { $0.key == discriminator }) else {
      throw place.error(
        "an entry of `\(key)` needs `\(discriminator)`",
        "one of " + variants.map(\.word).joined(separator: ", "))
    }
    let at = self.place(of: choice.value, or: choice.place)
    let word = try word(choice.value, variants.map(\.word), discriminator, at)
    guard let table = variants.first(where: { $0.word == word })?.table else {
      throw at.error("`\(word)` has no table")
    }
    var section = try section(node, table, fallback: place, ignoring: discriminator)
    section.append(discriminator, Located(value: .text(word), place: at))
    return section
  }

  // MARK: Values

  private func value(
    _ node: Node, _ shape: Shape, _ key: String, _ fallback: Place
  ) throws(SettingsError) -> Located {
    let place = place(of: node, or: fallback)
    switch shape {
    case .list(let element, let limit):
      return Located(
        value: .list(try elements(node, element, limit, key, place)), place: place)
    case .oneOrMore(let element, let limit):
      if case .sequence = node {
        return Located(
          value: .list(try elements(node, element, limit, key, place)), place: place)
      }
      return Located(value: .list([try value(node, element, key, place)]), place: place)
    case .table(let table):
      return Located(value: .section(try section(node, table, fallback: place)), place: place)
    case .variants(let discriminator, let variants):
      let section = try variant(node, discriminator, variants, key, place)
      return Located(value: .section(section), place: place)
    case .named(let table, let limit):
      var outer = Section(place: place)
      for pair in try pairs(node, "`\(key)`", place) {
        let inner = try section(pair.value, table, fallback: pair.place)
        outer.append(pair.key, Located(value: .section(inner), place: pair.place))
      }
      guard outer.entries.count <= limit else {
        throw place.error("`\(key)` has \(outer.entries.count) entries", "at most \(limit)")
      }
      return Located(value: .section(outer), place: place)
    default:
      return Located(value: try scalar(node, shape, key, place), place: place)
    }
  }

  private func elements(
    _ node: Node, _ shape: Shape, _ limit: Int, _ key: String, _ place: Place
  ) throws(SettingsError) -> [Located] {
    guard case .sequence(let sequence) = node else {
      throw place.error("`\(key)` is a list", "write `- …` on lines of their own, or `[…]`")
    }
    guard sequence.count <= limit else {
      throw place.error("`\(key)` has \(sequence.count) entries", "at most \(limit)")
    }
    var elements: [Located] = []
    for element in sequence { elements.append(try value(element, shape, key, place)) }
    return elements
  }

  private func scalar(
    _ node: Node, _ shape: Shape, _ key: String, _ place: Place
  ) throws(SettingsError) -> Setting {
    guard case .scalar(let scalar) = node else {
      throw place.error("`\(key)` is one value", shape.expectation)
    }
    let text = scalar.string
    if case .word(let words) = shape { return .text(try word(node, words, key, place)) }
    guard let setting = shape.setting(text) else {
      throw place.error("`\(key)` is `\(excerpt(text))`", shape.expectation)
    }
    return setting
  }

  private func word(
    _ node: Node, _ words: [String], _ key: String, _ place: Place
  ) throws(SettingsError) -> String {
    guard case .scalar(let scalar) = node else {
      throw place.error("`\(key)` is one word", "one of " + words.joined(separator: ", "))
    }
    guard words.contains(scalar.string) else {
      let remedy =
        nearest(to: scalar.string, in: words).map { "did you mean `\($0)`?" }
        ?? "one of " + words.joined(separator: ", ")
      throw place.error("`\(key)` is `\(excerpt(scalar.string))`", remedy)
    }
    return scalar.string
  }

  private func excerpt(_ text: String) -> String {
    text.count > 40 ? String(text.prefix(40)) + "…" : text
  }
}

import Market

/// What a value in a file may be; the parser and the JSON Schema both read it.
indirect enum Shape: Sendable {
  /// Any text of at most this many bytes.
  case text(atMost: Int)
  /// `true` or `false`.
  case flag
  /// A whole number.
  case integer(ClosedRange<Int64>)
  /// A plain decimal, exact to 1e-8, within these steps.
  case decimal(ClosedRange<Int64>, unit: String)
  /// A length of time with its unit: `250ms`, `90s`, `15m`, `2h`, `1d`.
  case duration(ClosedRange<Interval>)
  /// A share with its unit, `0.5%` or `25bp`, held in parts per million.
  case share(ClosedRange<Int64>)
  /// A probability as a ratio of whole numbers: `1/20`.
  case ratio
  /// A point of time, ISO 8601 in UTC.
  case instant
  /// One of these words.
  case word([String])
  /// A seed, or a range of them: `7`, `1..100`.
  case seeds
  /// A list of at most this many.
  case list(Shape, atMost: Int)
  /// One value or a list of them.
  case oneOrMore(Shape, atMost: Int)
  /// A mapping with these keys.
  case table(Table)
  /// A mapping whose `key` says which of the tables it is.
  case variants(key: String, [(word: String, table: Table)])
  /// A mapping whose keys are names of the file's own.
  case named(Table, atMost: Int)
}

/// One key of a mapping.
struct Field: Sendable {
  let key: String
  let shape: Shape
  let isRequired: Bool
  let summary: String

  init(_ key: String, _ shape: Shape, isRequired: Bool = false, _ summary: String) {
    self.key = key
    self.shape = shape
    self.isRequired = isRequired
    self.summary = summary
  }
}

/// The keys of a mapping.
struct Table: Sendable {
  let name: String
  let fields: [Field]

  init(_ name: String, _ fields: [Field]) {
    self.name = name
    self.fields = fields
  }

  /// This table with more fields after its own.
  func adding(_ more: [Field]) -> Table { Table(name, fields + more) }
}

/// A value that has the shape it should have.
indirect enum Setting: Sendable {
  case text(String)
  case flag(Bool)
  case integer(Int64)
  case duration(Interval)
  case ratio(numerator: UInt64, denominator: UInt64)
  case instant(Instant)
  case seeds(ClosedRange<UInt64>)
  case list([Located])
  case section(Section)
}

/// A value and where it stands.
struct Located: Sendable {
  let value: Setting
  let place: Place
}

/// A mapping that has been read: every key known, none twice, every value of its shape.
struct Section: Sendable {
  let place: Place
  private(set) var entries: [(key: String, value: Located)] = []

  init(place: Place) { self.place = place }

  mutating func append(_ key: String, _ value: Located) { entries.append((key, value)) }

  subscript(key: String) -> Located? { entries.first { $0.key == key }?.value }

  func text(_ key: String) -> String? {
    if case .text(let value) = self[key]?.value { value } else { nil }
  }
  func flag(_ key: String) -> Bool? {
    if case .flag(let value) = self[key]?.value { value } else { nil }
  }
  func integer(_ key: String) -> Int64? {
    if case .integer(let value) = self[key]?.value { value } else { nil }
  }
  func fixed<Unit>(_ key: String, _ unit: Fixed<Unit>.Type = Fixed<Unit>.self) -> Fixed<Unit>? {
    integer(key).map(Fixed<Unit>.init(steps:))
  }
  func duration(_ key: String) -> Interval? {
    if case .duration(let value) = self[key]?.value { value } else { nil }
  }
  func instant(_ key: String) -> Instant? {
    if case .instant(let value) = self[key]?.value { value } else { nil }
  }
  func seeds(_ key: String) -> ClosedRange<UInt64>? {
    if case .seeds(let value) = self[key]?.value { value } else { nil }
  }
  func section(_ key: String) -> Section? {
    if case .section(let value) = self[key]?.value { value } else { nil }
  }
  func list(_ key: String) -> [Located] {
    if case .list(let values) = self[key]?.value { values } else { [] }
  }
  func sections(_ key: String) -> [Section] {
    list(key).compactMap { if case .section(let section) = $0.value { section } else { nil } }
  }
  /// The place of a key's value, or of the whole mapping.
  func place(of key: String) -> Place { self[key]?.place ?? place }
}

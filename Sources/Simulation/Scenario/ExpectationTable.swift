import Market
import Risk

/// The keys of what a scenario demands.
enum ExpectationTable {
  private static let moment = Interval.zero ... .days(365)

  /// What a condition looks at; exactly one is given.
  static let subjects: [Field] = [
    Field("alert", .text(atMost: 80), "An alert of this code."),
    Field("position", .word(kinds), "The engine's position in `symbol`."),
    Field("venuePosition", .word(kinds), "The venue's position in `symbol`."),
    Field("killSwitch", .word(["engaged", "lifted"]), "The kill switch."),
    Field(
      "breaker", .word(["any"] + BreakerKind.allCases.map(\.name)), "A breaker that pauses entries."
    ),
    Field("feed", .word(["live", "dead"]), "The feed of the execution venue."),
    Field("drift", .word(["any"] + DriftKind.allCases.map(\.name)), "An open drift alert."),
    Field("orders", .word(["unknown"]), "An order of unknown outcome."),
    Field("counted", .text(atMost: 80), "A counter that grows by `atLeast`."),
    Field("candle", .duration(moment), "A closed candle of `symbol` and `timeframe` up to then."),
    Field("paused", .word(["drawdown"]), "Entries paused by the session's drawdown."),
    HealthTable.strategy,
  ]

  private static let kinds = PositionKind.allCases.map(\.rawValue)

  private static let details =
    HealthTable.fields + [
      Field("symbol", .text(atMost: 16), "Which symbol."),
      Field("timeframe", .word(Timeframe.allCases.map(\.name)), "Which candles."),
      Field("atLeast", .integer(1...1_000_000_000), "How often; 1 by default."),
      Field("from", .duration(moment), "From when on, from the start; at once by default."),
      Field("within", .duration(moment), "How long after `from`; to the end by default."),
    ]

  static let condition = Table("condition", subjects + details)

  static let table = Table(
    "expect",
    [
      Field("never", .list(.table(condition), atMost: 100), "What must hold at no event."),
      Field("always", .list(.table(condition), atMost: 100), "What must hold at every event."),
      Field("eventually", .list(.table(condition), atMost: 100), "What must hold at some event."),
      Field(
        "health", .list(.table(HealthTable.entry(details)), atMost: 100),
        "How well strategies must be fed at some event."),
      Field("alert", .oneOrMore(.text(atMost: 80), atMost: 50), "Alerts that must be raised."),
      Field(
        "position", .list(.table(Table("position", positionFields)), atMost: 20),
        "Positions at the end."),
      Field(
        "count", .list(.table(Table("count", countFields)), atMost: 100), "Counters at the end."),
      Field(
        "marks", .list(.word(Mark.allCases.map(\.rawValue)), atMost: 100), "Marks that must be hit."
      ),
      Field(
        "entries", .table(Table("entries", entryFields)),
        "Bounds on every entry, whatever `config` allows."),
    ])

  private static let entryFields = [
    Field("risk", .share(1...1_000_000), "Most of equity that one loses at its stop, with costs."),
    Field(
      "rewardToRisk", .decimal(1...10_000_000_000, unit: "a ratio"),
      "Least reward to risk at the decision's price."),
    Field("slots", .integer(1...1_000), "Most positions and entries that may open one."),
    Field("dayLoss", .share(1...1_000_000), "Loss of the day from which on none is made."),
    Field("drawdown", .share(1...1_000_000), "Loss of the session from which on none is made."),
  ]

  private static let positionFields = [
    Field("symbol", .text(atMost: 16), isRequired: true, "Which symbol."),
    Field("is", .word(kinds), isRequired: true, "How it is held."),
  ]

  private static let countFields = [
    Field("of", .text(atMost: 80), isRequired: true, "The counter; `*` at its end adds up."),
    Field("exactly", .integer(0...1_000_000_000), "Exactly so often."),
    Field("atLeast", .integer(0...1_000_000_000), "At least so often."),
    Field("atMost", .integer(0...1_000_000_000), "At most so often."),
  ]

  /// What counters are called, by their first word.
  static let counterFamilies = [
    "alert", "breaker", "candle", "connect", "crash", "decision", "drift", "exit", "fill",
    "funding", "health",
    "order", "position", "reject", "request", "restart", "signal",
  ]
}

extension Expectations {
  /// Reads expectations that have the shape of ``ExpectationTable``.
  init(_ section: Section, symbols: [Symbol]) throws(SettingsError) {
    self.init()
    for entry in section.sections("never") { never.append(try Expectation(entry, symbols)) }
    for entry in section.sections("always") { always.append(try Expectation(entry, symbols)) }
    for entry in section.sections("eventually") {
      eventually.append(try Expectation(entry, symbols))
    }
    for entry in section.sections("health") {
      eventually.append(try Expectation(entry, symbols))
    }
    for entry in section.list("alert") {
      guard case .text(let code) = entry.value else { continue }
      counts.append(CountExpectation(name: "alert." + code, range: 1...Int.max))
    }
    for entry in section.sections("position") {
      let kind = entry.text("is").flatMap(PositionKind.init(rawValue:)) ?? .flat
      let symbol = try Expectation.symbol(entry, symbols)
      positions.append(PositionExpectation(symbol: symbol, kind: kind))
    }
    for entry in section.sections("count") { counts.append(try CountExpectation(entry)) }
    for entry in section.list("marks") {
      if case .text(let word) = entry.value, let mark = Mark(rawValue: word) { marks.append(mark) }
    }
    if let bounds = section.section("entries") { entries = EntryBounds(bounds) }
  }
}

extension EntryBounds {
  init(_ section: Section) {
    self.init()
    risk = section.integer("risk")
    rewardToRisk = section.integer("rewardToRisk")
    slots = section.integer("slots").map { Int($0) }
    dayLoss = section.integer("dayLoss")
    drawdown = section.integer("drawdown")
  }
}

extension CountExpectation {
  init(_ section: Section) throws(SettingsError) {
    let name = section.text("of") ?? ""
    try Self.check(name, section.place(of: "of"))
    let exactly = section.integer("exactly").map { Int($0) }
    let least = section.integer("atLeast").map { Int($0) }
    let most = section.integer("atMost").map { Int($0) }
    switch (exactly, least, most) {
    case (let exactly?, nil, nil): self.init(name: name, range: exactly...exactly)
    case (nil, let least, let most) where least != nil || most != nil:
      let lower = least ?? 0
      let upper = most ?? .max
      guard lower <= upper else {
        throw section.place(of: "atMost").error("`atMost` is below `atLeast`")
      }
      self.init(name: name, range: lower...upper)
    default:
      throw section.place.error("a count needs bounds", "give `exactly`, or `atLeast` and `atMost`")
    }
  }

  /// Refuses a name that nothing counts: it would make a demand that is met by doing nothing.
  static func check(_ name: String, _ place: Place) throws(SettingsError) {
    let family = String(name.prefix { $0 != "." && $0 != "*" })
    guard !ExpectationTable.counterFamilies.contains(family) else { return }
    let remedy =
      nearest(to: family, in: ExpectationTable.counterFamilies).map { "did you mean `\($0)`?" }
      ?? "counters begin with " + ExpectationTable.counterFamilies.joined(separator: ", ")
    throw place.error("nothing counts `\(name)`", remedy)
  }
}

extension Expectation {
  init(_ section: Section, _ symbols: [Symbol]) throws(SettingsError) {
    let given = ExpectationTable.subjects.map(\.key).filter { section[$0] != nil }
    guard given.count == 1, let subject = given.first else {
      throw section.place.error(
        "a condition looks at one thing, this at \(given.count)",
        "give one of " + ExpectationTable.subjects.map(\.key).joined(separator: ", "))
    }
    condition = try Self.condition(subject, section, symbols)
    if subject != "strategy" {
      for key in HealthTable.fields.map(\.key) where section[key] != nil {
        throw section.place(of: key).error("`\(key)` belongs to `strategy`", "drop it")
      }
    }
    from = section.duration("from") ?? .zero
    within = section.duration("within")
  }

  static func symbol(
    _ section: Section, _ symbols: [Symbol]
  ) throws(SettingsError) -> Symbol {
    guard let name = section.text("symbol") else {
      throw section.place.error("`symbol` is missing", "name a symbol of `market`")
    }
    guard let symbol = symbols.first(where: { $0.description == name }) else {
      let remedy =
        nearest(to: name, in: symbols.map(\.description)).map { "did you mean `\($0)`?" }
        ?? "`market` lists " + symbols.map(\.description).joined(separator: ", ")
      throw section.place(of: "symbol").error("`market` does not list `\(name)`", remedy)
    }
    return symbol
  }

  private static func condition(
    _ subject: String, _ section: Section, _ symbols: [Symbol]
  ) throws(SettingsError) -> Condition {
    let word = section.text(subject) ?? ""
    switch subject {
    case "alert": return .alert(word)
    case "position":
      return .position(PositionKind(rawValue: word) ?? .flat, try symbol(section, symbols))
    case "venuePosition":
      return .venuePosition(PositionKind(rawValue: word) ?? .flat, try symbol(section, symbols))
    case "killSwitch": return .killSwitch(word == "engaged")
    case "breaker": return .breaker(word == "any" ? nil : word)
    case "feed": return .feed(word == "live")
    case "drift": return .drift(word == "any" ? nil : word)
    case "orders": return .unknownOrder
    case "counted":
      try CountExpectation.check(word, section.place(of: subject))
      return .counted(word, atLeast: Int(section.integer("atLeast") ?? 1))
    case "candle":
      guard let timeframe = section.text("timeframe").flatMap({ Timeframe(name: $0) }) else {
        throw section.place.error("`candle` needs `timeframe`")
      }
      return .candle(
        try symbol(section, symbols), timeframe, closedBy: section.duration(subject) ?? .zero)
    case "strategy": return .health(try HealthExpectation(section, symbols))
    default: return .drawdownPause
    }
  }
}

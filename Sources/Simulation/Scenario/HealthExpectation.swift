public import Market
public import Risk
public import Strategies

/// How well a strategy is fed, and the input that decides it.
public struct HealthExpectation: Hashable, Sendable {
  /// Which strategy.
  public var strategy: StrategyID
  /// On what, a symbol or a pair; nil is any.
  public var subject: Symbol?
  /// How well.
  public var state: DataHealth.State
  /// The input that decides it; nil is any.
  public var input: InputName?
  /// Of which candles; nil is any.
  public var timeframe: Timeframe?
  /// Of which symbol; nil is any.
  public var of: Symbol?

  /// Whether `health` of `subject` is as expected.
  func holds(_ subject: Symbol, _ health: DataHealth) -> Bool {
    guard self.subject == nil || self.subject == subject, state == health.state else {
      return false
    }
    guard input != nil || timeframe != nil || of != nil else { return true }
    guard let kind = health.kind else { return false }
    return (input == nil || input == InputName(kind))
      && (timeframe == nil || timeframe == kind.timeframe) && (of == nil || of == health.symbol)
  }

  /// The expectation in words.
  var text: String {
    var text = "\(strategy)\(subject.map { " on \($0)" } ?? "") \(state.name)"
    let parts = [
      timeframe?.name, input?.rawValue, of.map { "of \($0)" },
    ].compactMap { $0 }
    if !parts.isEmpty { text += " by " + parts.joined(separator: " ") }
    return text
  }
}

/// The keys of what is expected of a strategy's health.
enum HealthTable {
  static let strategy = Field(
    "strategy", .text(atMost: 16), "How well this strategy is fed; with `state`.")

  /// The keys that go with ``strategy``.
  static let fields = [
    Field("subject", .text(atMost: 16), "On what: a symbol, or a pair such as `BTC/ETH`."),
    Field("state", .word(DataHealth.State.allCases.map(\.name)), "How well it is fed."),
    Field("input", .word(InputName.allCases.map(\.rawValue)), "The input that decides it."),
    Field("of", .text(atMost: 16), "Of which symbol that input is."),
  ]

  private static let moments = ["timeframe", "from", "within"]

  /// An entry of `expect: health`.
  static func entry(_ condition: [Field]) -> Table {
    let required = ["strategy", "subject", "state"]
    return Table(
      "health",
      ([strategy] + fields + condition.filter { moments.contains($0.key) }).map {
        Field($0.key, $0.shape, isRequired: required.contains($0.key), $0.summary)
      })
  }
}

extension HealthExpectation {
  init(_ section: Section, _ symbols: [Symbol]) throws(SettingsError) {
    let name = section.text("strategy") ?? ""
    guard let strategy = StrategyID(name) else {
      throw section.place(of: "strategy").error("`\(name)` is no name of a strategy")
    }
    guard let word = section.text("state"),
      let state = DataHealth.State.allCases.first(where: { $0.name == word })
    else { throw section.place.error("`strategy` needs `state`", "how well it is fed") }
    self.strategy = strategy
    self.state = state
    subject = try section.text("subject").map { (text) throws(SettingsError) in
      guard let subject = Symbol(text) else {
        throw section.place(of: "subject").error(
          "`\(text)` is no subject", "expected a symbol, or two with a `/` between them")
      }
      return subject
    }
    input = section.text("input").flatMap(InputName.init(rawValue:))
    timeframe = section.text("timeframe").flatMap { Timeframe(name: $0) }
    of = try section.text("of").map { (text) throws(SettingsError) in
      guard let symbol = Symbol(text) else {
        throw section.place(of: "of").error("`\(text)` is no symbol")
      }
      return symbol
    }
    if state == .healthy, input != nil || timeframe != nil || of != nil {
      throw section.place(of: "state").error(
        "no input decides that a strategy is healthy", "drop `input`, `timeframe` and `of`")
    }
  }
}

extension Scenario {
  /// Refuses to expect something of a strategy, or of a subject, that does not run.
  func checkHealth(_ section: Section) throws(SettingsError) {
    let running = strategies
    for expectation in expectations.conditions {
      guard case .health(let health) = expectation else { continue }
      let subjects = running.filter { $0.id == health.strategy }.map(\.subject)
      guard !subjects.isEmpty else {
        throw section.place(of: "expect").error(
          "health of \(health.strategy) is expected, which does not run",
          "`strategies` under `config` names what runs")
      }
      guard health.subject.map(subjects.contains) ?? true else {
        throw section.place(of: "expect").error(
          "health of \(health.text) is expected",
          "\(health.strategy) runs on " + subjects.map(\.description).joined(separator: ", "))
      }
    }
  }
}

extension Expectations {
  /// Every condition that is looked at.
  fileprivate var conditions: [Condition] { (never + always + eventually).map(\.condition) }
}

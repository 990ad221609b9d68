import Choice
public import Risk

/// The inputs of a rule, by name, as numbers of a reading.
struct Inputs<Number: DomainNumber> {
  /// The number called so.
  let number: (String) -> Number
  /// The truth value called so.
  let truth: (String) -> Number.Truth
}

/// What a rule made of its inputs: a verdict in words, and numbers and truths by name.
struct Outcome<Number: DomainNumber> {
  var verdict: String
  var numbers: [(name: String, value: Number)] = []
  var truths: [(name: String, value: Number.Truth)] = []
}

/// A function of `Risk` with names for what goes in and comes out; it adds nothing of its own.
protocol Rule: Sendable {
  /// What reports and files call it.
  var name: String { get }
  /// What rules that are read from one text for different cases have in common.
  var family: String { get }
  /// Names of the numbers that go in.
  var numbers: [String] { get }
  /// Names of the truth values that go in.
  var truths: [String] { get }
  /// Limits that go in; their names are ``Limits/Field/name``.
  var limits: [Limits.Field] { get }
  /// The values of its inputs that it accepts, as far as they are constants: hints for a proof,
  /// never premises of one.
  var accepted: [String: ClosedRange<Int64>] { get }
  /// Ordinary values, from which witnesses are looked for: hints too.
  var examples: [Assignment] { get }
  /// Reads the rule.
  func outcome<D: Domain>(of inputs: Inputs<D.Number>, in d: D) -> Outcome<D.Number>
}

extension Rule {
  var family: String { name }
  var examples: [Assignment] { [Assignment()] }
  var truths: [String] { [] }
  var limits: [Limits.Field] { [] }
  var accepted: [String: ClosedRange<Int64>] { [:] }
}

/// One path of a rule in the symbolic reading.
struct RulePath {
  let branches: [Branch]
  let obligations: [RangeObligation]
  let verdict: String
  let numbers: [String: Term]
  let truths: [String: Term]
}

/// Which limits a proof is about.
public enum PolicyRange: Hashable, Sendable {
  /// All limits within their own bounds that are no looser than the house's.
  case house
  /// These limits and no others.
  case limits(Limits)
}

/// Every path of a rule, and the operations that it is made of.
struct Exploration {
  let rule: any Rule
  var paths: [RulePath] = []
  var census: Set<Recorder.Census> = []
  /// Whether the rule read differently after the same branches, which no deterministic rule does.
  var hasDiverged = false

  /// The most paths that a rule may have.
  static let largestPathCount = 4_096

  /// Reads `rule` once a path.
  init(_ rule: any Rule, range: PolicyRange, mutation: Mutation? = nil, in graph: TermGraph) {
    self.rule = rule
    let recorder = Recorder(graph: graph, mutation: mutation, steering: .forking(Odometer()))
    while paths.count < Self.largestPathCount, recorder.next() {
      paths.append(recorder.read(rule, range: range))
    }
    census = recorder.census
    if case .forking(let odometer) = recorder.steering { hasDiverged = odometer.hasDiverged }
  }
}

extension Recorder {
  /// One pass over a rule with its inputs as variables.
  func read(_ rule: some Rule, range: PolicyRange) -> RulePath {
    let inputs = Inputs<SymbolicNumber>(
      number: { name in SymbolicNumber(self.number(name, range)) },
      truth: { name in SymbolicTruth(self.truth(name, range)) })
    let outcome = rule.outcome(of: inputs, in: SymbolicReading(recorder: self))
    var numbers: [String: Term] = [:]
    var truths: [String: Term] = [:]
    for (name, value) in outcome.numbers { numbers[name] = value.symbol.term(in: graph) }
    for (name, value) in outcome.truths { truths[name] = value.symbol.term(in: graph) }
    return RulePath(
      branches: path, obligations: obligations, verdict: outcome.verdict, numbers: numbers,
      truths: truths)
  }

  private func number(_ name: String, _ range: PolicyRange) -> Symbol {
    if let limit = range.limit(name) { return Symbol(graph.number(limit), self) }
    return Symbol(graph.term(.variable(name, isNumber: true)), self)
  }

  private func truth(_ name: String, _ range: PolicyRange) -> Symbol {
    if let value = range.truth(name) { return Symbol(graph.truth(value), self) }
    return Symbol(graph.term(.variable(name, isNumber: false)), self)
  }
}

extension PolicyRange {
  /// The value of the limit called `name`; nil where none is, or where it is left open.
  func limit(_ name: String) -> Int64? {
    guard case .limits(let limits) = self else { return nil }
    return Limits.Field.allCases.first { $0.name == name }.map { limits[$0] }
  }

  /// The truth value called `name` among the limits; nil where none is, or where it is left open.
  func truth(_ name: String) -> Bool? {
    guard case .limits(let limits) = self else { return nil }
    switch name {
    case "usesHighWater": return limits.drawdownReference == .highWater
    case "isExclusive": return limits.symbolExposure == .exclusive
    default: return nil
    }
  }
}

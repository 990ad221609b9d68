/// A mathematical integer in a theorem: without bounds, rounding or obligations.
///
/// A theorem is written in these, not in the numbers of a rule: it says what must hold in plain
/// arithmetic over inputs and outcomes, and shares no helper with the rule that it is about.
struct Integer {
  let term: Term
  let graph: TermGraph

  init(_ term: Term, _ graph: TermGraph) {
    self.term = term
    self.graph = graph
  }

  private func with(_ other: Term, _ make: (Term, Term) -> Term) -> Integer {
    Integer(make(term, other), graph)
  }

  static func + (lhs: Self, rhs: Self) -> Self { lhs.with(rhs.term, lhs.graph.sum) }
  static func - (lhs: Self, rhs: Self) -> Self { lhs.with(rhs.term, lhs.graph.difference) }
  static func * (lhs: Self, rhs: Self) -> Self { lhs.with(rhs.term, lhs.graph.product) }
  static func + (lhs: Self, rhs: Int64) -> Self { lhs + lhs.constant(rhs) }
  static func - (lhs: Self, rhs: Int64) -> Self { lhs - lhs.constant(rhs) }
  static func * (lhs: Self, rhs: Int64) -> Self { lhs * lhs.constant(rhs) }
  static prefix func - (value: Self) -> Self { value.constant(0) - value }

  static func < (lhs: Self, rhs: Self) -> Proposition {
    Proposition(lhs.graph.less(lhs.term, rhs.term), lhs.graph)
  }
  static func <= (lhs: Self, rhs: Self) -> Proposition {
    Proposition(lhs.graph.atMost(lhs.term, rhs.term), lhs.graph)
  }
  static func == (lhs: Self, rhs: Self) -> Proposition {
    Proposition(lhs.graph.equal(lhs.term, rhs.term), lhs.graph)
  }
  static func > (lhs: Self, rhs: Self) -> Proposition { rhs < lhs }
  static func >= (lhs: Self, rhs: Self) -> Proposition { rhs <= lhs }
  static func != (lhs: Self, rhs: Self) -> Proposition { !(lhs == rhs) }
  static func < (lhs: Self, rhs: Int64) -> Proposition { lhs < lhs.constant(rhs) }
  static func <= (lhs: Self, rhs: Int64) -> Proposition { lhs <= lhs.constant(rhs) }
  static func == (lhs: Self, rhs: Int64) -> Proposition { lhs == lhs.constant(rhs) }
  static func > (lhs: Self, rhs: Int64) -> Proposition { lhs > lhs.constant(rhs) }
  static func >= (lhs: Self, rhs: Int64) -> Proposition { lhs >= lhs.constant(rhs) }
  static func != (lhs: Self, rhs: Int64) -> Proposition { lhs != lhs.constant(rhs) }

  /// The quotient by a positive constant, rounded down.
  func floorQuotient(by divisor: Int64) -> Integer {
    Integer(graph.quotient(term, constant(divisor).term), graph)
  }
  /// The quotient by a positive constant, rounded up.
  func ceilingQuotient(by divisor: Int64) -> Integer { -(-self).floorQuotient(by: divisor) }
  /// The quotient by a positive integer, rounded up.
  func ceilingQuotient(by divisor: Integer) -> Integer {
    -Integer(graph.quotient((-self).term, divisor.term), graph)
  }
  /// The smaller of the two.
  func smaller(_ other: Integer) -> Integer { (self <= other).choose(self, other) }
  /// The larger of the two.
  func larger(_ other: Integer) -> Integer { (self <= other).choose(other, self) }

  /// A constant of the same graph.
  func constant(_ value: Int64) -> Integer { Integer(graph.number(value), graph) }

  /// Whether it lies between two constants, both included.
  func isWithin(_ range: ClosedRange<Int64>) -> Proposition {
    self >= range.lowerBound && self <= range.upperBound
  }
}

/// Something that a theorem says.
struct Proposition {
  let term: Term
  let graph: TermGraph

  init(_ term: Term, _ graph: TermGraph) {
    self.term = term
    self.graph = graph
  }

  static func && (lhs: Self, rhs: Self) -> Self {
    Self(lhs.graph.both(lhs.term, rhs.term), lhs.graph)
  }
  static func || (lhs: Self, rhs: Self) -> Self {
    Self(lhs.graph.either(lhs.term, rhs.term), lhs.graph)
  }
  static prefix func ! (value: Self) -> Self { Self(value.graph.not(value.term), value.graph) }

  /// Not without `conclusion`.
  func implies(_ conclusion: Self) -> Self { !self || conclusion }
  /// Both or neither.
  func matches(_ other: Self) -> Self { implies(other) && other.implies(self) }
  /// One of two integers.
  func choose(_ whenTrue: Integer, _ whenFalse: Integer) -> Integer {
    Integer(graph.choice(term, whenTrue.term, whenFalse.term), graph)
  }
}

/// One path of a rule, as a theorem sees it.
struct Scene {
  let graph: TermGraph
  let rule: any Rule
  let path: RulePath
  let range: PolicyRange

  /// What the rule said.
  var verdict: String { path.verdict }

  /// An input of the rule, a limit, or a variable of the theorem's own.
  func callAsFunction(_ name: String) -> Integer {
    if let limit = range.limit(name) { return Integer(graph.number(limit), graph) }
    return Integer(graph.term(.variable(name, isNumber: true)), graph)
  }

  /// A truth value that goes in.
  func truth(_ name: String) -> Proposition {
    if let value = range.truth(name) { return Proposition(graph.truth(value), graph) }
    return Proposition(graph.term(.variable(name, isNumber: false)), graph)
  }

  /// A number that the rule gave; zero where it gave none, which no theorem relies on.
  func result(_ name: String) -> Integer {
    Integer(path.numbers[name] ?? graph.number(0), graph)
  }

  /// A truth that the rule gave.
  func resultTruth(_ name: String) -> Proposition {
    Proposition(path.truths[name] ?? graph.truth(false), graph)
  }

  var always: Proposition { Proposition(graph.truth(true), graph) }
  var never: Proposition { Proposition(graph.truth(false), graph) }
  func constant(_ value: Int64) -> Integer { Integer(graph.number(value), graph) }
}

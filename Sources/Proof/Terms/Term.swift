/// A term of mathematical integers and truth values: an index into the ``TermGraph`` that made it.
struct Term: Hashable, Sendable {
  let index: Int32
}

/// What a term is made of; equal nodes of a graph are one term.
enum TermNode: Hashable, Sendable {
  case number(Whole)
  case truth(Bool)
  /// An input of a rule, or of a theorem: its name in exported files.
  case variable(String, isNumber: Bool)
  case sum(Term, Term)
  case difference(Term, Term)
  case product(Term, Term)
  /// Rounded toward minus infinity; means something for a positive divisor only.
  case quotient(Term, Term)
  case choice(Term, Term, Term)
  case less(Term, Term)
  case atMost(Term, Term)
  case equal(Term, Term)
  case both(Term, Term)
  case either(Term, Term)
  case not(Term)
}

/// Makes terms and keeps each once.
///
/// Simplification is limited to what cannot hide anything: constants are folded and neutral
/// operands of connectives dropped, so that a branch which a configuration decides is no branch.
final class TermGraph {
  private(set) var nodes: [TermNode] = []
  private var indices: [TermNode: Int32] = [:]

  /// What `term` is made of.
  subscript(term: Term) -> TermNode { nodes[Int(term.index)] }

  /// The one term made of `node`.
  func term(_ node: TermNode) -> Term {
    if let index = indices[node] { return Term(index: index) }
    let index = Int32(nodes.count)
    nodes.append(node)
    indices[node] = index
    return Term(index: index)
  }

  func number(_ value: Whole) -> Term { term(.number(value)) }
  func number(_ value: Int64) -> Term { term(.number(Whole(value))) }
  func truth(_ value: Bool) -> Term { term(.truth(value)) }

  /// The constant that `term` is; nil where it is none.
  func constant(_ term: Term) -> Whole? {
    guard case .number(let value) = self[term] else { return nil }
    return value
  }

  /// The truth that `term` is; nil where it depends on a variable.
  func decided(_ term: Term) -> Bool? {
    guard case .truth(let value) = self[term] else { return nil }
    return value
  }

  private func folded(
    _ lhs: Term, _ rhs: Term, _ node: TermNode, _ operation: (Whole, Whole) -> Whole
  ) -> Term {
    guard let left = constant(lhs), let right = constant(rhs) else { return term(node) }
    return number(operation(left, right))
  }

  func sum(_ lhs: Term, _ rhs: Term) -> Term {
    if constant(lhs) == .small(0) { return rhs }
    if constant(rhs) == .small(0) { return lhs }
    return folded(lhs, rhs, .sum(lhs, rhs), +)
  }
  func difference(_ lhs: Term, _ rhs: Term) -> Term {
    if constant(rhs) == .small(0) { return lhs }
    return folded(lhs, rhs, .difference(lhs, rhs), -)
  }
  func product(_ lhs: Term, _ rhs: Term) -> Term {
    if constant(lhs) == .small(1) { return rhs }
    if constant(rhs) == .small(1) { return lhs }
    // One order of the factors, so that equal products are one term.
    let node: TermNode = lhs.index <= rhs.index ? .product(lhs, rhs) : .product(rhs, lhs)
    return folded(lhs, rhs, node, *)
  }

  /// Rounded toward minus infinity.
  func quotient(_ lhs: Term, _ rhs: Term) -> Term {
    if let left = constant(lhs), let right = constant(rhs),
      let value = left.floorQuotient(by: right)
    {
      return number(value)
    }
    return term(.quotient(lhs, rhs))
  }

  func less(_ lhs: Term, _ rhs: Term) -> Term {
    guard let left = constant(lhs), let right = constant(rhs) else {
      return term(.less(lhs, rhs))
    }
    return truth(left < right)
  }
  func atMost(_ lhs: Term, _ rhs: Term) -> Term {
    guard let left = constant(lhs), let right = constant(rhs) else {
      return term(.atMost(lhs, rhs))
    }
    return truth(left <= right)
  }
  func equal(_ lhs: Term, _ rhs: Term) -> Term {
    if lhs == rhs { return truth(true) }
    guard let left = constant(lhs), let right = constant(rhs) else {
      return term(.equal(lhs, rhs))
    }
    return truth(left == right)
  }

  func both(_ lhs: Term, _ rhs: Term) -> Term {
    switch (decided(lhs), decided(rhs)) {
    case (false, _), (_, false): truth(false)
    case (true, _): rhs
    case (_, true): lhs
    default: term(.both(lhs, rhs))
    }
  }
  func either(_ lhs: Term, _ rhs: Term) -> Term {
    switch (decided(lhs), decided(rhs)) {
    case (true, _), (_, true): truth(true)
    case (false, _): rhs
    case (_, false): lhs
    default: term(.either(lhs, rhs))
    }
  }
  func not(_ operand: Term) -> Term {
    switch self[operand] {
    case .truth(let value): truth(!value)
    case .not(let inner): inner
    default: term(.not(operand))
    }
  }
  func choice(_ condition: Term, _ whenTrue: Term, _ whenFalse: Term) -> Term {
    if whenTrue == whenFalse { return whenTrue }
    guard let value = decided(condition) else {
      return term(.choice(condition, whenTrue, whenFalse))
    }
    return value ? whenTrue : whenFalse
  }
}

extension TermGraph {
  /// The factors of a product of two terms of which neither is a constant; nil for anything else.
  func factors(of term: Term) -> (Term, Term)? {
    guard case .product(let lhs, let rhs) = self[term], constant(lhs) == nil,
      constant(rhs) == nil
    else { return nil }
    return (lhs, rhs)
  }

  /// Dividend and divisor of a quotient by a term that is no constant; nil for anything else.
  func division(of term: Term) -> (dividend: Term, divisor: Term)? {
    guard case .quotient(let dividend, let divisor) = self[term], constant(divisor) == nil else {
      return nil
    }
    return (dividend, divisor)
  }

  /// All terms that `terms` are made of, themselves included, each after its operands.
  func parts(of terms: [Term]) -> [Term] {
    var seen: Set<Term> = []
    var order: [Term] = []
    func visit(_ term: Term) {
      guard seen.insert(term).inserted else { return }
      for operand in self[term].operands { visit(operand) }
      order.append(term)
    }
    for term in terms { visit(term) }
    return order
  }
}

extension TermNode {
  /// The terms that it is made of, in order.
  var operands: [Term] {
    switch self {
    case .number, .truth, .variable: []
    case .sum(let a, let b), .difference(let a, let b), .product(let a, let b),
      .quotient(let a, let b), .less(let a, let b), .atMost(let a, let b), .equal(let a, let b),
      .both(let a, let b), .either(let a, let b):
      [a, b]
    case .choice(let a, let b, let c): [a, b, c]
    case .not(let a): [a]
    }
  }
}

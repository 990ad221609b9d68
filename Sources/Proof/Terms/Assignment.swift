/// Values of variables, by name: a witness or a counterexample.
struct Assignment: Hashable, Sendable {
  /// Numbers by the name of their variable.
  var numbers: [String: Whole] = [:]
  /// Truth values by the name of their variable.
  var truths: [String: Bool] = [:]

  /// These values with those of `other` in their place.
  func merging(_ other: Assignment) -> Assignment {
    Assignment(
      numbers: numbers.merging(other.numbers) { $1 }, truths: truths.merging(other.truths) { $1 })
  }
}

/// What terms mean under an ``Assignment``: the solvers' semantics, written here a second time, so
/// that neither a printer's nor a solver's mistake goes unseen.
///
/// A variable without a value is zero or false, as it is where a solver's model leaves it open.
final class Evaluation {
  private let graph: TermGraph
  private let assignment: Assignment
  private var numbers: [Int32: Whole] = [:]
  private var truths: [Int32: Bool] = [:]

  init(_ assignment: Assignment, in graph: TermGraph) {
    self.assignment = assignment
    self.graph = graph
  }

  /// The value of a number's term; a quotient by a divisor that is not positive counts as zero.
  func number(_ term: Term) -> Whole {
    if let known = numbers[term.index] { return known }
    let value: Whole
    switch graph[term] {
    case .number(let constant): value = constant
    case .variable(let name, _): value = assignment.numbers[name] ?? .small(0)
    case .sum(let a, let b): value = number(a) + number(b)
    case .difference(let a, let b): value = number(a) - number(b)
    case .product(let a, let b): value = number(a) * number(b)
    case .quotient(let a, let b): value = number(a).floorQuotient(by: number(b)) ?? .small(0)
    case .choice(let c, let a, let b): value = truth(c) ? number(a) : number(b)
    default: value = .small(0)
    }
    numbers[term.index] = value
    return value
  }

  /// The value of a truth's term.
  func truth(_ term: Term) -> Bool {
    if let known = truths[term.index] { return known }
    let value: Bool
    switch graph[term] {
    case .truth(let constant): value = constant
    case .variable(let name, _): value = assignment.truths[name] ?? false
    case .less(let a, let b): value = number(a) < number(b)
    case .atMost(let a, let b): value = number(a) <= number(b)
    case .equal(let a, let b): value = number(a) == number(b)
    case .both(let a, let b): value = truth(a) && truth(b)
    case .either(let a, let b): value = truth(a) || truth(b)
    case .not(let a): value = !truth(a)
    case .choice(let c, let a, let b): value = truth(c) ? truth(a) : truth(b)
    default: value = false
    }
    truths[term.index] = value
    return value
  }
}

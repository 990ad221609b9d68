/// Where terms lie, given where variables lie: an estimate that aims the ``Laws``.
///
/// Nothing rests on it. A law's instance states its own premises, so a wrong estimate makes an
/// instance useless and never false.
struct Intervals {
  private let graph: TermGraph
  private let variables: [String: ClosedRange<Int64>]
  private var known: [Term: Interval] = [:]

  /// The least and the greatest value; nil where there is none.
  struct Interval {
    var least: Whole?
    var most: Whole?
  }

  init(_ variables: [String: ClosedRange<Int64>], in graph: TermGraph) {
    self.graph = graph
    self.variables = variables
  }

  /// Where `term` lies.
  mutating func of(_ term: Term) -> Interval {
    if let interval = known[term] { return interval }
    let interval = estimate(term)
    known[term] = interval
    return interval
  }

  private mutating func estimate(_ term: Term) -> Interval {
    switch graph[term] {
    case .number(let value): return Interval(least: value, most: value)
    case .variable(let name, _):
      guard let range = variables[name] else { return Interval() }
      return Interval(least: Whole(range.lowerBound), most: Whole(range.upperBound))
    case .sum(let a, let b):
      let (a, b) = (of(a), of(b))
      return Interval(least: Self.both(a.least, b.least, +), most: Self.both(a.most, b.most, +))
    case .difference(let a, let b):
      let (a, b) = (of(a), of(b))
      return Interval(least: Self.both(a.least, b.most, -), most: Self.both(a.most, b.least, -))
    case .product(let a, let b):
      let (a, b) = (of(a), of(b))
      guard let p = Self.both(a.least, b.least, *), let q = Self.both(a.least, b.most, *),
        let r = Self.both(a.most, b.least, *), let s = Self.both(a.most, b.most, *)
      else { return Interval() }
      return Interval(least: min(p, q, r, s), most: max(p, q, r, s))
    case .quotient(let a, let b):
      let (a, b) = (of(a), of(b))
      guard let divisor = b.least, divisor > .small(0), let least = a.least,
        least >= .small(0), let most = a.most
      else { return Interval() }
      return Interval(least: .small(0), most: most.floorQuotient(by: divisor))
    case .choice(let condition, let a, let b):
      let (one, other) = (of(a), of(b))
      // The smaller of two is bounded above by either, the larger below.
      if case .atMost(let left, let right) = graph[condition] {
        if left == a, right == b {
          return Interval(
            least: Self.both(one.least, other.least, min),
            most: Self.either(one.most, other.most, min))
        }
        if left == b, right == a {
          return Interval(
            least: Self.either(one.least, other.least, max),
            most: Self.both(one.most, other.most, max))
        }
      }
      return Interval(
        least: Self.both(one.least, other.least, min), most: Self.both(one.most, other.most, max))
    default: return Interval()
    }
  }

  private static func both(
    _ a: Whole?, _ b: Whole?, _ operation: (Whole, Whole) -> Whole
  ) -> Whole? {
    guard let a, let b else { return nil }
    return operation(a, b)
  }

  private static func either(
    _ a: Whole?, _ b: Whole?, _ operation: (Whole, Whole) -> Whole
  ) -> Whole? {
    guard let a, let b else { return a ?? b }
    return operation(a, b)
  }
}

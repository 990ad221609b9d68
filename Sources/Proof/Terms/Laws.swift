/// Instances of laws of arithmetic for the products and quotients of a query.
///
/// Solvers decide linear arithmetic and search for products. A query is therefore asked first with
/// every product of two terms as a number of its own, about which nothing is known but these
/// instances. They are few laws, true of all integers; `laws-of-arithmetic` proves each.
/// What follows from them holds of real products; what does not follow is asked again, exactly.
struct Laws {
  private let graph: TermGraph
  private var intervals: Intervals
  private var supports: [Term: Set<Term>] = [:]
  private(set) var instances: [Term] = []

  /// The instances for all products and quotients in `terms`.
  ///
  /// - Parameters:
  ///   - terms: The assertions of a query.
  ///   - variables: Where variables lie, as far as it is known.
  ///   - graph: The terms' graph.
  init(for terms: [Term], variables: [String: ClosedRange<Int64>], in graph: TermGraph) {
    self.graph = graph
    intervals = Intervals(variables, in: graph)
    var parts = graph.parts(of: terms)
    // What a quotient means is a product more.
    for part in parts {
      if let (dividend, divisor) = graph.division(of: part) {
        addEuclid(dividend, divisor, part)
      }
    }
    parts = graph.parts(of: terms + instances + steppingStones(parts))
    let products = parts.filter { graph.factors(of: $0) != nil }
    for product in products {
      addSigns(product)
      addBounds(product)
    }
    for (index, product) in products.enumerated() {
      for other in products[..<index] { addOrder(other, product) }
    }
    addSums(products)
  }

  /// A share such as u·v/d is compared with u through u·d, which no one else mentions.
  private func steppingStones(_ parts: [Term]) -> [Term] {
    parts.flatMap { part -> [Term] in
      guard let (dividend, divisor) = graph.division(of: part) else { return [] }
      return graph.parts(of: [dividend]).flatMap { inner -> [Term] in
        guard let (u, v) = graph.factors(of: inner), graph.division(of: inner) == nil,
          isShare(dividend, of: inner)
        else { return [] }
        return [graph.product(u, divisor), graph.product(v, divisor)]
      }
    }
  }

  /// Whether `dividend` is `product`, or zero less it.
  private func isShare(_ dividend: Term, of product: Term) -> Bool {
    if dividend == product { return true }
    guard case .difference(let zero, let inner) = graph[dividend] else { return false }
    return graph.constant(zero) == .small(0) && inner == product
  }

  /// For a positive divisor d: d·⌊n/d⌋ ≤ n < d·⌊n/d⌋ + d.
  private mutating func addEuclid(_ dividend: Term, _ divisor: Term, _ quotient: Term) {
    let product = graph.product(divisor, quotient)
    let isPositive = graph.less(graph.number(0), divisor)
    let isBetween = graph.both(
      graph.atMost(product, dividend), graph.less(dividend, graph.sum(product, divisor)))
    instances.append(implication([isPositive], isBetween))
  }

  /// The sign of a product, and that a factor beyond zero does not shrink it.
  private mutating func addSigns(_ product: Term) {
    guard let (a, b) = graph.factors(of: product) else { return }
    let zero = graph.number(0)
    let (isUp, isDown) = (graph.atMost(zero, product), graph.atMost(product, zero))
    func sign(_ term: Term, _ isPositive: Bool) -> Term {
      isPositive ? graph.atMost(zero, term) : graph.atMost(term, zero)
    }
    for (left, right) in [(true, true), (true, false), (false, true), (false, false)] {
      instances.append(
        implication([sign(a, left), sign(b, right)], left == right ? isUp : isDown))
    }
    for (grown, other) in [(a, b), (b, a)] {
      instances.append(
        implication(
          [graph.atMost(zero, grown), graph.less(zero, other)], graph.atMost(grown, product)))
      instances.append(
        implication(
          [graph.atMost(zero, grown), graph.less(other, zero)],
          graph.atMost(graph.sum(product, grown), zero)))
    }
  }

  /// Between constants: b ≤ u puts a·b on the side of a·u that the sign of a says.
  private mutating func addBounds(_ product: Term) {
    guard let (first, second) = graph.factors(of: product) else { return }
    let zero = graph.number(0)
    for (a, b) in [(first, second), (second, first)] {
      let (isUp, isDown) = (graph.atMost(zero, a), graph.atMost(a, zero))
      let interval = intervals.of(b)
      if let most = interval.most.map(graph.number) {
        let (isBelow, bound) = (graph.atMost(b, most), graph.product(a, most))
        instances += [
          implication([isUp, isBelow], graph.atMost(product, bound)),
          implication([isDown, isBelow], graph.atMost(bound, product)),
        ]
      }
      if let least = interval.least.map(graph.number) {
        let (isAbove, bound) = (graph.atMost(least, b), graph.product(a, least))
        instances += [
          implication([isUp, isAbove], graph.atMost(bound, product)),
          implication([isDown, isAbove], graph.atMost(product, bound)),
        ]
      }
    }
  }

  /// For a common factor f: a < c ⇒ a·f + f ≤ c·f where f ≥ 0, and the reverse where f ≤ 0;
  /// a = c ⇒ a·f = c·f; a·f + c·f has the sign of a + c where f ≥ 0, and is at least f away from
  /// zero.
  private mutating func addOrder(_ first: Term, _ second: Term) {
    guard let (a, b) = graph.factors(of: first), let (c, d) = graph.factors(of: second) else {
      return
    }
    let (zero, one) = (graph.number(0), graph.number(1))
    for (x, f, y, g) in [(a, b, c, d), (a, b, d, c), (b, a, c, d), (b, a, d, c)] {
      guard f == g || mayBeAlike(f, g) else { continue }
      let isSame = graph.equal(f, g)
      let (isUp, isDown) = (graph.atMost(zero, f), graph.atMost(f, zero))
      for (low, high, small, large) in [(x, y, first, second), (y, x, second, first)] {
        let isLess = graph.less(low, high)
        instances += [
          implication([isSame, isUp, isLess], graph.atMost(graph.sum(small, f), large)),
          implication([isSame, isDown, isLess], graph.atMost(large, graph.sum(small, f))),
        ]
      }
      let (sum, products) = (graph.sum(x, y), graph.sum(first, second))
      instances += [
        implication([isSame, graph.equal(x, y)], graph.equal(first, second)),
        implication([isSame, isUp, graph.atMost(one, sum)], graph.atMost(f, products)),
        implication(
          [isSame, isUp, graph.less(sum, zero)], graph.atMost(graph.sum(products, f), zero)),
        implication([isSame, graph.equal(sum, zero)], graph.equal(products, zero)),
      ]
    }
  }

  /// For a common factor f: a + c = e ⇒ a·f + c·f = e·f.
  private mutating func addSums(_ products: [Term]) {
    var cofactors: [Term: [(other: Term, product: Term)]] = [:]
    var order: [Term] = []
    for product in products {
      guard let (a, b) = graph.factors(of: product) else { continue }
      for (f, other) in a == b ? [(a, b)] : [(a, b), (b, a)] {
        if cofactors[f] == nil { order.append(f) }
        cofactors[f, default: []].append((other, product))
      }
    }
    for factor in order {
      let group = cofactors[factor] ?? []
      guard group.count >= 3 else { continue }
      for (index, first) in group.enumerated() {
        for second in group[..<index] {
          for total in group where total.product != first.product && total.product != second.product
          {
            instances.append(
              implication(
                [graph.equal(graph.sum(first.other, second.other), total.other)],
                graph.equal(graph.sum(first.product, second.product), total.product)))
          }
        }
      }
    }
  }

  /// Whether two terms may be two texts of one value, being made of the same variables.
  ///
  /// A distance is written in two ways, say; the solver finds out whether they are equal.
  private mutating func mayBeAlike(_ first: Term, _ second: Term) -> Bool {
    guard graph.division(of: first) == nil, graph.division(of: second) == nil,
      !graph[first].operands.isEmpty, !graph[second].operands.isEmpty
    else { return false }
    return support(first) == support(second)
  }

  private mutating func support(_ term: Term) -> Set<Term> {
    if let known = supports[term] { return known }
    let support: Set<Term> = Set(
      graph.parts(of: [term]).filter {
        if case .variable = graph[$0] { true } else { false }
      })
    supports[term] = support
    return support
  }

  private func implication(_ premises: [Term], _ conclusion: Term) -> Term {
    let all = premises.reduce(graph.truth(true), graph.both)
    return graph.either(graph.not(all), conclusion)
  }
}

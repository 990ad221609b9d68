/// A sum, difference or product, perhaps made wrong, obliged to fit `bits`.
func calculate(_ operation: Operation, _ lhs: Symbol, _ rhs: Symbol, bits: Int?) -> Symbol {
  guard let recorder = Symbol.recorder(of: [lhs, rhs]) else {
    return Symbol(constant(operation, lhs.constant ?? 0, rhs.constant ?? 0))
  }
  let graph = recorder.graph
  let (left, right) = (lhs.term(in: graph), rhs.term(in: graph))
  let term: Term
  switch (operation, recorder.operate(operation)) {
  case (_, .onlyFirst): term = left
  case (.sum, nil), (.difference, .becomesSum): term = graph.sum(left, right)
  case (.product, _): term = graph.product(left, right)
  default: term = graph.difference(left, right)
  }
  if let bits { recorder.obligeWithin(bits: bits, term) }
  return Symbol(term, recorder)
}

/// Two constants of the text; what leaves 128 bits saturates and fails its next obligation.
private func constant(_ operation: Operation, _ lhs: Int128, _ rhs: Int128) -> Int128 {
  let (value, overflow) =
    switch operation {
    case .sum: lhs.addingReportingOverflow(rhs)
    case .difference: lhs.subtractingReportingOverflow(rhs)
    default: lhs.multipliedReportingOverflow(by: rhs)
    }
  return overflow ? .max : value
}

/// A comparison, perhaps made wrong.
func compare(_ operation: Operation, _ lhs: Symbol, _ rhs: Symbol) -> Symbol {
  guard let recorder = Symbol.recorder(of: [lhs, rhs]) else {
    let (left, right) = (lhs.constant ?? 0, rhs.constant ?? 0)
    switch operation {
    case .less: return Symbol(left < right)
    case .atMost: return Symbol(left <= right)
    default: return Symbol(left == right)
    }
  }
  let graph = recorder.graph
  var (left, right) = (lhs.term(in: graph), rhs.term(in: graph))
  let change = recorder.operate(operation)
  if change == .swapped { swap(&left, &right) }
  let term =
    switch (operation, change) {
    case (.equal, .negated): graph.not(graph.equal(left, right))
    case (.equal, _): graph.equal(left, right)
    case (.less, .becomesAtMost): graph.atMost(left, right)
    case (.atMost, .becomesLess): graph.less(left, right)
    case (.less, _): graph.less(left, right)
    default: graph.atMost(left, right)
    }
  return Symbol(term, recorder)
}

/// The smaller or larger of two, perhaps made wrong.
func bounded(_ operation: Operation, _ lhs: Symbol, _ rhs: Symbol) -> Symbol {
  guard let recorder = Symbol.recorder(of: [lhs, rhs]) else {
    let (left, right) = (lhs.constant ?? 0, rhs.constant ?? 0)
    return Symbol(operation == .smaller ? min(left, right) : max(left, right))
  }
  let graph = recorder.graph
  let (left, right) = (lhs.term(in: graph), rhs.term(in: graph))
  let smaller = graph.choice(graph.atMost(left, right), left, right)
  let larger = graph.choice(graph.atMost(left, right), right, left)
  let term =
    switch (operation, recorder.operate(operation)) {
    case (_, .onlyFirst): left
    case (_, .onlySecond): right
    case (.smaller, nil), (_, .becomesSmaller): smaller
    default: larger
    }
  return Symbol(term, recorder)
}

/// A quotient or remainder, perhaps made wrong, with its obligations.
func divide(_ operation: Operation, _ lhs: Symbol, _ rhs: Symbol, isNatural: Bool) -> Symbol {
  guard let recorder = Symbol.recorder(of: [lhs, rhs]) else {
    return Symbol(constantQuotient(operation, lhs.constant ?? 0, rhs.constant ?? 0))
  }
  let graph = recorder.graph
  let (left, right) = (lhs.term(in: graph), rhs.term(in: graph))
  let zero = graph.number(0)
  recorder.oblige(graph.less(zero, right))
  if isNatural { recorder.oblige(graph.atMost(zero, left)) }
  let down = graph.quotient(left, right)
  // ⌈n/d⌉ = −⌊−n/d⌋ for every n and every positive d.
  let up = graph.difference(zero, graph.quotient(graph.difference(zero, left), right))
  let term =
    switch (operation, recorder.operate(operation)) {
    case (.remainder, .zero): zero
    case (.remainder, _): graph.difference(left, graph.product(right, down))
    case (.ceilingQuotient, nil), (_, .roundedUp): up
    default: down
    }
  return Symbol(term, recorder)
}

/// The same of two constants of the text; a divisor that is not positive gives zero.
private func constantQuotient(_ operation: Operation, _ lhs: Int128, _ rhs: Int128) -> Int128 {
  guard rhs > 0 else { return 0 }
  let (quotient, remainder) = lhs.quotientAndRemainder(dividingBy: rhs)
  switch operation {
  case .remainder: return remainder
  case .ceilingQuotient: return remainder > 0 ? quotient + 1 : quotient
  default: return remainder < 0 ? quotient - 1 : quotient
  }
}

/// A connective, perhaps made wrong.
func connect(_ operation: Operation, _ lhs: Symbol, _ rhs: Symbol) -> Symbol {
  guard let recorder = Symbol.recorder(of: [lhs, rhs]) else {
    let (left, right) = (lhs.constantTruth ?? false, rhs.constantTruth ?? false)
    return Symbol(operation == .both ? left && right : left || right)
  }
  let graph = recorder.graph
  let (left, right) = (lhs.term(in: graph), rhs.term(in: graph))
  let term =
    switch (operation, recorder.operate(operation)) {
    case (_, .onlyFirst): left
    case (_, .onlySecond): right
    case (.both, nil), (_, .becomesBoth): graph.both(left, right)
    default: graph.either(left, right)
    }
  return Symbol(term, recorder)
}

import Risk

/// A value of the symbolic reading: a term of a recorder, or a constant of the program's text that
/// has not met one yet.
struct Symbol {
  private enum Content {
    case term(Term, Recorder)
    case number(Int128)
    case truth(Bool)
  }
  private let content: Content

  init(_ term: Term, _ recorder: Recorder) { content = .term(term, recorder) }
  init(_ number: Int128) { content = .number(number) }
  init(_ truth: Bool) { content = .truth(truth) }

  var recorder: Recorder? {
    guard case .term(_, let recorder) = content else { return nil }
    return recorder
  }

  /// The term among those of `graph`.
  func term(in graph: TermGraph) -> Term {
    switch content {
    case .term(let term, _): term
    case .number(let value): graph.number(.small(value))
    case .truth(let value): graph.truth(value)
    }
  }

  /// The constant; nil for a term.
  var constant: Int128? {
    guard case .number(let value) = content else { return nil }
    return value
  }

  /// The constant truth; nil for a term.
  var constantTruth: Bool? {
    guard case .truth(let value) = content else { return nil }
    return value
  }

  /// The recorder of the first of `symbols` that has one.
  static func recorder(of symbols: [Symbol]) -> Recorder? {
    for symbol in symbols {
      if let recorder = symbol.recorder { return recorder }
    }
    return nil
  }
}

/// A truth value of the symbolic reading.
struct SymbolicTruth: DomainTruth {
  let symbol: Symbol

  init(_ symbol: Symbol) { self.symbol = symbol }
  init(booleanLiteral value: Bool) { symbol = Symbol(value) }

  func and(_ other: Self) -> Self { Self(connect(.both, symbol, other.symbol)) }
  func or(_ other: Self) -> Self { Self(connect(.either, symbol, other.symbol)) }
  var negated: Self {
    guard let recorder = symbol.recorder else {
      return Self(booleanLiteral: !(symbol.constantTruth ?? false))
    }
    let term = symbol.term(in: recorder.graph)
    let isChanged = recorder.operate(.not) != nil
    return Self(Symbol(isChanged ? term : recorder.graph.not(term), recorder))
  }
}

/// A 64-bit number of the symbolic reading.
struct SymbolicNumber: DomainNumber {
  typealias Truth = SymbolicTruth
  typealias Wide = SymbolicWide
  let symbol: Symbol

  init(_ symbol: Symbol) { self.symbol = symbol }
  init(integerLiteral value: Int64) { symbol = Symbol(Int128(value)) }

  static func + (lhs: Self, rhs: Self) -> Self {
    Self(calculate(.sum, lhs.symbol, rhs.symbol, bits: 64))
  }
  static func - (lhs: Self, rhs: Self) -> Self {
    Self(calculate(.difference, lhs.symbol, rhs.symbol, bits: 64))
  }
  static func < (lhs: Self, rhs: Self) -> Truth { Truth(compare(.less, lhs.symbol, rhs.symbol)) }
  static func <= (lhs: Self, rhs: Self) -> Truth {
    Truth(compare(.atMost, lhs.symbol, rhs.symbol))
  }
  static func == (lhs: Self, rhs: Self) -> Truth {
    Truth(compare(.equal, lhs.symbol, rhs.symbol))
  }
  func times(_ other: Self) -> Wide {
    // Two 64-bit factors cannot leave 128 bits: no obligation.
    Wide(calculate(.product, symbol, other.symbol, bits: nil))
  }
  func quotient(by divisor: Self) -> Self {
    Self(divide(.quotient, symbol, divisor.symbol, isNatural: true))
  }
  func remainder(by divisor: Self) -> Self {
    Self(divide(.remainder, symbol, divisor.symbol, isNatural: true))
  }
  func atMost(_ bound: Self) -> Self { Self(bounded(.smaller, symbol, bound.symbol)) }
  func atLeast(_ bound: Self) -> Self { Self(bounded(.larger, symbol, bound.symbol)) }
  static func select(_ condition: Truth, _ whenTrue: Self, _ whenFalse: Self) -> Self {
    let symbols = [condition.symbol, whenTrue.symbol, whenFalse.symbol]
    guard let recorder = Symbol.recorder(of: symbols) else {
      return condition.symbol.constantTruth == true ? whenTrue : whenFalse
    }
    let graph = recorder.graph
    let terms = symbols.map { $0.term(in: graph) }
    let isSwapped = recorder.operate(.choice) == .swapped
    let term =
      isSwapped
      ? graph.choice(terms[0], terms[2], terms[1]) : graph.choice(terms[0], terms[1], terms[2])
    return Self(Symbol(term, recorder))
  }
  var wide: Wide { Wide(symbol) }
}

/// A 128-bit product of the symbolic reading.
struct SymbolicWide: WideNumber {
  typealias Truth = SymbolicTruth
  typealias Number = SymbolicNumber
  let symbol: Symbol

  init(_ symbol: Symbol) { self.symbol = symbol }

  static func + (lhs: Self, rhs: Self) -> Self {
    Self(calculate(.sum, lhs.symbol, rhs.symbol, bits: 128))
  }
  static func - (lhs: Self, rhs: Self) -> Self {
    Self(calculate(.difference, lhs.symbol, rhs.symbol, bits: 128))
  }
  static func < (lhs: Self, rhs: Self) -> Truth { Truth(compare(.less, lhs.symbol, rhs.symbol)) }
  static func <= (lhs: Self, rhs: Self) -> Truth {
    Truth(compare(.atMost, lhs.symbol, rhs.symbol))
  }
  func times(_ factor: Number) -> Self {
    Self(calculate(.product, symbol, factor.symbol, bits: 128))
  }
  func quotient(by divisor: Self) -> Self {
    Self(divide(.quotient, symbol, divisor.symbol, isNatural: true))
  }
  func floorQuotient(by divisor: Self) -> Self {
    Self(divide(.floorQuotient, symbol, divisor.symbol, isNatural: false))
  }
  func ceilingQuotient(by divisor: Self) -> Self {
    Self(divide(.ceilingQuotient, symbol, divisor.symbol, isNatural: false))
  }
  func atMost(_ bound: Self) -> Self { Self(bounded(.smaller, symbol, bound.symbol)) }
  var narrowed: Number {
    guard let recorder = symbol.recorder else { return Number(symbol) }
    recorder.obligeWithin(bits: 64, symbol.term(in: recorder.graph))
    return Number(symbol)
  }
}

/// Reads a rule with terms.
struct SymbolicReading: Domain {
  typealias Number = SymbolicNumber
  let recorder: Recorder

  func holds(_ condition: SymbolicTruth, at site: Site) -> Bool {
    recorder.take(condition.symbol.term(in: recorder.graph), at: site)
  }
}

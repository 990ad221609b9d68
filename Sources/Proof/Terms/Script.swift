/// A question to a solver, whether all of some terms can hold together.
struct Query: Hashable, Sendable {
  /// What the query is about, in words: the path and its verdict.
  let about: String
  /// What is asserted.
  let assertions: [Term]
  /// Where variables lie, as far as it is known.
  var variables: [String: ClosedRange<Int64>] = [:]
}

/// How products of two terms and quotients by a term are written.
enum ProductEncoding: Hashable, Sendable {
  /// As numbers of their own, under the ``Laws``: linear, decided fast, and sound for a proof.
  case lawful
  /// As they are: for values that must be real.
  case exact
}

/// Queries as one SMT-LIB text: what a solver is asked here is, byte for byte, what is exported.
///
/// Each term that is used more than once is defined once.
struct Script {
  private let graph: TermGraph
  private let queries: [Query]
  private let header: [String]
  private let encoding: ProductEncoding

  init(_ queries: [Query], encoding: ProductEncoding, header: [String], in graph: TermGraph) {
    self.queries =
      encoding == .exact
      ? queries
      : queries.map {
        let laws = Laws(for: $0.assertions, variables: $0.variables, in: graph)
        return Query(about: $0.about, assertions: $0.assertions + laws.instances)
      }
    self.encoding = encoding
    self.header = header
    self.graph = graph
  }

  /// Whether no two terms are multiplied and none divides.
  var isLinear: Bool { Printer(graph, queries, encoding).isLinear }

  /// The whole text: one query after the other, each in a scope of its own.
  func text(resourceLimit: Int) -> String {
    let printer = Printer(graph, queries, encoding)
    var lines = opening(resourceLimit)
    lines.append("(set-logic \(encoding == .lawful || printer.isLinear ? "QF_LIA" : "QF_NIA"))")
    lines += printer.declarations
    for query in queries {
      lines += ["(push 1)", "; \(query.about)"]
      lines += printer.assertions(of: query)
      lines += ["(check-sat)", "(pop 1)"]
    }
    lines.append("")
    return lines.joined(separator: "\n")
  }

  /// One query alone and without scopes, so that a solver may use every tactic it has, and with the
  /// values of all variables; many queries in scopes.
  func textAskingValues(resourceLimit: Int) -> String {
    let printer = Printer(graph, queries, encoding)
    var lines = opening(resourceLimit)
    lines.append("(set-option :produce-models true)")
    lines.append("(set-logic \(printer.isLinear ? "QF_LIA" : "QF_NIA"))")
    lines += printer.declarations
    let ask =
      printer.variables.isEmpty ? "" : "(get-value (\(printer.variables.joined(separator: " "))))"
    if queries.count == 1 {
      lines += printer.assertions(of: queries[0]) + ["(check-sat)", ask, ""]
      return lines.joined(separator: "\n")
    }
    for query in queries {
      lines += ["(push 1)"] + printer.assertions(of: query) + ["(check-sat)", ask, "(pop 1)"]
    }
    lines.append("")
    return lines.joined(separator: "\n")
  }

  private func opening(_ resourceLimit: Int) -> [String] {
    header.map { $0.isEmpty ? ";" : "; \($0)" }
      + ["(set-option :reproducible-resource-limit \(resourceLimit))"]
  }
}

/// Names for the terms of some queries.
private struct Printer {
  let graph: TermGraph
  /// Names of the variables of the rule and the theorem, in the order of their first use.
  private(set) var variables: [String] = []
  /// Declarations and definitions, each after what it needs.
  private(set) var declarations: [String] = []
  /// Whether no two variables are multiplied and none divides.
  private(set) var isLinear = true

  private var uses: [Int32: Int] = [:]
  private var names: [Int32: String] = [:]
  private var quotients: [Int32: [Int32]] = [:]
  private var counter = 0

  private let encoding: ProductEncoding

  init(_ graph: TermGraph, _ queries: [Query], _ encoding: ProductEncoding) {
    self.graph = graph
    self.encoding = encoding
    for query in queries { for term in query.assertions { count(term) } }
    for query in queries { for term in query.assertions { declare(term) } }
  }

  private mutating func count(_ term: Term) {
    let seen = uses[term.index, default: 0]
    uses[term.index] = seen + 1
    guard seen == 0 else { return }
    for operand in graph[term].operands { count(operand) }
  }

  /// Declares what `term` needs, and defines the shared of its parts.
  private mutating func declare(_ term: Term) {
    guard quotients[term.index] == nil else { return }
    var needed: Set<Int32> = []
    for operand in graph[term].operands {
      declare(operand)
      needed.formUnion(quotients[operand.index] ?? [])
    }
    switch graph[term] {
    case .number, .truth: break
    case .variable(let name, let isNumber):
      names[term.index] = name
      variables.append(name)
      declarations.append("(declare-const \(name) \(isNumber ? "Int" : "Bool"))")
    case .quotient where graph.division(of: term) != nil:
      isLinear = false
      let meaning = body(term)
      counter += 1
      names[term.index] = "q\(counter)"
      needed.insert(term.index)
      declarations.append("(declare-const q\(counter) Int) ; \(meaning)")
    case .product where graph.factors(of: term) != nil && encoding == .lawful:
      let meaning = body(term)
      counter += 1
      names[term.index] = "p\(counter)"
      declarations.append("(declare-const p\(counter) Int) ; \(meaning)")
    default:
      if graph.factors(of: term) != nil { isLinear = false }
      if uses[term.index, default: 0] > 1 {
        counter += 1
        let text = body(term)
        names[term.index] = "t\(counter)"
        let sort = isTruth(term) ? "Bool" : "Int"
        declarations.append("(define-fun t\(counter) () \(sort) \(text))")
      }
    }
    quotients[term.index] = needed.sorted()
  }

  private func isTruth(_ term: Term) -> Bool {
    switch graph[term] {
    case .truth, .less, .atMost, .equal, .both, .either, .not: true
    case .variable(_, let isNumber): !isNumber
    case .choice(_, let value, _): isTruth(value)
    default: false
    }
  }

  /// The assertions of one query, after what its quotients mean.
  func assertions(of query: Query) -> [String] {
    var lines: [String] = []
    var needed: Set<Int32> = []
    // In the lawful encoding, Euclid's law is among the assertions.
    for term in query.assertions where encoding == .exact {
      needed.formUnion(quotients[term.index] ?? [])
    }
    for index in needed.sorted() {
      guard case .quotient(let dividend, let divisor) = graph[Term(index: index)] else { continue }
      let (n, d, q) = (text(dividend), text(divisor), text(Term(index: index)))
      lines.append(
        "(assert (=> (< 0 \(d)) "
          + "(and (<= (* \(d) \(q)) \(n)) (< \(n) (+ (* \(d) \(q)) \(d))))))")
    }
    for term in query.assertions { lines.append("(assert \(text(term)))") }
    return lines
  }

  private func text(_ term: Term) -> String { names[term.index] ?? body(term) }

  private func body(_ term: Term) -> String {
    switch graph[term] {
    case .number(let value):
      return value.isNegative ? "(- \(value.negated))" : "\(value)"
    case .truth(let value): return "\(value)"
    case .variable(let name, _): return name
    case .sum: return list("+", term)
    case .difference: return list("-", term)
    case .product: return list("*", term)
    case .quotient: return list("div", term)
    case .choice: return list("ite", term)
    case .less: return list("<", term)
    case .atMost: return list("<=", term)
    case .equal: return list("=", term)
    case .both: return list("and", term)
    case .either: return list("or", term)
    case .not: return list("not", term)
    }
  }

  private func list(_ head: String, _ term: Term) -> String {
    "(" + ([head] + graph[term].operands.map(text)).joined(separator: " ") + ")"
  }
}

import Risk

/// What must hold on one path of a rule for one theorem.
struct Obligation {
  let rule: any Rule
  let path: RulePath
  /// What holds there: types, the branches taken, premises.
  let hypotheses: [Term]
  /// What must follow.
  let claim: Term
  let about: String

  /// What must have no solution.
  func query(in graph: TermGraph, _ range: PolicyRange) -> Query {
    Query(
      about: about, assertions: hypotheses + [graph.not(claim)], variables: rule.hints(range))
  }
}

/// One proof run: a graph of terms, every rule's paths, and the answers so far.
///
/// Rules and theorems share one graph, so that an obligation that a mutation leaves as it was is
/// the same term and is not asked again.
final class ProofSession {
  let graph = TermGraph()
  let range: PolicyRange
  let solver: any Solver
  let resourceLimit: Int
  /// Values that took some path of a rule, by the rule's name.
  var pool: [String: [Assignment]] = [:]
  private var explorations: [String: Exploration] = [:]

  init(range: PolicyRange, solver: any Solver, resourceLimit: Int) {
    self.range = range
    self.solver = solver
    self.resourceLimit = resourceLimit
  }

  /// The paths of a rule as it is.
  func exploration(of rule: any Rule) -> Exploration {
    if let known = explorations[rule.name] { return known }
    let exploration = Exploration(rule, range: range, in: graph)
    explorations[rule.name] = exploration
    return exploration
  }

  /// What a theorem obliges the paths of `exploration` to.
  ///
  /// A claim that a verdict settles by itself is no obligation; one that the terms settle is kept
  /// where nothing else would be left of the theorem.
  func obligations(
    of theorem: Theorem, on exploration: Exploration, keepingSettled: Bool = false
  ) -> [Obligation] {
    theorem.isAboutRanges
      ? rangeObligations(on: exploration)
      : exploration.paths.enumerated().compactMap { index, path in
        let scene = Scene(graph: graph, rule: exploration.rule, path: path, range: range)
        let claim = theorem.claim(scene).term
        guard keepingSettled || graph.decided(claim) != true else { return nil }
        let hypotheses =
          scene.types.map(\.term) + conditions(of: path)
          + [theorem.premises(scene).term]
        return Obligation(
          rule: exploration.rule, path: path, hypotheses: open(hypotheses), claim: claim,
          about: "\(exploration.rule.name), path \(index + 1): \(path.verdict)")
      }
  }

  private func rangeObligations(on exploration: Exploration) -> [Obligation] {
    var seen: Set<[Term]> = []
    var all: [Obligation] = []
    for path in exploration.paths {
      let scene = Scene(graph: graph, rule: exploration.rule, path: path, range: range)
      let types = scene.types.map(\.term)
      let conditions = conditions(of: path)
      for obligation in path.obligations {
        let hypotheses = open(types + Array(conditions[..<obligation.depth]))
        guard seen.insert(hypotheses + [obligation.claim]).inserted else { continue }
        all.append(
          Obligation(
            rule: exploration.rule, path: path, hypotheses: hypotheses, claim: obligation.claim,
            about: "\(exploration.rule.name), value \(all.count + 1)"))
      }
    }
    return all
  }

  /// The conditions of a path's branches, as it took them.
  func conditions(of path: RulePath) -> [Term] {
    path.branches.map { $0.isTaken ? $0.condition : graph.not($0.condition) }
  }

  /// `terms` without those that are true by themselves.
  func open(_ terms: [Term]) -> [Term] { terms.filter { graph.decided($0) != true } }

  /// The queries of a theorem: each must have no solution.
  func queries(of theorem: Theorem) -> (queries: [Query], obligations: [Obligation]) {
    var obligations = theorem.rules.flatMap {
      self.obligations(of: theorem, on: exploration(of: $0))
    }
    if obligations.isEmpty {
      // Both sides of every claim are the same terms: said once a path, so that a file says it too.
      obligations = theorem.rules.flatMap {
        self.obligations(of: theorem, on: exploration(of: $0), keepingSettled: true)
      }
    }
    let queries = obligations.map { $0.query(in: graph, range) } + theorem.impossible(graph)
    return (queries, obligations)
  }

  /// The text that is asked and exported.
  func script(of theorem: Theorem, _ queries: [Query]) -> Script {
    Script(
      queries, encoding: theorem.rules.isEmpty ? .exact : .lawful, header: header(of: theorem),
      in: graph)
  }

  private func header(of theorem: Theorem) -> [String] {
    var lines = ["Theorem \(theorem.id)", ""]
    var line = ""
    for word in theorem.statement.split(separator: " ") {
      if line.count + word.count > 90 {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? String(word) : " \(word)"
    }
    lines += [
      line, "", "Written by `assay prove --export`. Each query looks for a counterexample on one",
      "path; expected answer to every check-sat: unsat. Amounts are in steps of 1e-8.",
    ]
    switch range {
    case .house: lines.append("Limits are variables within the house's bounds.")
    case .limits: lines.append("Limits are the constants of one configuration.")
    }
    return lines
  }
}

import Risk

extension ProofSession {
  /// Every mutant of the rules that `theorems` are about, and what became of it.
  func mutants(
    of theorems: [Theorem], progress: (_ done: Int, _ total: Int) -> Void
  ) throws(SolverError) -> [MutantReport] {
    var families: [String] = []
    var rules: [String: [any Rule]] = [:]
    var names: Set<String> = []
    for theorem in theorems {
      for rule in theorem.rules where names.insert(rule.name).inserted {
        if rules[rule.family] == nil { families.append(rule.family) }
        rules[rule.family, default: []].append(rule)
      }
    }
    let plan = families.flatMap { family in
      mutations(of: rules[family] ?? []).map { (family: family, mutation: $0) }
    }
    var reports: [MutantReport] = []
    for (index, item) in plan.enumerated() {
      let trial = MutantTrial(
        session: self, mutation: item.mutation, rules: rules[item.family] ?? [],
        theorems: theorems)
      reports.append(
        MutantReport(
          id: "\(item.family) \(item.mutation)", rule: item.family, fate: try trial.fate()))
      progress(index + 1, plan.count)
    }
    return reports
  }

  /// Every way in which an operation of some cases of one rule can be wrong.
  private func mutations(of rules: [any Rule]) -> [Mutation] {
    var census: Set<Recorder.Census> = []
    for rule in rules { census.formUnion(exploration(of: rule).census) }
    return census.flatMap { seen in
      Change.all(of: seen.operation).map {
        Mutation(place: seen.place, operation: seen.operation, change: $0)
      }
    }.sorted()
  }
}

/// One mutant before the theorems.
struct MutantTrial {
  let session: ProofSession
  let mutation: Mutation
  /// The cases of the rule that it is a copy of.
  let rules: [any Rule]
  let theorems: [Theorem]

  private var graph: TermGraph { session.graph }

  /// What became of it: killed by known values, by values that the solver finds, or proved to be no
  /// different.
  func fate() throws(SolverError) -> MutantReport.Fate {
    let affected = rules.filter { rule in
      session.exploration(of: rule).census.contains {
        $0.place == mutation.place && $0.operation == mutation.operation
      }
    }
    for rule in affected {
      for values in session.pool[rule.name] ?? [] {
        let killers = killers(rule, values)
        if !killers.isEmpty { return .killed(killers) }
      }
    }
    let mutants = affected.map {
      Exploration($0, range: session.range, mutation: mutation, in: graph)
    }
    for theorem in theorems {
      for mutant in mutants where theorem.rules.contains(where: { $0.name == mutant.rule.name }) {
        if let values = try counterexample(to: theorem, on: mutant) {
          let killers = killers(mutant.rule, values)
          if !killers.isEmpty {
            session.pool[mutant.rule.name, default: []].append(values)
            return .killed(killers)
          }
        }
      }
    }
    for mutant in mutants where try !isEquivalent(mutant) { return .survived }
    return .equivalent
  }

  /// The theorems that `values` refute for the mutant: read along the path that they take, by our
  /// own evaluation.
  private func killers(_ rule: any Rule, _ values: Assignment) -> [String] {
    guard let path = session.follow(rule, values, mutation: mutation) else { return [] }
    let scene = Scene(graph: graph, rule: rule, path: path, range: session.range)
    let evaluation = Evaluation(values, in: graph)
    guard scene.types.allSatisfy({ evaluation.truth($0.term) }) else { return [] }
    return theorems.filter { theorem in
      guard theorem.rules.contains(where: { $0.name == rule.name }) else { return false }
      if theorem.isAboutRanges {
        return !path.obligations.allSatisfy { evaluation.truth($0.claim) }
      }
      return evaluation.truth(theorem.premises(scene).term)
        && !evaluation.truth(theorem.claim(scene).term)
    }.map(\.id)
  }

  /// Values that refute a theorem on a mutant; nil where there are none, or none were found.
  private func counterexample(
    to theorem: Theorem, on mutant: Exploration
  ) throws(SolverError) -> Assignment? {
    let original = session.exploration(of: mutant.rule)
    let settled = Set(session.obligations(of: theorem, on: original).map(assertions))
    let changed = session.obligations(of: theorem, on: mutant).filter {
      !settled.contains(assertions(of: $0))
    }
    guard !changed.isEmpty else { return nil }
    let queries = changed.map { $0.query(in: graph, session.range) }
    let script = Script(queries, encoding: .lawful, header: [], in: graph)
    let answers = try session.solver.answers(
      to: script.text(resourceLimit: session.resourceLimit), count: queries.count)
    for (obligation, answer) in zip(changed, answers.answers) where answer != .unsatisfiable {
      let focus = [obligation.claim] + differing(obligation.path, from: original)
      let search = try session.search(
        assertions(of: obligation), of: mutant.rule, focus: focus)
      if case .found(let values) = search { return values }
    }
    return nil
  }

  private func assertions(of obligation: Obligation) -> [Term] {
    obligation.hypotheses + [graph.not(obligation.claim)]
  }

  /// The branch conditions of a mutant's path that no path of the rule has.
  private func differing(_ path: RulePath, from original: Exploration) -> [Term] {
    var known: Set<Term> = []
    for path in original.paths { known.formUnion(path.branches.map(\.condition)) }
    let new = path.branches.map(\.condition).filter { !known.contains($0) }
    return new.isEmpty ? Array(session.conditions(of: path).suffix(1)) : new
  }

  /// Whether a mutant gives what the rule gives, whatever goes in: by proof.
  private func isEquivalent(_ mutant: Exploration) throws(SolverError) -> Bool {
    let original = session.exploration(of: mutant.rule)
    let queries = mutant.paths.map { path in
      let scene = Scene(graph: graph, rule: mutant.rule, path: path, range: session.range)
      var differs = graph.truth(false)
      for other in original.paths {
        let isThere = session.conditions(of: other).reduce(graph.truth(true), graph.both)
        differs = graph.either(differs, graph.both(isThere, difference(path, other)))
      }
      return Query(
        about: "", assertions: session.open(
          scene.types.map(\.term) + session.conditions(of: path) + [differs]),
        variables: mutant.rule.hints(session.range))
    }
    let script = Script(queries, encoding: .lawful, header: [], in: graph)
    let answers = try session.solver.answers(
      to: script.text(resourceLimit: session.resourceLimit), count: queries.count)
    return answers.answers.allSatisfy { $0 == .unsatisfiable }
  }

  /// Whether two paths, both taken, give something different.
  private func difference(_ path: RulePath, _ other: RulePath) -> Term {
    guard path.verdict == other.verdict else { return graph.truth(true) }
    var differs = graph.truth(false)
    for (name, value) in path.numbers.sorted(by: { $0.key < $1.key }) {
      guard let expected = other.numbers[name] else { return graph.truth(true) }
      differs = graph.either(differs, graph.not(graph.equal(value, expected)))
    }
    for (name, value) in path.truths.sorted(by: { $0.key < $1.key }) {
      guard let expected = other.truths[name] else { return graph.truth(true) }
      let isSame = graph.either(
        graph.both(value, expected), graph.both(graph.not(value), graph.not(expected)))
      differs = graph.either(differs, graph.not(isSame))
    }
    return differs
  }
}

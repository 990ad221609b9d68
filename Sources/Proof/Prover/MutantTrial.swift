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
  func mutations(of rules: [any Rule]) -> [Mutation] {
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
    for mutant in mutants {
      for values in try distinguishing(mutant) {
        let killers = killers(mutant.rule, values)
        if !killers.isEmpty {
          session.pool[mutant.rule.name, default: []].append(values)
          return .killed(killers)
        }
      }
    }
    var isEquivalent = true
    for mutant in mutants where isEquivalent { isEquivalent = try self.isEquivalent(mutant) }
    if isEquivalent { return .equivalent }
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
    return .survived
  }

  /// Values of a theorem's own variables that the rule itself points at.
  private func telling(
    _ theorem: Theorem, _ rule: any Rule, _ values: Assignment
  ) -> Assignment {
    guard let path = session.follow(rule, values, mutation: nil) else { return Assignment() }
    let scene = Scene(graph: graph, rule: rule, path: path, range: session.range)
    let evaluation = Evaluation(values, in: graph)
    var telling = Assignment()
    for (name, value) in theorem.telling(scene) {
      telling.numbers[name] = evaluation.number(value.term)
    }
    return telling
  }

  /// Values near known ones on which the mutant goes another way than the rule, or gives something
  /// else: whether a theorem minds is asked afterwards.
  func distinguishing(_ mutant: Exploration) throws(SolverError) -> [Assignment] {
    let original = session.exploration(of: mutant.rule)
    var asked: Set<[Term]> = []
    var found: [Assignment] = []
    for path in mutant.paths {
      guard let twin = twin(of: path, in: original) else { continue }
      let conditions = session.conditions(of: path)
      let depth = zip(path.branches, twin.branches).prefix { $0.condition == $1.condition }.count
      let differs: Term
      if depth < min(path.branches.count, twin.branches.count) {
        let (one, other) = (path.branches[depth].condition, twin.branches[depth].condition)
        differs = graph.either(
          graph.both(one, graph.not(other)), graph.both(other, graph.not(one)))
      } else {
        differs = difference(path, twin)
      }
      let prefix = Array(conditions.prefix(depth))
      guard graph.decided(differs) != false, asked.insert(prefix + [differs]).inserted else {
        continue
      }
      let scene = Scene(graph: graph, rule: mutant.rule, path: path, range: session.range)
      found += try session.near(
        scene.types.map(\.term) + prefix + [differs], of: mutant.rule, reaching: prefix,
        focus: [differs])
    }
    return found
  }

  /// The path of the rule that goes the same way for longest.
  private func twin(of path: RulePath, in original: Exploration) -> RulePath? {
    func common(_ other: RulePath) -> Int {
      zip(path.branches, other.branches).prefix {
        $0.site == $1.site && $0.isTaken == $1.isTaken
      }.count
    }
    return original.paths.max { common($0) < common($1) }
  }

  /// The theorems that `values` refute for the mutant: read along the path that they take, by our
  /// own evaluation.
  func killers(_ rule: any Rule, _ values: Assignment) -> [String] {
    guard let path = session.follow(rule, values, mutation: mutation) else { return [] }
    let scene = Scene(graph: graph, rule: rule, path: path, range: session.range)
    let plain = Evaluation(values, in: graph)
    guard scene.types.allSatisfy({ plain.truth($0.term) }) else { return [] }
    return theorems.filter { theorem in
      guard theorem.rules.contains(where: { $0.name == rule.name }) else { return false }
      let evaluation = Evaluation(values.merging(telling(theorem, rule, values)), in: graph)
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
        about: "",
        assertions: session.open(
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

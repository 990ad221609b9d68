import Risk

/// Proves the rules that trade.
///
/// Each theorem is asked of libz3 in this process, path by path, and of a second solver where one
/// is given. A query that has a solution becomes a ``Counterexample`` with values that were run
/// through the integer reading.
public struct Prover: Sendable {
  /// Which limits the theorems are about.
  public let range: PolicyRange
  /// Whether cvc5 is asked too.
  public let isCrossChecked: Bool
  /// Units of work after which a solver gives up on a query: its answer is then unknown, on every
  /// machine alike.
  public let resourceLimit: Int
  /// The program of the second solver; nil for `cvc5` of the search path.
  public let crossChecker: String?

  /// Enough for every query of the catalog by a factor of ten.
  public static let defaultResourceLimit = 20_000_000

  /// Sets up a run.
  public init(
    range: PolicyRange = .house, isCrossChecked: Bool = false, crossChecker: String? = nil,
    resourceLimit: Int = Prover.defaultResourceLimit
  ) {
    self.range = range
    self.isCrossChecked = isCrossChecked
    self.crossChecker = crossChecker
    self.resourceLimit = resourceLimit
  }

  /// Every theorem that can be asked for, in the order of reports.
  public static var theorems: [TheoremSummary] {
    TheoremCatalog.all.map { TheoremSummary(id: $0.id, statement: $0.statement) }
  }

  /// The theorems that read the limits: those that another configuration could break.
  public static var theoremsOfLimits: [String] {
    TheoremCatalog.all.filter { $0.rules.contains { !$0.limits.isEmpty } }.map(\.id)
  }

  /// Proves theorems.
  ///
  /// - Parameters:
  ///   - ids: Which; all where it is empty. An id that is not in the catalog is passed over.
  ///   - withMutants: Whether wrong copies of the rules are tried too.
  ///   - export: Takes each theorem's file: its id and the text that was asked.
  ///   - progress: Told what is done, and of how many.
  /// - Returns: What it came to.
  /// - Throws: ``SolverError`` where a solver could not be asked.
  public func run(
    _ ids: [String] = [], withMutants: Bool = false,
    export: (_ id: String, _ text: String) -> Void = { _, _ in },
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(SolverError) -> ProofReport {
    let z3 = Z3()
    let second: (any Solver)? = isCrossChecked ? try CVC5(path: crossChecker) : nil
    let session = ProofSession(range: range, solver: z3, resourceLimit: resourceLimit)
    let theorems = TheoremCatalog.all.filter { ids.isEmpty || ids.contains($0.id) }
    var report = ProofReport()
    report.solvers = [z3.name] + (second.map { [$0.name] } ?? [])
    report.rules = try session.ruleReports(of: theorems)
    for (index, theorem) in theorems.enumerated() {
      let (proved, text) = try session.prove(theorem, second: second)
      report.theorems.append(proved)
      export(theorem.id, text)
      progress(index + 1, theorems.count)
    }
    if withMutants {
      report.mutants = try session.mutants(of: theorems, progress: progress)
      for index in report.theorems.indices {
        let id = report.theorems[index].id
        report.theorems[index].kills = report.mutants.filter {
          if case .killed(let theorems) = $0.fate { theorems.contains(id) } else { false }
        }.map(\.id)
      }
    }
    return report
  }
}

extension ProofSession {
  /// Witnesses for every path of every rule, each replayed through the integer reading.
  func ruleReports(of theorems: [Theorem]) throws(SolverError) -> [RuleReport] {
    var names: Set<String> = []
    var reports: [RuleReport] = []
    for theorem in theorems {
      for rule in theorem.rules where names.insert(rule.name).inserted {
        let exploration = exploration(of: rule)
        let found = try witness(rule)
        var reached: Set<[TracedIntegers.Step]> = []
        var contradicted = 0
        for values in pool[rule.name] ?? [] {
          guard let path = follow(rule, values, mutation: nil) else { continue }
          let scene = Scene(graph: graph, rule: rule, path: path, range: range)
          guard satisfies(values, scene.types.map(\.term)) else { continue }
          if replay(values, on: path, of: rule) == .agrees {
            reached.insert(
              path.branches.map { TracedIntegers.Step(site: $0.site, isTaken: $0.isTaken) })
          } else {
            contradicted += 1
          }
        }
        let missing = exploration.paths.count - reached.count - found.unreachable.count
        reports.append(
          RuleReport(
            name: rule.name, paths: exploration.paths.count, reachedPaths: reached.count,
            unreachablePaths: found.unreachable.count,
            undecidedPaths: max(missing, contradicted), operations: exploration.census.count,
            hasDiverged: exploration.hasDiverged))
      }
    }
    return reports
  }

  /// Asks every solver for a counterexample on every path of a theorem.
  func prove(
    _ theorem: Theorem, second: (any Solver)?
  ) throws(SolverError) -> (report: TheoremReport, text: String) {
    let (queries, obligations) = queries(of: theorem)
    let text = script(of: theorem, queries).text(resourceLimit: resourceLimit)
    let paths = theorem.rules.reduce(0) { $0 + exploration(of: $1).paths.count }
    var report = TheoremReport(
      id: theorem.id, statement: theorem.statement, verdict: .proved, paths: paths,
      obligations: queries.count)
    let answers = try solver.answers(to: text, count: queries.count)
    report.units = answers.units
    for (index, answer) in answers.answers.enumerated() where answer != .unsatisfiable {
      guard obligations.indices.contains(index) else {
        report.verdict = .unknown("\(solver.name) does not confirm \(queries[index].about)")
        return (report, text)
      }
      if let verdict = try settle(obligations[index]) {
        report.verdict = verdict
        return (report, text)
      }
    }
    report.provedBy.append(solver.name)
    if let second, !theorem.isLeftToFirstSolver {
      let answers = try second.answers(to: text, count: queries.count)
      if let index = answers.answers.firstIndex(where: { $0 != .unsatisfiable }) {
        report.verdict = .unknown("\(second.name) does not confirm \(queries[index].about)")
        return (report, text)
      }
      report.provedBy.append(second.name)
    }
    if !theorem.rules.isEmpty {
      guard let witness = try premisesWitness(of: theorem, obligations) else {
        report.verdict = .unknown("no values were found that the theorem speaks of")
        return (report, text)
      }
      report.witness = witness
    }
    return (report, text)
  }

  /// What an obligation that the laws alone do not settle comes to; nil where it holds after all.
  private func settle(_ obligation: Obligation) throws(SolverError) -> TheoremVerdict? {
    let assertions = obligation.hypotheses + [graph.not(obligation.claim)]
    let focus = [obligation.claim] + obligation.hypotheses.suffix(1)
    switch try search(assertions, of: obligation.rule, focus: focus) {
    case .none: return nil
    case .unknown:
      return .unknown("\(solver.name) gave up at its resource limit: \(obligation.about)")
    case .contradicted:
      return .unknown("\(solver.name) gave values that do not solve \(obligation.about)")
    case .found(let values):
      return .refuted(counterexample(values, on: obligation.path, of: obligation.rule))
    }
  }

  func counterexample(
    _ values: Assignment, on path: RulePath, of rule: any Rule
  ) -> Counterexample {
    let evaluation = Evaluation(values, in: graph)
    return Counterexample(
      rule: rule.name, verdict: path.verdict, values: named(values, of: rule),
      results: path.numbers.sorted { $0.key < $1.key }.map {
        NamedValue(name: $0.key, value: "\(evaluation.number($0.value))")
      }, replay: replay(values, on: path, of: rule))
  }

  private func named(_ values: Assignment, of rule: any Rule) -> [NamedValue] {
    (rule.numbers + rule.limits.map(\.name)).map { name in
      let value = range.limit(name).map(Whole.init) ?? values.numbers[name] ?? .small(0)
      return NamedValue(name: name, value: "\(value)")
    }
      + rule.truths.map { name in
        let value = range.truth(name) ?? values.truths[name] ?? false
        return NamedValue(name: name, value: "\(value)")
      }
  }

  /// Values on some path of a theorem with all that it assumes, replayed; nil where none were
  /// found.
  ///
  /// Paths on which the claim says something come first.
  private func premisesWitness(
    of theorem: Theorem, _ obligations: [Obligation]
  ) throws(SolverError) -> [NamedValue]? {
    let settled = theorem.rules.lazy.flatMap {
      self.obligations(of: theorem, on: self.exploration(of: $0), keepingSettled: true)
    }
    for candidates in [obligations, theorem.isAboutRanges ? [] : Array(settled)] {
      let possible = candidates.filter { graph.decided($0.claim) != false }
      for obligation in possible {
        let assertions = obligation.hypotheses + [obligation.claim]
        for values in pool[obligation.rule.name] ?? [] where satisfies(values, assertions) {
          if let witness = replayed(values, obligation) { return witness }
        }
      }
      for obligation in possible {
        let assertions = obligation.hypotheses + [obligation.claim]
        let found = try search(assertions, of: obligation.rule, focus: [obligation.claim])
        if case .found(let values) = found, let witness = replayed(values, obligation) {
          return witness
        }
      }
    }
    return nil
  }

  private func replayed(_ values: Assignment, _ obligation: Obligation) -> [NamedValue]? {
    guard let path = follow(obligation.rule, values, mutation: nil),
      replay(values, on: path, of: obligation.rule) == .agrees
    else { return nil }
    return named(values, of: obligation.rule)
  }
}

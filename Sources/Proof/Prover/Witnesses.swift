import Risk

/// What looking for values of a query came to.
enum Search {
  /// These values satisfy it, by our own evaluation.
  case found(Assignment)
  /// No values do.
  case none
  /// The solver gave up.
  case unknown
  /// The solver's values do not satisfy it by our evaluation: an encoder or a solver is wrong.
  case contradicted(Assignment)
}

extension ProofSession {
  /// Looks for values that satisfy `assertions`: among known ones, then near known ones, then
  /// anywhere.
  ///
  /// - Parameters:
  ///   - assertions: What must hold, products being what they are.
  ///   - rule: Whose inputs they are about.
  ///   - focus: Terms whose variables are left free while all others keep known values; without
  ///     any, only the whole space is searched.
  /// - Returns: The values, or that there are none, or that nobody knows.
  /// - Throws: ``SolverError`` where the solver could not be asked.
  func search(_ assertions: [Term], of rule: any Rule, focus: [Term]) throws(SolverError) -> Search
  {
    let known = pool[rule.name] ?? rule.examples
    for assignment in known where satisfies(assignment, assertions) { return .found(assignment) }
    // Near known values first: a question about one number has an answer at once.
    let inputs = Set(rule.numbers + rule.truths + rule.limits.map(\.name))
    let own = variables(in: assertions).subtracting(inputs)
    let focus = variables(in: focus).subtracting(own).sorted()
    for base in known.prefix(Self.basesTried) {
      for free in [[]] + focus.map({ [$0] }) + [focus] {
        let pins = pins(base, of: rule, except: own.union(free), in: assertions)
        let limit = resourceLimit / (free.count > 1 ? 50 : 400)
        if case .found(let values) = try ask(assertions + pins, limit: limit) {
          return .found(values)
        }
      }
    }
    // What the laws alone exclude needs no search.
    let query = Query(about: "", assertions: open(assertions), variables: rule.hints(range))
    let script = Script([query], encoding: .lawful, header: [], in: graph)
    let answer = try solver.answers(to: script.text(resourceLimit: resourceLimit), count: 1)
    if answer.answers[0] == .unsatisfiable { return .none }
    return try ask(assertions, limit: resourceLimit)
  }

  /// Values that satisfy `assertions` near known ones that satisfy `prefix`.
  ///
  /// One for each variable of `focus` that alone makes the difference, or for all of them together.
  func near(
    _ assertions: [Term], of rule: any Rule, reaching prefix: [Term], focus: [Term]
  ) throws(SolverError) -> [Assignment] {
    let bases = (pool[rule.name] ?? rule.examples).filter { satisfies($0, prefix) }
    let names = variables(in: focus).sorted()
    var found: [Assignment] = []
    for base in bases.prefix(Self.basesTried) {
      for free in names.map({ [$0] }) + [names] {
        let pins = pins(base, of: rule, except: Set(free), in: assertions)
        let limit = resourceLimit / 200
        if case .found(let values) = try ask(assertions + pins, limit: limit) {
          found.append(base.merging(values))
        }
      }
      if !found.isEmpty { break }
    }
    return found
  }

  /// How many known values a search starts from.
  private static let basesTried = 2

  /// Whether an assignment satisfies all of `assertions` by our own evaluation.
  func satisfies(_ assignment: Assignment, _ assertions: [Term]) -> Bool {
    let evaluation = Evaluation(assignment, in: graph)
    return assertions.allSatisfy { evaluation.truth($0) }
  }

  private func ask(_ assertions: [Term], limit: Int) throws(SolverError) -> Search {
    let query = Query(about: "", assertions: open(assertions))
    let script = Script([query], encoding: .exact, header: [], in: graph)
    // A limit of zero would be none.
    let text = script.textAskingValues(resourceLimit: max(1, limit))
    let answers = try solver.answers(to: text, count: 1)
    switch answers.answers[0] {
    case .unsatisfiable: return .none
    case .unknown: return .unknown
    case .satisfiable(let values):
      return satisfies(values, assertions) ? .found(values) : .contradicted(values)
    }
  }

  private func variables(in terms: [Term]) -> Set<String> {
    Set(
      graph.parts(of: terms).compactMap {
        if case .variable(let name, _) = graph[$0] { name } else { nil }
      })
  }

  /// Equations that keep the inputs of a rule at known values, but for those that are free.
  private func pins(
    _ base: Assignment, of rule: any Rule, except free: Set<String>, in assertions: [Term]
  ) -> [Term] {
    let used = variables(in: assertions)
    let numbers = (rule.numbers + rule.limits.map(\.name)).filter {
      used.contains($0) && !free.contains($0)
    }
    let truths = rule.truths.filter { used.contains($0) && !free.contains($0) }
    return numbers.map {
      graph.equal(
        graph.term(.variable($0, isNumber: true)),
        graph.number(base.numbers[$0] ?? .small(0)))
    }
      + truths.map {
        let variable = graph.term(.variable($0, isNumber: false))
        return base.truths[$0] ?? false ? variable : graph.not(variable)
      }
  }

  /// Finds values for every path of a rule that has any, and puts them in the pool.
  ///
  /// - Returns: Which paths no values reach, and which nobody could decide.
  func witness(_ rule: any Rule) throws(SolverError) -> (unreachable: [Int], open: [Int]) {
    let exploration = exploration(of: rule)
    pool[rule.name] = pool[rule.name] ?? rule.examples
    let wanted = exploration.paths.map { path in
      let scene = Scene(graph: graph, rule: rule, path: path, range: range)
      return open(scene.types.map(\.term) + conditions(of: path))
    }
    let queries = wanted.map { Query(about: "", assertions: $0) }
    let script = Script(queries, encoding: .exact, header: [], in: graph)
    guard !script.isLinear || queries.count == 1 else {
      let answers = try solver.answers(
        to: script.textAskingValues(resourceLimit: resourceLimit), count: queries.count)
      var result = (unreachable: [Int](), open: [Int]())
      for (index, answer) in answers.answers.enumerated() {
        switch answer {
        case .satisfiable(let values) where satisfies(values, wanted[index]):
          pool[rule.name, default: []].append(values)
        case .unsatisfiable: result.unreachable.append(index)
        case .satisfiable, .unknown: result.open.append(index)
        }
      }
      return result
    }
    return try witnessOneByOne(rule, wanted)
  }

  private func witnessOneByOne(
    _ rule: any Rule, _ wanted: [[Term]]
  ) throws(SolverError) -> (unreachable: [Int], open: [Int]) {
    var result = (unreachable: [Int](), open: [Int]())
    for (index, assertions) in wanted.enumerated() {
      switch try search(assertions, of: rule, focus: Array(assertions.suffix(1))) {
      case .found(let values): pool[rule.name, default: []].append(values)
      case .none: result.unreachable.append(index)
      case .unknown, .contradicted: result.open.append(index)
      }
    }
    return result
  }
}

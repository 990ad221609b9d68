import Risk

/// What became of values that were found for a path when the rule itself ran on them.
public enum Replay: Hashable, Sendable {
  /// The same branches, the same verdict, the same numbers.
  case agrees
  /// Something else: what was expected and what happened.
  case differs(String)
}

extension ProofSession {
  /// Runs the integer reading on `values` and compares it with the path of terms.
  func replay(_ values: Assignment, on path: RulePath, of rule: any Rule) -> Replay {
    let evaluation = Evaluation(values, in: graph)
    // Machine integers trap where a value leaves its type: that is found out here, not by dying.
    guard path.obligations.allSatisfy({ evaluation.truth($0.claim) }) else {
      return .differs("a value leaves its type")
    }
    guard let run = IntegerRun(rule, values, range: range) else {
      return .differs("a value is beyond 64 bits")
    }
    let expected = path.branches.map { TracedIntegers.Step(site: $0.site, isTaken: $0.isTaken) }
    guard run.steps == expected else {
      let index = zip(run.steps, expected).prefix { $0 == $1 }.count
      return .differs("another way at branch \(index + 1) of \(expected.count)")
    }
    guard run.verdict == path.verdict else {
      return .differs("\(run.verdict) instead of \(path.verdict)")
    }
    for (name, term) in path.numbers.sorted(by: { $0.key < $1.key }) {
      guard let number = run.numbers[name], Whole(number) == evaluation.number(term) else {
        return .differs(
          "\(name) is \(run.numbers[name] ?? 0) instead of \(evaluation.number(term))")
      }
    }
    for (name, term) in path.truths where run.truths[name] != evaluation.truth(term) {
      return .differs("\(name) is not \(evaluation.truth(term))")
    }
    return .agrees
  }

  /// Reads a rule, perhaps a mutant, along the path that `values` take.
  func follow(_ rule: any Rule, _ values: Assignment, mutation: Mutation?) -> RulePath? {
    let recorder = Recorder(graph: graph, mutation: mutation, steering: .following(values))
    guard recorder.next() else { return nil }
    return recorder.read(rule, range: range)
  }
}

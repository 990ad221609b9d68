import Risk

/// The reading that trades, with a note of every branch: a witness is replayed through it.
///
/// Its numbers are those of ``Integers``, so what it reads is the compiled rule itself.
final class TracedIntegers: Domain {
  typealias Number = Int64

  /// A branch and the way it went.
  struct Step: Hashable, Sendable {
    let site: Site
    let isTaken: Bool
  }

  private(set) var steps: [Step] = []

  func holds(_ condition: Bool, at site: Site) -> Bool {
    steps.append(Step(site: site, isTaken: condition))
    return condition
  }
}

/// What the integer reading made of an assignment.
struct IntegerRun {
  let steps: [TracedIntegers.Step]
  let verdict: String
  let numbers: [String: Int64]
  let truths: [String: Bool]

  /// Reads `rule` with integers; nil where a value is beyond 64 bits.
  init?(_ rule: some Rule, _ assignment: Assignment, range: PolicyRange) {
    for name in rule.numbers {
      guard (assignment.numbers[name] ?? .small(0)).int64 != nil else { return nil }
    }
    let reading = TracedIntegers()
    let inputs = Inputs<Int64>(
      number: { range.limit($0) ?? assignment.numbers[$0]?.int64 ?? 0 },
      truth: { range.truth($0) ?? assignment.truths[$0] ?? false })
    let outcome = rule.outcome(of: inputs, in: reading)
    steps = reading.steps
    verdict = outcome.verdict
    numbers = Dictionary(uniqueKeysWithValues: outcome.numbers.map { ($0.name, $0.value) })
    truths = Dictionary(uniqueKeysWithValues: outcome.truths.map { ($0.name, $0.value) })
  }
}

import Market
import Simulation

/// What a campaign came to, for people.
struct SimReport {
  let outcomes: [SimOutcome]

  /// The most failures that are told in full; the rest are counted.
  private static let shownFailures = 10

  var failed: [SimOutcome] { outcomes.filter { !$0.hasPassed } }

  /// The runs of each scenario, in order.
  private var groups: [[SimOutcome]] {
    var groups: [[SimOutcome]] = []
    for outcome in outcomes {
      if groups.last?.last?.item.scenario.path == outcome.item.scenario.path,
        groups.last?.last?.item.scenario.name == outcome.item.scenario.name
      {
        groups[groups.count - 1].append(outcome)
      } else {
        groups.append([outcome])
      }
    }
    return groups
  }

  func print(on console: Console, trace: String?) {
    var table = Table([
      .init(title: "scenario", isFlexible: true), .init(title: "seed", alignment: .right),
      .init(title: "virtual", alignment: .right), .init(title: "events", alignment: .right),
      .init(title: "faults", alignment: .right), .init(title: "oracles", alignment: .right),
      .init(title: "digest"), .init(title: ""),
    ])
    // Eight digits tell runs apart at a glance; a wide terminal, a file and --json have all of
    // them.
    let digits = (console.columns ?? .max) < 100 ? 8 : 16
    for group in groups { table.add(row(group, digits: digits)) }
    console.print(table.lines(on: console))
    for outcome in failed.prefix(Self.shownFailures) {
      console.print()
      console.print(lines(of: outcome, on: console))
    }
    if failed.count > Self.shownFailures {
      console.print()
      console.print("… and \(counted(failed.count - Self.shownFailures, "failure")) more.")
    }
    console.print()
    console.print(summary(on: console))
    console.next(advice(trace: trace))
  }

  private func row(_ group: [SimOutcome], digits: Int) -> [Table.Cell] {
    let results = group.map(\.result)
    let first = group[0].item
    let seeds = group.map(\.item.seed)
    let faults = results.flatMap(\.faults)
    let effective = faults.filter { $0.verdict == .changed }.count
    let failures = group.filter { !$0.hasPassed }.count
    let evaluations = results.reduce(0) { $0 + $1.oracles.reduce(0) { $0 + $1.count } }
    let virtual = results.reduce(Interval.zero) { $0 + $1.virtualDuration }
    let verdict: Table.Cell
    switch (failures, group.count) {
    case (0, _): verdict = Table.Cell("ok", .good)
    case (_, 1): verdict = Table.Cell("FAIL", .bad)
    default: verdict = Table.Cell("FAIL \(failures)/\(group.count)", .bad)
    }
    return [
      Table.Cell(first.scenario.name), Table.Cell(Self.span(seeds)), Table.Cell(shown(virtual)),
      Table.Cell(short(results.reduce(0) { $0 + $1.events })),
      Table.Cell(faults.isEmpty ? "-" : "\(effective)/\(faults.count)"),
      Table.Cell(short(evaluations)),
      Table.Cell(String(Self.digest(of: results).description.prefix(digits)), .faint), verdict,
    ]
  }

  /// `7`, or `1..100`.
  private static func span(_ seeds: [UInt64]) -> String {
    guard let first = seeds.first, let last = seeds.last, seeds.count > 1 else {
      return seeds.first.map { "\($0)" } ?? ""
    }
    return "\(first)..\(last)"
  }

  /// The digest of one run, or of the digests of several.
  private static func digest(of results: [RunResult]) -> Digest {
    guard results.count > 1 else { return results.first?.digest ?? Digest() }
    var digest = Digest()
    for result in results { digest.add(result.digest.value) }
    return digest
  }

  private func lines(of outcome: SimOutcome, on console: Console) -> [String] {
    let result = outcome.result
    var lines = [
      console.paint("FAIL", .bad) + "  \(result.scenario), seed \(result.seed)"
    ]
    func add(_ name: String, _ text: String) {
      let padding = String(repeating: " ", count: max(1, 12 - name.count))
      lines.append("  " + console.paint(name, .faint) + padding + text)
    }
    for failure in result.failures {
      add(failure.kind.rawValue, failure.id)
      add("", Self.excerpt(failure.message))
      add("at", "\(failure.time), \(shown(failure.time - outcome.item.scenario.start)) in")
      add("event", grouped(failure.event))
    }
    if let repeated = outcome.repeated, outcome.isDivergent {
      let parts = zip(result.components, repeated.components)
        .filter { $0.digest != $1.digest }.map { $0.0.component.name }
      add("determinism", "a second run came to \(repeated.digest), not \(result.digest)")
      add("", "components that differ: \(parts.joined(separator: ", "))")
    }
    add("again", result.replayCommand)
    return lines
  }

  /// A message of bounded length; `--json` has it whole.
  private static func excerpt(_ message: String) -> String {
    message.count <= 300 ? message : message.prefix(300) + "… (--json has it whole)"
  }

  private func summary(on console: Console) -> String {
    let scenarios = counted(groups.count, "scenario")
    let runs = outcomes.count == groups.count ? "" : ", \(counted(outcomes.count, "run"))"
    let events = outcomes.reduce(0) { $0 + $1.result.events }
    let told = "\(scenarios)\(runs), \(counted(events, "event")): "
    guard failed.isEmpty else {
      return console.paint(told + "\(grouped(failed.count)) failed.", .bad)
    }
    let again = outcomes.contains { $0.repeated != nil } ? ", twice with the same digests" : ""
    return console.paint(told + "all hold\(again).", .good)
  }

  private func advice(trace: String?) -> String {
    guard let first = failed.first else {
      if outcomes.contains(where: { $0.repeated != nil }) {
        return "`--seeds A..B --shard I/N` spreads more seeds over machines."
      }
      return outcomes.count == groups.count
        ? "`assay sim --seeds 1..100` looks further; `assay list scenarios` says what each shows."
        : "`assay sim --check-determinism` runs everything twice and compares."
    }
    guard let trace else { return "`\(first.result.replayCommand) --trace run.trace`" }
    let event = first.result.failures.first?.event ?? 1
    return "`assay trace show \(trace) --around \(event)`"
  }
}

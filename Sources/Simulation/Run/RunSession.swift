import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// One run of a scenario, from the first event to its verdict.
struct RunSession {
  private var world: World
  private var judge: ExpectationJudge
  private let scenario: Scenario
  private let seed: UInt64
  private let options: RunOptions

  init(_ scenario: Scenario, seed: UInt64, options: RunOptions, inquiry: Inquiry? = nil) {
    self.scenario = scenario
    self.seed = seed
    self.options = options
    world = World(scenario, seed: seed, options: options, suppressed: nil)
    world.inquiry = inquiry
    judge = ExpectationJudge(scenario)
    world.tracer?.header(scenario.name, seed: seed)
  }

  /// Runs to the end, or to the first failure where the options say so.
  mutating func result() -> RunResult {
    let stormEnd = scenario.start + scenario.duration
    while !isOver, world.advance(until: stormEnd) { look() }
    var convergence: Interval?
    if !isOver {
      world.time = stormEnd
      world.heal()
      convergence = settle(from: stormEnd)
    }
    if !isOver { judgeEnd() }
    world.finish()
    let virtualDuration = world.time - scenario.start
    var receipts = receipts()
    if options.checksReceipts, world.failures.isEmpty { checkReceipts(&receipts) }
    return RunResult(
      scenario: scenario.name, path: scenario.path, seed: seed, failures: world.failures,
      digest: world.chain.whole, components: components, events: world.chain.count,
      virtualDuration: virtualDuration, convergence: convergence, faults: receipts,
      marks: world.tally.sortedMarks, counters: world.tally.sorted,
      outputs: world.host.outputsAtMarks,
      oracles: world.bench.evaluations)
  }

  /// What is asked of the run, with what it has told so far.
  var inquiry: Inquiry? { world.inquiry }

  private var isOver: Bool {
    if world.inquiry?.isAnswered == true { return true }
    return options.stopsAtFirstFailure
      ? !world.failures.isEmpty : world.failures.count >= RunOptions.failureLimit
  }

  private mutating func look() {
    judge.look(&world)
    if let progress = options.progress, world.chain.count % 1_000 == 0 {
      progress(
        RunProgress(
          elapsed: world.time - scenario.start, planned: scenario.duration + scenario.settle,
          events: world.chain.count))
    }
  }

  // MARK: The end of the storm

  /// Waits until the world agrees with itself and all that must happen has happened.
  private mutating func settle(from end: Instant) -> Interval? {
    let limit = end + scenario.settle
    var reason = pending
    while !isOver, reason != nil || !judge.isSettled {
      guard world.advance(until: limit) else { break }
      look()
      reason = pending
    }
    guard !isOver else { return nil }
    if let reason {
      world.time = limit
      world.fail(
        .convergence, ConvergenceOracle.entry.id,
        "not converged \(scenario.settle.settingText) after the storm: \(reason)")
      return nil
    }
    return world.time - end
  }

  private var pending: String? {
    ConvergenceOracle.pending(world.host.engine?.snapshot, world.venueTruth())
  }

  private mutating func judgeEnd() {
    for message in judge.verdict(world) {
      world.fail(.expectation, "expect", message)
    }
  }

  private var components: [ComponentDigest] {
    Component.allCases.map {
      ComponentDigest(component: $0, digest: world.chain.parts[Int($0.rawValue)])
    }
  }

  // MARK: Receipts

  private func receipts() -> [FaultReceipt] {
    world.faults.cases.enumerated().map { index, entry in
      FaultReceipt(
        kind: entry.plan.kind, number: index + 1, count: entry.count, firstDifference: nil,
        verdict: .unchecked)
    }
  }

  /// Runs again without each fault, up to the first event that differs.
  private mutating func checkReceipts(_ receipts: inout [FaultReceipt]) {
    for index in receipts.indices {
      receipts[index].firstDifference = firstDifference(without: index)
      receipts[index].verdict = receipts[index].firstDifference == nil ? .inert : .changed
      if receipts[index].verdict == .inert {
        world.fail(
          .receipt, receipts[index].kind.rawValue,
          "fault \(index + 1) (\(receipts[index].kind.rawValue)) acted \(receipts[index].count) "
            + "times and changed nothing: the run without it is the same")
      }
    }
  }

  private func firstDifference(without index: Int) -> Int? {
    var quiet = options
    quiet.trace = nil
    quiet.checksReceipts = false
    var other = World(scenario, seed: seed, options: quiet, suppressed: index)
    let reference = world.chain.history
    var judge = ExpectationJudge(scenario)
    func difference(_ other: World, from count: inout Int) -> Int? {
      guard other.chain.count > count else { return nil }
      count = other.chain.count
      if count > reference.count { return count }
      return other.chain.whole.value == reference[count - 1] ? nil : count
    }
    var count = 0
    let end = scenario.start + scenario.duration
    while other.advance(until: end) {
      judge.look(&other)
      if let event = difference(other, from: &count) { return event }
    }
    other.time = end
    other.heal()
    while other.chain.count < reference.count, other.advance(until: world.time) {
      if let event = difference(other, from: &count) { return event }
    }
    return other.chain.count == reference.count ? nil : other.chain.count
  }
}

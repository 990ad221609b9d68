import Market
import Simulation
import Synchronization

/// One scenario at one seed.
struct SimItem: Sendable {
  let scenario: Scenario
  let seed: UInt64
}

/// What one scenario at one seed came to.
struct SimOutcome: Sendable {
  let item: SimItem
  let result: RunResult
  /// The digest of the second run, where there was one.
  let repeated: RunResult?

  /// Whether a second run came to another digest.
  var isDivergent: Bool { repeated.map { $0.digest != result.digest } ?? false }
  /// Whether everything held.
  var hasPassed: Bool { result.hasPassed && !isDivergent }
}

/// Many runs, several at once; the outcomes stand in the order of the items, whoever was first.
struct Campaign: Sendable {
  let items: [SimItem]
  let jobs: Int
  let checksDeterminism: Bool
  let tracePath: String?

  func run(on console: Console) async throws -> [SimOutcome] {
    let width = jobs > 0 ? jobs : Machine.coreCount
    let progress = CampaignProgress("sim", count: items.count, on: console)
    let trace = try tracePath.map { try OutputFile($0) }
    var outcomes = [SimOutcome?](repeating: nil, count: items.count)
    await withTaskGroup(of: (Int, SimOutcome).self) { group in
      for index in items.indices {
        if index >= width, let (finished, outcome) = await group.next() {
          outcomes[finished] = outcome
        }
        group.addTask { (index, self.outcome(of: index, trace, progress)) }
      }
      for await (finished, outcome) in group { outcomes[finished] = outcome }
    }
    progress.clear()
    try trace?.finish()
    return outcomes.compactMap { $0 }
  }

  private func outcome(
    of index: Int, _ trace: OutputFile?, _ progress: CampaignProgress
  ) -> SimOutcome {
    let item = items[index]
    var options = RunOptions()
    options.progress = { progress.update(index, to: $0.share) }
    if let trace { options.trace = { line in trace.append(line + "\n") } }
    let result = ScenarioRunner.run(item.scenario, seed: item.seed, options: options)
    var repeated: RunResult?
    if checksDeterminism {
      var again = RunOptions()
      again.checksReceipts = false
      repeated = ScenarioRunner.run(item.scenario, seed: item.seed, options: again)
    }
    progress.update(index, to: 1)
    return SimOutcome(item: item, result: result, repeated: repeated)
  }
}

/// How far each run is, told by many threads and drawn as one bar.
final class CampaignProgress: Sendable {
  private struct State: ~Copyable {
    var shares: [Double]
    var sum = 0.0
    var finishedCount = 0
    var bar: ProgressBar?
  }
  private let state: Mutex<State>

  init(_ label: String, count: Int, on console: Console) {
    state = Mutex(
      State(
        shares: [Double](repeating: 0, count: count), bar: ProgressBar(label, on: console)))
  }

  /// Takes what one run says of itself, and draws.
  func update(_ index: Int, to share: Double) {
    state.withLock { state in
      state.sum += share - state.shares[index]
      state.shares[index] = share
      if share >= 1 { state.finishedCount += 1 }
      let count = state.shares.count
      state.bar?.update(
        state.sum / Double(count), "\(state.finishedCount)/\(counted(count, "run"))")
    }
  }

  /// Takes the bar away.
  func clear() { state.withLock { $0.bar = nil } }
}

extension RunProgress {
  /// How much of the planned time has passed, below 1.
  var share: Double {
    guard planned > .zero else { return 0 }
    return min(0.999, Double(elapsed.nanoseconds) / Double(planned.nanoseconds))
  }
}

import ArgumentParser
import Market
import Risk
import Simulation
import Strategies

/// `assay trace explain`: why a decision or an order came about.
struct TraceExplain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Tells which inputs, rule and limit led to a decision or an order.",
    discussion: """
      The run is repeated up to the step in question, from a scenario and a seed or from a \
      recording of `assay live --record`. There the rules that traded are read once more with \
      words: every question that the gate asked, with the values of both sides and the answer, \
      how the size came about and which limit bound it, and what became of the order.

      Without --decision and --order it lists what can be explained. A decision without a time is \
      the newest signal of the strategy on the symbol, or else the newest decision.
      """)

  @Argument(help: "A scenario, or a recorded live run.")
  var source: String

  @Option(help: "The seed of a scenario's run; the scenario's first without.")
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "A decision, as wick_flow:BTC or wick_flow:BTC:2026-03-02T10:15:00Z.",
      valueName: "strategy:symbol[:time]"))
  var decision: DecisionName?

  @Option(help: ArgumentHelp("An order, by its client id.", valueName: "0x…"))
  var order: OrderName?

  @Option(help: ArgumentHelp("Write the answer as JSON; - is standard output.", valueName: "file"))
  var json: String?

  func validate() throws {
    guard decision == nil || order == nil else {
      throw ValidationError("--decision and --order exclude each other: give one of them.")
    }
  }

  private var subject: Inquiry.Subject {
    if let decision { return .decision(decision.strategy, decision.symbol, at: decision.time) }
    if let order { return .order(order.id) }
    return .everything
  }

  func run() throws {
    let console = Console()
    let run = try repeated(on: console)
    do {
      if subject == .everything {
        let list = ExplainableList(run: run)
        if let json { try OutputFile.write(list.json, to: json) }
        if json != "-" { list.print(on: console) }
        return try end(run, on: console)
      }
      guard let explanation = Explanation(run.inquiry) else { throw unknown(run, on: console) }
      let report = ExplanationReport(run: run, explanation: explanation)
      if let json { try OutputFile.write(report.json, to: json) }
      if json != "-" { report.print(on: console) }
      guard explanation.agreesWithTheRun else {
        console.error(
          "the rules read with words came to another outcome than the run",
          remedy: "Please report the scenario or recording, and this command.")
        throw ExitStatus.fault
      }
    } catch let error as OutputError {
      console.error(error.message)
      throw ExitStatus.fault
    }
    try end(run, on: console)
  }

  /// A recording that this build does not repeat explains another run than the one that was.
  private func end(_ run: RepeatedRun, on console: Console) throws {
    guard let divergence = run.divergence else { return }
    console.error(
      "this build does not repeat the recording: \(divergence)",
      remedy: "Explain it with the build that recorded it; `assay replay \(source)` compares.")
    throw ExitStatus.failed
  }

  // MARK: The run

  private func repeated(on console: Console) throws -> RepeatedRun {
    if RecordingReader.isRecording(source) { return try replayed(on: console) }
    let scenarios = try ScenarioPaths.load([source], on: console)
    guard let scenario = scenarios.first, scenarios.count == 1 else {
      console.error(
        "\(source) holds \(counted(scenarios.count, "scenario"))", remedy: "Name one file.")
      throw ExitStatus.usage
    }
    let seed = seed ?? scenario.seeds.lowerBound
    let progress = CampaignProgress("explain", count: 1, on: console)
    let (inquiry, digest) = ScenarioRunner.inquire(scenario, seed: seed, Inquiry(subject)) {
      progress.update(0, to: $0.share)
    }
    progress.clear()
    return RepeatedRun(
      source: source, title: "\(scenario.name) seed \(seed)", arguments: " --seed \(seed)",
      inquiry: inquiry, digest: digest, divergence: nil)
  }

  private func replayed(on console: Console) throws -> RepeatedRun {
    guard seed == nil else {
      console.error("\(source) is a recording, which has no seed", remedy: "Leave --seed out.")
      throw ExitStatus.usage
    }
    do throws(RecordingError) {
      var replay = try RecordedReplay(path: source)
      replay.inquiry = Inquiry(subject)
      while try replay.advance(by: 1_024) {}
      var digest = Digest()
      for run in replay.runs { digest.add(run.chain.digest.value) }
      let divergence = replay.runs.lazy.compactMap { run in
        run.divergence.map {
          "run \(run.epoch) differs from step \(grouped($0.step)) on, at \($0.time)"
        }
      }.first
      return RepeatedRun(
        source: source, title: counted(replay.runs.count, "recorded run"), arguments: "",
        inquiry: replay.inquiry ?? Inquiry(subject), digest: digest, divergence: divergence)
    } catch {
      console.error(error.description)
      throw error.code == .missing ? ExitStatus.missingInput : ExitStatus.badInput
    }
  }

  // MARK: What is not there

  private func unknown(_ run: RepeatedRun, on console: Console) -> ExitCode {
    let inquiry = run.inquiry
    switch inquiry.subject {
    case .everything: break
    case .decision(let strategy, let symbol, let time):
      let near = inquiry.nearest(3)
      if !near.isEmpty, let time {
        console.error("\(strategy) decided nothing on \(symbol) at \(time)")
        console.note("       the nearest are " + near.map { "\($0.name)" }.joined(separator: ", "))
        break
      }
      let known = inquiry.counts.reduce(into: [String]()) { names, row in
        let name = "\(row.strategy):\(row.symbol)"
        if !names.contains(name) { names.append(name) }
      }
      console.error(
        "\(strategy) decided nothing on \(symbol)",
        remedy: known.isEmpty
          ? "the run made no decision at all" : "decisions are of " + known.joined(separator: ", "))
    case .order(let id):
      let orders = inquiry.lives.suffix(3).map { "\($0.id)" }
      console.error(
        "the run holds no order \(id)",
        remedy: orders.isEmpty
          ? "it made no order at all" : "its newest entries are " + orders.joined(separator: ", "))
    }
    return ExitStatus.missingInput
  }
}

/// A run that was repeated to be explained.
struct RepeatedRun {
  let source: String
  /// What was repeated.
  let title: String
  /// What a command line needs beside the source to repeat it.
  let arguments: String
  let inquiry: Inquiry
  let digest: Digest
  /// Where it parts from the recording that it repeats; nil where it does not.
  let divergence: String?
}

/// `wick_flow:BTC` or `wick_flow:BTC:2026-03-02T10:15:00Z`.
struct DecisionName: ExpressibleByArgument {
  let strategy: StrategyID
  let symbol: Symbol
  let time: Instant?

  init?(argument: String) {
    let parts = argument.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count >= 2, let strategy = StrategyID(String(parts[0])),
      let symbol = Symbol(String(parts[1]))
    else { return nil }
    self.strategy = strategy
    self.symbol = symbol
    guard parts.count == 3 else {
      time = nil
      return
    }
    guard let time = Instant(iso8601: String(parts[2])) else { return nil }
    self.time = time
  }
}

/// A client id on the command line.
struct OrderName: ExpressibleByArgument {
  let id: ClientOrderID

  init?(argument: String) {
    guard let id = ClientOrderID(argument) else { return nil }
    self.id = id
  }
}

extension Inquiry.Entry {
  /// The decision as `--decision` takes it.
  var name: String { "\(decision.strategy):\(decision.symbol):\(decision.time)" }
}

import ArgumentParser
import Simulation

/// `assay sim`: runs scenarios in the virtual world.
struct SimCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sim",
    abstract: "Runs scenarios in the virtual world, with every oracle after every event.",
    discussion: """
      Without a path, every scenario under Scenarios is run. A run is a function of the build, \
      the scenario and the seed: its digest is the same in debug and release, on any machine and \
      with any number of jobs.
      """)

  @Argument(help: "Scenario files, or folders of them.")
  var paths: [String] = []

  @Option(help: "Run with this seed instead of the scenario's own.")
  var seed: UInt64?

  @Option(help: ArgumentHelp("Run with every seed from A to B.", valueName: "A..B"))
  var seeds: SeedRange?

  @Option(help: "How many runs go on at once; 0 is one a core.")
  var jobs = 0

  @Option(help: ArgumentHelp("Run the I-th of N parts of the campaign.", valueName: "I/N"))
  var shard: Shard?

  @Flag(help: "Run everything twice and compare the digests.")
  var checkDeterminism = false

  @Option(help: ArgumentHelp("Write the trace of the one run there is.", valueName: "file"))
  var trace: String?

  @Option(help: ArgumentHelp("Write the results as JSON; - is standard output.", valueName: "file"))
  var json: String?

  @Option(help: ArgumentHelp("Write the results as JUnit XML.", valueName: "file"))
  var junit: String?

  func validate() throws {
    guard seed == nil || seeds == nil else {
      throw ValidationError("--seed and --seeds exclude each other: give one of them.")
    }
    guard (0...1_024).contains(jobs) else {
      throw ValidationError("--jobs must be from 0 to 1024, got \(jobs).")
    }
  }

  func run() async throws {
    let console = Console()
    let scenarios = try ScenarioPaths.load(paths, on: console)
    let items = plan(scenarios)
    guard !items.isEmpty else {
      console.error(
        "this shard has no run: \(scenarios.count) scenarios are fewer than its parts",
        remedy: "Use fewer shards, or more seeds.")
      throw ExitStatus.usage
    }
    guard trace == nil || items.count == 1 else {
      console.error(
        "--trace writes one run, and \(items.count) are asked for",
        remedy: "Name one scenario file and one --seed.")
      throw ExitStatus.usage
    }
    let campaign = Campaign(
      items: items, jobs: jobs, checksDeterminism: checkDeterminism, tracePath: trace)
    let outcomes: [SimOutcome]
    do {
      outcomes = try await campaign.run(on: console)
      let report = SimReport(outcomes: outcomes)
      if let json { try OutputFile.write(report.json, to: json) }
      if let junit { try OutputFile.write(report.junit, to: junit) }
      if json != "-" { report.print(on: console, trace: trace) }
    } catch let error as OutputError {
      console.error(error.message)
      throw ExitStatus.fault
    }
    guard outcomes.allSatisfy(\.hasPassed) else { throw ExitStatus.failed }
  }

  private func plan(_ scenarios: [Scenario]) -> [SimItem] {
    var items: [SimItem] = []
    var position = 0
    for scenario in scenarios {
      let range = seed.map { $0...$0 } ?? seeds?.seeds ?? scenario.seeds
      for seed in range {
        if shard?.contains(position) ?? true {
          items.append(SimItem(scenario: scenario, seed: seed))
        }
        position += 1
      }
    }
    return items
  }
}

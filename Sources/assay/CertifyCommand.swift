import ArgumentParser
import Engine
import Market
import Report
import Simulation

/// `assay certify`: everything that can be shown, as one report.
struct CertifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "certify",
    abstract: "Gathers everything that can be shown about this build in one certificate.",
    discussion: """
      Proves every theorem, tries the mutants, runs every scenario twice \
      and, where a database is named, the twenty pre-live checks, and \
      writes a page for people, JSON, JUnit XML and the evidence with its digests. Two \
      certificates of one build differ in the time of issue alone.

      What was not shown says so: orders leave this machine only with a certificate that shows \
      everything, of this build and this very configuration file. It holds for 30 days.
      """)

  @Option(help: ArgumentHelp("The configuration to certify.", valueName: "file"))
  var config = "config/paper.yaml"

  @Option(help: ArgumentHelp("The database of its runs, for the checks.", valueName: "file"))
  var db: String?

  @Option(help: ArgumentHelp("Run every scenario with the seeds from A to B.", valueName: "A..B"))
  var seeds: SeedRange?

  @Option(
    help: ArgumentHelp("Scenario files or folders, in place of Scenarios.", valueName: "path"))
  var scenarios: [String] = []

  @Option(help: "How many runs go on at once; 0 is one a core.")
  var jobs = 0

  @Flag(help: "One seed a scenario, no proofs; allows paper only.")
  var quick = false

  @Flag(help: "Ask cvc5 about every theorem too; it takes its time.")
  var crossCheck = false

  @Option(help: ArgumentHelp("The folder to write.", valueName: "folder"))
  var output: String

  func validate() throws {
    guard !(quick && seeds != nil) else {
      throw ValidationError("--quick and --seeds exclude each other: give one of them.")
    }
    guard (0...1_024).contains(jobs) else {
      throw ValidationError("--jobs must be from 0 to 1024, got \(jobs).")
    }
  }

  func run() async throws {
    let console = Console()
    let text = try Inputs.text(config, on: console)
    let settings = try Inputs.configuration(config, text: text, on: console)
    let facts = try db.map { try Inputs.facts($0, settings, on: console) }
    try CertificateOutput.prepare(output, on: console)
    let roots = scenarios.isEmpty ? [ScenarioPaths.standard] : scenarios
    let texts = try Inputs.scenarios(roots, on: console)
    let proof =
      quick
      ? nil
      : try ProofRun(
        limits: settings.engine.limits, withMutants: true, crossChecked: crossCheck, on: console)
    let suite = try await runs(texts, on: console)
    let checks = facts.map { store in
      CheckEvidence(
        database: db ?? "",
        facts: CheckFacts(
          store: store, configuration: settings, drills: ScenarioEvidence.drills(suite)))
    }
    let certificate = Certificate(
      identity: try CertificateIdentity.current(
        file: config, text: text, configuration: settings, on: console),
      issued: Machine.wallTime, isQuick: quick, roots: roots, suite: suite, proof: proof?.evidence,
      checks: checks)
    let files = CertificateFiles(
      certificate,
      from: .init(configuration: text, scenarios: texts, proofs: proof?.scripts ?? [:]))
    do {
      try files.write(to: output)
    } catch {
      console.error("\(error)", remedy: "Give a folder that this user may write.")
      throw ExitStatus.fault
    }
    CertificateReport(certificate: files.certificate, path: output).print(on: console)
    guard certificate.hasPassed else { throw ExitStatus.failed }
  }

  private func runs(
    _ texts: [String: String], on console: Console
  ) async throws -> [ScenarioEvidence] {
    var items: [SimItem] = []
    for path in texts.keys.sorted() {
      let scenario = try Inputs.scenario(path, texts[path] ?? "", on: console)
      let range = seeds?.seeds ?? scenario.seeds
      let chosen = quick ? range.lowerBound...range.lowerBound : range
      for seed in chosen { items.append(SimItem(scenario: scenario, seed: seed)) }
    }
    let campaign = Campaign(items: items, jobs: jobs, checksDeterminism: true, tracePath: nil)
    return try await campaign.run(on: console).map {
      ScenarioEvidence(
        $0.result, repeated: $0.repeated, text: texts[$0.item.scenario.path] ?? "")
    }
  }
}

extension Inputs {
  /// The texts of every scenario below `roots`, by path.
  static func scenarios(_ roots: [String], on console: Console) throws -> [String: String] {
    var texts: [String: String] = [:]
    for path in try ScenarioPaths.find(roots, on: console) {
      texts[path] = try text(path, on: console)
    }
    return texts
  }

  /// A scenario from its text.
  static func scenario(_ path: String, _ text: String, on console: Console) throws -> Scenario {
    do {
      return try ScenarioFile.parse(text, file: path)
    } catch {
      console.error(error)
      throw ExitStatus.badInput
    }
  }
}

extension CertificateIdentity {
  /// This build, machine and configuration.
  static func current(
    file: String, text: String, configuration: LiveConfiguration, on console: Console
  ) throws -> CertificateIdentity {
    CertificateIdentity(
      build: try BuildIdentity.digest(on: console),
      version: "\(BuildIdentity.version) \(BuildIdentity.mode)",
      toolchain: BuildIdentity.toolchain, platform: BuildIdentity.platform,
      configurationFile: file, configuration: SHA256.hex(of: text.utf8),
      engine: configuration.engine.digest.description)
  }
}

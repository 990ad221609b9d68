import ArgumentParser
import Engine
import Glibc
import Proof
import Risk
import Simulation

/// `assay prove`: proves the rules that trade.
struct ProveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prove",
    abstract: "Proves the rules that trade, for all accounts, orders and limits.",
    discussion: """
      The rules that trade are read with terms instead of integers, once a path, and libz3 looks \
      for values that break a theorem on any of them. Without --config, the theorems hold for all \
      limits that are no looser than the house's; with it, they are proved again with the limits \
      of that file, and a file that lets too much through is refused with an account and an order \
      that show it, written as a scenario for `assay sim`.

      --export writes one SMT-LIB file a theorem and a ledger, always with --mutants and \
      --cross-check cvc5.
      """)

  /// A second solver.
  enum SecondSolver: String, CaseIterable, ExpressibleByArgument { case cvc5 }

  @Argument(help: ArgumentHelp("Theorems to prove; all without.", valueName: "theorem"))
  var theorems: [String] = []

  @Option(
    help: ArgumentHelp("Prove with the limits of this configuration.", valueName: "file"))
  var config: String?

  @Option(help: ArgumentHelp("Write the proofs to this folder.", valueName: "folder"))
  var export: String?

  @Flag(help: "Try wrong copies of the rules; every one must be caught.")
  var mutants = false

  @Option(help: ArgumentHelp("Ask a second solver too.", valueName: "cvc5"))
  var crossCheck: SecondSolver?

  @Option(
    help: ArgumentHelp(
      "Where the scenario of a refused configuration goes; counterexample.yaml without.",
      valueName: "file"))
  var scenario: String?

  @Option(help: ArgumentHelp("Write the results as JSON; - is standard output.", valueName: "file"))
  var json: String?

  @Option(
    help: ArgumentHelp(
      "Units of work after which a solver gives up on a query.", valueName: "units"))
  var resourceLimit = Prover.defaultResourceLimit

  func validate() throws {
    let known = Set(Prover.theorems.map(\.id))
    if let stranger = theorems.first(where: { !known.contains($0) }) {
      throw ValidationError(
        "No theorem is called '\(stranger)'. `assay list theorems` names them all.")
    }
    guard export == nil || theorems.isEmpty else {
      throw ValidationError("--export writes all theorems: name none.")
    }
    guard resourceLimit > 0 else {
      throw ValidationError("--resource-limit must be positive, got \(resourceLimit).")
    }
  }
}

extension ProveCommand {
  func run() throws {
    let console = Console()
    let limits = try config.map { try read($0, on: console) }
    let run: (report: ProofReport, files: ProofFiles)
    do {
      run = try prove(limits, on: console)
    } catch {
      console.error(error.description)
      throw ExitStatus.fault
    }
    let table = ProofTable(report: run.report, limits: limits)
    let refuted = table.refuted
    do {
      if let refuted, let limits { try write(refuted, limits) }
      if let export { try write(run.files, to: export) }
      if let json { try OutputFile.write(table.json, to: json) }
    } catch {
      console.error(error.message)
      throw ExitStatus.fault
    }
    if json != "-" {
      table.print(on: console, hasMutants: mutants || export != nil)
      console.next(advice(run.report, refuted))
    }
    if refuted != nil || run.report.mutants.contains(where: { $0.fate == .survived }) {
      throw ExitStatus.failed
    }
    guard run.report.hasPassed else {
      console.error(
        "not everything was decided: what is unknown is not proved",
        remedy: "A larger --resource-limit lets the solvers work longer.")
      throw ExitStatus.fault
    }
  }

  private func prove(
    _ limits: Limits?, on console: Console
  ) throws(SolverError) -> (report: ProofReport, files: ProofFiles) {
    let prover = Prover(
      range: limits.map(PolicyRange.limits) ?? .house,
      isCrossChecked: crossCheck != nil || export != nil, resourceLimit: resourceLimit)
    // Other limits leave what reads none as it was proved.
    let wanted = theorems.isEmpty && limits != nil ? Prover.theoremsOfLimits : theorems
    var files = ProofFiles()
    var bar = ProgressBar("prove", on: console)
    let report = try prover.run(
      wanted, withMutants: mutants || export != nil, export: { files.add($0, $1) },
      progress: { done, total in
        bar.update(Double(done) / Double(max(total, 1)), "\(done) of \(total)")
      })
    files.add(ledgerOf: report)
    return (report, files)
  }

  private func read(_ path: String, on console: Console) throws -> Limits {
    guard ScenarioPaths.isReadable(path) else {
      console.error(
        "\(path): no such file", remedy: "`assay prove` without --config proves for all limits.")
      throw ExitStatus.missingInput
    }
    do {
      return try ConfigurationFile.read(path: path).limits
    } catch {
      console.error(error)
      throw ExitStatus.badInput
    }
  }

  private var scenarioPath: String { scenario ?? "counterexample.yaml" }

  private func write(
    _ refuted: (theorem: String, example: Counterexample), _ limits: Limits
  ) throws(OutputError) {
    guard let text = CounterexampleScenario(refuted.theorem, refuted.example, limits)?.text else {
      return
    }
    try OutputFile.write(text, to: scenarioPath)
  }

  private func write(_ files: ProofFiles, to folder: String) throws(OutputError) {
    guard mkdir(folder, 0o755) == 0 || errno == EEXIST else {
      throw OutputError(path: folder, code: errno)
    }
    for file in files.files { try OutputFile.write(file.text, to: "\(folder)/\(file.name)") }
  }

  private func advice(
    _ report: ProofReport, _ refuted: (theorem: String, example: Counterexample)?
  ) -> String {
    if let refuted, config != nil, CounterexampleScenario.shows(refuted.theorem) {
      return "`assay sim \(scenarioPath)` shows the same on the engine; make the limit stricter."
    }
    if refuted != nil { return "the values above break a rule; correct the rule." }
    if report.mutants.contains(where: { $0.fate == .survived }) {
      return "a wrong copy of a rule went unnoticed; state what it breaks as a theorem."
    }
    if export != nil { return "`git diff` of the folder shows what has changed." }
    if !mutants { return "`assay prove --mutants --cross-check cvc5` asks whether it could fail." }
    return "`assay prove --config FILE` proves it for the limits of a configuration."
  }
}

import ArgumentParser
import Engine
import Report
import Simulation
import Venues

/// `assay verify`: derives a certificate anew and compares.
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Derives a certificate anew and names whatever differs.",
    discussion: """
      Every digest is computed anew and compared: the certificate's own files, this build, the \
      configuration and the scenarios that are here. Then every theorem is proved again and \
      five runs are repeated; with --full all runs, and the mutants too. A certificate is \
      expired after 30 days. Exit code 1 on any difference.
      """)

  @Argument(help: ArgumentHelp("The certificate's folder.", valueName: "certificate"))
  var certificate: String

  @Flag(help: "Repeat every run, and try the mutants again.")
  var full = false

  @Option(
    help: ArgumentHelp(
      "The configuration to compare with, in place of the one that was named then.",
      valueName: "file"))
  var config: String?

  @Option(help: "How many runs go on at once; 0 is one a core.")
  var jobs = 0

  @Option(help: ArgumentHelp("Write the results as JSON; - is standard output.", valueName: "file"))
  var json: String?

  func validate() throws {
    guard (0...1_024).contains(jobs) else {
      throw ValidationError("--jobs must be from 0 to 1024, got \(jobs).")
    }
  }

  func run() async throws {
    let console = Console()
    let folder: CertificateFolder
    do throws(CertificateRefusal) {
      folder = try CertificateFolder(path: certificate)
    } catch {
      console.error(error.problem, remedy: error.remedy)
      throw error.reason == .missing ? ExitStatus.missingInput : ExitStatus.badInput
    }
    let verifier = CertificateVerifier(folder)
    let here = try surroundings(folder, on: console)
    let sample = verifier.sample(isFull: full)
    var differences = verifier.differences(here)
    differences += try proofDifferences(verifier, on: console)
    differences += verifier.differences(runs: try await repeated(sample, folder, on: console))
    let report = VerifyReport(
      path: certificate, differences: differences, files: folder.files.count,
      repeated: sample.count, runs: folder.certificate.suite.count)
    if let json {
      do {
        try OutputFile.write(report.json, to: json)
      } catch {
        console.error(error.message)
        throw ExitStatus.fault
      }
    }
    if json != "-" { report.print(on: console) }
    guard differences.isEmpty else { throw ExitStatus.failed }
  }

  private func surroundings(
    _ folder: CertificateFolder, on console: Console
  ) throws -> CertificateVerifier.Surroundings {
    let file = config ?? folder.certificate.identity.configurationFile
    let text: String? =
      config != nil || ScenarioPaths.isReadable(file) ? try Inputs.text(file, on: console) : nil
    let roots = folder.certificate.roots.filter(ScenarioPaths.isReadable)
    return CertificateVerifier.Surroundings(
      build: try BuildIdentity.digest(on: console), configuration: text.map { (file, $0) },
      scenarios: roots.isEmpty ? [:] : try Inputs.scenarios(roots, on: console),
      now: Machine.wallTime)
  }

  /// Proves again what was certified, of the limits that were certified.
  private func proofDifferences(
    _ verifier: CertificateVerifier, on console: Console
  ) throws -> [CertificateVerifier.Difference] {
    let folder = verifier.folder
    // A configuration that is missing or does not parse has been told as a difference of files.
    guard let certified = folder.certificate.proof, let text = folder.configuration,
      let settings = try? ConfigurationFile.parseWhole(
        text, file: folder.certificate.identity.configurationFile)
    else { return [] }
    let proof = try ProofRun(
      limits: settings.engine.limits, withMutants: full && !certified.mutants.isEmpty,
      crossChecked: certified.solvers.count > 1, on: console)
    return verifier.differences(proof: proof.evidence, scripts: proof.scripts)
  }

  /// Runs again what was certified, from the texts in the certificate.
  private func repeated(
    _ sample: [ScenarioEvidence], _ folder: CertificateFolder, on console: Console
  ) async throws -> [ScenarioEvidence] {
    var items: [SimItem] = []
    for run in sample {
      // A file that is missing or does not parse has been told as a difference of files.
      guard let text = folder.scenario(run.path), let seed = UInt64(run.seed),
        let scenario = try? ScenarioFile.parse(text, file: run.path)
      else { continue }
      items.append(SimItem(scenario: scenario, seed: seed))
    }
    let campaign = Campaign(items: items, jobs: jobs, checksDeterminism: false, tracePath: nil)
    return try await campaign.run(on: console).map {
      ScenarioEvidence(
        $0.result, repeated: nil, text: folder.scenario($0.item.scenario.path) ?? "")
    }
  }
}

/// What a verification came to.
struct VerifyReport {
  let path: String
  let differences: [CertificateVerifier.Difference]
  let files: Int
  let repeated: Int
  let runs: Int

  private static let shown = 20

  func print(on console: Console) {
    for difference in differences.prefix(Self.shown) {
      console.print("\(console.paint(difference.place, .bad)): \(difference.message)")
    }
    if differences.count > Self.shown {
      console.print("… and \(differences.count - Self.shown) more (--json has them all)")
    }
    if !differences.isEmpty { console.print() }
    let told =
      "\(counted(files, "file")), \(repeated) of \(counted(runs, "run")) repeated: "
    console.print(
      differences.isEmpty
        ? console.paint(told + "as certified.", .good)
        : console.paint(told + "\(counted(differences.count, "difference")).", .bad))
    console.next(
      differences.isEmpty
        ? repeated < runs
          ? "`assay verify \(path) --full` repeats every run."
          : "\(path)/certificate.html is for reading."
        : "restore what differs, or certify anew with `assay certify --output \(path)`.")
  }

  /// The document of `--json`.
  var json: String {
    Document.text(command: "verify", hasPassed: differences.isEmpty) { figures in
      figures.integer("files", files)
      figures.integer("runs", runs)
      figures.integer("repeated", repeated)
      figures.integer("differences", differences.count)
    } items: { items in
      for difference in differences {
        items.object { item in
          item.string("id", difference.place)
          item.string("verdict", "fail")
          item.string("message", difference.message)
        }
      }
    }
  }
}

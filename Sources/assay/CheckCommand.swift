import ArgumentParser
import Report
import Simulation
import Store

/// `assay check`: the twenty pre-live checks of a database.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Holds a database to the twenty pre-live checks.",
    discussion: """
      The database is read, never changed, and its writer may go on. What cannot be judged, for \
      want of a configuration or of rows, fails as `not shown`. All twenty must pass before live \
      trading is discussed; `assay list checks` says what each looks at.
      """)

  @Option(help: ArgumentHelp("The database of the runs.", valueName: "file"))
  var db: String

  @Option(
    help: ArgumentHelp("The configuration that is to trade.", valueName: "file"))
  var config: String?

  @Option(
    help: ArgumentHelp(
      "A certificate: its scenarios show breakers, its configuration stands in for --config.",
      valueName: "folder"))
  var certificate: String?

  @Option(help: ArgumentHelp("Write the results as JSON; - is standard output.", valueName: "file"))
  var json: String?

  @Option(help: ArgumentHelp("Write the results as JUnit XML.", valueName: "file"))
  var junit: String?

  func run() throws {
    let console = Console()
    let folder = try certificate.map { try Inputs.certificate($0, on: console) }
    var settings = try config.map { try Inputs.configuration($0, on: console) }
    if settings == nil, let folder, let text = folder.configuration {
      settings = try Inputs.configuration(
        folder.certificate.identity.configurationFile, text: text, on: console)
    }
    let facts = CheckFacts(
      store: try Inputs.facts(db, settings, on: console), configuration: settings,
      drills: ScenarioEvidence.drills(folder?.certificate.suite ?? []))
    let report = CheckReport(
      checks: CheckCatalogue.check(facts), db: db,
      config: config ?? folder?.certificate.identity.configurationFile)
    do {
      if let json { try OutputFile.write(report.json, to: json) }
      if let junit { try OutputFile.write(report.junit, to: junit) }
    } catch {
      console.error(error.message)
      throw ExitStatus.fault
    }
    if json != "-" { report.print(on: console) }
    guard report.hasPassed else { throw ExitStatus.failed }
  }
}

/// Reads what commands about certificates are given, and tells what is wrong with it.
enum Inputs {
  /// A configuration file.
  static func configuration(_ path: String, on console: Console) throws -> LiveConfiguration {
    try configuration(path, text: text(path, on: console), on: console)
  }

  /// A configuration from its text.
  static func configuration(
    _ path: String, text: String, on console: Console
  ) throws -> LiveConfiguration {
    do {
      return try ConfigurationFile.parseWhole(text, file: path)
    } catch {
      console.error(error)
      throw ExitStatus.badInput
    }
  }

  /// The text of a file.
  static func text(_ path: String, on console: Console) throws -> String {
    guard ScenarioPaths.isReadable(path) else {
      console.error("\(path): no such file", remedy: "Give the path of a configuration file.")
      throw ExitStatus.missingInput
    }
    do {
      return try ConfigurationFile.text(path: path)
    } catch {
      console.error(error)
      throw ExitStatus.badInput
    }
  }

  /// A certificate that is what was written.
  static func certificate(_ path: String, on console: Console) throws -> CertificateFolder {
    do throws(CertificateRefusal) {
      return try CertificateFolder(path: path).intact()
    } catch {
      console.error(error.problem, remedy: error.remedy)
      throw error.reason == .missing ? ExitStatus.missingInput : ExitStatus.badInput
    }
  }

  /// What a database holds.
  static func facts(
    _ path: String, _ configuration: LiveConfiguration?, on console: Console
  ) throws -> StoreFacts {
    guard ScenarioPaths.isReadable(path) else {
      console.error("\(path): no such file", remedy: "Give the database of a live run.")
      throw ExitStatus.missingInput
    }
    do {
      return try StoreFacts(StoreInspection(path: path), configuration: configuration)
    } catch {
      console.error(error.message, remedy: error.remedy)
      throw error.code == .notFound ? ExitStatus.missingInput : ExitStatus.badInput
    }
  }
}

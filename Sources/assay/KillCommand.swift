import ArgumentParser
import Engine
import Live
import Simulation

/// `assay kill`: engages the kill switch.
struct KillCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kill",
    abstract: "Engages the kill switch: no entries, resting entries cancelled, exits allowed.",
    discussion: """
      The switch is a file. A running engine finds it within a second; one that is started later \
      finds it too. Only `assay resume` lifts it.
      """)

  @Option(help: ArgumentHelp("The configuration of the engine.", valueName: "file"))
  var config = "config/paper.yaml"

  @Option(help: "Why, for the record.")
  var reason = "an operator engaged it"

  func run() throws {
    let console = Console()
    let settings = try OperatorSettings.read(config, on: console)
    do throws(LiveError) {
      try OperatorFiles(killSwitchPath: settings.killSwitch).engage(reason: reason)
    } catch {
      console.error(error.problem, remedy: error.remedy)
      throw ExitStatus.failed
    }
    console.print("kill switch engaged: \(settings.killSwitch)")
    console.next("`assay status --config \(config)`; `assay resume` lifts the switch.")
  }
}

/// `assay resume`: lifts the kill switch.
struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Lifts the kill switch, of a running engine or of one that rests.")

  @Option(help: ArgumentHelp("The configuration of the engine.", valueName: "file"))
  var config = "config/paper.yaml"

  @Option(help: "Why, for the record.")
  var reason = "an operator lifted it"

  func run() throws {
    let console = Console()
    let settings = try OperatorSettings.read(config, on: console)
    do throws(LiveError) {
      let outcome = try OperatorFiles(killSwitchPath: settings.killSwitch)
        .lift(store: settings.store, reason: reason)
      switch outcome {
      case .wasNotEngaged: console.print("the kill switch was not engaged")
      case .liftedByEngine: console.print("kill switch lifted by the running engine")
      case .liftedAtRest: console.print("kill switch lifted; the next start may trade")
      }
    } catch {
      console.error(error.problem, remedy: error.remedy)
      throw ExitStatus.failed
    }
    console.next("`assay status --config \(config)` says how it is.")
  }
}

/// What operator commands need of a configuration.
enum OperatorSettings {
  /// Reads the live part of a configuration.
  ///
  /// - Throws: The exit code, after what is wrong has been told.
  static func read(_ path: String, on console: Console) throws -> LiveSettings {
    guard ScenarioPaths.isReadable(path) else {
      console.error("\(path): no such file", remedy: "expected a configuration in YAML")
      throw ExitStatus.missingInput
    }
    do {
      let whole = try ConfigurationFile.parseWhole(
        try ConfigurationFile.text(path: path), file: path)
      guard let live = whole.live else {
        console.error(
          "\(path) does not say where the venue is",
          remedy: "name the configuration that `assay live` runs with")
        throw ExitStatus.badInput
      }
      return live
    } catch let error as SettingsError {
      console.error(error)
      throw ExitStatus.badInput
    }
  }
}

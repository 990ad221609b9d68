import Glibc
import Simulation

/// Finds and reads the scenarios that a command line names.
enum ScenarioPaths {
  /// Where scenarios are looked for without a path.
  static let standard = "Scenarios"

  /// Every scenario under `paths`, in order of the paths and, within a folder, of the names.
  ///
  /// - Throws: The exit code, after everything that is wrong has been told.
  static func load(_ paths: [String], on console: Console) throws -> [Scenario] {
    let files = try find(paths, on: console)
    var scenarios: [Scenario] = []
    var isBroken = false
    for file in files {
      do {
        scenarios.append(try ScenarioFile.read(path: file))
      } catch {
        console.error(error)
        isBroken = true
      }
    }
    if isBroken { throw ExitStatus.badInput }
    return scenarios
  }

  /// The file of every scenario under `paths`, in the same order.
  ///
  /// - Throws: The exit code, after what is wrong has been told.
  static func find(_ paths: [String], on console: Console) throws -> [String] {
    var files: [String] = []
    for path in paths.isEmpty ? [standard] : paths {
      for file in try find(path, on: console, isStandard: paths.isEmpty)
      where !files.contains(file) { files.append(file) }
    }
    return files
  }

  private static func find(
    _ path: String, on console: Console, isStandard: Bool
  ) throws -> [String] {
    guard isReadable(path) else {
      console.error(
        "\(path): no such file or folder",
        remedy: isStandard
          ? "Run assay where the folder \(standard) is, or name a path."
          : "`assay list scenarios` shows what there is.")
      throw ExitStatus.missingInput
    }
    do {
      let files = try ScenarioFile.paths(under: path)
      if !files.isEmpty { return files }
    } catch {
      console.error(error)
      throw ExitStatus.badInput
    }
    console.error("\(path): no scenario in this folder", remedy: "expected files in *.yaml")
    throw ExitStatus.missingInput
  }

  /// Whether there is anything at `path` that may be read.
  static func isReadable(_ path: String) -> Bool { access(path, R_OK) == 0 }
}

extension Console {
  /// Tells what is wrong with a scenario or configuration file, and where.
  func error(_ settings: SettingsError) {
    let place =
      settings.line > 0
      ? "\(settings.file):\(settings.line):\(settings.column)" : settings.file
    error(
      "\(place): \(settings.problem)", remedy: settings.remedy.isEmpty ? nil : settings.remedy)
  }
}

import Foundation

/// The built `assay`, run as a user runs it: from the repository, not on a terminal.
enum Program {
  struct Outcome {
    let status: Int32
    let output: String
    let talk: String
  }

  /// The repository.
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The executable that was built beside this test.
  static var executable: URL {
    URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .appending(path: "assay")
  }

  /// Runs `assay` with `arguments` in `folder`, the repository by default, and waits for its end.
  static func run(
    _ arguments: [String], in folder: URL = root, environment: [String: String] = [:]
  ) throws -> Outcome {
    let scratch = try Scratch()
    let output = scratch.path("output")
    let talk = scratch.path("talk")
    for path in [output, talk] { try Data().write(to: URL(filePath: path)) }
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment
      .merging(["SWIFT_BACKTRACE": "enable=no", "COLUMNS": "80"]) { $1 }
      .merging(environment) { $1 }
    // Files, not pipes: a pipe that nobody empties would stop a long answer.
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: talk)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus,
      output: try String(contentsOfFile: output, encoding: .utf8),
      talk: try String(contentsOfFile: talk, encoding: .utf8))
  }
}

/// A folder that goes with its owner.
final class Scratch {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "assay-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// The path of a file in the folder.
  func path(_ name: String) -> String { folder.appending(path: name).path }

  /// Writes a file and returns its path.
  func write(_ text: String, as name: String) throws -> String {
    try Data(text.utf8).write(to: URL(filePath: path(name)))
    return path(name)
  }
}

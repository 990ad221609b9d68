import Foundation

/// cvc5 as a program: the second opinion.
struct CVC5: Solver {
  let name: String
  private let path: String

  /// Finds the program.
  ///
  /// - Parameter path: Its path; without one, `cvc5` of the search path.
  /// - Throws: ``SolverError`` where it cannot be started, or is no cvc5.
  init(path: String? = nil) throws(SolverError) {
    let found = path ?? Self.searchPath("cvc5")
    guard let found, access(found, X_OK) == 0 else {
      throw .missing(solver: "cvc5", detail: "no program at \(path ?? "cvc5 on the PATH")")
    }
    self.path = found
    let output = try Self.launch(found, ["--version"], input: "")
    let words = output.split(whereSeparator: \.isWhitespace)
    let version = words.firstIndex(of: "version").flatMap { index -> Substring? in
      words.indices.contains(index + 1) ? words[index + 1] : nil
    }
    guard let version else {
      throw .unreadable(solver: "cvc5", output: String(output.prefix(200)))
    }
    name = "cvc5 \(version)"
  }

  func run(_ text: String) throws(SolverError) -> String {
    // The limit of the text counts in the first solver's units; the second has its own, and a
    // clock behind it: what it does not answer in time is unknown.
    try Self.launch(
      path, ["--incremental", "--lang=smt2", "--rlimit-per=2000000", "--tlimit-per=20000"],
      input: text)
  }

  private static func searchPath(_ program: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }
  }

  /// Runs a program over a text in a file of its own: no pipe can fill up and block.
  private static func launch(
    _ path: String, _ arguments: [String], input: String
  ) throws(SolverError) -> String {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("assay-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let question = folder.appendingPathComponent("question.smt2")
      let answer = folder.appendingPathComponent("answer.txt")
      try Data(input.utf8).write(to: question)
      try Data().write(to: answer)
      let process = Process()
      process.executableURL = URL(fileURLWithPath: path)
      process.arguments = input.isEmpty ? arguments : arguments + [question.path]
      let output = try FileHandle(forWritingTo: answer)
      process.standardOutput = output
      process.standardError = output
      process.standardInput = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      try output.close()
      return String(decoding: try Data(contentsOf: answer), as: UTF8.self)
    } catch {
      throw .missing(solver: path, detail: "\(error)")
    }
  }
}

import Foundation
import Testing

/// The help of every command, held to `Fixtures/help`; `ASSAY_UPDATE=1 swift test --filter
/// HelpTests` writes it anew.
@Suite struct HelpTests {
  static let commands: [[String]] = [
    [], ["sim"], ["replay"], ["exchange"], ["prove"], ["list"], ["trace"], ["trace", "show"],
    ["trace", "diff"], ["trace", "explain"], ["check"], ["certify"], ["verify"],
  ]

  @Test(arguments: commands)
  func `help says what it said`(command: [String]) throws {
    let name = (["assay"] + command).joined(separator: "-") + ".txt"
    let golden = Program.root.appending(path: "Fixtures/help/\(name)")
    let outcome = try Program.run(command + ["--help"])
    #expect(outcome.status == 0)
    #expect(outcome.talk.isEmpty)
    if ProcessInfo.processInfo.environment["ASSAY_UPDATE"] == "1" {
      try FileManager.default.createDirectory(
        at: golden.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(outcome.output.utf8).write(to: golden)
    }
    let expected = try String(contentsOf: golden, encoding: .utf8)
    #expect(outcome.output == expected)
  }

  @Test(arguments: commands)
  func `help fits eighty columns`(command: [String]) throws {
    let outcome = try Program.run(command + ["--help"])
    for line in outcome.output.split(separator: "\n") where !line.hasPrefix("USAGE") {
      #expect(line.count <= 80, "\(line)")
    }
  }
}

import Foundation
import Testing

/// The official Python client, unmodified, against `assay exchange`.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ConformanceTests {
  /// The environment that `config/setup` makes; nil, with a notice, where it lacks the client.
  private static var python: URL? {
    let path = Program.root.appending(path: ".venv/bin/python")
    let probe = Process()
    probe.executableURL = path
    probe.arguments = ["-c", "import hyperliquid"]
    probe.standardError = FileHandle.nullDevice
    do {
      try probe.run()
    } catch {
      print("notice: skipped, there is no .venv with hyperliquid-python-sdk; run config/setup")
      return nil
    }
    probe.waitUntilExit()
    guard probe.terminationStatus == 0 else {
      print("notice: skipped, .venv lacks hyperliquid-python-sdk; run config/setup")
      return nil
    }
    return path
  }

  @Test func `the official client finds all that it needs`() throws {
    guard let python = Self.python else { return }
    let served = try #require(try ExchangeCommandTests.Served([]))
    let scratch = try Scratch()
    let report = scratch.path("report")
    try Data().write(to: URL(filePath: report))
    let client = Process()
    client.executableURL = python
    client.arguments = ["Tests/Conformance/hyperliquid_sdk.py", served.base]
    client.currentDirectoryURL = Program.root
    client.standardOutput = FileHandle(forWritingAtPath: report)
    client.standardError = client.standardOutput
    let venue = served.process.processIdentifier
    client.terminationHandler = { _ in kill(venue, SIGINT) }
    try client.run()
    // The venue talks all the while, and stops when the client is done.
    var lines: [String] = []
    while let line = served.line() { lines.append(line) }
    client.waitUntilExit()
    served.process.waitUntilExit()
    let text = try String(contentsOfFile: report, encoding: .utf8)
    #expect(client.terminationStatus == 0, "\(text)")
    #expect(text.hasSuffix(" passed, 0 failed\n"), "\(text)")
    #expect(text.split(separator: "\n").count { $0.hasPrefix("ok ") } >= 28, "\(text)")
    #expect(served.process.terminationStatus == 0)
    #expect(lines.contains { $0.contains("filled") } && lines.contains { $0.contains("placed") })
  }
}

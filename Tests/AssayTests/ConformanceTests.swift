import Foundation
import Testing

/// Unmodified clients of others, each against an `assay exchange` of its own.
@Suite(.serialized, .timeLimit(.minutes(3))) struct ConformanceTests {
  /// A script of `Tests/Conformance`, and the venue that it wants.
  struct Script: CustomTestStringConvertible {
    let name: String
    /// The modules of the clients that it drives.
    let modules: String
    /// How many checks it holds at least: fewer mean that it ended early.
    let checks: Int
    /// The arguments of the venue.
    var venue: [String] = []
    /// What the venue must have told on its own output meanwhile.
    var talk: [String] = []

    /// Whether they talk TLS.
    var isEncrypted = false

    var testDescription: String { isEncrypted ? "\(name), encrypted" : name }
  }

  static let scripts = [
    Script(name: "hyperliquid_sdk", modules: "hyperliquid", checks: 25),
    Script(
      name: "hyperliquid_orders", modules: "hyperliquid", checks: 18, talk: ["filled", "placed"]),
    Script(name: "hyperliquid_orders", modules: "hyperliquid", checks: 18, isEncrypted: true),
    Script(
      name: "hyperliquid_hours", modules: "hyperliquid, ccxt", checks: 4,
      venue: ["--speed", "600", "--deposit", "1000"]),
    Script(
      name: "hyperliquid_limits", modules: "hyperliquid, ccxt", checks: 5,
      venue: ["--speed", "20", "--scenario", "Tests/Conformance/limits.yaml"]),
    Script(name: "ccxt_hyperliquid", modules: "ccxt, eth_account", checks: 50),
    Script(name: "ccxt_binance", modules: "ccxt", checks: 21),
    Script(name: "ccxt_coinbase", modules: "ccxt", checks: 19),
    Script(name: "ccxt_deribit", modules: "ccxt", checks: 19),
  ]

  @Test(arguments: scripts)
  func `an unmodified client finds all that it needs`(script: Script) throws {
    guard let python = Self.python(with: script.modules) else { return }
    let scratch = try Scratch()
    let certificate = scratch.path("certificate.pem")
    let tls = script.isEncrypted ? ["--tls", certificate] : []
    let served = try #require(try ExchangeCommandTests.Served(script.venue + tls))
    let report = scratch.path("report")
    try Data().write(to: URL(filePath: report))
    let client = Process()
    // No client that hangs holds the tests.
    client.executableURL = URL(filePath: "/usr/bin/env")
    client.arguments = [
      "timeout", "150", python.path, "-B", "Tests/Conformance/\(script.name).py", served.base,
    ]
    client.currentDirectoryURL = Program.root
    if script.isEncrypted {
      // What the SDK's libraries for HTTP and WebSocket trust.
      client.environment = ProcessInfo.processInfo.environment.merging(
        ["REQUESTS_CA_BUNDLE", "WEBSOCKET_CLIENT_CA_BUNDLE"].map { ($0, certificate) }
      ) { $1 }
    }
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
    #expect(text.split(separator: "\n").count { $0.hasPrefix("ok ") } >= script.checks, "\(text)")
    #expect(served.process.terminationStatus == 0)
    for word in script.talk { #expect(lines.contains { $0.contains(word) }, "\(word)") }
  }

  /// The Python of `config/setup`; nil, with a notice, where it lacks one of the modules.
  private static func python(with modules: String) -> URL? {
    let path = Program.root.appending(path: ".venv/bin/python")
    let probe = Process()
    probe.executableURL = path
    probe.arguments = ["-c", "import \(modules)"]
    probe.standardError = FileHandle.nullDevice
    do {
      try probe.run()
    } catch {
      print("notice: skipped, there is no .venv with \(modules); run config/setup")
      return nil
    }
    probe.waitUntilExit()
    guard probe.terminationStatus == 0 else {
      print("notice: skipped, .venv lacks one of \(modules); run config/setup")
      return nil
    }
    return path
  }
}

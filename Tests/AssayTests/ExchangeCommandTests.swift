import Foundation
import Testing

/// `assay exchange` as a user meets it; every test is over in a second or two.
@Suite(.serialized, .timeLimit(.minutes(2))) struct ExchangeCommandTests {
  /// A served venue, from its banner to its summary.
  final class Served {
    let process = Process()
    let base: String
    private(set) var banner: [String] = []
    private let output = Pipe()
    private var unread = Data()

    init?(_ arguments: [String]) throws {
      process.executableURL = Program.executable
      process.arguments = ["exchange", "--port", "0"] + arguments
      process.currentDirectoryURL = Program.root
      process.standardOutput = output
      process.standardError = FileHandle.nullDevice
      process.standardInput = FileHandle.nullDevice
      try process.run()
      var lines: [String] = []
      while let line = Self.line(output, &unread) {
        lines.append(line)
        if line.hasPrefix("Ready") { break }
      }
      guard lines.last?.hasPrefix("Ready") == true,
        let line = lines.first(where: { $0.contains("SDK base_url") }),
        let address = line.split(separator: " ").last
      else { return nil }
      base = String(address)
      banner = lines
    }

    deinit { if process.isRunning { process.terminate() } }

    /// The next line of its output; nil at the end.
    func line() -> String? { Self.line(output, &unread) }

    private static func line(_ pipe: Pipe, _ unread: inout Data) -> String? {
      while true {
        if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
          let line = String(decoding: unread[unread.startIndex..<end], as: UTF8.self)
          unread = Data(unread[unread.index(after: end)...])
          return line
        }
        let more = pipe.fileHandleForReading.availableData
        guard !more.isEmpty else { return nil }
        unread += more
      }
    }

    /// Sends a request with the system's own client.
    func fetch(
      _ path: String, _ body: String? = nil, trusting certificate: String? = nil
    ) throws -> String {
      let client = Process()
      client.executableURL = URL(filePath: "/usr/bin/env")
      client.arguments = ["curl", "-s", "--max-time", "10"]
      if let certificate { client.arguments? += ["--cacert", certificate] }
      if let body { client.arguments? += ["-d", body] }
      client.arguments?.append(base + path)
      let pipe = Pipe()
      client.standardOutput = pipe
      try client.run()
      let data = pipe.fileHandleForReading.readDataToEndOfFile()
      client.waitUntilExit()
      return String(decoding: data, as: UTF8.self)
    }

    /// Asks it to stop with a signal; the last lines and the status.
    func stop(_ signal: Int32) -> (lines: [String], status: Int32) {
      kill(process.processIdentifier, signal)
      var lines: [String] = []
      while let line = line() { lines.append(line) }
      process.waitUntilExit()
      return (lines, process.terminationStatus)
    }
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func `it says where it is, answers, and stops with a summary`(signal: Int32) throws {
    let served = try #require(try Served([]))
    let text = served.banner.joined(separator: "\n")
    let port = try #require(served.base.split(separator: ":").last)
    #expect(text.contains("http://127.0.0.1:\(port)"))
    #expect(text.contains("ws://127.0.0.1:\(port)/ws"))
    #expect(text.contains("BTC, ETH"))
    #expect(try served.fetch("/info", #"{"type":"meta"}"#).contains(#""name":"ETH""#))
    #expect(try served.fetch("/assay/clock").contains(#""speed":1}"#))
    let end = served.stop(signal)
    #expect(end.status == 0)
    let last = try #require(end.lines.last)
    #expect(last.hasPrefix("Stopped: 0 WebSockets, 1 call,"))
  }

  @Test func `a refused action is a line`() throws {
    let served = try #require(try Served(["--symbols", "SOL", "--deposit", "500"]))
    #expect(served.banner.contains { $0.contains("500.00 USD") })
    let answer = try served.fetch(
      "/exchange",
      #"{"action":{"type":"noop"},"nonce":1,"signature":{"r":"0x1","s":"0x1","v":27}}"#)
    #expect(answer.contains(#""status":"err""#))
    #expect(try #require(served.line()).contains("refused"))
    #expect(served.stop(SIGINT).status == 0)
  }

  /// The planted bug: a banner that leaves a client at the real venue, or at another path.
  @Test func `it prints what to paste into each client, and serves every venue there`() throws {
    let served = try #require(try Served([]))
    let sockets = "ws" + served.base.dropFirst(4)
    let text = served.banner.joined(separator: "\n")
    #expect(text.contains("Simulated Hyperliquid, Binance, Coinbase, Deribit: "))
    for line in [
      "ccxt.hyperliquid({'urls': {'api': {'public': '\(served.base)', 'private': '\(served.base)', "
        + "'ws': {'public': '\(sockets)/ws'}}}})",
      "'fapiPublic': '\(served.base)/fapi/v1'", "'fapiData': '\(served.base)/futures/data'",
      "'ws': {'linear': '\(sockets)/ws'}",
      "ccxt.deribit({'urls': {'api': {'rest': '\(served.base)', 'ws': '\(sockets)/ws/api/v2'}}})",
      "'ws': '\(sockets)/coinbase/exchange'", "'ws': '\(sockets)/coinbase/advanced'",
    ] {
      #expect(text.contains(line), "\(line)")
    }
    #expect(try served.fetch("/fapi/v1/time").contains(#""serverTime":"#))
    #expect(try served.fetch("/products/BTC-USD/ticker").contains(#""bid":"#))
    #expect(
      try served.fetch("/api/v2/public/get_index_price?index_name=btc_usd")
        .contains(#""index_price":"#))
    #expect(served.stop(SIGINT).status == 0)
  }

  @Test func `with a certificate it speaks TLS to those who trust it`() throws {
    let scratch = try Scratch()
    let file = scratch.path("venue.pem")
    let served = try #require(try Served(["--tls", file, "--strict-network", "testnet"]))
    #expect(served.base.hasPrefix("https://127.0.0.1:"))
    let text = served.banner.joined(separator: "\n")
    #expect(text.contains(#"trust: "\#(file)""#))
    #expect(text.split(separator: "'cafile': '\(file)'").count == 6)
    #expect(text.contains("for the testnet only") && text.contains("'sandboxMode': True"))
    #expect(
      try served.fetch("/info", #"{"type":"meta"}"#, trusting: file).contains(#""name":"BTC""#))
    #expect(try served.fetch("/info", #"{"type":"meta"}"#).isEmpty)
    #expect(try !String(contentsOfFile: file, encoding: .utf8).contains("PRIVATE"))
    #expect(served.stop(SIGINT).status == 0)
  }

  @Test func `a scenario is served with its faults, and says what it leaves out`() throws {
    let served = try #require(
      try Served(["--scenario", "Scenarios/network/rate-limited.yaml", "--speed", "10000"]))
    #expect(served.banner.contains { $0.contains("scenario rate-limited, seed 1") })
    #expect(served.banner.contains { $0.contains("not applied") && $0.contains("script") })
    var lines: [String] = []
    while lines.last?.contains("V3 ends") != true, let line = served.line() { lines.append(line) }
    #expect(lines.contains { $0.contains("V3 begins") })
    #expect(served.stop(SIGTERM).status == 0)
  }

  @Test func `recorded candles are served`() throws {
    let served = try #require(try Served(["--prices"] + ReplayCommandTests.candles))
    #expect(served.banner.contains { $0.contains("recorded candles from 2024-08-") })
    let candles = try served.fetch(
      "/info",
      #"{"type":"candleSnapshot","req":{"coin":"BTC","interval":"15m","startTime":0,"#
        + #""endTime":4000000000000}}"#)
    #expect(candles.split(separator: "{").count > 500)
    #expect(served.stop(SIGINT).status == 0)
  }

  @Test func `a taken port is one line and what to do`() throws {
    let served = try #require(try Served([]))
    let port = String(try #require(served.base.split(separator: ":").last))
    let outcome = try Program.run(["exchange", "--port", port])
    #expect(outcome.status == 64)
    #expect(outcome.talk.hasPrefix("error: 127.0.0.1:\(port) is taken by another program\n"))
    #expect(outcome.talk.split(separator: "\n").count == 2)
    #expect(served.stop(SIGINT).status == 0)
  }

  static let refusals: [(arguments: [String], status: Int32)] = [
    (["--scenario", "nowhere.yaml"], 66), (["--prices", "nowhere_BTC_1m.csv"], 66),
    (["--scenario", "README.md"], 65), (["--prices", "README.md"], 65),
    (["--speed", "0"], 64), (["--port", "70000"], 64), (["--symbols", "NOPE"], 64),
    (["--symbols", "BTC,BTC"], 64), (["--deposit", "much"], 64),
    (["--tls", "nowhere/venue.pem"], 64), (["--strict-network", "devnet"], 64),
    (["--scenario", "Scenarios/calm/calm-day.yaml", "--symbols", "BTC"], 64),
  ]

  @Test(arguments: refusals)
  func `what cannot be served ends with its exit code`(
    arguments: [String], status: Int32
  ) throws {
    let outcome = try Program.run(["exchange"] + arguments)
    #expect(outcome.status == status, "\(outcome.talk)")
    #expect(outcome.output.isEmpty)
    #expect(!outcome.talk.isEmpty)
  }
}

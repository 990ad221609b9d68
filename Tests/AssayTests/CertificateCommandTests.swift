import Foundation
import Testing

/// `assay check`, `certify` and `verify` as a user runs them.
@Suite struct CertificateCommandTests {
  private static let scenario = """
    name: short
    about: A minute in which nothing happens.
    seed: 1
    start: 2026-03-02T00:00:00Z
    duration: 2m
    execution: exchange
    script: {signals: []}
    market:
      BTC: {model: constant, price: 60000}
    venues:
      hyperliquid: {latency: 40ms, blockInterval: 5s, history: {days: 1, fineDays: 1}}

    """

  @Test func `checks are listed, twenty of them`() throws {
    let outcome = try Program.run(["list", "checks", "--json", "-"])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("\"count\":20"))
    #expect(outcome.output.contains("\"id\":\"kill-switch\""))
  }

  @Test func `a replay's database is looked at and found wanting`() throws {
    let scratch = try Scratch()
    let (db, json, junit) = (scratch.path("a.db"), scratch.path("a.json"), scratch.path("a.xml"))
    let candles = "Fixtures/candles/synthetic_BTC_15m_2024-08-08_2024-09-16.csv.gz"
    #expect(try Program.run(["replay", candles, "--db", db]).status == 0)
    let outcome = try Program.run([
      "check", "--db", db, "--config", "config/paper.yaml", "--json", json, "--junit", junit,
    ])
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("database-integrity"))
    #expect(outcome.output.contains("not shown"))
    let document = try String(contentsOfFile: json, encoding: .utf8)
    #expect(document.contains("\"command\":\"check\""))
    #expect(document.contains("\"checks\":20"))
    let xml = try String(contentsOfFile: junit, encoding: .utf8)
    #expect(xml.contains("<testsuite name=\"checks\" tests=\"20\""))
  }

  @Test func `what cannot be read has its own exit code`() throws {
    let scratch = try Scratch()
    #expect(try Program.run(["check", "--db", scratch.path("none")]).status == 66)
    let text = try scratch.write("no database", as: "text")
    #expect(try Program.run(["check", "--db", text]).status == 65)
    #expect(try Program.run(["check"]).status == 64)
    #expect(try Program.run(["verify", scratch.path("none")]).status == 66)
    let folder = try scratch.write("{}", as: "certificate.json")
    #expect(try Program.run(["verify", folder]).status == 65)
    let full = try Program.run(["certify", "--output", scratch.folder.path, "--quick"])
    #expect(full.status == 64)
    #expect(full.talk.contains("holds something else than a certificate"))
    let missing = try Program.run([
      "certify", "--output", scratch.path("c"), "--config", scratch.path("none.yaml"),
    ])
    #expect(missing.status == 66)
  }

  @Test func `a certificate verifies until something changes`() throws {
    let scratch = try Scratch()
    let scenario = try scratch.write(Self.scenario, as: "short.yaml")
    let folder = scratch.path("certificate")
    let made = try Program.run([
      "certify", "--quick", "--scenarios", scenario, "--output", folder,
    ])
    #expect(made.status == 0, "\(made.output) \(made.talk)")
    #expect(made.output.contains("pass: allows paper; no order may leave this machine."))
    let good = try Program.run(["verify", folder])
    #expect(good.status == 0, "\(good.output) \(good.talk)")
    #expect(good.output.contains("as certified."))
    _ = try scratch.write(Self.scenario + "#", as: "short.yaml")
    let bad = try Program.run(["verify", folder])
    #expect(bad.status == 1)
    #expect(bad.output.contains("\(scenario): byte "))
    #expect(bad.output.contains("differs from the certified scenario"))
  }

  @Test(arguments: [
    (["--config", "config/testnet.yaml"], "no certificate was named"),
    (["--config", "config/mainnet.yaml"], "trades real money"),
    (["--config", "config/mainnet.yaml", "--mainnet"], "no certificate was named"),
    (["--config", "config/testnet.yaml", "--certificate", "/nowhere"], "no such file"),
  ])
  func `orders that would leave this machine are refused`(
    arguments: [String], reason: String
  ) throws {
    let outcome = try Program.run(["live"] + arguments)
    #expect(outcome.status == 1)
    #expect(outcome.talk.contains(reason))
    #expect(outcome.talk.contains("assay certify") || outcome.talk.contains("--mainnet"))
  }
}

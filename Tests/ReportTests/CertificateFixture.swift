import Engine
import Market
import Simulation

@testable import Report

/// A small certificate of a real run, with proofs and checks, in which all that is demanded holds.
struct CertificateFixture {
  static let issued = Instant(milliseconds: 1_760_000_000_000)
  static let path = "Scenarios/calm/short.yaml"
  static let build = String(repeating: "ab", count: 32)
  static let script = "(set-logic QF_NIA)\n(check-sat)\n"

  static let scenario = """
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
    faults:
      - {id: N1, at: 1m, for: 5s}

    """

  var certificate: Certificate
  var sources: CertificateFiles.Sources

  /// Everything shown; `text` is the configuration.
  init(_ text: String = Rehearsal.text, issued: Instant = Self.issued) throws {
    let rehearsal = try Rehearsal(text)
    let checks = CheckEvidence(database: "data/paper.db", facts: try rehearsal.facts())
    certificate = Certificate(
      identity: CertificateIdentity(
        build: Self.build, version: "0.1.0 debug", toolchain: "Swift", platform: "Linux",
        configurationFile: "test.yaml", configuration: SHA256.hex(of: text.utf8),
        engine: rehearsal.configuration.engine.digest.description),
      issued: issued, isQuick: false, roots: ["Scenarios"], suite: [try Self.run()],
      proof: Self.proof, checks: checks)
    sources = CertificateFiles.Sources(
      configuration: text, scenarios: [Self.path: Self.scenario],
      proofs: ["worst-loss": Self.script])
  }

  var files: CertificateFiles { CertificateFiles(certificate, from: sources) }

  /// The run of the scenario, for the first time and again.
  static func run() throws -> ScenarioEvidence {
    let scenario = try ScenarioFile.parse(scenario, file: path)
    return ScenarioEvidence(
      ScenarioRunner.run(scenario, seed: 1), repeated: ScenarioRunner.run(scenario, seed: 1),
      text: Self.scenario)
  }

  static let proof = ProofEvidence(
    solvers: ["Z3 4.8.12"],
    theorems: [
      ProofEvidence.Theorem(
        id: "worst-loss", statement: "An approved trade loses at most 1 % with <costs> & all.",
        verdict: "proved", detail: "", provedBy: ["Z3 4.8.12"], paths: 4, obligations: 9,
        units: 1_234, witness: ["equity = 1"], kills: 1, script: SHA256.hex(of: script.utf8))
    ],
    rules: [
      ProofEvidence.Rule(name: "gate", paths: 4, reached: 3, unreachable: 1, isDecided: true)
    ],
    mutants: [
      ProofEvidence.Mutant(id: "gate: < for <=", fate: "killed", killers: ["worst-loss"]),
      ProofEvidence.Mutant(id: "gate: 0 + x", fate: "equivalent", killers: []),
    ])

  /// What is here where nothing has changed.
  static var surroundings: CertificateVerifier.Surroundings {
    CertificateVerifier.Surroundings(
      build: build, configuration: (file: "test.yaml", text: Rehearsal.text),
      scenarios: [path: scenario], now: issued + .days(1))
  }
}

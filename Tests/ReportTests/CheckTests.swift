import Engine
import Market
import Risk
import Simulation
import Store
import Strategies
import Testing

@testable import Report

/// One thing that is wrong with a rehearsal, and the one check that says so.
struct Flaw: Sendable, CustomTestStringConvertible {
  let check: String
  let name: String
  let figure: String
  var text = Rehearsal.text
  var breaking: @Sendable (inout Rehearsal) throws -> Void = { _ in }

  var testDescription: String { "\(check): \(name)" }
}

@Suite struct CheckTests {
  @Test func `there are twenty checks with names of their own`() {
    #expect(CheckCatalogue.all.count == 20)
    #expect(Set(CheckCatalogue.all.map(\.id)).count == 20)
  }

  @Test func `all twenty hold of a sound rehearsal`() throws {
    let checks = CheckCatalogue.check(try Rehearsal().facts())
    for check in checks {
      #expect(check.hasPassed, "\(check.id): \(check.figure) \(check.evidence)")
      #expect(!check.threshold.isEmpty && !check.figure.isEmpty && !check.evidence.isEmpty)
    }
  }

  @Test func `every check has a flaw that it finds`() {
    let named = Set(Flaw.all.map(\.check)).union(["database-integrity"])
    #expect(named == Set(CheckCatalogue.all.map(\.id)))
  }

  @Test(arguments: Flaw.all)
  func `a flaw fails its check and no other`(flaw: Flaw) throws {
    var rehearsal = try Rehearsal(flaw.text)
    try flaw.breaking(&rehearsal)
    let checks = CheckCatalogue.check(try rehearsal.facts())
    #expect(checks.filter { !$0.hasPassed }.map(\.id) == [flaw.check])
    #expect(checks.first { $0.id == flaw.check }?.figure == flaw.figure)
  }

  @Test func `a changed row fails the database's integrity`() throws {
    let scratch = try Scratch()
    let path = scratch.path("store.db")
    let rehearsal = try Rehearsal()
    _ = try rehearsal.store(path: path)
    try scratch.execute("UPDATE equity SET equity_e8 = equity_e8 + 1 WHERE row = 7", on: path)
    let facts = CheckFacts(
      store: try StoreFacts(
        StoreInspection(path: path), configuration: rehearsal.configuration),
      configuration: rehearsal.configuration)
    let checks = CheckCatalogue.check(facts)
    let integrity = checks.first { $0.id == "database-integrity" }
    #expect(integrity?.hasPassed == false)
    #expect(integrity?.figure == "1 difference")
    #expect(integrity?.evidence.last?.hasPrefix("equity: ") == true)
    // Nothing else that it says is believed.
    let passed = checks.filter(\.hasPassed).map(\.id)
    #expect(passed == ["risk-parameters", "alerting", "execution-mode"])
    let uptime = checks.first { $0.id == "uptime" }
    #expect(uptime?.evidence == ["the database is damaged: what it says shows nothing"])
  }

  @Test func `an empty database shows nothing`() throws {
    let store = try Store(path: ":memory:")
    let configuration = try Rehearsal().configuration
    let facts = CheckFacts(
      store: try StoreFacts(store.inspection, configuration: configuration),
      configuration: configuration)
    let passed = CheckCatalogue.check(facts).filter(\.hasPassed).map(\.id)
    #expect(passed == ["risk-parameters", "alerting", "execution-mode"])
  }

  @Test func `without a configuration what needs one is not shown`() throws {
    let store = try Rehearsal().store()
    let facts = CheckFacts(
      store: try StoreFacts(store.inspection, configuration: nil), configuration: nil)
    let hidden = CheckCatalogue.check(facts).filter { $0.figure == "not shown" }
    #expect(
      Set(hidden.map(\.id)) == [
        "configuration", "strategies-registered", "strategies-healthy", "slippage",
        "risk-parameters", "alerting", "execution-mode",
      ])
    #expect(hidden.allSatisfy { !$0.hasPassed })
  }

  @Test func `a degraded strategy runs, and only the newest health counts`() throws {
    var rehearsal = try Rehearsal()
    rehearsal.insert(
      [
        rehearsal.health(Rehearsal.strategy, "starved", .days(2)),
        rehearsal.health(Rehearsal.strategy, "degraded", .days(2) + .minutes(3)),
      ], after: .days(3))
    let check = CheckCatalogue.check(try rehearsal.facts()).first { $0.id == "strategies-healthy" }
    #expect(check?.hasPassed == true)
  }

  @Test func `a breaker that tripped in a scenario is exercised`() throws {
    var rehearsal = try Rehearsal()
    rehearsal.drop { if case .breaker(let row) = $0 { row.kind == .rateLimit } else { false } }
    var facts = try rehearsal.facts()
    facts.drills = [.rateLimit: ["rate-limited@1"]]
    let check = CheckCatalogue.check(facts).first { $0.id == "breakers" }
    #expect(check?.hasPassed == true)
    #expect(check?.evidence.contains("rate_limit: in the scenario suite, rate-limited@1") == true)
  }

  @Test func `a run of the configuration as it stands is accepted too`() throws {
    var rehearsal = try Rehearsal()
    let digest = rehearsal.configuration.engine.digest.value
    rehearsal.change {
      guard case .run(let row) = $0 else { return $0 }
      return .run(RunRecord(epoch: row.epoch, startedAt: row.startedAt, configuration: digest))
    }
    let checks = CheckCatalogue.check(try rehearsal.facts())
    #expect(checks.first { $0.id == "configuration" }?.hasPassed == true)
  }

  @Test func `paper that charges less than sizing pays for fails`() throws {
    let text = """
      execution: paper
      symbols: [{name: BTC}]
      strategies: [ema_cross]
      paper: {entrySlippage: 1bp}

      """
    let configuration = try ConfigurationFile.parseWhole(text, file: "test.yaml")
    let store = try Store(path: ":memory:")
    let facts = CheckFacts(
      store: try StoreFacts(store.inspection, configuration: configuration),
      configuration: configuration)
    let check = CheckCatalogue.check(facts).first { $0.id == "execution-mode" }
    #expect(check?.figure == "paper, too cheap")
    #expect(check?.evidence == ["entry slippage: paper charges 1 bp, sizing pays for 5 bp"])
  }
}

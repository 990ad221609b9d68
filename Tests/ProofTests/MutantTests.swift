import Testing

@testable import Proof

/// Wrong copies of the rules: CI grades all of them with `assay prove --mutants`.
@Suite struct MutantTests {
  @Test func `every mutant of breakers, escalation and drift is killed or equivalent`() throws {
    let ids = [
      "level-trips", "failures-trip", "rate-limits-trip", "escalation-exact", "drift-exact",
      "high-water-never-falls",
      "fits-safety",
    ]
    let report = try Prover().run(ids, withMutants: true)
    #expect(report.mutants.count >= 60)
    for mutant in report.mutants { #expect(mutant.fate != .survived, "\(mutant.id)") }
    #expect(report.hasPassed)
    for theorem in report.theorems where theorem.id != "fits-safety" {
      #expect(!theorem.kills.isEmpty, "\(theorem.id)")
    }
  }

  /// Each branch of gate and sizing turned round, always taken, never taken.
  @Test func `no branch of the gate can be wrong`() throws {
    let session = ProofSession(range: .house, solver: Z3(), resourceLimit: 20_000_000)
    let rule = GateRule()
    _ = try session.witness(rule)
    let theorems = TheoremCatalog.all.filter { $0.rules.contains { $0.name == rule.name } }
    let branches = session.mutations(of: [rule]).filter { $0.operation == .branch }
    #expect(branches.count == 81)
    for mutation in branches {
      let trial = MutantTrial(
        session: session, mutation: mutation, rules: [rule], theorems: theorems)
      guard case .killed = try trial.fate() else {
        Issue.record("\(mutation)")
        continue
      }
    }
  }

  /// The suite's own negative: with a theorem that asks for nothing, mutants survive.
  @Test func `a theorem that says nothing lets mutants live`() throws {
    let session = ProofSession(range: .house, solver: Z3(), resourceLimit: 20_000_000)
    let rule = MeasuredRule()
    _ = try session.witness(rule)
    let empty = Theorem(
      id: "empty", statement: "Nothing.", rules: [rule], claim: { $0.always })
    let mutation = try #require(
      session.mutations(of: [rule]).first { $0.operation == .branch && $0.change == .negated })
    let trial = MutantTrial(session: session, mutation: mutation, rules: [rule], theorems: [empty])
    #expect(try trial.fate() == .survived)
  }

  @Test func `a mutant that changes nothing is proved to be no mutant`() throws {
    let session = ProofSession(range: .house, solver: Z3(), resourceLimit: 20_000_000)
    let rule = DriftRule()
    let theorem = try #require(TheoremCatalog["drift-exact"])
    _ = try session.witness(rule)
    let fates = try session.mutations(of: [rule]).map {
      try MutantTrial(session: session, mutation: $0, rules: [rule], theorems: [theorem]).fate()
    }
    #expect(fates.contains(.equivalent))
    #expect(!fates.contains(.survived))
  }
}

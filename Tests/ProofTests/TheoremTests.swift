import Risk
import Testing

@testable import Proof

/// The theorems on the rules as they are, and on rules that are wrong.
@Suite struct TheoremTests {
  /// Everything at once: one session proves all theorems, replays all witnesses.
  @Test func `every theorem is proved for all limits of the house`() throws {
    let report = try Prover().run()
    for theorem in report.theorems {
      #expect(theorem.verdict == .proved, "\(theorem.id)")
      #expect(theorem.obligations > 0, "\(theorem.id)")
      #expect(!theorem.witness.isEmpty || theorem.id == "laws-of-arithmetic", "\(theorem.id)")
    }
    for rule in report.rules {
      #expect(rule.undecidedPaths == 0 && !rule.hasDiverged, "\(rule.name)")
      #expect(rule.reachedPaths + rule.unreachablePaths == rule.paths, "\(rule.name)")
    }
    #expect(report.theorems.count >= 30)
    #expect(report.hasPassed)
  }

  @Test(arguments: [Limits.paperDefault, Limits.exchangeDefault])
  func `the theorems of limits are proved for both defaults`(limits: Limits) throws {
    let report = try Prover(range: .limits(limits)).run(Prover.theoremsOfLimits)
    #expect(report.hasPassed)
    #expect(report.theorems.count >= 14)
  }

  @Test func `ids are unique and in kebab case, statements are sentences`() {
    let all = Prover.theorems
    #expect(Set(all.map(\.id)).count == all.count)
    for theorem in all {
      #expect(theorem.id.allSatisfy { $0.isLowercase || $0 == "-" }, "\(theorem.id)")
      #expect(theorem.statement.hasSuffix("."), "\(theorem.id)")
      #expect(!theorem.statement.contains("  "), "\(theorem.id)")
    }
  }

  @Test func `a run without theorems has shown nothing`() throws {
    #expect(try !Prover().run(["no-such-theorem"]).hasPassed)
  }

  /// The latch compares nothing, so that no operator of it can be wrong: a switch that forgets is.
  @Test func `a kill switch that forgets turns its theorem red`() throws {
    struct Forgetful: Rule {
      let name = "forgetful"
      let numbers: [String] = []
      let truths = ["isEngaged"]
      func outcome<D: Domain>(of inputs: Inputs<D.Number>, in d: D) -> Outcome<D.Number> {
        Outcome(verdict: "other", truths: [("isEngaged", false)])
      }
    }
    let session = ProofSession(range: .house, solver: Z3(), resourceLimit: 20_000_000)
    var theorem = try #require(TheoremCatalog["kill-switch-latch"])
    theorem = Theorem(
      id: theorem.id, statement: theorem.statement, rules: [Forgetful()], claim: theorem.claim)
    guard
      case .refuted(let example) = try session.prove(theorem, second: nil).report.verdict
    else {
      Issue.record("a switch that forgets is proved to latch")
      return
    }
    #expect(example.replay == .agrees)
  }

  /// A wrong rule for each theorem: values of some path of the rule as it is refute it.
  @Test(
    arguments: TheoremCatalog.all.filter { !$0.rules.isEmpty && $0.id != "kill-switch-latch" }
      .map(\.id))
  func `each theorem turns red for a wrong rule`(id: String) throws {
    let theorem = try #require(TheoremCatalog[id])
    let session = ProofSession(range: .house, solver: Z3(), resourceLimit: 20_000_000)
    for rule in theorem.rules.prefix(120) {
      _ = try session.witness(rule)
      for mutation in session.mutations(of: [rule]) {
        let trial = MutantTrial(
          session: session, mutation: mutation, rules: [rule], theorems: [theorem])
        for values in session.pool[rule.name] ?? [] where trial.killers(rule, values) == [id] {
          return
        }
        let mutant = Exploration(rule, range: .house, mutation: mutation, in: session.graph)
        for values in try trial.distinguishing(mutant)
        where trial.killers(rule, values) == [id] { return }
      }
    }
    Issue.record("no wrong rule turns \(id) red")
  }

  @Test func `a refuted theorem names values that the solver found and the rule confirms`() throws {
    // Weakened by hand: a fourth position.
    let limits = try Limits.paperDefault.setting(.maximumPositionCount, to: 4)
    let report = try Prover(range: .limits(limits)).run(["three-slots"])
    let theorem = try #require(report.theorems.first)
    guard case .refuted(let example) = theorem.verdict else {
      Issue.record("\(theorem.verdict)")
      return
    }
    #expect(example.replay == .agrees)
    #expect(example.verdict == "APPROVED")
    let slots = try #require(example["slots"])
    let used = try #require(example["slotsInUse"])
    #expect(slots + used == 4)
    #expect(!report.hasPassed && !report.isInconclusive)
  }

  static let unsafe: [(Limits.Field, Int64, String)] = [
    (.riskPerTradeBasisPoints, 101, "loss-at-stop"),
    (.minimumRewardToRiskTenThousandths, 19_999, "reward-to-risk"),
    (.maximumPositionCount, 4, "three-slots"),
    (.dayLossBasisPoints, 1_001, "no-entry-past-day-loss"),
    (.sessionDrawdownBasisPoints, 501, "no-entry-past-drawdown"),
  ]

  @Test(arguments: unsafe)
  func `one step past a bound of the house is refuted`(
    field: Limits.Field, value: Int64, id: String
  ) throws {
    let limits = try Limits.paperDefault.setting(field, to: value)
    let report = try Prover(range: .limits(limits)).run([id])
    guard case .refuted(let example)? = report.theorems.first?.verdict else {
      Issue.record("\(id): \(report.theorems.map(\.verdict))")
      return
    }
    #expect(example.replay == .agrees)
    #expect(example.verdict == "APPROVED")
  }

  @Test func `a false law is not proved`() throws {
    let session = ProofSession(range: .house, solver: Z3(), resourceLimit: 20_000_000)
    let theorem = Theorem(
      id: "false-law", statement: "A product is at least its factor.", rules: [],
      claim: { $0.always },
      impossible: { graph in
        let a = graph.term(.variable("a", isNumber: true))
        let b = graph.term(.variable("b", isNumber: true))
        return [Query(about: "law", assertions: [graph.less(graph.product(a, b), a)])]
      })
    let report = try session.prove(theorem, second: nil).report
    #expect(report.verdict != .proved)
  }

  @Test func `premises that nothing satisfies are not a proof`() throws {
    let session = ProofSession(range: .house, solver: Z3(), resourceLimit: 20_000_000)
    let theorem = Theorem(
      id: "vacuous", statement: "Whoever is above and below zero is approved.",
      rules: [MeasuredRule()],
      premises: { $0("level") > 0 && $0("level") < 0 }, claim: { $0.result("count") == 7 })
    let report = try session.prove(theorem, second: nil).report
    guard case .unknown(let why) = report.verdict else {
      Issue.record("\(report.verdict)")
      return
    }
    #expect(why.contains("no values"))
  }
}

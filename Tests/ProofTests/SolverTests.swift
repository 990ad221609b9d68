import Foundation
import Testing

@testable import Proof

/// What is asked of solvers, and what is made of their answers.
@Suite struct SolverTests {
  private func session(_ solver: any Solver, limit: Int = 20_000_000) -> ProofSession {
    ProofSession(range: .house, solver: solver, resourceLimit: limit)
  }

  @Test func `a missing second solver is an error that says what to do`() {
    let prover = Prover(isCrossChecked: true, crossChecker: "/no/such/cvc5")
    let error = #expect(throws: SolverError.self) { try prover.run(["three-slots"]) }
    #expect(error?.description.contains("config/setup") == true)
  }

  @Test func `a program that is no solver is no verdict`() {
    let prover = Prover(isCrossChecked: true, crossChecker: "/bin/true")
    #expect(throws: SolverError.self) { try prover.run(["three-slots"]) }
  }

  @Test func `a solver that gives up proves nothing`() throws {
    let report = try Prover(resourceLimit: 50).run(["loss-at-stop"])
    #expect(!report.hasPassed)
    #expect(report.isInconclusive)
    #expect(report.theorems.allSatisfy { $0.verdict != .proved })
  }

  @Test func `a second solver that disagrees is no proof`() throws {
    let theorem = try #require(TheoremCatalog["level-trips"])
    let session = session(Z3())
    let answers = ["unknown\nunsat\nunsat", "sat\nunsat\nunsat"]
    for answer in answers {
      let report = try session.prove(theorem, second: Parrot(answer: answer)).report
      guard case .unknown(let why) = report.verdict else {
        Issue.record("\(report.verdict)")
        continue
      }
      #expect(why.contains("parrot"))
    }
    #expect(
      try session.prove(theorem, second: Parrot(answer: "unsat\nunsat\nunsat"))
        .report.provedBy.count == 2)
  }

  @Test(arguments: ["", "unsat", "unsat\nunsat\nunsat\nunsat", "(error \"line 3: no\")", "what?"])
  func `an answer that cannot be read is an error`(output: String) throws {
    let theorem = try #require(TheoremCatalog["level-trips"])
    #expect(throws: SolverError.self) {
      try session(Parrot(answer: output)).prove(theorem, second: nil)
    }
  }

  @Test func `values that do not solve the query are no counterexample`() throws {
    let session = session(Parrot(answer: "sat\n((level 5) (threshold 6))"))
    let rule = MeasuredRule()
    let graph = session.graph
    let impossible = graph.both(
      graph.less(graph.term(.variable("level", isNumber: true)), graph.number(0)),
      graph.less(graph.number(0), graph.term(.variable("threshold", isNumber: true))))
    session.pool[rule.name] = []
    // The laws' script asks first; a parrot's answer to it is not trusted either.
    guard case .contradicted = try session.search([impossible], of: rule, focus: []) else {
      Issue.record("values that are none were believed")
      return
    }
  }

  @Test func `numbers, truths and negations are read`() {
    var reader = AnswerReader("((a 5) (b (- 7)) (c true)\n (d false))")
    guard case .list(let items)? = reader.next() else {
      Issue.record("no list")
      return
    }
    let values = Assignment(items)
    #expect(values?.numbers == ["a": Whole(5), "b": Whole(-7)])
    #expect(values?.truths == ["c": true, "d": false])
    #expect(reader.next() == nil)
    var broken = AnswerReader("((a 5)")
    #expect(broken.next() == nil)
  }

  @Test func `the same question costs the same work`() throws {
    let units = try (0..<2).map { _ in
      try Prover().run(["three-slots"]).theorems.map(\.units)
    }
    #expect(units[0] == units[1])
    #expect(units[0].allSatisfy { ($0 ?? 0) > 0 })
  }
}

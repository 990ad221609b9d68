import Testing

@testable import Proof

/// The files of `Proofs/`.
@Suite struct FileTests {
  private func files(_ ids: [String]) throws -> ProofFiles {
    var files = ProofFiles()
    let report = try Prover().run(ids, export: { files.add($0, $1) })
    files.add(ledgerOf: report)
    return files
  }

  @Test func `the same sources write the same bytes`() throws {
    let ids = ["loss-at-stop", "kill-switch-latch", "ledger-exact"]
    #expect(try files(ids) == files(ids))
  }

  @Test func `a file says what it is and holds every query`() throws {
    let all = try files(["three-slots"]).files
    #expect(all.map(\.name) == ["three-slots.smt2", "ledger.md"])
    let text = try #require(all.first?.text)
    #expect(text.hasPrefix("; Theorem three-slots\n"))
    #expect(text.contains("at most three position slots"))
    #expect(text.split(separator: "\n").filter { $0 == "(check-sat)" }.count == 2)
    #expect(text.contains("(set-logic QF_LIA)"))
    #expect(all[1].text.contains("| [three-slots](three-slots.smt2) | proved by 1 |"))
  }

  @Test func `every file is of a size that a reviewer's tools bear`() throws {
    var largest = 0
    _ = try Prover().run(export: { largest = max(largest, $1.utf8.count) })
    #expect(largest < 300_000)
  }
}

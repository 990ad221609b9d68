import Risk
import Testing

@testable import Proof

/// The symbolic reading against the integers that trade.
@Suite struct ReadingTests {
  /// Random inputs and inputs at every bound: terms of the path that they take, evaluated by our
  /// own evaluator, give what the compiled rule gives.
  @Test(arguments: 1...4)
  func `terms give what integers give`(seed: UInt64) {
    var numbers = Numbers(seed: seed)
    var agreed = 0
    for rule in TheoremCatalog.rules {
      let session = ProofSession(range: .limits(.paperDefault), solver: Z3(), resourceLimit: 1)
      for _ in 0..<(rule.family == "advance" ? 5 : 150) {
        let values = rule.assignment(&numbers)
        guard let path = session.follow(rule, values, mutation: nil) else { continue }
        switch session.replay(values, on: path, of: rule) {
        case .agrees: agreed += 1
        case .differs(let how): Issue.record("seed \(seed), \(rule.name): \(how) for \(values)")
        }
      }
    }
    #expect(agreed > 2_000)
  }

  @Test func `a value that leaves its type is found out before the integers trap`() throws {
    let session = ProofSession(range: .house, solver: Z3(), resourceLimit: 1)
    let rule = DriftRule()
    // The bound check of the rule, forced open: a difference of extremes leaves 64 bits.
    let site = try #require(session.exploration(of: rule).paths.first?.branches.first?.site)
    let mutation = Mutation(place: Place(of: site), operation: .branch, change: .alwaysFalse)
    let values = Assignment(
      numbers: ["local": Whole(.min), "venue": Whole(.max), "buysInFlight": Whole(0)])
    let path = try #require(session.follow(rule, values, mutation: mutation))
    #expect(session.replay(values, on: path, of: rule) == .differs("a value leaves its type"))
  }

  @Test func `every rule is deterministic and small`() {
    let graph = TermGraph()
    for rule in TheoremCatalog.rules {
      let exploration = Exploration(rule, range: .house, in: graph)
      #expect(!exploration.hasDiverged, "\(rule.name)")
      #expect((1...256).contains(exploration.paths.count), "\(rule.name)")
    }
  }

  @Test func `a branch that a configuration decides is no fork`() {
    let graph = TermGraph()
    let open = Exploration(GateRule(), range: .house, in: graph).paths.count
    let fixed = Exploration(GateRule(), range: .limits(.paperDefault), in: graph).paths.count
    #expect(open == 30)
    #expect(fixed == 29)
  }

  @Test func `constants of the text fold, and one that leaves its type fails its obligation`() {
    let recorder = Recorder(graph: TermGraph(), steering: .following(Assignment()))
    let most = SymbolicNumber(integerLiteral: .max)
    let sum = most + 1
    #expect(sum.symbol.constant == Int128(Int64.max) + 1)
    let one = SymbolicNumber(
      Symbol(recorder.graph.term(.variable("x", isNumber: true)), recorder))
    _ = sum + one
    let evaluation = Evaluation(Assignment(), in: recorder.graph)
    #expect(recorder.obligations.contains { !evaluation.truth($0.claim) })
  }
}

/// What must hold on every path of some rules, in words and in plain arithmetic.
struct Theorem: Sendable {
  /// The stable name: `loss-at-stop`.
  let id: String
  /// The statement in English.
  let statement: String
  /// The rules that it is about.
  let rules: [any Rule]
  /// What is assumed of the inputs, beyond their types.
  var premises: @Sendable (Scene) -> Proposition = { $0.always }
  /// What follows on a path.
  var claim: @Sendable (Scene) -> Proposition
  /// Telling values of the theorem's own variables, made from what the rule gives as it is: hints
  /// for finding out whether known values refute the theorem of a mutant.
  var telling: @Sendable (Scene) -> [(name: String, value: Integer)] = { _ in [] }
  /// Whether the claim is about the intermediate values themselves.
  var isAboutRanges = false
  /// Whether the first solver's word is enough.
  ///
  /// cvc5 1.0 does not decide some laws of products in any time. The ledger says by how many
  /// solvers each theorem is proved.
  var isLeftToFirstSolver = false
  /// What must have no solution, where the theorem is about arithmetic itself and no rule.
  var impossible: @Sendable (TermGraph) -> [Query] = { _ in [] }
}

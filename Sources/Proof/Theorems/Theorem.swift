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
  /// Integers `x` for which each quotient's law is spelt out to the solver: for a positive divisor
  /// d, x ≤ ⌊n/d⌋ exactly where x·d ≤ n.
  var quotientBounds: @Sendable (Scene) -> [Integer] = { _ in [] }
  /// Further instances of laws of arithmetic that solvers do not find by themselves.
  var lemmas: @Sendable (Scene) -> [Proposition] = { _ in [] }
  /// Whether the claim is about the intermediate values themselves.
  var isAboutRanges = false
}

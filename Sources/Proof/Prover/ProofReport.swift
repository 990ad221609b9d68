/// What a proof run came to: plain data, for tables, files and certificates.
public struct ProofReport: Hashable, Sendable {
  /// Each theorem that was asked for, in the catalog's order.
  public var theorems: [TheoremReport] = []
  /// Each rule that they are about.
  public var rules: [RuleReport] = []
  /// Each mutant, where mutants were asked for.
  public var mutants: [MutantReport] = []
  /// Names and versions of the solvers, the first one first.
  public var solvers: [String] = []

  /// Whether every theorem is proved by every solver and no mutant survives.
  ///
  /// A report without theorems has shown nothing.
  public var hasPassed: Bool {
    !theorems.isEmpty && theorems.allSatisfy { $0.verdict == .proved }
      && mutants.allSatisfy { $0.fate != .survived }
      && rules.allSatisfy { $0.undecidedPaths == 0 && !$0.hasDiverged }
  }

  /// Whether something was left open rather than shown to be wrong.
  public var isInconclusive: Bool {
    theorems.contains { if case .unknown = $0.verdict { true } else { false } }
      || rules.contains { $0.undecidedPaths > 0 || $0.hasDiverged }
  }
}

/// A theorem of the catalog.
public struct TheoremSummary: Hashable, Sendable {
  /// The stable name.
  public let id: String
  /// The statement in English.
  public let statement: String
}

/// What became of a theorem.
public struct TheoremReport: Hashable, Sendable {
  /// The stable name.
  public var id: String
  /// The statement in English.
  public var statement: String
  /// The verdict of all solvers together.
  public var verdict: TheoremVerdict
  /// The paths that it obliges to something.
  public var paths: Int
  /// The queries, each without a solution where it is proved.
  public var obligations: Int
  /// Solvers that found every query to have no solution.
  public var provedBy: [String] = []
  /// Deterministic units of work of the first solver.
  public var units: UInt64?
  /// Values that the theorem speaks of, found and replayed through the integer reading.
  public var witness: [NamedValue] = []
  /// Ids of mutants that it refutes, where mutants were asked for.
  public var kills: [String] = []
}

/// Whether a theorem holds.
public enum TheoremVerdict: Hashable, Sendable {
  /// Every query has no solution, and the premises have one.
  case proved
  /// Some values break it.
  case refuted(Counterexample)
  /// Nobody knows: why.
  case unknown(String)
}

/// A value by its name, as files and tables write it.
public struct NamedValue: Hashable, Sendable {
  /// The input's name.
  public let name: String
  /// A whole number, or `true` or `false`.
  public let value: String
}

/// Values that break a theorem.
public struct Counterexample: Hashable, Sendable {
  /// The rule that was run.
  public var rule: String
  /// What it said.
  public var verdict: String
  /// The inputs, in the order of their declaration.
  public var values: [NamedValue]
  /// What the rule gave.
  public var results: [NamedValue]
  /// Whether the integer reading takes the same path to the same verdict; where a value leaves its
  /// type there is nothing to run.
  public var replay: Replay

  /// The number of an input; nil where there is none, or where it is beyond 64 bits.
  public subscript(name: String) -> Int64? {
    values.first { $0.name == name }.flatMap { Int64($0.value) }
  }
}

/// The paths of a rule.
public struct RuleReport: Hashable, Sendable {
  /// The function, and its case.
  public var name: String
  /// Ways through it.
  public var paths: Int
  /// Ways that some values take, each replayed through the integer reading.
  public var reachedPaths: Int
  /// Ways that no values take, by proof.
  public var unreachablePaths: Int
  /// Ways about which nobody knows.
  public var undecidedPaths: Int
  /// Operations and branches, told apart by place.
  public var operations: Int
  /// Whether the rule read differently after the same branches.
  public var hasDiverged: Bool
}

/// A wrong copy of a rule, and whether a theorem noticed.
public struct MutantReport: Hashable, Sendable {
  /// What became of it.
  public enum Fate: Hashable, Sendable {
    /// These theorems are refuted by the values that were found.
    case killed([String])
    /// It gives what the rule gives, for all values: proved.
    case equivalent
    /// No theorem noticed, and it is not known to be equivalent.
    case survived
  }
  /// Rule, place and change.
  public var id: String
  /// The function that it is a copy of.
  public var rule: String
  /// What became of it.
  public var fate: Fate
}

public import Proof

/// What the provers came to, as a certificate keeps it.
public struct ProofEvidence: Hashable, Sendable {
  /// A theorem and what became of it.
  public struct Theorem: Hashable, Sendable {
    /// The stable name.
    public var id: String
    /// What it says, in words.
    public var statement: String
    /// `proved`, `refuted` or `unknown`.
    public var verdict: String
    /// The values that refute it, or why nobody knows; empty where it is proved.
    public var detail: String
    /// Every solver that proved it.
    public var provedBy: [String]
    /// Paths through the code that it covers.
    public var paths: Int64
    /// Queries, none of which has a solution.
    public var obligations: Int64
    /// Work of the first solver, in its own deterministic unit; nil where it tells none.
    public var units: Int64?
    /// Values that it speaks of: a theorem about nothing would have none.
    public var witness: [String]
    /// Mutants that it kills.
    public var kills: Int64
    /// The SHA-256 of its `.smt2` file.
    public var script: String

    /// Whether it is proved, by every solver that was asked.
    public func isProved(by solvers: [String]) -> Bool {
      verdict == "proved" && !provedBy.isEmpty && provedBy == solvers
    }
  }

  /// A rule that trades, and the ways through it.
  public struct Rule: Hashable, Sendable {
    /// The function, and its case.
    public var name: String
    /// Ways through it.
    public var paths: Int64
    /// Ways that some values take, replayed through the reading that trades.
    public var reached: Int64
    /// Ways that no values take, by proof.
    public var unreachable: Int64
    /// Whether every way is one or the other, and the rule reads the same each time.
    public var isDecided: Bool
  }

  /// A planted mistake in the rules.
  public struct Mutant: Hashable, Sendable {
    /// Rule, place and change.
    public var id: String
    /// `killed`, `equivalent` or `survived`.
    public var fate: String
    /// The theorems that noticed.
    public var killers: [String]

    /// Whether a theorem noticed, or there is nothing to notice.
    public var isSettled: Bool {
      fate == "equivalent" || (fate == "killed" && !killers.isEmpty)
    }
  }

  /// Name and version of each solver that was asked.
  public var solvers: [String]
  /// The theorems, of all limits that the house allows and then of the configured ones.
  public var theorems: [Theorem]
  /// The rules that they are about.
  public var rules: [Rule]
  /// The mutants; empty where none was tried.
  public var mutants: [Mutant]

  /// Takes what a prover reports.
  ///
  /// - Parameters:
  ///   - house: The report about every limit that the house allows, with mutants or without.
  ///   - configured: The report about the limits of the configuration.
  ///   - scripts: The text of each theorem's `.smt2` file, by the names that ``theorems`` have.
  public init(house: ProofReport, configured: ProofReport, scripts: [String: String]) {
    solvers = house.solvers
    theorems =
      house.theorems.map { Theorem($0, id: $0.id, scripts) }
      + configured.theorems.map { Theorem($0, id: Self.configured($0.id), scripts) }
    rules = (house.rules + configured.rules).enumerated().map { index, rule in
      Rule(
        name: rule.name + (index < house.rules.count ? "" : ", as configured"),
        paths: Int64(rule.paths), reached: Int64(rule.reachedPaths),
        unreachable: Int64(rule.unreachablePaths),
        isDecided: rule.undecidedPaths == 0 && !rule.hasDiverged)
    }
    mutants = house.mutants.map { mutant in
      switch mutant.fate {
      case .killed(let theorems): Mutant(id: mutant.id, fate: "killed", killers: theorems)
      case .equivalent: Mutant(id: mutant.id, fate: "equivalent", killers: [])
      case .survived: Mutant(id: mutant.id, fate: "survived", killers: [])
      }
    }
  }

  init(solvers: [String], theorems: [Theorem], rules: [Rule], mutants: [Mutant]) {
    self.solvers = solvers
    self.theorems = theorems
    self.rules = rules
    self.mutants = mutants
  }

  /// The name of a theorem where it is about the configured limits alone.
  public static func configured(_ id: String) -> String { id + ".configured" }
}

extension ProofEvidence.Theorem {
  fileprivate init(_ report: TheoremReport, id: String, _ scripts: [String: String]) {
    self.id = id
    statement = report.statement
    switch report.verdict {
    case .proved: (verdict, detail) = ("proved", "")
    case .refuted(let example):
      let values = example.values.map { "\($0.name) = \($0.value)" }.joined(separator: ", ")
      (verdict, detail) = ("refuted", "\(example.rule) says \(example.verdict) at \(values)")
    case .unknown(let why): (verdict, detail) = ("unknown", why)
    }
    provedBy = report.provedBy
    paths = Int64(report.paths)
    obligations = Int64(report.obligations)
    units = report.units.map { Int64(clamping: $0) }
    witness = report.witness.map { "\($0.name) = \($0.value)" }
    kills = Int64(report.kills.count)
    script = SHA256.hex(of: (scripts[id] ?? "").utf8)
  }
}

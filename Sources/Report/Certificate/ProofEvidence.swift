/// What the provers came to: the seam between whoever proves and the certificate.
public struct ProofEvidence: Hashable, Sendable {
  /// A theorem and the answers about it.
  public struct Theorem: Hashable, Sendable {
    /// The stable name.
    public var id: String
    /// What it says, in words.
    public var statement: String
    /// Every solver's answer, in order: `proved`, `refuted`, `unknown`.
    public var answers: [Answer]
    /// Whether its premises can be met; a theorem about nothing proves nothing.
    public var isReachable: Bool
    /// Paths through the code that it covers.
    public var paths: Int64
    /// Mutants that it kills.
    public var kills: Int64
    /// The SHA-256 of its `.smt2` file.
    public var scriptDigest: String

    /// Describes a theorem; `script` is the text of its `.smt2` file.
    public init(
      id: String, statement: String, answers: [Answer], isReachable: Bool, paths: Int64,
      kills: Int64, script: String
    ) {
      self.id = id
      self.statement = statement
      self.answers = answers
      self.isReachable = isReachable
      self.paths = paths
      self.kills = kills
      scriptDigest = SHA256.hex(of: script.utf8)
    }

    /// Whether every solver that was asked proved it, one at least, of something that can be.
    public var isProved: Bool {
      isReachable && !answers.isEmpty && answers.allSatisfy { $0.verdict == "proved" }
    }
  }

  /// A solver's answer.
  public struct Answer: Hashable, Sendable {
    /// Which solver, as in ``ProofEvidence/solvers``.
    public var solver: String
    /// `proved`, `refuted` or `unknown`.
    public var verdict: String
    /// What it took, in the solver's own deterministic unit; nil where it tells none.
    public var resource: Int64?
    /// Makes an answer.
    public init(solver: String, verdict: String, resource: Int64?) {
      self.solver = solver
      self.verdict = verdict
      self.resource = resource
    }
  }

  /// A planted mistake in the rules.
  public struct Mutant: Hashable, Sendable {
    /// The stable name.
    public var id: String
    /// What was changed, in words.
    public var change: String
    /// The theorem that noticed; nil where none did.
    public var killer: String?
    /// Makes a mutant.
    public init(id: String, change: String, killer: String?) {
      self.id = id
      self.change = change
      self.killer = killer
    }
  }

  /// Name and version of each solver that was asked.
  public var solvers: [String]
  /// The theorems, in order of id.
  public var theorems: [Theorem]
  /// The mutants, in order of id; empty where none was tried.
  public var mutants: [Mutant]

  /// Gathers what was proved.
  public init(solvers: [String], theorems: [Theorem], mutants: [Mutant]) {
    self.solvers = solvers
    self.theorems = theorems
    self.mutants = mutants
  }
}

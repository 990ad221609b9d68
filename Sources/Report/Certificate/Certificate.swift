public import Market
import Store

/// What was shown about one build and one configuration, when, and what it allows.
///
/// Everything that a page, a build server or a guard needs is here; whatever can be derived from
/// it, the verdict first of all, is derived anew wherever it is read.
public struct Certificate: Hashable, Sendable {
  /// What it speaks of.
  public var identity: CertificateIdentity
  /// When it was made.
  public var issued: Instant
  /// How many days it holds.
  public var validDays: Int64
  /// Whether less than everything was run.
  public var isQuick: Bool
  /// Where the scenarios were looked for.
  public var roots: [String]
  /// The scenario suite: one entry a scenario and seed.
  public var suite: [ScenarioEvidence]
  /// The proofs and mutants; nil where they were not run.
  public var proof: ProofEvidence?
  /// The twenty checks of a database; nil where there was none.
  public var checks: CheckEvidence?
  /// Every file of evidence.
  public var evidence: [EvidenceFile]

  /// How long a certificate holds.
  public static let validDays: Int64 = 30

  /// Makes a certificate; its files of evidence are added when it is written.
  public init(
    identity: CertificateIdentity, issued: Instant, isQuick: Bool, roots: [String],
    suite: [ScenarioEvidence], proof: ProofEvidence?, checks: CheckEvidence?
  ) {
    self.identity = identity
    self.issued = issued
    validDays = Self.validDays
    self.isQuick = isQuick
    self.roots = roots
    self.suite = suite
    self.proof = proof
    self.checks = checks
    evidence = []
  }

  /// The first instant at which it holds no more.
  public var expires: Instant { issued + .days(validDays) }
}

/// What a certificate speaks of: another build, configuration or solver is not certified.
public struct CertificateIdentity: Hashable, Sendable {
  /// The SHA-256 of the executable.
  public var build: String
  /// The version and mode of the build: `0.1.0 release`.
  public var version: String
  /// The compiler.
  public var toolchain: String
  /// System and processor.
  public var platform: String
  /// The configuration file, as it was named.
  public var configurationFile: String
  /// The SHA-256 of the configuration file.
  public var configuration: String
  /// The digest of the engine's part of the configuration, as `runs` hold it.
  public var engine: String

  /// Names what a certificate speaks of.
  public init(
    build: String, version: String, toolchain: String, platform: String,
    configurationFile: String, configuration: String, engine: String
  ) {
    self.build = build
    self.version = version
    self.toolchain = toolchain
    self.platform = platform
    self.configurationFile = configurationFile
    self.configuration = configuration
    self.engine = engine
  }
}

/// The twenty checks, and the database that they looked at.
public struct CheckEvidence: Hashable, Sendable {
  /// The database, as it was named.
  public var database: String
  /// Steps of its journal.
  public var steps: Int64
  /// The digest of its journal; `damaged` where there is none.
  public var chain: String
  /// What each check came to.
  public var checks: [Check]

  /// Gathers the evidence of a database.
  public init(database: String, facts: CheckFacts) {
    self.database = database
    steps = facts.store.verification.steps
    chain = facts.store.verification.chain?.description ?? "damaged"
    checks = CheckCatalogue.check(facts)
  }

  init(database: String, steps: Int64, chain: String, checks: [Check]) {
    self.database = database
    self.steps = steps
    self.chain = chain
    self.checks = checks
  }

  var hasPassed: Bool {
    checks.map(\.id) == CheckCatalogue.all.map(\.id) && checks.allSatisfy(\.hasPassed)
  }
}

/// A file of evidence.
public struct EvidenceFile: Hashable, Sendable {
  /// Its path in the certificate's folder.
  public let path: String
  /// Its SHA-256.
  public let digest: String
  /// Its length in bytes.
  public let bytes: Int64
}

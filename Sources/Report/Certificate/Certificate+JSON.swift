import Market

extension Certificate {
  /// The text of `certificate.json`: equal certificates have equal bytes.
  public var json: String { document.text }

  /// Reads what ``json`` wrote.
  ///
  /// - Throws: ``CertificateFault`` naming the first member that is not what it should be.
  public init(json bytes: [UInt8]) throws(CertificateFault) {
    guard let json = CanonicalJSON(bytes: bytes) else {
      throw CertificateFault(place: "(all)", expected: "JSON of at most 64 MB without fractions")
    }
    let reader = try MemberReader(json, at: "")
    guard try reader.text("format") == Self.format else {
      throw CertificateFault(place: "format", expected: "`\(Self.format)`")
    }
    // Far enough from the end of time that a validity can be added.
    guard let issued = Instant(iso8601: try reader.text("issued")),
      (0..<8_000_000_000_000).contains(issued.milliseconds)
    else {
      throw CertificateFault(place: "issued", expected: "a time in ISO 8601, UTC, before 2223")
    }
    self.issued = issued
    validDays = try reader.integer("validDays")
    guard (1...3_650).contains(validDays) else {
      throw CertificateFault(place: "validDays", expected: "1 to 3650")
    }
    isQuick = try reader.flag("quick")
    roots = try reader.texts("roots")
    identity = try CertificateIdentity(try reader.object("identity"))
    suite = try reader.list("suite") { one throws(CertificateFault) in
      try ScenarioEvidence(one)
    }
    proof = try reader.objectIfAny("proof").map { one throws(CertificateFault) in
      try ProofEvidence(one)
    }
    checks = try reader.objectIfAny("checks").map { one throws(CertificateFault) in
      try CheckEvidence(one)
    }
    evidence = try reader.list("evidence") { one throws(CertificateFault) in
      EvidenceFile(
        path: try one.text("path"), digest: try one.text("sha256"),
        bytes: try one.integer("bytes"))
    }
  }

  static let format = "assay-certificate-1"

  private var document: CanonicalJSON {
    .object([
      "format": .string(Self.format),
      "command": .string("certify"),
      "version": .string(identity.version),
      "build": .string(identity.build),
      "verdict": .string(hasPassed ? "pass" : "fail"),
      "allows": .array(allows.map { .string($0.rawValue) }),
      "issued": .string(issued.description),
      "validDays": .integer(validDays),
      "quick": .bool(isQuick),
      "roots": .array(roots.map { .string($0) }),
      "identity": identity.json,
      "figures": figures,
      "items": .array(demands.map(\.json)),
      "suite": .array(suite.map(\.json)),
      "proof": proof?.json ?? .null,
      "checks": checks?.json ?? .null,
      "evidence": .array(
        evidence.map {
          .object([
            "path": .string($0.path), "sha256": .string($0.digest), "bytes": .integer($0.bytes),
          ])
        }),
    ])
  }

  private var figures: CanonicalJSON {
    .object([
      "runs": .integer(Int64(suite.count)),
      "events": .integer(suite.reduce(0) { $0 + $1.events }),
      "virtualMilliseconds": .integer(suite.reduce(0) { $0 + $1.virtualMilliseconds }),
      "oracleEvaluations": .integer(suite.reduce(0) { $0 + $1.evaluations }),
      "faults": .integer(Int64(suite.reduce(0) { $0 + $1.faults.count })),
      "theorems": .integer(Int64(proof?.theorems.count ?? 0)),
      "mutants": .integer(Int64(proof?.mutants.count ?? 0)),
      "checks": .integer(Int64(checks?.checks.count ?? 0)),
    ])
  }
}

extension Demand {
  fileprivate var json: CanonicalJSON {
    .object([
      "id": .string(id), "verdict": .string(state.rawValue), "figure": .string(figure),
      "statement": .string(statement), "revokedBy": .string(revokedBy),
    ])
  }
}

extension CertificateIdentity {
  fileprivate var json: CanonicalJSON {
    .object([
      "build": .string(build), "version": .string(version), "toolchain": .string(toolchain),
      "platform": .string(platform), "configurationFile": .string(configurationFile),
      "configuration": .string(configuration), "engine": .string(engine),
    ])
  }

  fileprivate init(_ reader: MemberReader) throws(CertificateFault) {
    build = try reader.text("build")
    version = try reader.text("version")
    toolchain = try reader.text("toolchain")
    platform = try reader.text("platform")
    configurationFile = try reader.text("configurationFile")
    configuration = try reader.text("configuration")
    engine = try reader.text("engine")
  }
}

extension CheckEvidence {
  fileprivate var json: CanonicalJSON {
    .object([
      "database": .string(database), "steps": .integer(steps), "chain": .string(chain),
      "checks": .array(
        checks.map { check in
          .object([
            "id": .string(check.id), "title": .string(check.title),
            "subject": .string(check.subject), "threshold": .string(check.threshold),
            "figure": .string(check.figure), "verdict": .string(check.verdict.rawValue),
            "evidence": .array(check.evidence.map { .string($0) }),
          ])
        }),
    ])
  }

  fileprivate init(_ reader: MemberReader) throws(CertificateFault) {
    let checks = try reader.list("checks") { one throws(CertificateFault) in
      guard let verdict = Check.Verdict(rawValue: try one.text("verdict")) else {
        throw CertificateFault(place: one.place + ".verdict", expected: "`pass` or `fail`")
      }
      return Check(
        id: try one.text("id"), title: try one.text("title"), subject: try one.text("subject"),
        threshold: try one.text("threshold"), figure: try one.text("figure"),
        evidence: try one.texts("evidence"), verdict: verdict)
    }
    self.init(
      database: try reader.text("database"), steps: try reader.integer("steps"),
      chain: try reader.text("chain"), checks: checks)
  }
}

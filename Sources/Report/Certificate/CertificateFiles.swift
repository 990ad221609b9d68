/// The files of a certificate, as bytes by path: a function of the certificate and its sources.
public struct CertificateFiles: Hashable, Sendable {
  /// The certificate, with its files of evidence named.
  public let certificate: Certificate
  /// Every file, by path from the certificate's folder.
  public let files: [String: [UInt8]]

  /// What evidence is copied from.
  public struct Sources: Hashable, Sendable {
    /// The text of the configuration file.
    public var configuration: String
    /// The text of each scenario's file, by path as it was read.
    public var scenarios: [String: String]
    /// The text of each theorem's `.smt2` file, by id.
    public var proofs: [String: String]
    /// Names the sources.
    public init(configuration: String, scenarios: [String: String], proofs: [String: String]) {
      self.configuration = configuration
      self.scenarios = scenarios
      self.proofs = proofs
    }
  }

  /// Makes the files.
  public init(_ certificate: Certificate, from sources: Sources) {
    var evidence = [Self.configuration: Array(sources.configuration.utf8)]
    for (path, text) in sources.scenarios { evidence[Self.scenario(path)] = Array(text.utf8) }
    for (id, text) in sources.proofs { evidence[Self.proof(id)] = Array(text.utf8) }
    for check in certificate.checks?.checks ?? [] {
      evidence[Self.check(check.id)] = Array(check.excerpt.utf8)
    }
    var named = certificate
    named.evidence = evidence.keys.sorted().map { path in
      let bytes = evidence[path] ?? []
      return EvidenceFile(path: path, digest: SHA256.hex(of: bytes), bytes: Int64(bytes.count))
    }
    var files = evidence
    files[Self.json] = Array(named.json.utf8)
    files[Self.page] = Array(CertificatePage.text(named).utf8)
    files[Self.junit] = Array(named.junit.utf8)
    files[Self.manifest] = Array(Manifest(of: files).text.utf8)
    self.certificate = named
    self.files = files
  }

  /// Writes every file below a folder, making it where it is not there.
  ///
  /// - Throws: ``FolderError`` where one cannot be written.
  public func write(to path: String) throws(FolderError) {
    let folder = Folder(path: path)
    for name in files.keys.sorted() { try folder.write(files[name] ?? [], to: name) }
  }

  /// The certificate for programs.
  public static let json = "certificate.json"
  /// The certificate for people.
  public static let page = "certificate.html"
  /// The certificate for build servers.
  public static let junit = "junit.xml"
  /// The digest of every other file, as `sha256sum --check` reads it.
  public static let manifest = "manifest.sha256"

  static let configuration = "evidence/configuration.yaml"

  /// Where a scenario's file is copied to; the path cannot leave the folder.
  static func scenario(_ path: String) -> String {
    let parts = path.split(separator: "/").filter { $0 != "." }
      .map { $0 == ".." ? "__" : String($0) }
    let inner = parts.first == "Scenarios" ? Array(parts.dropFirst()) : parts
    return "evidence/scenarios/" + inner.joined(separator: "/")
  }

  static func proof(_ id: String) -> String { "evidence/proofs/\(id).smt2" }
  static func check(_ id: String) -> String { "evidence/checks/\(id).txt" }
}

extension Check {
  /// The file of evidence of a check.
  var excerpt: String {
    let lines =
      [
        "check:    \(id)", "title:    \(title)", "looks at: \(subject)",
        "demanded: \(threshold)", "found:    \(figure)", "verdict:  \(verdict.rawValue)", "",
      ] + evidence
    return lines.joined(separator: "\n") + "\n"
  }
}

/// The digest of every file of a certificate, as `sha256sum` writes and checks it.
struct Manifest: Hashable, Sendable {
  /// Digests by path.
  var digests: [String: String]

  init(of files: [String: [UInt8]]) { digests = files.mapValues { SHA256.hex(of: $0) } }

  /// Reads a manifest; nil where a line is not a digest, two spaces and a path.
  init?(text: String) {
    digests = [:]
    guard text.hasSuffix("\n") else { return nil }
    for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
      let digest = line.prefix(64)
      let path = String(line.dropFirst(66))
      let isHex = digest.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x61...0x66).contains($0)
      }
      guard digest.utf8.count == 64, isHex, line.dropFirst(64).hasPrefix("  "), !path.isEmpty,
        digests[path] == nil
      else { return nil }
      digests[path] = String(digest)
    }
  }

  var text: String {
    digests.keys.sorted().map { "\(digests[$0] ?? "")  \($0)\n" }.joined()
  }
}

extension Certificate {
  /// The document for build servers: scenarios, theorems, mutants, checks and demands.
  var junit: String {
    let runs = suite.map { run in
      JUnit.Case(
        group: "scenarios", name: run.id,
        failure: run.failures.isEmpty
          ? (run.isDeterministic ? nil : "a second run came to \(run.repeated), not \(run.digest)")
          : run.failures.joined(separator: "\n"))
    }
    var suites = [JUnit.Suite(name: "scenarios", cases: runs)]
    if let proof {
      let theorems = proof.theorems.map { theorem in
        JUnit.Case(
          group: "theorems", name: theorem.id,
          failure: theorem.isProved(by: proof.solvers)
            ? nil
            : "\(theorem.verdict), proved by \(theorem.provedBy.count) of "
              + "\(counted(proof.solvers.count, "solver"))\n\(theorem.detail)")
      }
      suites.append(JUnit.Suite(name: "theorems", cases: theorems))
      let mutants = proof.mutants.map { mutant in
        JUnit.Case(
          group: "mutants", name: mutant.id,
          failure: mutant.isSettled ? nil : "no theorem noticed: \(mutant.fate)")
      }
      suites.append(JUnit.Suite(name: "mutants", cases: mutants))
    }
    if let checks { suites.append(JUnit.Suite(checks: checks.checks)) }
    let demands = demands.map { demand in
      JUnit.Case(
        group: "demands", name: demand.id,
        failure: demand.state == .fails ? "\(demand.statement): \(demand.figure)" : nil,
        isSkipped: demand.state == .notShown)
    }
    suites.append(JUnit.Suite(name: "demands", cases: demands))
    return JUnit.document("assay certify", suites)
  }
}

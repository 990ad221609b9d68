public import Market

/// Compares a certificate with itself, with what is here now, and with what is run anew.
public struct CertificateVerifier: Sendable {
  /// Something that is not as certified.
  public struct Difference: Hashable, Sendable, CustomStringConvertible {
    /// What differs: a file, a figure, `build`.
    public let place: String
    /// How, with the values that explain it.
    public let message: String

    /// The place, then the message.
    public var description: String { "\(place): \(message)" }
  }

  /// What is here now.
  public struct Surroundings: Sendable {
    /// The SHA-256 of the running executable.
    public var build: String
    /// The configuration that would be used: its file and text; nil where it is not there.
    public var configuration: (file: String, text: String)?
    /// The texts of the scenarios that are here, by path.
    public var scenarios: [String: String]
    /// The time.
    public var now: Instant

    /// Describes what is here.
    public init(
      build: String, configuration: (file: String, text: String)?, scenarios: [String: String],
      now: Instant
    ) {
      self.build = build
      self.configuration = configuration
      self.scenarios = scenarios
      self.now = now
    }
  }

  /// The certificate.
  public let folder: CertificateFolder
  private var certificate: Certificate { folder.certificate }

  /// Prepares to verify a certificate.
  public init(_ folder: CertificateFolder) { self.folder = folder }

  /// The most differences that a comparison tells of one kind.
  static let limit = 100

  /// Every difference of files, build, configuration, scenarios and time.
  public func differences(_ here: Surroundings) -> [Difference] {
    fileDifferences(here) + identityDifferences(here) + timeDifferences(here.now)
  }

  /// The runs to repeat: all, or five that the certificate itself chooses.
  public func sample(isFull: Bool) -> [ScenarioEvidence] {
    let suite = certificate.suite
    guard !isFull, suite.count > 5 else { return suite }
    let ranked = suite.map { (rank: SHA256.hex(of: (folder.digest + $0.id).utf8), run: $0) }
      .sorted { $0.rank < $1.rank }
    return ranked.prefix(5).map(\.run)
  }

  // MARK: Files

  /// Whether every file is what the certificate's manifest says.
  func manifestDifferences() -> [Difference] {
    guard let bytes = folder.files[CertificateFiles.manifest] else {
      return [Difference(place: CertificateFiles.manifest, message: "missing file")]
    }
    guard let manifest = Manifest(text: String(decoding: bytes, as: UTF8.self)) else {
      return [
        Difference(
          place: CertificateFiles.manifest,
          message: "not a list of SHA-256 digests and paths, one a line")
      ]
    }
    var found: [Difference] = []
    for (path, digest) in manifest.digests {
      guard let bytes = folder.files[path] else {
        found.append(Difference(place: path, message: "missing file"))
        continue
      }
      let actual = SHA256.hex(of: bytes)
      if actual != digest {
        found.append(
          Difference(place: path, message: "changed: digest expected \(digest), found \(actual)"))
      }
    }
    for path in folder.files.keys
    where manifest.digests[path] == nil && path != CertificateFiles.manifest {
      found.append(Difference(place: path, message: "additional file"))
    }
    let named = Dictionary(
      certificate.evidence.map { ($0.path, $0.digest) }, uniquingKeysWith: { first, _ in first })
    for (path, digest) in named where manifest.digests[path] != digest {
      found.append(
        Difference(
          place: CertificateFiles.manifest,
          message: "says \(manifest.digests[path] ?? "nothing") of \(path); the certificate says "
            + digest))
    }
    return found.sorted { ($0.place, $0.message) < ($1.place, $1.message) }
  }

  private func fileDifferences(_ here: Surroundings) -> [Difference] {
    let broken = manifestDifferences()
    let references = references(here)
    // A file that is known to have changed is told with the byte, where something tells it.
    var found = broken.map { difference -> Difference in
      guard let reference = references[difference.place],
        let bytes = folder.files[difference.place],
        let place = firstDifference(bytes, Array(reference.text.utf8))
      else { return difference }
      return Difference(
        place: difference.place,
        message: "\(place) differs from \(reference.name); \(difference.message)")
    }
    let changed = Set(broken.map(\.place))
    guard !changed.contains(CertificateFiles.json) else { return found }
    // Whole files that disagree with the certificate, though the manifest was made to agree.
    for path in derived.keys.sorted() where !changed.contains(path) {
      guard let bytes = folder.files[path], let text = derived[path],
        let place = firstDifference(bytes, Array(text.utf8))
      else { continue }
      found.append(
        Difference(place: path, message: "\(place) is not what the certificate says"))
    }
    return found
  }

  /// Files that follow from the certificate's own figures.
  private var derived: [String: String] {
    var texts = [
      CertificateFiles.json: certificate.json,
      CertificateFiles.page: CertificatePage.text(certificate),
      CertificateFiles.junit: certificate.junit,
    ]
    for check in certificate.checks?.checks ?? [] {
      texts[CertificateFiles.check(check.id)] = check.excerpt
    }
    return texts
  }

  /// What a file that changed can be compared with, to find the byte.
  private func references(_ here: Surroundings) -> [String: (name: String, text: String)] {
    var found = derived.mapValues { (name: "what certificate.json says", text: $0) }
    found[CertificateFiles.json] = nil
    for run in certificate.suite {
      guard let text = here.scenarios[run.path], SHA256.hex(of: text.utf8) == run.file else {
        continue
      }
      found[CertificateFiles.scenario(run.path)] = (name: run.path, text: text)
    }
    if let (file, text) = here.configuration,
      SHA256.hex(of: text.utf8) == certificate.identity.configuration
    {
      found[CertificateFiles.configuration] = (name: file, text: text)
    }
    return found
  }

  // MARK: What is here

  private func identityDifferences(_ here: Surroundings) -> [Difference] {
    var found: [Difference] = []
    let identity = certificate.identity
    if here.build != identity.build {
      found.append(
        Difference(place: "build", message: "certified \(identity.build), running \(here.build)"))
    }
    if let (file, text) = here.configuration {
      let digest = SHA256.hex(of: text.utf8)
      if digest != identity.configuration {
        let place = folder.configuration.flatMap {
          firstDifference(Array(text.utf8), Array($0.utf8))
        }
        found.append(
          Difference(
            place: file,
            message: "\(place.map { "\($0) differs from the certified configuration; " } ?? "")"
              + "digest certified \(identity.configuration), here \(digest)"))
      }
    } else {
      found.append(
        Difference(place: identity.configurationFile, message: "missing: it was certified"))
    }
    let certified = Dictionary(
      certificate.suite.map { ($0.path, $0.file) }, uniquingKeysWith: { first, _ in first })
    for path in certified.keys.sorted() {
      guard let text = here.scenarios[path] else {
        found.append(Difference(place: path, message: "missing scenario: it was certified"))
        continue
      }
      guard SHA256.hex(of: text.utf8) != certified[path] else { continue }
      let place = folder.scenario(path).flatMap {
        firstDifference(Array(text.utf8), Array($0.utf8))
      }
      found.append(
        Difference(
          place: path,
          message: "\(place ?? "it") differs from the certified scenario"))
    }
    for path in here.scenarios.keys.sorted() where certified[path] == nil {
      found.append(Difference(place: path, message: "additional scenario: it is not certified"))
    }
    return found
  }

  func timeDifferences(_ now: Instant) -> [Difference] {
    if now >= certificate.expires {
      return [Difference(place: "time", message: "expired at \(certificate.expires), now \(now)")]
    }
    // A clock may be corrected by a little between two commands.
    if now + .minutes(5) < certificate.issued {
      return [
        Difference(
          place: "time", message: "issued at \(certificate.issued), which is after now, \(now)")
      ]
    }
    return []
  }

  /// `byte 17 (line 2)` of `bytes`, where the two part; nil where they do not.
  func firstDifference(_ bytes: [UInt8], _ reference: [UInt8]) -> String? {
    guard bytes != reference else { return nil }
    let offset =
      zip(bytes, reference).enumerated().first { $0.element.0 != $0.element.1 }?.offset
      ?? min(bytes.count, reference.count)
    let line = 1 + bytes.prefix(offset).filter { $0 == UInt8(ascii: "\n") }.count
    return "byte \(offset + 1) (line \(line))"
  }
}

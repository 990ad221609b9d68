/// A certificate as it lies on a disk, read whole.
public struct CertificateFolder: Sendable {
  /// The folder.
  public let path: String
  /// What the certificate says.
  public let certificate: Certificate
  /// Every file, by path from the folder.
  public let files: [String: [UInt8]]

  /// Reads a folder; the path of its `certificate.json` names it too.
  ///
  /// - Throws: ``CertificateRefusal`` where there is no certificate, or none that reads.
  public init(path: String) throws(CertificateRefusal) {
    let folder = Folder(
      path: path.hasSuffix("/" + CertificateFiles.json)
        ? String(path.dropLast(CertificateFiles.json.count + 1))
        : path.hasSuffix("/") ? String(path.dropLast()) : path)
    self.path = folder.path
    var files: [String: [UInt8]] = [:]
    do throws(FolderError) {
      guard try folder.read(CertificateFiles.json) != nil else {
        throw FolderError(
          path: folder.path(of: CertificateFiles.json), reason: "no such file")
      }
      for name in try folder.names() { files[name] = try folder.read(name) }
    } catch {
      throw CertificateRefusal(
        .missing, "\(error)", remedy: "Make one: `assay certify --config FILE --output FOLDER`.")
    }
    self.files = files
    do {
      certificate = try Certificate(json: files[CertificateFiles.json] ?? [])
    } catch {
      throw CertificateRefusal(
        .unreadable, "\(folder.path(of: CertificateFiles.json)): \(error)",
        remedy: "Restore the file, or make a new certificate with `assay certify`.")
    }
  }

  /// The digest of the certificate's text, which names it.
  public var digest: String { SHA256.hex(of: files[CertificateFiles.json] ?? []) }

  /// The folder, where every file is what its manifest says.
  ///
  /// - Returns: The same folder.
  /// - Throws: ``CertificateRefusal`` naming the first file that is not.
  public func intact() throws(CertificateRefusal) -> CertificateFolder {
    guard let difference = CertificateVerifier(self).manifestDifferences().first else {
      return self
    }
    throw CertificateRefusal(
      .changed, "\(path) is not what was written: \(difference)",
      remedy: "Restore the folder, or make it anew with `assay certify`.")
  }

  /// The text of a scenario's evidence, by the path that it was read from.
  public func scenario(_ path: String) -> String? {
    files[CertificateFiles.scenario(path)].map { String(decoding: $0, as: UTF8.self) }
  }

  /// The text of the configuration that was certified.
  public var configuration: String? {
    files[CertificateFiles.configuration].map { String(decoding: $0, as: UTF8.self) }
  }
}

/// Why a certificate allows nothing, and what to do.
public struct CertificateRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, for programs.
  public enum Reason: String, Hashable, Sendable, CaseIterable {
    /// There is none.
    case missing
    /// It is not a certificate.
    case unreadable
    /// A file of it is not what was written.
    case changed
    /// It speaks of another build.
    case build
    /// It speaks of another configuration.
    case configuration
    /// It holds no more.
    case expired
    /// It was issued after now.
    case fromTheFuture
    /// It did not show enough.
    case notAllowed
    /// Real money takes an explicit switch.
    case mainnet
  }

  /// What is wrong, for programs.
  public let reason: Reason
  /// What is wrong, with the values that explain it.
  public let problem: String
  /// What to do.
  public let remedy: String

  init(_ reason: Reason, _ problem: String, remedy: String) {
    self.reason = reason
    self.problem = problem
    self.remedy = remedy
  }

  /// The problem, then the remedy.
  public var description: String { "\(problem); \(remedy)" }
}

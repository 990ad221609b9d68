import Engine
public import Market
public import Simulation

/// What a start may do.
public enum Permission: Hashable, Sendable {
  /// No order leaves this machine: nothing has to be shown.
  case notNeeded
  /// The certificate of this digest was held to build, configuration and time, and allows it.
  case certified(String)
}

/// Decides whether exchange execution may start.
///
/// On paper, in a dry run and against this machine nothing is asked. Orders that leave the machine
/// need a certificate of this build and of this very configuration file, whole, fresh, and with
/// every demand shown; real money needs an explicit switch besides.
public enum CertificateGuard {
  /// What is about to start.
  public struct Start: Sendable {
    /// The configuration, as it was read.
    public var configuration: LiveConfiguration
    /// Its file.
    public var file: String
    /// The text of its file.
    public var text: String
    /// The SHA-256 of the running executable.
    public var build: String
    /// Whether the operator asked for real money.
    public var allowsMainnet: Bool

    /// Describes a start.
    public init(
      configuration: LiveConfiguration, file: String, text: String, build: String,
      allowsMainnet: Bool
    ) {
      self.configuration = configuration
      self.file = file
      self.text = text
      self.build = build
      self.allowsMainnet = allowsMainnet
    }

    /// Whether orders leave this machine.
    var sendsOrders: Bool {
      guard case .exchange(let exchange) = configuration.engine.execution, !exchange.isDryRun
      else { return false }
      return !(configuration.live?.isLoopback ?? false)
    }
  }

  /// Decides.
  ///
  /// - Parameters:
  ///   - start: What is about to start.
  ///   - path: The certificate's folder; nil where none was named.
  ///   - now: The time.
  /// - Returns: What the start may do.
  /// - Throws: ``CertificateRefusal`` saying what is wrong and what to do.
  public static func check(
    _ start: Start, certificate path: String?, now: Instant
  ) throws(CertificateRefusal) -> Permission {
    guard start.sendsOrders else { return .notNeeded }
    // A configuration without a venue is judged as the strictest one.
    guard start.allowsMainnet || start.configuration.live?.network == .testnet else {
      throw CertificateRefusal(
        .mainnet, "\(start.file) trades real money",
        remedy: "Give --mainnet if that is meant; nothing else turns it on.")
    }
    let again = "assay certify --config \(start.file) --db FILE --output FOLDER"
    guard let path else {
      throw CertificateRefusal(
        .missing, "orders would leave this machine, and no certificate was named",
        remedy: "Make one with `\(again)`, then give --certificate FOLDER.")
    }
    let folder = try CertificateFolder(path: path).intact()
    let verifier = CertificateVerifier(folder)
    let certificate = folder.certificate
    guard certificate.identity.build == start.build else {
      throw CertificateRefusal(
        .build,
        "\(path) certifies build \(certificate.identity.build.prefix(16)), and this is "
          + "\(start.build.prefix(16))",
        remedy: "Run the certified build, or certify this one with `\(again)`.")
    }
    guard certificate.identity.configuration == SHA256.hex(of: start.text.utf8),
      certificate.identity.engine == start.configuration.engine.digest.description
    else {
      throw CertificateRefusal(
        .configuration,
        "\(path) certifies another configuration than \(start.file): "
          + "\(certificate.identity.configurationFile) with SHA-256 "
          + "\(certificate.identity.configuration.prefix(16))",
        remedy: "Undo the change, or certify this file with `\(again)`.")
    }
    if let difference = verifier.timeDifferences(now).first {
      throw CertificateRefusal(
        now >= certificate.expires ? .expired : .fromTheFuture, "\(path): \(difference.message)",
        remedy: now >= certificate.expires
          ? "Certify anew with `\(again)`." : "Set the clock of this machine.")
    }
    guard certificate.allows.contains(.exchange) else {
      throw CertificateRefusal(
        .notAllowed, "\(path) does not allow orders to leave: \(certificate.shortfall)",
        remedy: "Meet what is missing, then certify anew with `\(again)`.")
    }
    return .certified(folder.digest)
  }
}

extension Certificate {
  /// What keeps it from allowing exchange execution, in a line.
  var shortfall: String {
    var parts = demands.filter { $0.state != .holds }.map { "\($0.id) \($0.state.rawValue)" }
    if isQuick { parts.append("a quick run") }
    return parts.isEmpty ? "nothing" : parts.joined(separator: ", ")
  }
}

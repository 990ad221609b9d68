import NIOSSL

/// Whom a client believes to be a venue: the system's authorities, and those of a file.
enum ClientTrust {
  /// The certificates of a file in PEM.
  ///
  /// - Throws: ``LiveError`` where there are none to be read.
  static func certificates(_ path: String) throws(LiveError) -> [NIOSSLCertificate] {
    let certificates: [NIOSSLCertificate]
    do { certificates = try NIOSSLCertificate.fromPEMFile(path) } catch { certificates = [] }
    guard !certificates.isEmpty else {
      throw LiveError(
        .configuration, "\(path) holds no certificate that can be read",
        remedy: "let `trust` name a PEM file, as `assay exchange --tls` writes it")
    }
    return certificates
  }

  /// What a WebSocket client asks of a server's certificate: a trusted signature and its own name.
  ///
  /// - Throws: ``LiveError`` where the file or the system's authorities cannot be read.
  static func context(_ trust: String?) throws(LiveError) -> NIOSSLContext {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.applicationProtocols = ["http/1.1"]
    if let trust {
      configuration.additionalTrustRoots = [.certificates(try certificates(trust))]
    }
    do {
      return try NIOSSLContext(configuration: configuration)
    } catch {
      throw LiveError(.system, "TLS cannot be set up: \(error)", remedy: "check the installation")
    }
  }
}

import CCrypto
import NIOSSL

/// A fresh key and a certificate for it, signed by itself; the key never leaves the process.
public struct ServerCertificate: Sendable {
  /// The certificate in PEM: what a client has to trust.
  public let pem: String
  let context: NIOSSLContext

  /// How long it is good for.
  private static let days: Int = 397

  /// Makes a P-256 key and a certificate for names and addresses, by default this machine's own.
  ///
  /// - Throws: ``ServerError`` where libcrypto refuses.
  public static func generate(
    for names: [String] = ["localhost", "127.0.0.1", "::1"]
  ) throws(ServerError) -> ServerCertificate {
    guard let key = ccrypto_make_p256_key() else { throw .noCertificate("there is no key") }
    defer { EVP_PKEY_free(key) }
    guard let certificate = X509_new() else { throw .noCertificate("there is no memory") }
    defer { X509_free(certificate) }
    guard fill(certificate, names, key), X509_sign(certificate, key, EVP_sha256()) > 0 else {
      throw .noCertificate("libcrypto cannot make one for \(names.joined(separator: ", "))")
    }
    guard let pem = text({ PEM_write_bio_X509($0, certificate) }),
      let keyText = text({ PEM_write_bio_PKCS8PrivateKey($0, key, nil, nil, 0, nil, nil) })
    else { throw .noCertificate("it cannot be written down") }
    do {
      let chain = try NIOSSLCertificate.fromPEMBytes(pem).map(NIOSSLCertificateSource.certificate)
      var configuration = TLSConfiguration.makeServerConfiguration(
        certificateChain: chain,
        privateKey: .privateKey(try NIOSSLPrivateKey(bytes: keyText, format: .pem)))
      configuration.applicationProtocols = ["http/1.1"]
      return ServerCertificate(
        pem: String(decoding: pem, as: UTF8.self),
        context: try NIOSSLContext(configuration: configuration))
    } catch {
      throw .noCertificate("\(error)")
    }
  }

  /// Everything but the signature; clients that are strict ask for every extension (RFC 5280,
  /// section 4.2).
  private static func fill(
    _ certificate: OpaquePointer, _ names: [String], _ key: OpaquePointer
  ) -> Bool {
    let subject = X509_get_subject_name(certificate)
    let alternatives = names.map { $0.isAddress ? "IP:\($0)" : "DNS:\($0)" }
    let extensions = [
      (NID_basic_constraints, "critical,CA:TRUE,pathlen:0"),
      (NID_key_usage, "critical,digitalSignature,keyCertSign"),
      (NID_ext_key_usage, "serverAuth"),
      (NID_subject_key_identifier, "hash"),
      (NID_subject_alt_name, alternatives.joined(separator: ",")),
    ]
    let serial = UInt64.random(in: 1...UInt64(Int64.max))
    // Clocks of other machines may be a little behind.
    return X509_set_version(certificate, 2) == 1
      && ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial) == 1
      && X509_gmtime_adj(X509_getm_notBefore(certificate), -3_600) != nil
      && X509_gmtime_adj(X509_getm_notAfter(certificate), days * 86_400) != nil
      && X509_NAME_add_entry_by_txt(
        subject, "CN", MBSTRING_FLAG | 1, Array("assay exchange".utf8), -1, -1, 0) == 1
      && X509_set_issuer_name(certificate, subject) == 1
      && X509_set_pubkey(certificate, key) == 1
      && extensions.allSatisfy { ccrypto_add_extension(certificate, $0, $1) == 1 }
  }

  /// What `write` writes; nil where it fails.
  private static func text(_ write: (OpaquePointer) -> Int32) -> [UInt8]? {
    guard let bio = BIO_new(BIO_s_mem()) else { return nil }
    defer { BIO_free(bio) }
    guard write(bio) == 1 else { return nil }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4_096)
    while case let count = BIO_read(bio, &block, 4_096), count > 0 {
      bytes.append(contentsOf: block[..<Int(count)])
    }
    return bytes
  }
}

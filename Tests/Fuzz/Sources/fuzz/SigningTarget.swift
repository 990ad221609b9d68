import Market

@testable import Exchange
@testable import Venues

/// Any bytes as an action that somebody signs.
///
/// MessagePack of any document reads back as that document, by a reader written here; what the
/// venue takes for the canonical form is its own canonical form; Keccak-256 agrees with the
/// standard's definition written out; the structs of user-signed actions and the envelope around
/// them are read without a trap.
enum SigningTarget: FuzzTarget {
  static let name = "signing"
  static let isScript = false

  static func run(_ input: [UInt8], isPlanted: Bool) {
    // Two and a half blocks of the sponge; the reference is slow.
    checkHash(Array(input.prefix(340)))
    var parser = JSONParser(limits: JSONLimits(bytes: 1 << 16, depth: 32))
    guard let action = try? parser.parse(input).root else { return }
    if var bytes = MessagePack.encode(action) {
      // The planted bug: a byte beyond 127 as a signed one.
      if isPlanted { bytes = bytes.map { $0 == 0xcc ? 0xd0 : $0 } }
      var reader = MessagePackReader(bytes: bytes)
      expect(reader.reads(action) && reader.isAtEnd, "\(bytes.hexadecimal) is another document")
    }
    checkCanonical(action)
    if let signed = UserSignedAction(action) {
      expect(signed.digest.count == 32, "a digest of \(signed.digest.count) bytes")
      let type = action["type"]?.string ?? ""
      expect(UserSignedAction.isUserSigned(type), "\(type) is signed and is not")
    }
    checkRequest(action)
  }

  /// The canonical form of a canonical form is itself.
  private static func checkCanonical(_ action: JSONValue) {
    guard let canonical = signed(action).canonicalMessagePack else { return }
    var reader = MessagePackReader(bytes: canonical)
    var writer = JSONWriter()
    guard reader.write(to: &writer), reader.isAtEnd else {
      finding("no MessagePack: \(canonical.hexadecimal)")
    }
    var parser = JSONParser(limits: JSONLimits(bytes: 1 << 19, depth: 64))
    guard let again = try? parser.parse(writer.bytes).root else {
      finding("canonical, and no document: \(writer.text)")
    }
    expect(
      signed(again).canonicalMessagePack == canonical,
      "canonical once: \(writer.text), and another form the second time")
  }

  private static func signed(_ action: JSONValue) -> SignedRequest {
    SignedRequest(
      action: action, nonce: 1, vault: nil, expiresAfter: nil, r: "0x1", s: "0x1", v: 27)
  }

  /// Reading an envelope of these bytes names signers or none.
  private static func checkRequest(_ envelope: JSONValue) {
    let request = SignedRequest(
      action: envelope["action"] ?? envelope, nonce: envelope["nonce"]?.uint64 ?? 0,
      vault: envelope["vaultAddress"]?.string.flatMap { Address($0) },
      expiresAfter: envelope["expiresAfter"]?.uint64, r: envelope["r"]?.string ?? "0x",
      s: envelope["s"]?.string ?? "0x", v: envelope["v"]?.uint64 ?? 27)
    expect(SimulatedVerifier().signers(of: request).count <= 1, "two signers")
    _ = ActionRequest(request.action)
    let signable = SignableAction(
      messagePack: request.canonicalMessagePack ?? [], nonce: request.nonce,
      vault: request.vault, expiresAfter: request.expiresAfter)
    for network in SigningNetwork.allCases {
      expect(signable.digest(on: network).count == 32, "no digest")
    }
    expect(
      signable.digest(on: .mainnet) != signable.digest(on: .testnet), "one digest, two networks")
  }

  private static func checkHash(_ input: [UInt8]) {
    let digest = Keccak256.digest(input)
    expect(digest == ReferenceKeccak.digest(input), "\(digest.hexadecimal) is another hash")
  }
}

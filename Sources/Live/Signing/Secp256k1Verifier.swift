public import Exchange
public import Venues

/// Recovers who signed an action, for a simulated venue that real clients talk to.
public struct Secp256k1Verifier: SignatureVerifier {
  /// The networks whose signatures count, the likelier first.
  public let networks: [SigningNetwork]

  /// Makes a verifier; by default both networks count, the testnet first, for which the official
  /// Python client signs at any address but the mainnet's.
  public init(networks: [SigningNetwork] = [.testnet, .mainnet]) { self.networks = networks }

  /// The address that the signature recovers to, on each network that counts.
  public func signers(of request: SignedRequest) -> [AccountAddress] {
    guard let r = Self.bytes(request.r), let s = Self.bytes(request.s),
      let v = UInt8(exactly: request.v), let signature = ActionSignature(r: r, s: s, v: v)
    else { return [] }
    if let type = request.action["type"]?.string, UserSignedAction.isUserSigned(type) {
      guard let action = UserSignedAction(request.action), networks.contains(action.network) else {
        return []
      }
      return Curve.recover(signature, of: action.digest).map { [$0] } ?? []
    }
    guard let messagePack = request.canonicalMessagePack else { return [] }
    let action = SignableAction(
      messagePack: messagePack, nonce: request.nonce, vault: request.vault,
      expiresAfter: request.expiresAfter)
    return networks.compactMap { Curve.recover(signature, of: action.digest(on: $0)) }
  }

  /// One to 64 hexadecimal digits after `0x`: the official client does not pad.
  private static func bytes(_ text: String) -> [UInt8]? {
    let digits = text.utf8
    guard digits.starts(with: "0x".utf8), (3...66).contains(digits.count) else { return nil }
    var bytes: [UInt8] = []
    var rest = digits.dropFirst(2)
    while !rest.isEmpty {
      let pair = rest.suffix(2)
      guard pair.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
        let byte = UInt8(String(decoding: pair, as: UTF8.self), radix: 16)
      else { return nil }
      bytes.insert(byte, at: 0)
      rest = rest.dropLast(2)
    }
    return bytes
  }
}

/// A signature as the wire carries it.
public struct ActionSignature: Hashable, Sendable {
  /// 32 bytes.
  public let r: [UInt8]
  /// 32 bytes.
  public let s: [UInt8]
  /// 27 or 28.
  public let v: UInt8

  /// Makes a signature; `r` and `s` shorter than 32 bytes are padded on the left, nil where longer.
  public init?(r: [UInt8], s: [UInt8], v: UInt8) {
    guard r.count <= 32, s.count <= 32 else { return nil }
    self.r = Array(repeating: 0, count: 32 - r.count) + r
    self.s = Array(repeating: 0, count: 32 - s.count) + s
    self.v = v
  }
}

/// What is signed of an action that the exchange executes (an "L1 action").
public struct SignableAction: Hashable, Sendable {
  /// The action in canonical MessagePack.
  public let messagePack: [UInt8]
  /// The nonce of the envelope.
  public let nonce: UInt64
  /// The vault or sub-account acted for.
  public let vault: Address?
  /// Milliseconds after which the venue refuses the action.
  public let expiresAfter: UInt64?

  /// Makes what is to be signed.
  public init(
    messagePack: [UInt8], nonce: UInt64, vault: Address? = nil, expiresAfter: UInt64? = nil
  ) {
    self.messagePack = messagePack
    self.nonce = nonce
    self.vault = vault
    self.expiresAfter = expiresAfter
  }

  /// Keccak-256 of the action, its nonce, its vault and its expiry: what the key signs.
  public var connectionID: [UInt8] {
    var bytes = messagePack
    bytes.append(contentsOf: withUnsafeBytes(of: nonce.bigEndian, Array.init))
    if let vault {
      bytes.append(1)
      bytes.append(contentsOf: vault.bytes)
    } else {
      bytes.append(0)
    }
    if let expiresAfter {
      bytes.append(0)
      bytes.append(contentsOf: withUnsafeBytes(of: expiresAfter.bigEndian, Array.init))
    }
    return Keccak256.digest(bytes)
  }
}

/// Why an action could not be signed.
public enum SigningFault: Error, Hashable, Sendable {
  /// The key is missing, locked or revoked.
  case noKey
  /// The library refused.
  case failed
}

/// Signs actions with a key that it alone knows.
public protocol ActionSigner: Sendable {
  /// The address that a signature proves: the account, or an agent of it.
  var address: Address { get }
  /// Signs an action; the same action gives the same signature.
  func sign(_ action: SignableAction) throws(SigningFault) -> ActionSignature
}

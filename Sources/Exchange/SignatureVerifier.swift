public import Venues

/// What a signature was given for.
public struct SignedRequest: Sendable {
  /// The action as received.
  public let action: JSONValue
  /// The nonce of the envelope.
  public let nonce: UInt64
  /// The vault or sub-account acted for.
  public let vault: AccountAddress?
  /// The last millisecond at which the action may run.
  public let expiresAfter: UInt64?
  /// `r` as received, with `0x`.
  public let r: String
  /// `s` as received, with `0x`.
  public let s: String
  /// `v` as received.
  public let v: UInt64
}

/// Finds out who signed an action.
public protocol SignatureVerifier: Sendable {
  /// The networks whose signatures count.
  var networks: [SigningNetwork] { get }
  /// The addresses that the signature may belong to, the likeliest first; none where it is no
  /// signature at all.
  ///
  /// A signature does not say for which network it was made, and recovers to an address for each:
  /// the signer's for the one, a random one for the other. Whoever knows the accounts can tell.
  func signers(of request: SignedRequest) -> [AccountAddress]
}

/// Believes the address that a simulated signature carries in `r`: `0x`, zeros, 40 digits.
///
/// The counterpart of ``SimulatedSigner``. It accepts `r` with or without leading zeros, as the
/// wire does, and only `v` 27 or 28; `s` is taken as it is.
public struct SimulatedVerifier: SignatureVerifier {
  /// Makes the verifier.
  public init() {}

  /// Simulated signatures are for no network in particular.
  public var networks: [SigningNetwork] { SigningNetwork.allCases }

  /// The address in the last 40 digits of `r`.
  public func signers(of request: SignedRequest) -> [AccountAddress] {
    guard request.v == 27 || request.v == 28, request.r.utf8.starts(with: "0x".utf8) else {
      return []
    }
    let digits = request.r.dropFirst(2)
    guard (1...64).contains(digits.utf8.count) else { return [] }
    let zeros = digits.dropLast(40)
    guard zeros.allSatisfy({ $0 == "0" }) else { return [] }
    let address = String(digits.suffix(40))
    return AccountAddress(String(repeating: "0", count: 40 - address.utf8.count) + address)
      .map { [$0] } ?? []
  }
}

public import Venues

/// Signs actions with a private key, as the venue's official client does.
public struct Secp256k1Signer: ActionSigner {
  /// The network that the signatures are for.
  public let network: SigningNetwork
  private let key: PrivateKey

  /// Makes a signer for one network.
  ///
  /// A simulated venue takes signatures for either; the official client signs for the testnet
  /// wherever its base address is not the mainnet's.
  public init(key: PrivateKey, network: SigningNetwork) {
    self.key = key
    self.network = network
  }

  /// The address of the key.
  public var address: Address { key.address }

  /// Signs an L1 action; the same action gives the same signature.
  public func sign(_ action: SignableAction) throws(SigningFault) -> ActionSignature {
    guard let signature = key.sign(action.digest(on: network)) else { throw .failed }
    return signature
  }

  /// Signs an action field by field; its network is the one that it names.
  public func sign(_ action: UserSignedAction) throws(SigningFault) -> ActionSignature {
    guard let signature = key.sign(action.digest) else { throw .failed }
    return signature
  }
}

/// Signs for simulated venues only: the "signature" says whose it is, and anybody can make one.
///
/// `r` holds the address in its last twenty bytes, `s` the action's connection id, so that a venue
/// can still notice an action that is not the one signed. A real venue answers that it does not
/// know the signer.
public struct SimulatedSigner: ActionSigner {
  /// Whose signatures they are.
  public let address: Address

  /// Makes a signer that says it is `address`.
  public init(address: Address) { self.address = address }

  /// The address and the connection id as a signature.
  public func sign(_ action: SignableAction) throws(SigningFault) -> ActionSignature {
    guard let signature = ActionSignature(r: address.bytes, s: action.connectionID, v: 27) else {
      throw .failed
    }
    return signature
  }
}

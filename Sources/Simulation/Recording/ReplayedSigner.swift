import Venues

/// Gives back the signatures that recorded runs made, so that a replay needs no key.
///
/// It knows what was signed, not how: an action that no recorded run signed is refused, and the
/// replay differs from the recording at that very step.
struct ReplayedSigner: ActionSigner {
  let address: Address
  /// What each connection id came to; ids never repeat, since each holds a nonce.
  private let signatures: [[UInt8]: ActionSignature?]

  init(address: Address, signatures: [[UInt8]: ActionSignature?]) {
    self.address = address
    self.signatures = signatures
  }

  func sign(_ action: SignableAction) throws(SigningFault) -> ActionSignature {
    guard let known = signatures[action.connectionID] else { throw .noKey }
    guard let signature = known else { throw .failed }
    return signature
  }
}

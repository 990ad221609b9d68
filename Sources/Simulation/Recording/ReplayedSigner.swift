import Venues

/// Gives back the signatures that recorded runs made, so that a replay needs no key.
///
/// It knows what was signed, not how: an action that no recorded run signed is refused, and the
/// replay differs from the recording at that very step.
struct ReplayedSigner: ActionSigner {
  let address: Address
  /// What each connection id came to; ids never repeat, since each holds a nonce.
  private let known: [[UInt8]: ActionSignature?]

  init(address: Address, known: [[UInt8]: ActionSignature?]) {
    self.address = address
    self.known = known
  }

  func sign(_ action: SignableAction) throws(SigningFault) -> ActionSignature {
    guard let answer = known[action.connectionID] else { throw .noKey }
    guard let signature = answer else { throw .failed }
    return signature
  }
}

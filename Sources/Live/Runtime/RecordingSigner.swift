import Simulation
import Synchronization
import Venues

/// Signs with the run's key and remembers what it signed until the step is recorded.
final class RecordingSigner: ActionSigner {
  let address: Address
  private let signer: any ActionSigner
  private let made = Mutex<[RecordedSignature]>([])

  init(_ signer: any ActionSigner) {
    self.signer = signer
    address = signer.address
  }

  func sign(_ action: SignableAction) throws(SigningFault) -> ActionSignature {
    let id = action.connectionID
    do throws(SigningFault) {
      let signature = try signer.sign(action)
      made.withLock { $0.append(RecordedSignature(connectionID: id, signature: signature)) }
      return signature
    } catch {
      made.withLock { $0.append(RecordedSignature(connectionID: id, signature: nil)) }
      throw error
    }
  }

  /// What was signed since the last call, in order.
  func takeSignatures() -> [RecordedSignature] {
    made.withLock { made in
      defer { made.removeAll() }
      return made
    }
  }
}

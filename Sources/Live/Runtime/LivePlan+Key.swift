import Engine
import Foundation
import Simulation
import Venues

extension LivePlan {
  /// Loads the key that the configuration names, where orders are signed with one.
  ///
  /// - Throws: ``LiveError`` where it is missing, malformed, readable by others, or belongs to
  ///   neither the account nor an agent of it as far as can be told here.
  public mutating func loadKey() throws(LiveError) {
    guard case .exchange = engine.execution else { return }
    guard let source = settings.key else {
      throw LiveError(
        .key, "\(configurationFile) trades at the venue and names no key",
        remedy: "add `key` with environment or file; the key itself belongs in neither")
    }
    let key: PrivateKey
    do throws(PrivateKeyError) {
      switch source {
      case .environment(let name): key = try PrivateKey.load(from: .environment(name))
      case .file(let path): key = try PrivateKey.load(from: .file(path))
      case .generated(let path):
        if access(path, F_OK) != 0 { try Self.generate(path) }
        key = try PrivateKey.load(from: .file(path))
      }
    } catch {
      throw LiveError(.key, "\(error)", remedy: "")
    }
    let network: SigningNetwork = settings.network == .mainnet ? .mainnet : .testnet
    let signer = Secp256k1Signer(key: key, network: network)
    self.signer = signer
    if engine.account == nil { engine.account = signer.address.description }
  }

  /// Writes a fresh key for a loopback venue, readable by its owner alone.
  private static func generate(_ path: String) throws(PrivateKeyError) {
    var bytes = [UInt8](repeating: 0, count: 32)
    repeat {
      for index in bytes.indices { bytes[index] = UInt8.random(in: 0...255) }
    } while PrivateKey(hexadecimal: bytes.hexadecimal) == nil
    try? FileManager.default.createDirectory(
      at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let line = Array((bytes.hexadecimal + "\n").utf8)
    _ = write(descriptor, line, line.count)
  }
}

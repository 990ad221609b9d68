import Engine
import Foundation
import Glibc
public import Store

/// The files by which a person speaks to a run, whichever process it is in.
///
/// The kill switch's file engages as soon as it stands. A request beside it lifts the switch: a
/// file, not a port, so that no page in a browser can ask for it.
public struct OperatorFiles: Hashable, Sendable {
  /// The kill switch.
  public let killSwitch: KillSwitchFile
  /// The path of a request to lift it.
  public var resumePath: String { killSwitch.path + ".resume" }

  /// Names the files; nothing is read or written.
  public init(killSwitchPath: String) { killSwitch = KillSwitchFile(path: killSwitchPath) }

  /// Asks a running engine to lift the kill switch.
  ///
  /// - Throws: ``LiveError`` where the request cannot be written.
  public func requestResume(reason: String) throws(LiveError) {
    do {
      try Data(reason.utf8).write(to: URL(filePath: resumePath), options: .atomic)
    } catch {
      throw LiveError(
        .system, "\(resumePath) cannot be written: \(error.localizedDescription)",
        remedy: "run this as the user who runs the engine")
    }
  }

  /// Takes back a request that nobody has read; false where there is none any more.
  public func withdrawResume() -> Bool { unlink(resumePath) == 0 }

  /// What the files ask of an engine whose switch is engaged or not; a request is read once.
  ///
  /// - Throws: ``StoreError`` where it cannot be told whether the switch's file stands.
  func poll(isEngaged: Bool) throws(StoreError) -> OperatorCommand? {
    if let reason = takeResume(), isEngaged { return .resume(reason: reason) }
    guard !isEngaged, let record = try killSwitch.read() else { return nil }
    return .kill(reason: record.reason)
  }

  private func takeResume() -> String? {
    let descriptor = open(resumePath, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1_000)
    let count = read(descriptor, &bytes, bytes.count)
    guard unlink(resumePath) == 0 else { return nil }
    let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    return text.isEmpty ? "an operator asked for it" : text
  }
}

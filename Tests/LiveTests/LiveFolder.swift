import Foundation

/// A folder of a live test, gone with its owner.
final class LiveFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "assay-live-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path }

  /// The live part of a configuration for a venue on `port`.
  func venue(port: Int, clock: String = "system") -> String {
    """
    venue:
      http: http://127.0.0.1:\(port)
      webSocket: ws://127.0.0.1:\(port)
      network: testnet
      clock: \(clock)
    store: \(path("run.db"))
    health: {port: 0, file: \(path("health.json"))}
    alerts: {file: \(path("alerts"))}

    """
  }
}

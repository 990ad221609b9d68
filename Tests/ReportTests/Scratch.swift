import Foundation
import GRDB

/// A folder that goes with its owner.
final class Scratch {
  private let folder: URL

  /// The path of the folder.
  var root: String { folder.path }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(
      path: "assay-report-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// The path of a file in the folder.
  func path(_ name: String) -> String { folder.appending(path: name).path }

  /// Runs a statement on a database.
  func execute(_ sql: String, on path: String) throws {
    try DatabaseQueue(path: path).write { try $0.execute(sql: sql) }
  }

  /// The bytes of a file.
  func read(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appending(path: name)))
  }

  /// Writes a file.
  func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: folder.appending(path: name))
  }

  /// Takes a file away.
  func remove(_ name: String) throws {
    try FileManager.default.removeItem(at: folder.appending(path: name))
  }
}

import Foundation

/// A file or folder that cannot be read or written, and why.
public struct FolderError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Which.
  public let path: String
  /// Why.
  public let reason: String

  /// Path and reason.
  public var description: String { "\(path): \(reason)" }

  /// What the last call on `path` met.
  static func current(_ path: String) -> FolderError {
    FolderError(path: path, reason: String(cString: strerror(errno)))
  }
}

/// Whole files below one folder, named by their path from it.
struct Folder {
  let path: String

  /// The path of a file, as the system knows it.
  func path(of name: String) -> String { path + "/" + name }

  /// The bytes of a file; nil where there is none.
  func read(_ name: String) throws(FolderError) -> [UInt8]? {
    let file = path(of: name)
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    return try Self.bytes(file)
  }

  /// The bytes of the file at `path`.
  static func bytes(_ path: String) throws(FolderError) -> [UInt8] {
    do {
      return Array(try Data(contentsOf: URL(filePath: path)))
    } catch {
      throw FolderError(path: path, reason: "cannot be read")
    }
  }

  /// Writes a file, making its folders.
  func write(_ bytes: [UInt8], to name: String) throws(FolderError) {
    let file = path(of: name)
    do {
      let folder = URL(filePath: file).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(bytes).write(to: URL(filePath: file), options: .atomic)
    } catch {
      throw FolderError(path: file, reason: "cannot be written")
    }
  }

  /// Every file below the folder, sorted by name.
  func names() throws(FolderError) -> [String] {
    guard let found = FileManager.default.enumerator(atPath: path) else {
      throw FolderError(path: path, reason: "cannot be listed")
    }
    var names: [String] = []
    for case let name as String in found {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path(of: name), isDirectory: &isFolder),
        !isFolder.boolValue
      else { continue }
      names.append(name)
    }
    return names.sorted()
  }
}

import Foundation

/// A file of the repository, read once.
struct SourceFile: Sendable {
  /// From the top of the repository, with slashes.
  let path: String
  let text: String

  /// The folder below `Sources` that it is in, or nil elsewhere.
  var module: String? {
    let parts = path.split(separator: "/")
    return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
  }
}

/// The repository that this file is part of.
enum SourceTree {
  /// The top folder; links are followed, so that a linked checkout is read where it lies.
  static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Every file below `folder` whose name ends in one of `suffixes`, ascending by path.
  static func files(below folder: String, suffixes: [String]) throws -> [SourceFile] {
    try paths(below: folder).filter { path in suffixes.contains { path.hasSuffix($0) } }
      .map { path in
        let data = try Data(contentsOf: root.appendingPathComponent(path))
        return SourceFile(path: path, text: String(decoding: data, as: UTF8.self))
      }
  }

  static func text(of path: String) throws -> String {
    String(decoding: try Data(contentsOf: root.appendingPathComponent(path)), as: UTF8.self)
  }

  /// Names in `folder` without dot-files, ascending; empty where there is no such folder.
  static func names(in folder: String) -> [String] {
    let url = folder.isEmpty ? root : root.appendingPathComponent(folder)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    return names.filter { !$0.hasPrefix(".") }.sorted()
  }

  private static func paths(below folder: String) -> [String] {
    names(in: folder).flatMap { name -> [String] in
      let path = folder + "/" + name
      var isFolder: ObjCBool = false
      let full = root.appendingPathComponent(path).path
      guard FileManager.default.fileExists(atPath: full, isDirectory: &isFolder) else { return [] }
      return isFolder.boolValue ? paths(below: path) : [path]
    }
  }
}

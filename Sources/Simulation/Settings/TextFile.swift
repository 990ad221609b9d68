import Glibc

/// Reads whole text files, and lists folders in a fixed order.
enum TextFile {
  /// Reads a file of at most ``SettingsReader/longestFile`` bytes.
  static func read(_ path: String) throws(SettingsError) -> String {
    let whole = Place(file: path, line: 0, column: 0)
    guard let file = fopen(path, "rb") else {
      throw whole.error("the file cannot be opened", "give the path of a readable file")
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      guard count > 0 else { break }
      bytes.append(contentsOf: buffer[..<count])
      guard bytes.count <= SettingsReader.longestFile else {
        throw whole.error("the file is too long", "at most \(SettingsReader.longestFile) bytes")
      }
    }
    guard ferror(file) == 0 else { throw whole.error("the file cannot be read") }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw whole.error("the file is not UTF-8", "save it as UTF-8 text")
    }
    return text
  }

  /// Whether there is a folder at `path`.
  static func isFolder(_ path: String) -> Bool {
    guard let folder = opendir(path) else { return false }
    closedir(folder)
    return true
  }

  /// The paths under a folder that end in `suffix`, sorted, or the path itself where it is a file.
  static func paths(under path: String, suffix: String) throws(SettingsError) -> [String] {
    guard let folder = opendir(path) else {
      guard access(path, R_OK) == 0 else {
        throw Place(file: path, line: 0, column: 0).error("no such file or folder")
      }
      return [path]
    }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    closedir(folder)
    var found: [String] = []
    for name in names.sorted() {
      let child = path.hasSuffix("/") ? path + name : path + "/" + name
      if let inner = opendir(child) {
        closedir(inner)
        found += try paths(under: child, suffix: suffix)
      } else if name.hasSuffix(suffix) {
        found.append(child)
      }
    }
    return found
  }
}

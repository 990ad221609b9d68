import Glibc

/// What the operating system said about a file.
struct FileFault: Error, CustomStringConvertible {
  let number: Int32

  /// The fault of the call that has just failed.
  static var current: FileFault { FileFault(number: errno) }

  var description: String { String(cString: strerror(number)) }

  /// The store's words for it.
  func storeError(_ path: String) -> StoreError {
    switch number {
    case EACCES, EPERM, EROFS:
      StoreError(
        .readOnly, "\(path) cannot be written.",
        remedy: "Give this user write access to the file and its folder.", cause: self)
    case ENOENT, ENOTDIR:
      StoreError(
        .notFound, "\(path) cannot be opened.", remedy: "Create the folder, or correct the path.",
        cause: self)
    case ENOSPC, EDQUOT:
      StoreError(.full, "The disk that holds \(path) is full.", remedy: "Free space.", cause: self)
    default:
      StoreError(.failed, "A call on \(path) failed.", cause: self)
    }
  }
}

/// A file's folder and its full name, with every link resolved.
enum FilePath {
  /// The absolute path of a file that may not exist yet, in a folder that does.
  static func absolute(_ path: String) throws(StoreError) -> String {
    if let whole = resolved(path) { return whole }
    let (folder, name) = split(path)
    guard let base = resolved(folder) else { throw FileFault.current.storeError(folder) }
    return base == "/" ? "/" + name : base + "/" + name
  }

  /// The folder and the last part of a path.
  static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = slash == path.startIndex ? "/" : String(path[..<slash])
    return (folder, String(path[path.index(after: slash)...]))
  }

  private static func resolved(_ path: String) -> String? {
    guard let pointer = realpath(path, nil) else { return nil }
    defer { free(pointer) }
    return String(cString: pointer)
  }
}

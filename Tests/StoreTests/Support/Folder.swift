import Glibc

/// A folder of a test's own, gone when the test is.
final class Folder {
  let path: String

  init() throws {
    // Memory where there is any to be had: a test's crash is a copy, not a power cut.
    let base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    var template = Array("\(base)/assay-store-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw FolderFault(number: errno) }
    path = String(cString: made)
  }

  deinit {
    chmod(path, 0o755)
    for name in names { unlink(path + "/" + name) }
    rmdir(path)
  }

  struct FolderFault: Error { let number: Int32 }

  var names: [String] {
    guard let stream = opendir(path) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  func file(_ name: String) -> String { path + "/" + name }

  func read(_ name: String) throws -> [UInt8] {
    guard let stream = fopen(file(name), "r") else { throw FolderFault(number: errno) }
    defer { fclose(stream) }
    fseek(stream, 0, SEEK_END)
    var bytes = [UInt8](repeating: 0, count: ftell(stream))
    rewind(stream)
    guard fread(&bytes, 1, bytes.count, stream) == bytes.count else {
      throw FolderFault(number: EIO)
    }
    return bytes
  }

  func write(_ bytes: [UInt8], to name: String) throws {
    guard let stream = fopen(file(name), "w") else { throw FolderFault(number: errno) }
    defer { fclose(stream) }
    guard fwrite(bytes, 1, bytes.count, stream) == bytes.count else {
      throw FolderFault(number: EIO)
    }
  }
}

import Glibc

/// The messages that the repository holds.
enum FixtureFile {
  /// The lines of a file under `Fixtures/hyperliquid`; empty where it cannot be read.
  static func lines(_ name: String) -> [[UInt8]] {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    let path = parts.dropLast(3).joined(separator: "/") + "/Fixtures/hyperliquid/" + name
    guard let file = fopen(path, "rb") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      guard count > 0 else { break }
      bytes.append(contentsOf: chunk[..<count])
    }
    return bytes.split(separator: UInt8(ascii: "\n")).map(Array.init)
  }
}

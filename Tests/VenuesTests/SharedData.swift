import CZlib
import Glibc

/// Real data beside the repository, which tests read where it is there.
enum SharedData {
  /// The bytes of a file under the shared folder; nil, with a notice, where it is absent.
  static func bytes(_ path: String) -> [UInt8]? {
    let root = getenv("ASSAY_SHARED").map { String(cString: $0) } ?? Self.besideRepository
    guard let file = gzopen(root + "/" + path, "rb") else {
      print("notice: skipped, \(path) is not in \(root)")
      return nil
    }
    defer { gzclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = gzread(file, &chunk, UInt32(chunk.count))
      guard count > 0 else { break }
      bytes.append(contentsOf: chunk[..<Int(count)])
    }
    return bytes
  }

  /// The members of a tar archive under the shared folder, by path.
  static func archive(_ path: String) -> [(path: String, bytes: [UInt8])]? {
    guard let bytes = bytes(path) else { return nil }
    var members: [(path: String, bytes: [UInt8])] = []
    var offset = 0
    while offset + 512 <= bytes.count, bytes[offset] != 0 {
      let header = bytes[offset..<(offset + 512)]
      let name = header.prefix(100).prefix { $0 != 0 }
      let digits = header.dropFirst(124).prefix(11)
      let size = digits.reduce(0) { $0 * 8 + Int($1 & 7) }
      let start = offset + 512
      guard start + size <= bytes.count else { break }
      members.append((String(decoding: name, as: UTF8.self), Array(bytes[start..<(start + size)])))
      offset = start + (size + 511) / 512 * 512
    }
    return members
  }

  // …/repository/Tests/VenuesTests/SharedData.swift stands two folders below the repository, whose
  // neighbour is `shared`.
  private static var besideRepository: String {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(4).joined(separator: "/") + "/shared"
  }
}

import Glibc

/// The lines of a text file, one at a time, whatever its size.
final class LineReader {
  private let descriptor: CInt
  private var block: [UInt8] = []
  private var start = 0
  private var isAtEnd = false
  private static let blockSize = 1 << 18
  /// A longer line is cut there: no trace has one.
  private static let longestLine = 1 << 24

  /// Opens a file; nil where it is not there, or not to be read.
  init?(_ path: String) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
  }

  deinit { close(descriptor) }

  /// The next line without its end; nil after the last.
  func next() -> String? {
    while true {
      if let end = block[start...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { start = end + 1 }
        return String(decoding: block[start..<end], as: UTF8.self)
      }
      guard !isAtEnd, block.count - start < Self.longestLine else {
        guard start < block.count else { return nil }
        defer { start = block.count }
        return String(decoding: block[start...], as: UTF8.self)
      }
      fill()
    }
  }

  private func fill() {
    var fresh = [UInt8](repeating: 0, count: Self.blockSize)
    let count = fresh.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    guard count > 0 else {
      isAtEnd = true
      return
    }
    block.removeSubrange(..<start)
    start = 0
    block += fresh[..<count]
  }
}

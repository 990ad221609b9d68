/// The lines of a file, gzip'ed or plain, in blocks of bounded size.
enum DataLines {
  /// Hands over every line without its end, with its number from 1.
  ///
  /// - Throws: ``DataFileError`` where the file is missing or damaged or a line is longer than
  ///   `longest`, and whatever `take` throws.
  static func read(
    _ path: String, longest: Int,
    _ take: (_ bytes: ArraySlice<UInt8>, _ line: Int) throws(DataFileError) -> Void
  ) throws(DataFileError) {
    var stream = try GzipStream(path: path)
    // Bytes 0..<kept are the start of a line whose end has not been read yet.
    var buffer = [UInt8](repeating: 0, count: 256 * 1_024)
    var kept = 0
    var line = 0
    func hand(_ bytes: ArraySlice<UInt8>) throws(DataFileError) {
      line += 1
      let isLong = bytes.count > longest
      guard !isLong else { throw tooLong(path, line, longest) }
      try take(bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes, line)
    }
    while true {
      let count = try stream.read(into: &buffer, from: kept)
      let end = kept + count
      var start = 0
      while let newline = buffer[start..<end].firstIndex(of: UInt8(ascii: "\n")) {
        try hand(buffer[start..<newline])
        start = newline + 1
      }
      kept = end - start
      if count == 0 {
        if kept > 0 { try hand(buffer[start..<end]) }
        return
      }
      // Refused before it fills the buffer.
      guard kept <= longest else { throw tooLong(path, line + 1, longest) }
      if start > 0, kept > 0 { buffer.replaceSubrange(0..<kept, with: Array(buffer[start..<end])) }
    }
  }

  private static func tooLong(_ path: String, _ line: Int, _ longest: Int) -> DataFileError {
    DataFileError(
      .row, path: path, line: line, found: "a line of more than \(longest) bytes",
      expected: "a row of numbers")
  }

  /// The first line; nil where there is none.
  ///
  /// - Throws: ``DataFileError`` where the file is missing or damaged.
  static func first(of path: String) throws(DataFileError) -> String? {
    var stream = try GzipStream(path: path)
    var buffer = [UInt8](repeating: 0, count: 4_096)
    let count = try stream.read(into: &buffer, from: 0)
    guard count > 0 else { return nil }
    let line = buffer[..<count].prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    return String(decoding: line, as: UTF8.self)
  }

  /// At most forty bytes, in quotes, with everything unprintable replaced.
  static func excerpt(_ bytes: ArraySlice<UInt8>) -> String {
    let shown = bytes.prefix(40).map { (0x20..<0x7f).contains($0) ? $0 : UInt8(ascii: "?") }
    return "'\(String(decoding: shown, as: UTF8.self))\(bytes.count > 40 ? "…" : "")'"
  }
}

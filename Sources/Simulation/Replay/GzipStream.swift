import CZlib

/// The bytes of a gzip file, or of a plain one, a block at a time; closes itself.
struct GzipStream: ~Copyable {
  private let file: gzFile
  private let path: String

  init(path: String) throws(DataFileError) {
    guard let file = gzopen(path, "rb") else {
      throw DataFileError(
        .missing, path: path, found: "cannot be opened", expected: "a readable file")
    }
    gzbuffer(file, 128 * 1_024)
    self.file = file
    self.path = path
  }

  deinit { gzclose(file) }

  /// Fills the front of `buffer` from `offset` on; returns how many bytes came, 0 at the end.
  ///
  /// - Throws: ``DataFileError`` where the stream is cut short or fails its checksum.
  mutating func read(into buffer: inout [UInt8], from offset: Int) throws(DataFileError) -> Int {
    let count = buffer.withUnsafeMutableBytes { bytes -> Int in
      // SAFETY: `rebasing` keeps the range within the buffer, whose storage outlives the call.
      let room = UnsafeMutableRawBufferPointer(rebasing: bytes[offset...])
      return Int(gzread(file, room.baseAddress, UInt32(room.count)))
    }
    var status: Int32 = 0
    let message = gzerror(file, &status)
    // Z_BUF_ERROR after a short read: the input ended inside the compressed stream.
    guard count >= 0, status == Z_OK || status == Z_STREAM_END else {
      let detail = message.map { String(cString: $0) } ?? ""
      throw DataFileError(
        .damaged, path: path,
        found: "the gzip stream is cut short or damaged\(detail.isEmpty ? "" : " (\(detail))")",
        expected: "a whole gzip file")
    }
    return count
  }
}

import Glibc
import Simulation

/// The recording of a run, written a frame at a time.
///
/// A frame is with the system when ``append(_:)`` returns, so that a killed process loses none; a
/// machine that loses its power may lose the last ones, and the store loses nothing.
final class RecordingFile {
  private let path: String
  private let descriptor: Int32

  /// Opens the file at `path` to add a run, making it where there is none.
  ///
  /// What a killed process left unfinished at the end is cut off.
  ///
  /// - Throws: ``LiveError`` where the file is no recording, damaged, or cannot be written.
  init(path: String) throws(LiveError) {
    self.path = path
    var length = 0
    var status = stat()
    if stat(path, &status) == 0, status.st_size > 0 { length = Int(try Self.wholeLength(path)) }
    descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.fault(path) }
    guard ftruncate(descriptor, length) == 0, lseek(descriptor, length, SEEK_SET) == length else {
      throw Self.fault(path)
    }
    if length == 0 { try write(Recording.magic) }
  }

  deinit { close(descriptor) }

  /// Adds a frame.
  ///
  /// - Throws: ``LiveError`` where the system does not take it.
  func append(_ frame: Recording.Frame) throws(LiveError) {
    try write(Recording.bytes(of: frame))
  }

  private func write(_ bytes: [UInt8]) throws(LiveError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.fault(path) }
      rest = rest.dropFirst(count)
    }
  }

  /// How many bytes of an existing recording are whole frames.
  private static func wholeLength(_ path: String) throws(LiveError) -> Int64 {
    do {
      var reader = try RecordingReader(path: path)
      while try reader.next() != nil {}
      return reader.offset
    } catch {
      throw LiveError(
        .recording, "\(error)", remedy: "name another file for --record, or move this one away")
    }
  }

  private static func fault(_ path: String) -> LiveError {
    LiveError(
      .recording, "\(path) cannot be written: \(String(cString: strerror(errno)))",
      remedy: "name a file in a folder that can be written, on a disk with room")
  }
}

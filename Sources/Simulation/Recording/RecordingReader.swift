import Market

/// Reads a recording a frame at a time, in memory bounded by the longest frame.
public struct RecordingReader: ~Copyable {
  /// The path, as it was given.
  public let path: String
  /// How many bytes of the file belong to whole frames read so far.
  public private(set) var offset: Int64
  /// Bytes at the end that are no whole frame: a killed process was writing them.
  ///
  /// Known once ``next()`` has returned nil.
  public private(set) var tornBytes: Int64 = 0
  private var stream: GzipStream

  /// Opens a recording.
  ///
  /// - Parameter path: The file, plain or gzip'ed.
  /// - Throws: ``RecordingError`` where it cannot be opened or is none.
  public init(path: String) throws(RecordingError) {
    self.init(path, try Self.open(path))
  }

  private init(_ path: String, _ stream: consuming GzipStream) {
    self.path = path
    self.stream = stream
    offset = Int64(Recording.magic.count)
  }

  private static func open(_ path: String) throws(RecordingError) -> GzipStream {
    var stream: GzipStream
    do {
      stream = try GzipStream(path: path)
    } catch {
      throw RecordingError(
        .missing, path: path, found: error.found, expected: "a recording of `assay live --record`")
    }
    guard try read(Recording.magic.count, &stream, path) == Recording.magic else {
      throw RecordingError(
        .foreign, path: path, found: "the file does not begin with ASSAYREC",
        expected: "a recording of `assay live --record`")
    }
    return stream
  }

  /// Whether the file at `path` begins as a recording does.
  public static func isRecording(_ path: String) -> Bool { (try? Self(path: path)) != nil }

  /// The next frame; nil at the end of the file, or where a killed process left a frame unfinished.
  ///
  /// - Throws: ``RecordingError`` where the bytes are not what was written.
  public mutating func next() throws(RecordingError) -> Recording.Frame? {
    let head = try Self.read(16, &stream, path)
    guard head.count == 16 else { return end(head.count) }
    let length = Int64(littleEndian: head.word)
    guard Int64(littleEndian: Array(head.suffix(8)).word) == ~length,
      (1...Int64(Recording.longestPayload)).contains(length)
    else { throw damaged("a frame's length fails its check", "the bytes as they were written") }
    let body = try Self.read(Int(length) + 8, &stream, path)
    guard body.count == Int(length) + 8 else { return end(16 + body.count) }
    let payload = Array(body.prefix(Int(length)))
    let check = UInt64(bitPattern: Int64(littleEndian: Array(body.suffix(8)).word))
    guard check == Recording.check(payload) else {
      throw damaged("a frame fails its check", "the bytes as they were written")
    }
    let frame = try decode(payload)
    offset += 24 + length
    return frame
  }

  private mutating func end(_ rest: Int) -> Recording.Frame? {
    tornBytes = Int64(rest)
    return nil
  }

  private func decode(_ payload: [UInt8]) throws(RecordingError) -> Recording.Frame {
    var reader = BinaryReader(payload)
    let frame: Recording.Frame
    do {
      switch try reader.readByte() {
      case 0:
        let version = try reader.readInt()
        guard version == Recording.version else {
          throw RecordingError(
            .newer, path: path, offset: offset, found: "a recording of form \(version)",
            expected: "form \(Recording.version): use the release that wrote it")
        }
        frame = .header(try RecordedHeader(from: &reader))
      case 1: frame = .step(try RecordedStep(from: &reader))
      case 2:
        let count = try reader.readInt()
        frame = .end(
          RecordedEnd(count: count, digest: Digest(rawValue: try reader.readUInt64())))
      default: throw BinaryFault.invalid(offset: 0)
      }
    } catch let error as RecordingError {
      throw error
    } catch {
      throw damaged("a frame does not read back (\(error))", "the bytes as they were written")
    }
    guard reader.remaining == 0 else {
      throw damaged("a frame has \(reader.remaining) bytes too many", "none")
    }
    return frame
  }

  private func damaged(_ found: String, _ expected: String) -> RecordingError {
    RecordingError(.damaged, path: path, offset: offset, found: found, expected: expected)
  }

  /// At most `count` bytes; fewer at the end of the file.
  private static func read(
    _ count: Int, _ stream: inout GzipStream, _ path: String
  ) throws(RecordingError) -> [UInt8] {
    var bytes: [UInt8] = []
    // A damaged length must not cost memory that the file does not fill.
    while bytes.count < count {
      let have = bytes.count
      bytes.append(contentsOf: repeatElement(0, count: min(count - have, 1 << 20)))
      let got: Int
      do { got = try stream.read(into: &bytes, from: have) } catch {
        throw RecordingError(.damaged, path: path, found: error.found, expected: error.expected)
      }
      bytes.removeLast(bytes.count - have - got)
      if got == 0 { return bytes }
    }
    return bytes
  }
}

extension [UInt8] {
  /// The first eight bytes as they lie.
  fileprivate var word: Int64 {
    withUnsafeBytes { $0.count >= 8 ? $0.loadUnaligned(as: Int64.self) : 0 }
  }
}

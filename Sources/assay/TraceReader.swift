/// One event of a trace: its line, and the lines of what happened in it.
struct TraceEvent {
  /// Counted from 1.
  let number: Int
  /// The virtual time, as the trace writes it.
  let time: String
  /// `engine` or `venue`.
  let party: String
  /// The digest of the run up to this event.
  let digest: String
  /// The digest of each component, in the order of the trace.
  let components: [(name: String, digest: String)]
  /// What happened, as `component text`; a fault that began or ended before it comes first.
  var details: [String] = []

  /// Reads `event N TIME PARTY DIGEST name=digest …`; nil where a line is none.
  init?(_ line: String) {
    let words = line.split(separator: " ")
    guard words.count >= 5, words[0] == "event", let number = Int(words[1]) else { return nil }
    self.number = number
    time = String(words[2])
    party = String(words[3])
    digest = String(words[4])
    components = words[5...].compactMap { word in
      let parts = word.split(separator: "=", maxSplits: 1)
      return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
    }
  }
}

/// Why a file is no trace.
struct TraceError: Error {
  let path: String
  let line: Int
  let found: String
  let expected: String
}

/// Reads the events of a trace file in order.
struct TraceReader {
  /// What was run: the second line of the file.
  let title: String
  private let lines: LineReader
  private let path: String
  private var lineNumber = 2
  private var pending: String?

  /// Opens a trace; nil where there is no file.
  init?(_ path: String) throws(TraceError) {
    guard let lines = LineReader(path) else { return nil }
    let first = lines.next()
    guard first == "assay-trace 1" else {
      throw TraceError(
        path: path, line: 1, found: first.map { "'\($0.prefix(40))'" } ?? "an empty file",
        expected: "'assay-trace 1', as `assay sim --trace` writes it")
    }
    guard let second = lines.next(), second.hasPrefix("scenario ") else {
      throw TraceError(
        path: path, line: 2, found: "no scenario", expected: "'scenario NAME seed N'")
    }
    title = String(second.dropFirst("scenario ".count))
    self.lines = lines
    self.path = path
  }

  /// The next event with everything that happened in it; nil at the end.
  mutating func next() throws(TraceError) -> TraceEvent? {
    var before: [String] = []
    while let line = take(), !line.hasPrefix("event ") { before.append(line) }
    guard let head = last else { return nil }
    guard var event = TraceEvent(head) else {
      throw TraceError(
        path: path, line: lineNumber, found: "'\(head.prefix(40))'",
        expected: "'event NUMBER TIME PARTY DIGEST …'")
    }
    event.details = before
    while let line = take() {
      guard line.hasPrefix("  ") else {
        pending = line
        break
      }
      event.details.append(String(line.dropFirst(2)))
    }
    return event
  }

  private var last: String?

  private mutating func take() -> String? {
    if let line = pending {
      pending = nil
      last = line
      return line
    }
    last = lines.next()
    if last != nil { lineNumber += 1 }
    return last
  }
}

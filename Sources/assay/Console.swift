/// The terminal, or whatever stands in its place: results to standard output, talk to standard
/// error.
struct Console: Sendable {
  /// How a word is meant.
  enum Style: String {
    case plain = ""
    case bold = "1"
    case faint = "2"
    case good = "32"
    case bad = "1;31"
    case warning = "33"
  }

  /// Whether standard output is a terminal that shows colour.
  let hasColour: Bool
  /// Whether standard error is a terminal, where a progress bar may move.
  let hasProgress: Bool
  /// Columns of standard output; nil where it is no terminal, so that nothing is cut.
  let columns: Int?

  init() {
    let isDumb = environment("TERM") == "dumb"
    let output = Descriptor.output
    hasColour = output.isTerminal && !isDumb && environment("NO_COLOR") == nil
    hasProgress = Descriptor.error.isTerminal && !isDumb
    columns = output.isTerminal ? max(40, output.columns ?? 80) : nil
  }

  /// `text` as it is meant, where there is colour.
  func paint(_ text: String, _ style: Style) -> String {
    guard hasColour, style != .plain else { return text }
    return "\u{1b}[\(style.rawValue)m\(text)\u{1b}[0m"
  }

  /// Writes a line of results.
  func print(_ line: String = "") { _ = Descriptor.output.write((line + "\n").utf8) }

  /// Writes lines of results.
  func print(_ lines: [String]) { for line in lines { print(line) } }

  /// Writes a line about the work.
  func note(_ line: String) { _ = Descriptor.error.write((line + "\n").utf8) }

  /// Writes `error: …`, and what to do about it.
  func error(_ message: String, remedy: String? = nil) {
    note("error: \(message)")
    if let remedy { note("       \(remedy)") }
  }

  /// Replaces the line that the cursor stands on, on standard error.
  func overwrite(_ line: String) { _ = Descriptor.error.write("\r\u{1b}[K\(line)".utf8) }

  /// The last line of a command: what to do next.
  func next(_ advice: String) { print(paint("Next: ", .bold) + advice) }
}

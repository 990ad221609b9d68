/// The reviewed list of exceptions: one `path | rule | reason` a line, `#` begins a remark.
struct Exceptions {
  struct Entry: Hashable {
    let path: String
    let rule: String
    let line: Int
  }

  static let path = "Tests/HouseTests/exceptions.txt"

  private(set) var entries: [Entry] = []
  /// Lines that are no entry, and entries without a reason or twice in the list.
  private(set) var problems: [String] = []

  init(_ text: String) {
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    where !line.hasPrefix("#") && !line.allSatisfy(\.isWhitespace) {
      let parts = line.split(separator: "|", maxSplits: 2, omittingEmptySubsequences: false)
        .map { $0.split(separator: " ").joined(separator: " ") }
      guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty }) else {
        problems.append("\(Self.path):\(index + 1): expected `path | rule | reason`: \(line)")
        continue
      }
      if entries.contains(where: { $0.path == parts[0] && $0.rule == parts[1] }) {
        problems.append("\(Self.path):\(index + 1): twice in the list: \(line)")
      }
      entries.append(Entry(path: parts[0], rule: parts[1], line: index + 1))
    }
  }

  private static func covers(_ entry: Entry, _ finding: Finding) -> Bool {
    entry.path == finding.path && entry.rule == finding.rule
  }

  /// The findings that no entry excuses.
  func unexcused(_ findings: [Finding]) -> [Finding] {
    findings.filter { finding in !entries.contains { Self.covers($0, finding) } }
  }

  /// The entries that excuse none of `findings`, among those whose rule `isChecked`.
  func unused(_ findings: [Finding], where isChecked: (String) -> Bool) -> [Entry] {
    entries.filter { entry in
      isChecked(entry.rule) && !findings.contains { Self.covers(entry, $0) }
    }
  }
}

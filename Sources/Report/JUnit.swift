/// Results in the XML that build servers read.
public enum JUnit {
  /// One thing that was looked at.
  public struct Case: Hashable, Sendable {
    /// What it belongs to.
    public var group: String
    /// What it is called.
    public var name: String
    /// Why it failed; nil where it holds.
    public var failure: String?
    /// Whether nobody looked.
    public var isSkipped: Bool
    /// Makes a case.
    public init(
      group: String, name: String, failure: String? = nil, isSkipped: Bool = false
    ) {
      self.group = group
      self.name = name
      self.failure = failure
      self.isSkipped = isSkipped
    }
  }

  /// Cases that belong together.
  public struct Suite: Hashable, Sendable {
    /// What they are called together.
    public var name: String
    /// The cases.
    public var cases: [Case]
    /// Makes a suite.
    public init(name: String, cases: [Case]) {
      self.name = name
      self.cases = cases
    }
    /// The pre-live checks as a suite.
    public init(checks: [Check]) {
      self.init(
        name: "checks",
        cases: checks.map { check in
          let lines = ["demanded: \(check.threshold)", "found: \(check.figure)"] + check.evidence
          return Case(
            group: "checks", name: check.id,
            failure: check.hasPassed ? nil : lines.joined(separator: "\n"))
        })
    }
    var failures: Int { cases.filter { $0.failure != nil }.count }
  }

  /// The document of several suites.
  public static func document(_ name: String, _ suites: [Suite]) -> String {
    let tests = suites.reduce(0) { $0 + $1.cases.count }
    let failures = suites.reduce(0) { $0 + $1.failures }
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    text += "<testsuites name=\"\(Markup.escaped(name))\""
    text += " tests=\"\(tests)\" failures=\"\(failures)\">\n"
    for suite in suites {
      text += "  <testsuite name=\"\(Markup.escaped(suite.name))\""
      text += " tests=\"\(suite.cases.count)\" failures=\"\(suite.failures)\">\n"
      for one in suite.cases {
        text += "    <testcase classname=\"\(Markup.escaped(one.group))\""
        text += " name=\"\(Markup.escaped(one.name))\""
        if let failure = one.failure {
          let title = failure.split(separator: "\n").first.map(String.init) ?? ""
          text += ">\n      <failure message=\"\(Markup.escaped(title))\">"
          text += Markup.escaped(failure) + "</failure>\n    </testcase>\n"
        } else if one.isSkipped {
          text += "><skipped/></testcase>\n"
        } else {
          text += "/>\n"
        }
      }
      text += "  </testsuite>\n"
    }
    return text + "</testsuites>\n"
  }
}

/// Text as HTML and XML take it.
enum Markup {
  /// Markup escaped, control characters that XML forbids replaced; fit for attributes too.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "\n", "\t": escaped.unicodeScalars.append(scalar)
      case _ where scalar.value < 0x20 || scalar.value == 0xfffe || scalar.value == 0xffff:
        escaped += "\u{fffd}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}

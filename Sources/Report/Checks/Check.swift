import Store

/// What one pre-live check came to.
public struct Check: Hashable, Sendable {
  /// Whether the demand is met.
  public enum Verdict: String, Hashable, Sendable {
    /// It is, and the evidence shows it.
    case pass
    /// It is not, or nothing shows that it is.
    case fail
  }

  /// Its name in ``CheckCatalogue``.
  public let id: String
  /// Its name for people.
  public let title: String
  /// What was looked at.
  public let subject: String
  /// What is demanded.
  public let threshold: String
  /// What was found.
  public let figure: String
  /// The rows or files behind the figure: a short excerpt, a line each.
  public let evidence: [String]
  /// Whether the demand is met.
  public let verdict: Verdict

  /// Whether the demand is met.
  public var hasPassed: Bool { verdict == .pass }

  /// Makes a result; a certificate that is read back does so.
  public init(
    id: String, title: String, subject: String, threshold: String, figure: String,
    evidence: [String], verdict: Verdict
  ) {
    self.id = id
    self.title = title
    self.subject = subject
    self.threshold = threshold
    self.figure = figure
    self.evidence = evidence
    self.verdict = verdict
  }
}

/// A check, before it has looked.
public struct CheckEntry: Sendable {
  /// The stable name.
  public let id: String
  /// Its name for people.
  public let title: String
  /// What it looks at.
  public let subject: String
  let judge: @Sendable (CheckFacts) -> Finding

  init(
    _ id: String, _ title: String, _ subject: String,
    _ judge: @escaping @Sendable (CheckFacts) -> Finding
  ) {
    self.id = id
    self.title = title
    self.subject = subject
    self.judge = judge
  }

  /// Looks.
  public func check(_ facts: CheckFacts) -> Check {
    var finding = judge(facts)
    if !facts.store.verification.isSound, finding.isHidden, facts.configuration != nil {
      finding = .notShown(
        finding.threshold, "the database is damaged: what it says shows nothing")
    }
    return Check(
      id: id, title: title, subject: subject, threshold: finding.threshold,
      figure: finding.figure, evidence: finding.evidence,
      verdict: finding.holds ? .pass : .fail)
  }
}

/// What a check found: a demand, a figure, and what shows it.
struct Finding {
  let threshold: String
  let figure: String
  let evidence: [String]
  let holds: Bool

  /// The most lines of evidence that a check quotes.
  static let excerptLength = 8

  init(_ threshold: String, _ figure: String, _ evidence: [String], holds: Bool) {
    self.threshold = threshold
    self.figure = figure
    self.holds = holds
    let rest = evidence.count - Self.excerptLength
    self.evidence =
      rest > 0
      ? evidence.prefix(Self.excerptLength) + ["… and \(rest) more"] : evidence
  }

  /// Whether it could not be judged.
  var isHidden: Bool { figure == Self.hidden }
  private static let hidden = "not shown"

  /// What cannot be judged fails, and says why: nothing is skipped in silence.
  static func notShown(_ threshold: String, _ why: String) -> Finding {
    Finding(threshold, hidden, [why], holds: false)
  }
}

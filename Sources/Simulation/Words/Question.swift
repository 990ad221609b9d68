public import Risk

/// Two numbers that a rule compared, and whether the comparison holds.
public struct Comparison: Hashable, Sendable {
  /// How the left side came about.
  public let left: String
  /// `<`, `≤`, `=`, `≠`, `≥` or `>`.
  public let sign: String
  /// How the right side came about.
  public let right: String
  /// The left side's value, exactly, in its unit.
  public let leftValue: String
  /// The right side's value, exactly, in the same unit.
  public let rightValue: String
  /// Whether it holds.
  public let holds: Bool

  /// `equity 9,712 ≤ session-start equity 10,000 × 95 % = 9,500`.
  public var sentence: String {
    "\(Self.side(left, leftValue)) \(sign) \(Self.side(right, rightValue))"
  }

  private static func side(_ text: String, _ value: String) -> String {
    text == value || text.hasSuffix(" " + value) ? text : "\(text) = \(value)"
  }
}

/// One question that a rule asked of its inputs, with the answer.
public struct Question: Hashable, Sendable {
  /// What a rule does where the answer is yes.
  public enum Consequence: Hashable, Sendable {
    /// It ends with this word, such as a reason to reject.
    case ends(String)
    /// It goes on, with other numbers than after a no.
    case goesOn
  }

  /// Where it was asked.
  public let site: Site
  /// What was asked.
  let condition: WordTruth
  /// The answer that the rule went by.
  public let answer: Bool
  /// What the rule does where the answer is yes; nil where nobody looked.
  public var consequence: Consequence?

  /// Whether something in it was compared with something else in kind, as prices with counts.
  var isMixed: Bool {
    condition.atoms.contains { atom in
      guard case .compared(let left, _, let right) = atom.meaning else { return false }
      return left.isMixed || right.isMixed || Measure.common(left.measure, right.measure).isMixed
    }
  }

  /// The comparisons that were made for the answer, in their order.
  public var comparisons: [Comparison] { condition.atoms.compactMap(\.comparison) }

  /// The question as a sentence with the values of both sides; where it has several parts, each
  /// with its own answer.
  public var sentence: String { condition.sentence }

  /// The keys of the limits that the answer rests on: those of the parts that hold where it is
  /// yes, and of all parts where it is no.
  public var limits: [String] {
    let parts = answer ? condition.atoms.filter(\.value) : condition.atoms
    return parts.reduce(into: []) { keys, part in
      guard case .compared(let left, _, let right) = part.meaning else { return }
      for key in left.limits + right.limits where !keys.contains(key) { keys.append(key) }
    }
  }
}

extension WordTruth {
  /// The comparison that it is; nil for anything else.
  var comparison: Comparison? {
    guard case .compared(let left, let sign, let right) = meaning else { return nil }
    let measure = Measure.common(left.measure, right.measure).measure ?? Measure()
    return Comparison(
      left: left.brief(as: measure), sign: sign.rawValue, right: right.brief(as: measure),
      leftValue: (left.isSimple ? left.measure ?? measure : measure).text(left.value),
      rightValue: (right.isSimple ? right.measure ?? measure : measure).text(right.value),
      holds: value)
  }

  /// The most parts that a sentence names one by one.
  private static let longestList = 3

  /// What it says, with values.
  var sentence: String {
    switch meaning {
    case .literal: return value ? "always" : "never"
    case .stated(let sentence, _): return sentence
    case .compared: return comparison?.sentence ?? ""
    case .all(let parts): return Self.list(parts, "and", shows: { !$0.value })
    case .any(let parts): return Self.list(parts, "or", shows: \.value)
    }
  }

  /// The parts, each with its answer; of a long list those alone that `shows` picks, which decide.
  private static func list(
    _ parts: [WordTruth], _ word: String, shows: (WordTruth) -> Bool
  ) -> String {
    func text(_ part: WordTruth) -> String {
      let sentence = part.atoms.count > 1 ? "(\(part.sentence))" : part.sentence
      return "\(sentence) (\(part.value ? "yes" : "no"))"
    }
    guard parts.count > longestList else {
      return parts.map(text).joined(separator: " \(word) ")
    }
    let decisive = parts.filter(shows)
    guard !decisive.isEmpty else {
      return "\(word == "or" ? "none" : "each") of \(parts.count) parts holds, the first: "
        + (parts.first.map(text) ?? "")
    }
    return decisive.map(text).joined(separator: " \(word) ")
      + ", of \(parts.count) parts"
  }
}

public import Risk

/// A truth value of the reading with words: whether it holds, and what it says.
public struct WordTruth: DomainTruth, Hashable, Sendable {
  /// How two numbers were compared.
  enum Sign: String, Hashable, Sendable {
    case below = "<"
    case atMost = "≤"
    case equal = "="
    case unequal = "≠"
    case atLeast = "≥"
    case above = ">"

    var opposite: Sign {
      switch self {
      case .below: .atLeast
      case .atMost: .above
      case .equal: .unequal
      case .unequal: .equal
      case .atLeast: .below
      case .above: .atMost
      }
    }
  }

  /// What a truth value says.
  indirect enum Meaning: Hashable, Sendable {
    /// Written in the rule.
    case literal
    /// Told to the rule: the sentence that it makes true, and the one where it is false.
    case stated(String, otherwise: String)
    case compared(WordNumber, Sign, WordNumber)
    case all([WordTruth])
    case any([WordTruth])
  }

  /// Whether it holds.
  public let value: Bool
  /// What it says.
  let meaning: Meaning

  init(_ value: Bool, _ meaning: Meaning) {
    self.value = value
    self.meaning = meaning
  }

  /// A truth value written in a rule.
  public init(booleanLiteral value: Bool) { self.init(value, .literal) }

  /// A truth value that a rule is told.
  static func input(_ value: Bool, _ sentence: String, otherwise: String) -> WordTruth {
    WordTruth(value, .stated(sentence, otherwise: otherwise))
  }

  /// Both.
  public func and(_ other: Self) -> Self {
    WordTruth(value && other.value, .all(conjuncts + other.conjuncts))
  }

  /// At least one.
  public func or(_ other: Self) -> Self {
    WordTruth(value || other.value, .any(disjuncts + other.disjuncts))
  }

  /// The opposite, said without "not": each comparison turned, both and either exchanged.
  public var negated: Self {
    let turned: Meaning =
      switch meaning {
      case .literal: .literal
      case .stated(let sentence, let otherwise): .stated(otherwise, otherwise: sentence)
      case .compared(let left, let sign, let right): .compared(left, sign.opposite, right)
      case .all(let parts): .any(parts.map(\.negated))
      case .any(let parts): .all(parts.map(\.negated))
      }
    return WordTruth(!value, turned)
  }

  private var conjuncts: [WordTruth] {
    if case .all(let parts) = meaning { parts } else { [self] }
  }

  private var disjuncts: [WordTruth] {
    if case .any(let parts) = meaning { parts } else { [self] }
  }

  /// The comparisons and statements that it is made of, in their order.
  var atoms: [WordTruth] {
    switch meaning {
    case .literal, .stated, .compared: [self]
    case .all(let parts), .any(let parts): parts.flatMap(\.atoms)
    }
  }
}

import Risk

/// What an operation of a rule is, told from its arithmetic.
enum Operation: String, Hashable, Sendable {
  case branch
  case sum
  case difference
  case product
  case quotient
  case remainder
  case floorQuotient
  case ceilingQuotient
  case smaller
  case larger
  case choice
  case less
  case atMost
  case equal
  case both
  case either
  case not
}

/// Where an operation stands in a rule.
///
/// Operators carry no source position. Between two branches a rule is straight-line code, so the
/// branch before, the way it went and the count since then name an operation.
struct Place: Hashable, Sendable {
  /// The branch before; nil at the beginning.
  let branch: Site?
  /// Which way that branch went.
  let wasTaken: Bool
  /// Operations since; for a branch itself, always zero.
  let ordinal: Int

  /// The branch itself.
  init(of branch: Site) {
    self.branch = branch
    wasTaken = false
    ordinal = 0
  }

  init(after branch: Site?, wasTaken: Bool, ordinal: Int) {
    self.branch = branch
    self.wasTaken = wasTaken
    self.ordinal = ordinal
  }
}

extension Place: Comparable, CustomStringConvertible {
  static func < (lhs: Place, rhs: Place) -> Bool {
    switch (lhs.branch, rhs.branch) {
    case (nil, .some): return true
    case (.some, nil): return false
    case (let left?, let right?) where left != right: return left < right
    default:
      if lhs.wasTaken != rhs.wasTaken { return rhs.wasTaken }
      return lhs.ordinal < rhs.ordinal
    }
  }

  /// `Risk/Judge.swift:16:8 true +3`: the third operation after that branch held.
  var description: String {
    guard let branch else { return "start +\(ordinal)" }
    return ordinal == 0 ? "\(branch)" : "\(branch) \(wasTaken) +\(ordinal)"
  }
}

/// How an operation is made wrong, as a slip of the keyboard or of thought would.
enum Change: String, Hashable, Sendable, CaseIterable {
  case negated = "negated"
  case alwaysTrue = "always true"
  case alwaysFalse = "always false"
  case becomesAtMost = "< becomes <="
  case becomesLess = "<= becomes <"
  case swapped = "operands swapped"
  case becomesDifference = "+ becomes -"
  case becomesSum = "- becomes +"
  case becomesLarger = "smaller becomes larger"
  case becomesSmaller = "larger becomes smaller"
  case becomesEither = "and becomes or"
  case becomesBoth = "or becomes and"
  case onlyFirst = "second operand dropped"
  case onlySecond = "first operand dropped"
  case roundedUp = "rounded up"
  case roundedDown = "rounded down"
  case zero = "becomes zero"

  /// The ways in which `operation` goes wrong.
  static func all(of operation: Operation) -> [Change] {
    switch operation {
    case .branch: [.negated, .alwaysTrue, .alwaysFalse]
    case .sum: [.becomesDifference, .onlyFirst]
    case .difference: [.becomesSum, .onlyFirst]
    case .product: [.onlyFirst]
    case .quotient, .floorQuotient: [.roundedUp]
    case .ceilingQuotient: [.roundedDown]
    case .remainder: [.zero]
    case .smaller: [.becomesLarger, .onlyFirst, .onlySecond]
    case .larger: [.becomesSmaller, .onlyFirst, .onlySecond]
    case .choice: [.swapped]
    case .less: [.becomesAtMost, .swapped]
    case .atMost: [.becomesLess, .swapped]
    case .equal: [.negated]
    case .both: [.becomesEither, .onlyFirst, .onlySecond]
    case .either: [.becomesBoth, .onlyFirst, .onlySecond]
    case .not: [.onlyFirst]
    }
  }
}

/// One wrong operation in one rule: a mutant.
struct Mutation: Hashable, Sendable {
  /// The operation's place.
  let place: Place
  /// What it is.
  let operation: Operation
  /// How it is wrong.
  let change: Change
}

extension Mutation: Comparable, CustomStringConvertible {
  static func < (lhs: Mutation, rhs: Mutation) -> Bool {
    if lhs.place != rhs.place { return lhs.place < rhs.place }
    if lhs.operation != rhs.operation { return lhs.operation.rawValue < rhs.operation.rawValue }
    return lhs.change.rawValue < rhs.change.rawValue
  }

  /// `Risk/Judge.swift:16:8 true +3 less: < becomes <=`.
  var description: String { "\(place) \(operation.rawValue): \(change.rawValue)" }
}

public import Risk

/// A number of the reading with words: its value, what it measures and how it came about.
///
/// Values are exact in 128 bits, so that products and numbers are of one type. Nothing traps: what
/// leaves 128 bits stays at the end of them, which the bounds of the rules exclude.
public struct WordNumber: DomainNumber, WideNumber, Hashable, Sendable {
  /// The truth values of the reading.
  public typealias Truth = WordTruth
  /// Products are of the same type.
  public typealias Wide = WordNumber
  /// Factors are of the same type.
  public typealias Number = WordNumber

  /// How a number came about.
  indirect enum Origin: Hashable, Sendable {
    /// Written in the rule.
    case literal
    /// Told to the rule, under this name.
    case input(String)
    /// A limit, under its key of the configuration.
    case limit(String)
    case sum(WordNumber, WordNumber)
    case difference(WordNumber, WordNumber)
    case product(WordNumber, WordNumber)
    case quotient(WordNumber, WordNumber)
    case remainder(WordNumber, WordNumber)
    /// The largest multiple of the second that is not above the first.
    case multiple(WordNumber, WordNumber)
    case least([WordNumber])
    case greatest([WordNumber])
    case magnitude(WordNumber)
  }

  /// The value, in the steps of what it measures.
  public let value: Int128
  /// What it measures; nil for a literal.
  let measure: Measure?
  /// How it came about.
  let origin: Origin
  /// Whether something on its way was added to or compared with something else in kind.
  let isMixed: Bool

  init(_ value: Int128, _ measure: Measure?, _ origin: Origin, isMixed: Bool = false) {
    self.value = value
    self.measure = measure
    self.origin = origin
    self.isMixed = isMixed
  }

  /// A number written in a rule.
  public init(integerLiteral value: Int64) { self.init(Int128(value), nil, .literal) }

  /// A value that a rule is told.
  static func input(_ name: String, _ value: Int64, _ measure: Measure) -> WordNumber {
    WordNumber(Int128(value), measure, .input(name))
  }

  /// The sum.
  public static func + (lhs: Self, rhs: Self) -> Self {
    let (value, overflow) = lhs.value.addingReportingOverflow(rhs.value)
    let (measure, isMixed) = Measure.common(lhs.measure, rhs.measure)
    return WordNumber(
      overflow ? (lhs.value < 0 ? .min : .max) : value, measure, .sum(lhs, rhs),
      isMixed: lhs.isMixed || rhs.isMixed || isMixed)
  }

  /// The difference.
  public static func - (lhs: Self, rhs: Self) -> Self {
    let (value, overflow) = lhs.value.subtractingReportingOverflow(rhs.value)
    let (measure, isMixed) = Measure.common(lhs.measure, rhs.measure)
    var origin = Origin.difference(lhs, rhs)
    if case .remainder(lhs, let divisor) = rhs.origin { origin = .multiple(lhs, divisor) }
    return WordNumber(
      overflow ? (lhs.value < 0 ? .min : .max) : value, measure, origin,
      isMixed: lhs.isMixed || rhs.isMixed || isMixed)
  }

  /// Less.
  public static func < (lhs: Self, rhs: Self) -> WordTruth {
    WordTruth(lhs.value < rhs.value, .compared(lhs, .below, rhs))
  }
  /// Less or equal.
  public static func <= (lhs: Self, rhs: Self) -> WordTruth {
    WordTruth(lhs.value <= rhs.value, .compared(lhs, .atMost, rhs))
  }
  /// Equal.
  public static func == (lhs: Self, rhs: Self) -> WordTruth {
    WordTruth(lhs.value == rhs.value, .compared(lhs, .equal, rhs))
  }

  /// The product.
  public func times(_ other: Self) -> Self {
    let (value, overflow) = value.multipliedReportingOverflow(by: other.value)
    let isNegative = (self.value < 0) != (other.value < 0)
    return WordNumber(
      overflow ? (isNegative ? .min : .max) : value, Measure.product(measure, other.measure),
      .product(self, other), isMixed: isMixed || other.isMixed)
  }

  /// The quotient rounded down.
  public func quotient(by divisor: Self) -> Self { floorQuotient(by: divisor) }

  /// The quotient rounded toward minus infinity.
  public func floorQuotient(by divisor: Self) -> Self {
    divided(by: divisor) { $0.floorQuotient(by: $1) }
  }

  /// The quotient rounded toward plus infinity.
  public func ceilingQuotient(by divisor: Self) -> Self {
    divided(by: divisor) { $0.ceilingQuotient(by: $1) }
  }

  private func divided(by divisor: Self, _ divide: (Int128, Int128) -> Int128) -> Self {
    WordNumber(
      divisor.value > 0 ? divide(value, divisor.value) : 0,
      Measure.quotient(measure, by: divisor.measure), .quotient(self, divisor),
      isMixed: isMixed || divisor.isMixed)
  }

  /// What the quotient leaves over.
  public func remainder(by divisor: Self) -> Self {
    let (measure, isMixed) = Measure.common(measure, divisor.measure)
    return WordNumber(
      divisor.value > 0 ? value % divisor.value : 0, measure, .remainder(self, divisor),
      isMixed: self.isMixed || divisor.isMixed || isMixed)
  }

  /// The smaller of the two.
  public func atMost(_ bound: Self) -> Self {
    let isBound = bound.value < value
    var members = [self]
    if case .least(let earlier) = origin { members = earlier }
    return WordNumber(
      isBound ? bound.value : value, Measure.extreme(measure, bound.measure),
      .least(members + [bound]),
      isMixed: isMixed || bound.isMixed)
  }

  /// The larger of the two.
  public func atLeast(_ bound: Self) -> Self {
    if case .difference(let zero, self) = bound.origin, zero.origin == .literal, zero.value == 0 {
      return WordNumber(bound.value > value ? bound.value : value, measure, .magnitude(self))
    }
    let isBound = bound.value > value
    var members = [self]
    if case .greatest(let earlier) = origin { members = earlier }
    return WordNumber(
      isBound ? bound.value : value, Measure.extreme(measure, bound.measure),
      .greatest(members + [bound]),
      isMixed: isMixed || bound.isMixed)
  }

  /// The one that the condition names; the other has no part in what follows.
  public static func select(
    _ condition: WordTruth, _ whenTrue: Self, _ whenFalse: Self
  ) -> Self { condition.value ? whenTrue : whenFalse }

  /// The same.
  public var wide: Self { self }
  /// The same.
  public var narrowed: Self { self }
}

extension WordNumber {
  /// Whether both are the same in value and in how they came about.
  ///
  /// The operator of ``DomainNumber`` is the rule's question; this one is the collection's.
  public static func == (lhs: Self, rhs: Self) -> Bool {
    lhs.value == rhs.value && lhs.measure == rhs.measure && lhs.origin == rhs.origin
      && lhs.isMixed == rhs.isMixed
  }
}

/// Where a rule branches: the source position of one `holds`.
@frozen
public struct Site: Sendable {
  /// The module and file of the call.
  public let file: StaticString
  /// The line of the call.
  public let line: UInt32
  /// The column of the call.
  public let column: UInt32

  /// Names a position in a rule.
  @inlinable @inline(__always)
  public init(file: StaticString, line: UInt32, column: UInt32) {
    self.file = file
    self.line = line
    self.column = column
  }
}

extension Site: Hashable, Comparable, CustomStringConvertible {
  /// Whether both name one position.
  public static func == (lhs: Self, rhs: Self) -> Bool {
    lhs.line == rhs.line && lhs.column == rhs.column
      && lhs.file.description == rhs.file.description
  }
  /// Orders by file, line, column.
  public static func < (lhs: Self, rhs: Self) -> Bool {
    (lhs.file.description, lhs.line, lhs.column) < (rhs.file.description, rhs.line, rhs.column)
  }
  /// Folds the position in.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(file.description)
    hasher.combine(line)
    hasher.combine(column)
  }
  /// `Risk/Judge.swift:16:8`.
  public var description: String { "\(file):\(line):\(column)" }
}

/// The numbers and truth values that a rule is read with.
///
/// A rule written against a `Domain` is ordinary Swift: `if`, early `return`, `+`, `<=`. Read with
/// ``Integers`` it trades; read with terms it is proved; read with a perturbed domain it is a
/// mutant. There is no second text of it.
///
/// Conventions that every rule keeps:
/// - it branches on a truth value through ``holds(_:file:line:column:)`` only;
/// - values that come from outside are bounded (``Bounds``) before the first sum or product;
/// - products are ``DomainNumber/Wide`` by type, so only sums, ``WideNumber`` products and
///   ``WideNumber/narrowed`` carry a range obligation;
/// - a choice between two numbers that needs no early `return` is one `select`, `atMost` or
///   `atLeast`, not two paths.
public protocol Domain {
  /// The numbers of this reading.
  associatedtype Number: DomainNumber

  /// Takes the branch on `condition`; `site` tells branches apart in a replayed or mutated path.
  func holds(_ condition: Number.Truth, at site: Site) -> Bool
}

extension Domain {
  /// Takes the branch on `condition` at the place of the call.
  @inlinable @inline(__always)
  public func holds(
    _ condition: Number.Truth, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column
  ) -> Bool { holds(condition, at: Site(file: file, line: line, column: column)) }
}

/// A truth value of a reading; both sides of a connective are always evaluated.
public protocol DomainTruth: ExpressibleByBooleanLiteral where BooleanLiteralType == Bool {
  /// Both.
  func and(_ other: Self) -> Self
  /// At least one.
  func or(_ other: Self) -> Self
  /// The opposite.
  var negated: Self { get }
}

/// A whole number of a reading that stays within 64 signed bits.
///
/// Amounts are in steps of 1e-8, times in nanoseconds, ratios in the unit that their name carries.
public protocol DomainNumber: ExpressibleByIntegerLiteral where IntegerLiteralType == Int64 {
  /// The truth values of the reading.
  associatedtype Truth: DomainTruth
  /// The products of the reading.
  associatedtype Wide: WideNumber where Wide.Truth == Truth, Wide.Number == Self

  /// The sum; obliged to fit 64 bits.
  static func + (lhs: Self, rhs: Self) -> Self
  /// The difference; obliged to fit 64 bits.
  static func - (lhs: Self, rhs: Self) -> Self
  /// Less.
  static func < (lhs: Self, rhs: Self) -> Truth
  /// Less or equal.
  static func <= (lhs: Self, rhs: Self) -> Truth
  /// Equal.
  static func == (lhs: Self, rhs: Self) -> Truth
  /// The product, which always fits 128 bits. Rules write it `a * b`.
  func times(_ other: Self) -> Wide
  /// The quotient rounded down, of a number obliged not to be negative; `divisor` is obliged to be
  /// positive.
  func quotient(by divisor: Self) -> Self
  /// What ``quotient(by:)`` leaves over, under the same obligations.
  func remainder(by divisor: Self) -> Self
  /// The smaller of the two, as one term.
  func atMost(_ bound: Self) -> Self
  /// The larger of the two, as one term.
  func atLeast(_ bound: Self) -> Self
  /// One of the two, as one term.
  static func select(_ condition: Truth, _ whenTrue: Self, _ whenFalse: Self) -> Self
  /// The same value among the products.
  var wide: Wide { get }
}

/// A whole number of a reading that stays within 128 signed bits: a product or a sum of products.
public protocol WideNumber {
  /// The truth values of the reading.
  associatedtype Truth: DomainTruth
  /// The factors of the reading.
  associatedtype Number

  /// The sum; obliged to fit 128 bits.
  static func + (lhs: Self, rhs: Self) -> Self
  /// The difference; obliged to fit 128 bits.
  static func - (lhs: Self, rhs: Self) -> Self
  /// Less.
  static func < (lhs: Self, rhs: Self) -> Truth
  /// Less or equal.
  static func <= (lhs: Self, rhs: Self) -> Truth
  /// The product; obliged to fit 128 bits. Rules write it `a * b`.
  func times(_ factor: Number) -> Self
  /// The quotient rounded down, of a product obliged not to be negative; `divisor` is obliged to be
  /// positive.
  func quotient(by divisor: Self) -> Self
  /// The quotient rounded toward minus infinity; `divisor` is obliged to be positive.
  func floorQuotient(by divisor: Self) -> Self
  /// The quotient rounded toward plus infinity; `divisor` is obliged to be positive.
  func ceilingQuotient(by divisor: Self) -> Self
  /// The smaller of the two, as one term.
  func atMost(_ bound: Self) -> Self
  /// The same value as a number; obliged to fit 64 bits.
  var narrowed: Number { get }
}

/// The product of two numbers, wide by type.
@inlinable @inline(__always)
func * <N: DomainNumber>(lhs: N, rhs: N) -> N.Wide { lhs.times(rhs) }

/// The product of a product and a number.
@inlinable @inline(__always)
func * <W: WideNumber>(lhs: W, rhs: W.Number) -> W { lhs.times(rhs) }

extension DomainNumber {
  /// A constant of the program, such as a limit, as a number of the reading.
  @inlinable @inline(__always)
  public init(constant: Int64) { self.init(integerLiteral: constant) }

  /// The number without its sign, as one term.
  @inlinable @inline(__always)
  public var magnitudeTerm: Self { atLeast(0 - self) }
}

import Choice
import Market

@testable import Risk

/// The seeded numbers of these tests; the seed is part of every failure's message.
struct Generator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func number(_ range: ClosedRange<Int64>) -> Int64 {
    let width = UInt64(bitPattern: range.upperBound &- range.lowerBound)
    guard width < .max else { return Int64(bitPattern: next()) }
    return range.lowerBound &+ Int64(bitPattern: next() % (width + 1))
  }

  mutating func flag() -> Bool { next() & 1 == 1 }

  mutating func element<T>(_ values: [T]) -> T { values[Int(next() % UInt64(values.count))] }
}

/// A number that remembers whether it, or anything that it was made from, left its type.
///
/// Every operation is evaluated without trapping, so that a reading sees each overflow instead of
/// dying from the first.
struct CheckedWide: WideNumber {
  typealias Truth = CheckedTruth
  typealias Number = Checked
  var value: Int128
  var hasLeft: Bool

  static func + (lhs: Self, rhs: Self) -> Self {
    let (value, overflow) = lhs.value.addingReportingOverflow(rhs.value)
    return Self(value: value, hasLeft: lhs.hasLeft || rhs.hasLeft || overflow)
  }
  static func - (lhs: Self, rhs: Self) -> Self {
    let (value, overflow) = lhs.value.subtractingReportingOverflow(rhs.value)
    return Self(value: value, hasLeft: lhs.hasLeft || rhs.hasLeft || overflow)
  }
  static func < (lhs: Self, rhs: Self) -> CheckedTruth {
    CheckedTruth(value: lhs.value < rhs.value, hasLeft: lhs.hasLeft || rhs.hasLeft)
  }
  static func <= (lhs: Self, rhs: Self) -> CheckedTruth {
    CheckedTruth(value: lhs.value <= rhs.value, hasLeft: lhs.hasLeft || rhs.hasLeft)
  }
  func times(_ factor: Checked) -> Self {
    let (value, overflow) = value.multipliedReportingOverflow(by: factor.wide.value)
    return Self(value: value, hasLeft: hasLeft || factor.hasLeft || overflow)
  }
  func quotient(by divisor: Self) -> Self {
    let isLegal = value >= 0 && divisor.value > 0
    let quotient = isLegal ? value / divisor.value : 0
    return Self(value: quotient, hasLeft: hasLeft || divisor.hasLeft || !isLegal)
  }
  func floorQuotient(by divisor: Self) -> Self {
    let isLegal = divisor.value > 0
    let quotient = isLegal ? value.floorQuotient(by: divisor.value) : 0
    return Self(value: quotient, hasLeft: hasLeft || divisor.hasLeft || !isLegal)
  }
  func ceilingQuotient(by divisor: Self) -> Self {
    let isLegal = divisor.value > 0
    let quotient = isLegal ? value.ceilingQuotient(by: divisor.value) : 0
    return Self(value: quotient, hasLeft: hasLeft || divisor.hasLeft || !isLegal)
  }
  func atMost(_ bound: Self) -> Self {
    Self(value: min(value, bound.value), hasLeft: hasLeft || bound.hasLeft)
  }
  var narrowed: Checked {
    Checked(
      value: Int64(truncatingIfNeeded: value), hasLeft: hasLeft || Int64(exactly: value) == nil)
  }
}

struct CheckedTruth: DomainTruth {
  var value: Bool
  var hasLeft: Bool
  init(value: Bool, hasLeft: Bool) {
    self.value = value
    self.hasLeft = hasLeft
  }
  init(booleanLiteral value: Bool) { self.init(value: value, hasLeft: false) }
  func and(_ other: Self) -> Self {
    Self(value: value && other.value, hasLeft: hasLeft || other.hasLeft)
  }
  func or(_ other: Self) -> Self {
    Self(value: value || other.value, hasLeft: hasLeft || other.hasLeft)
  }
  var negated: Self { Self(value: !value, hasLeft: hasLeft) }
}

struct Checked: DomainNumber {
  typealias Truth = CheckedTruth
  typealias Wide = CheckedWide
  var value: Int64
  var hasLeft: Bool
  init(value: Int64, hasLeft: Bool) {
    self.value = value
    self.hasLeft = hasLeft
  }
  init(integerLiteral value: Int64) { self.init(value: value, hasLeft: false) }

  static func + (lhs: Self, rhs: Self) -> Self {
    let (value, overflow) = lhs.value.addingReportingOverflow(rhs.value)
    return Self(value: value, hasLeft: lhs.hasLeft || rhs.hasLeft || overflow)
  }
  static func - (lhs: Self, rhs: Self) -> Self {
    let (value, overflow) = lhs.value.subtractingReportingOverflow(rhs.value)
    return Self(value: value, hasLeft: lhs.hasLeft || rhs.hasLeft || overflow)
  }
  static func < (lhs: Self, rhs: Self) -> CheckedTruth {
    CheckedTruth(value: lhs.value < rhs.value, hasLeft: lhs.hasLeft || rhs.hasLeft)
  }
  static func <= (lhs: Self, rhs: Self) -> CheckedTruth {
    CheckedTruth(value: lhs.value <= rhs.value, hasLeft: lhs.hasLeft || rhs.hasLeft)
  }
  static func == (lhs: Self, rhs: Self) -> CheckedTruth {
    CheckedTruth(value: lhs.value == rhs.value, hasLeft: lhs.hasLeft || rhs.hasLeft)
  }
  func times(_ other: Self) -> CheckedWide {
    CheckedWide(value: value.times(other.value), hasLeft: hasLeft || other.hasLeft)
  }
  func remainder(by divisor: Self) -> Self {
    let isLegal = value >= 0 && divisor.value > 0
    let rest = isLegal ? value % divisor.value : 0
    return Self(value: rest, hasLeft: hasLeft || divisor.hasLeft || !isLegal)
  }
  func quotient(by divisor: Self) -> Self {
    let isLegal = value >= 0 && divisor.value > 0
    let quotient = isLegal ? value / divisor.value : 0
    return Self(value: quotient, hasLeft: hasLeft || divisor.hasLeft || !isLegal)
  }
  func atMost(_ bound: Self) -> Self {
    Self(value: min(value, bound.value), hasLeft: hasLeft || bound.hasLeft)
  }
  func atLeast(_ bound: Self) -> Self {
    Self(value: max(value, bound.value), hasLeft: hasLeft || bound.hasLeft)
  }
  static func select(_ condition: CheckedTruth, _ whenTrue: Self, _ whenFalse: Self) -> Self {
    // Both sides are evaluated, so both must stay in range.
    Self(
      value: condition.value ? whenTrue.value : whenFalse.value,
      hasLeft: condition.hasLeft || whenTrue.hasLeft || whenFalse.hasLeft)
  }
  var wide: CheckedWide { CheckedWide(value: Int128(value), hasLeft: hasLeft) }
}

/// Reads a rule and notes the first branch whose condition needed a value that left its type.
final class RangeReading: Domain {
  typealias Number = Checked
  private(set) var firstLeft: Site?
  private(set) var sites: Set<Site> = []
  func holds(_ condition: CheckedTruth, at site: Site) -> Bool {
    sites.insert(site)
    if condition.hasLeft && firstLeft == nil { firstLeft = site }
    return condition.value
  }
}

/// Reads a rule down one path of an odometer, whatever its conditions say.
final class ForkingReading: Domain {
  typealias Number = Checked
  private var odometer = Odometer()

  func holds(_ condition: CheckedTruth, at site: Site) -> Bool { odometer.draw(below: 2) == 1 }

  /// Runs `body` once a path and counts the paths; `limit` stops a rule that has too many.
  static func paths(limit: Int = 100_000, _ body: (ForkingReading) -> Void) -> Int {
    let reading = ForkingReading()
    var count = 0
    while count < limit, reading.odometer.next() {
      body(reading)
      count += 1
    }
    return count
  }
}

/// Reads a rule with one branch turned round: a mutant.
struct Mutant: Domain {
  typealias Number = Int64
  let turned: Site
  func holds(_ condition: Bool, at site: Site) -> Bool {
    site == turned ? !condition : condition
  }
}

/// Reads a rule with integers and notes where it branched.
final class SiteReading: Domain {
  typealias Number = Int64
  private(set) var sites: Set<Site> = []
  func holds(_ condition: Bool, at site: Site) -> Bool {
    sites.insert(site)
    return condition
  }
}

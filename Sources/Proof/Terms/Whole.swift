/// A whole number without bounds: what a term means.
///
/// Machine words overflow and the mathematical integers of a solver do not, so the evaluator may
/// not either. Values within 128 bits, nearly all, cost an `Int128`; beyond, limbs are kept.
enum Whole: Hashable, Sendable {
  /// Within 128 bits.
  case small(Int128)
  /// Beyond 128 bits: sign, and magnitude in limbs of 32 bits, lowest first, the last not zero.
  case large(isNegative: Bool, limbs: [UInt32])

  init(_ value: Int64) { self = .small(Int128(value)) }

  var isNegative: Bool {
    switch self {
    case .small(let value): value < 0
    case .large(let isNegative, _): isNegative
    }
  }

  /// The number in 64 bits; nil where it does not fit.
  var int64: Int64? {
    guard case .small(let value) = self else { return nil }
    return Int64(exactly: value)
  }

  var negated: Whole {
    switch self {
    case .small(let value) where value != .min: .small(-value)
    default: Whole(isNegative: !isNegative, limbs: limbs)
    }
  }

  private var limbs: [UInt32] {
    switch self {
    case .large(_, let limbs): return limbs
    case .small(let value):
      var rest = value.magnitude
      var limbs: [UInt32] = []
      while rest != 0 {
        limbs.append(UInt32(truncatingIfNeeded: rest))
        rest >>= 32
      }
      return limbs
    }
  }

  /// The one form of a number: small wherever it fits.
  private init(isNegative: Bool, limbs: [UInt32]) {
    var limbs = limbs
    while limbs.last == 0 { limbs.removeLast() }
    guard limbs.count <= 4 else {
      self = .large(isNegative: isNegative, limbs: limbs)
      return
    }
    let magnitude = limbs.reversed().reduce(UInt128(0)) { $0 << 32 | UInt128($1) }
    if magnitude <= UInt128(Int128.max) {
      self = .small(isNegative ? -Int128(magnitude) : Int128(magnitude))
    } else if isNegative, magnitude == Int128.min.magnitude {
      self = .small(.min)
    } else {
      self = .large(isNegative: isNegative, limbs: limbs)
    }
  }

  static func + (lhs: Whole, rhs: Whole) -> Whole {
    if case .small(let left) = lhs, case .small(let right) = rhs {
      let (sum, overflow) = left.addingReportingOverflow(right)
      if !overflow { return .small(sum) }
    }
    let (left, right) = (lhs.limbs, rhs.limbs)
    guard lhs.isNegative != rhs.isNegative else {
      return Whole(isNegative: lhs.isNegative, limbs: sum(left, right))
    }
    return isLess(left, right)
      ? Whole(isNegative: rhs.isNegative, limbs: difference(right, left))
      : Whole(isNegative: lhs.isNegative, limbs: difference(left, right))
  }

  static func - (lhs: Whole, rhs: Whole) -> Whole { lhs + rhs.negated }

  static func * (lhs: Whole, rhs: Whole) -> Whole {
    if case .small(let left) = lhs, case .small(let right) = rhs {
      let (product, overflow) = left.multipliedReportingOverflow(by: right)
      if !overflow { return .small(product) }
    }
    let (left, right) = (lhs.limbs, rhs.limbs)
    var limbs = [UInt32](repeating: 0, count: left.count + right.count)
    for (i, factor) in left.enumerated() {
      var carry: UInt64 = 0
      for (j, other) in right.enumerated() {
        let value = UInt64(factor) * UInt64(other) + UInt64(limbs[i + j]) + carry
        limbs[i + j] = UInt32(truncatingIfNeeded: value)
        carry = value >> 32
      }
      limbs[i + right.count] = UInt32(carry)
    }
    return Whole(isNegative: lhs.isNegative != rhs.isNegative, limbs: limbs)
  }

  /// The quotient rounded toward minus infinity; nil where `divisor` is not positive.
  func floorQuotient(by divisor: Whole) -> Whole? {
    guard Whole.small(0) < divisor else { return nil }
    if case .small(let left) = self, case .small(let right) = divisor {
      let (quotient, remainder) = left.quotientAndRemainder(dividingBy: right)
      return .small(remainder < 0 ? quotient - 1 : quotient)
    }
    let (quotient, isExact) = Self.longQuotient(limbs, divisor.limbs)
    let rounded = isNegative && !isExact ? Self.sum(quotient, [1]) : quotient
    return Whole(isNegative: isNegative, limbs: rounded)
  }

  private static func sum(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
    var limbs: [UInt32] = []
    var carry: UInt64 = 0
    for index in 0..<max(left.count, right.count) {
      let value =
        carry + UInt64(index < left.count ? left[index] : 0)
        + UInt64(index < right.count ? right[index] : 0)
      limbs.append(UInt32(truncatingIfNeeded: value))
      carry = value >> 32
    }
    return limbs + [UInt32(carry)]
  }

  /// `left - right`, where `left` is not the smaller.
  private static func difference(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
    var limbs = left
    var borrow: Int64 = 0
    for index in limbs.indices {
      let value = Int64(limbs[index]) - Int64(index < right.count ? right[index] : 0) - borrow
      borrow = value < 0 ? 1 : 0
      limbs[index] = UInt32(truncatingIfNeeded: value)
    }
    return limbs
  }

  private static func isLess(_ left: [UInt32], _ right: [UInt32]) -> Bool {
    guard left.count == right.count else { return left.count < right.count }
    return left.reversed().lexicographicallyPrecedes(right.reversed())
  }

  /// Bit by bit: rare, and short enough to be seen to be right.
  private static func longQuotient(
    _ left: [UInt32], _ right: [UInt32]
  ) -> (quotient: [UInt32], isExact: Bool) {
    var quotient = [UInt32](repeating: 0, count: left.count)
    var rest: [UInt32] = []
    for position in stride(from: left.count * 32 - 1, through: 0, by: -1) {
      rest = sum(rest, rest)
      if left[position / 32] >> UInt32(position % 32) & 1 == 1 { rest = sum(rest, [1]) }
      while rest.last == 0 { rest.removeLast() }
      guard !isLess(rest, right) else { continue }
      rest = difference(rest, right)
      while rest.last == 0 { rest.removeLast() }
      quotient[position / 32] |= 1 << UInt32(position % 32)
    }
    return (quotient, rest.isEmpty)
  }
}

extension Whole: Comparable {
  static func < (lhs: Whole, rhs: Whole) -> Bool {
    if case .small(let left) = lhs, case .small(let right) = rhs { return left < right }
    guard lhs.isNegative == rhs.isNegative else { return lhs.isNegative }
    return lhs.isNegative ? isLess(rhs.limbs, lhs.limbs) : isLess(lhs.limbs, rhs.limbs)
  }
}

extension Whole: CustomStringConvertible {
  /// Decimal digits, with a sign where it is negative.
  var description: String {
    if case .small(let value) = self { return String(value) }
    var digits: [UInt8] = []
    var rest = limbs
    while !rest.isEmpty {
      var remainder: UInt64 = 0
      for index in rest.indices.reversed() {
        let value = remainder << 32 | UInt64(rest[index])
        rest[index] = UInt32(value / 10)
        remainder = value % 10
      }
      digits.append(UInt8(remainder) + UInt8(ascii: "0"))
      while rest.last == 0 { rest.removeLast() }
    }
    return (isNegative ? "-" : "") + String(decoding: digits.reversed(), as: UTF8.self)
  }

  /// Reads decimal digits with an optional sign; nil where the text is anything else.
  init?(decimal text: some StringProtocol) {
    let isNegative = text.hasPrefix("-")
    let digits = isNegative ? text.utf8.dropFirst() : text.utf8[...]
    guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    var value = Whole.small(0)
    for digit in digits {
      value = value * .small(10) + .small(Int128(digit) - 0x30)
    }
    self = isNegative ? value.negated : value
  }
}

/// The reading that trades: machine integers, and branches taken as they fall.
///
/// Specialised by the compiler, a rule read with it costs what a hand-written copy costs.
@frozen
public struct Integers: Domain, Sendable {
  /// 64-bit steps; products are `Int128`.
  public typealias Number = Int64

  /// Makes the reading.
  @inlinable @inline(__always)
  public init() {}

  /// The condition itself.
  @inlinable @inline(__always)
  public func holds(_ condition: Bool, at site: Site) -> Bool { condition }
}

extension Bool: DomainTruth {
  /// Both.
  @inlinable @inline(__always)
  public func and(_ other: Bool) -> Bool { self && other }
  /// At least one.
  @inlinable @inline(__always)
  public func or(_ other: Bool) -> Bool { self || other }
  /// The opposite.
  @inlinable @inline(__always)
  public var negated: Bool { !self }
}

extension Int64: DomainNumber {
  /// Branches are taken as they fall.
  public typealias Truth = Bool
  /// Products never overflow.
  public typealias Wide = Int128
  /// The quotient rounded down.
  @inlinable @inline(__always)
  public func quotient(by divisor: Int64) -> Int64 { self / divisor }
  /// What the quotient leaves over.
  @inlinable @inline(__always)
  public func remainder(by divisor: Int64) -> Int64 { self % divisor }
  /// The product in 128 bits.
  @inlinable @inline(__always)
  public func times(_ other: Int64) -> Int128 {
    // Two 64-bit factors cannot leave 128 bits: unchecked, it is one machine instruction.
    Int128(self) &* Int128(other)
  }
  /// The smaller of the two.
  @inlinable @inline(__always)
  public func atMost(_ bound: Int64) -> Int64 { Swift.min(self, bound) }
  /// The larger of the two.
  @inlinable @inline(__always)
  public func atLeast(_ bound: Int64) -> Int64 { Swift.max(self, bound) }
  /// One of the two.
  @inlinable @inline(__always)
  public static func select(_ condition: Bool, _ whenTrue: Int64, _ whenFalse: Int64) -> Int64 {
    condition ? whenTrue : whenFalse
  }
  /// The same value in 128 bits.
  @inlinable @inline(__always)
  public var wide: Int128 { Int128(self) }
}

extension Int128: WideNumber {
  /// Branches are taken as they fall.
  public typealias Truth = Bool
  /// The factors.
  public typealias Number = Int64
  /// The product; traps beyond 128 bits, which the bounds of ``Bounds`` exclude.
  @inlinable @inline(__always)
  public func times(_ factor: Int64) -> Int128 { self * Int128(factor) }
  /// The quotient rounded down.
  @inlinable @inline(__always)
  public func quotient(by divisor: Int128) -> Int128 {
    // Without signs the division is a third cheaper, and neither operand is negative.
    Int128(UInt128(truncatingIfNeeded: self) / UInt128(truncatingIfNeeded: divisor))
  }
  /// The quotient rounded toward minus infinity.
  @inlinable @inline(__always)
  public func floorQuotient(by divisor: Int128) -> Int128 {
    // The product never exceeds `self`: one division, where `quotientAndRemainder` makes two.
    let quotient = self / divisor
    return self &- quotient &* divisor < 0 ? quotient - 1 : quotient
  }
  /// The quotient rounded toward plus infinity.
  @inlinable @inline(__always)
  public func ceilingQuotient(by divisor: Int128) -> Int128 {
    let quotient = self / divisor
    return self &- quotient &* divisor > 0 ? quotient + 1 : quotient
  }
  /// The smaller of the two.
  @inlinable @inline(__always)
  public func atMost(_ bound: Int128) -> Int128 { Swift.min(self, bound) }
  /// The same value in 64 bits; traps where it does not fit, which every rule excludes before.
  @inlinable @inline(__always)
  public var narrowed: Int64 {
    // One comparison, where `Int64(_:)` makes two of 128 bits each.
    let low = Int64(truncatingIfNeeded: self)
    precondition(Int128(low) == self, "a rule narrowed a product beyond 64 bits")
    return low
  }
}

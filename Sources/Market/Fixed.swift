/// The dimension of a ``Fixed`` amount: prices, quantities and money do not add to one another.
public protocol FixedUnit: Sendable {}

/// The unit of ``Price``.
public enum PriceUnit: FixedUnit {}
/// The unit of ``Quantity``.
public enum QuantityUnit: FixedUnit {}
/// The unit of ``Money``.
public enum MoneyUnit: FixedUnit {}

/// Quote currency for one whole base coin, in steps of 1e-8.
public typealias Price = Fixed<PriceUnit>
/// An amount of base coin, in steps of 1e-8; negative where it says a direction.
public typealias Quantity = Fixed<QuantityUnit>
/// An amount of quote currency (US dollars of collateral), in steps of 1e-8.
public typealias Money = Fixed<MoneyUnit>

/// An exact signed decimal of `Unit`, held as a whole number of steps of 1e-8.
///
/// Plain operators trap on overflow, as `Int` does, and serve values that a limit has bounded;
/// values from outside go through the `checked` forms.
@frozen
public struct Fixed<Unit: FixedUnit>: Hashable, Comparable, Sendable {
  /// The amount in steps of 1e-8.
  public var steps: Int64

  /// Makes an amount from steps of 1e-8.
  @inlinable @inline(__always)
  public init(steps: Int64) { self.steps = steps }

  /// Makes an amount from a whole number of units; traps beyond 92 billion.
  @inlinable
  public init(whole: Int64) { self.steps = whole * Self.stepsPerWhole }

  /// Steps in one whole unit: 1e8.
  @inlinable public static var stepsPerWhole: Int64 { 100_000_000 }
  /// Nothing.
  @inlinable public static var zero: Self { Self(steps: 0) }
  /// The smallest positive amount, 1e-8.
  @inlinable public static var ulp: Self { Self(steps: 1) }

  /// Orders by amount.
  @inlinable @inline(__always)
  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.steps < rhs.steps }
  /// The sum; traps on overflow.
  @inlinable @inline(__always)
  public static func + (lhs: Self, rhs: Self) -> Self { Self(steps: lhs.steps + rhs.steps) }
  /// The difference; traps on overflow.
  @inlinable @inline(__always)
  public static func - (lhs: Self, rhs: Self) -> Self { Self(steps: lhs.steps - rhs.steps) }
  /// The amount with its sign turned.
  @inlinable @inline(__always)
  public static prefix func - (value: Self) -> Self { Self(steps: -value.steps) }
  /// Adds in place; traps on overflow.
  @inlinable @inline(__always)
  public static func += (lhs: inout Self, rhs: Self) { lhs.steps += rhs.steps }
  /// Subtracts in place; traps on overflow.
  @inlinable @inline(__always)
  public static func -= (lhs: inout Self, rhs: Self) { lhs.steps -= rhs.steps }

  /// The amount without its sign.
  @inlinable @inline(__always)
  public var magnitude: Self { Self(steps: Swift.abs(steps)) }
  /// Whether the amount is zero.
  @inlinable public var isZero: Bool { steps == 0 }

  /// The sum, or nil where it does not fit.
  @inlinable
  public func checkedAdding(_ other: Self) -> Self? {
    let (sum, overflow) = steps.addingReportingOverflow(other.steps)
    return overflow ? nil : Self(steps: sum)
  }

  /// This amount times `numerator / denominator`, rounded once; nil where it does not fit.
  ///
  /// The product is formed in 128 bits, so only the last narrowing can fail.
  @inlinable
  public func checkedScaled(
    by numerator: Int64, over denominator: Int64, _ rounding: Rounding
  ) -> Self? {
    guard denominator > 0 else { return nil }
    let product = Int128(steps) * Int128(numerator)
    return Int64(exactly: rounding.divide(product, by: Int128(denominator))).map(Self.init(steps:))
  }

  /// This amount rounded to a whole multiple of `grain`; nil where `grain` is not positive.
  @inlinable
  public func rounded(to grain: Self, _ rounding: Rounding) -> Self? {
    guard grain.steps > 0 else { return nil }
    let multiple = rounding.divide(Int128(steps), by: Int128(grain.steps))
    return Int64(exactly: multiple * Int128(grain.steps)).map(Self.init(steps:))
  }

  /// The nearest `Double`; for indicators only, never for money.
  @inlinable @inline(__always)
  public var double: Double { Double(steps) / 1e8 }

  /// The amount nearest to `value`, ties away from zero; nil where it is not finite or too large.
  public init?(nearest value: Double) {
    guard let steps = Int64(nearest: value * 1e8) else { return nil }
    self.steps = steps
  }
}

/// How the one inexact division of a product is resolved.
public enum Rounding: Hashable, Sendable {
  /// Toward minus infinity.
  case down
  /// Toward plus infinity.
  case up
  /// Toward zero.
  case towardZero
  /// To the nearest step, ties away from zero.
  case nearest

  /// `numerator / denominator` rounded; `denominator` is positive.
  @inlinable
  public func divide(_ numerator: Int128, by denominator: Int128) -> Int128 {
    let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: denominator)
    if remainder == 0 { return quotient }
    switch self {
    case .towardZero: return quotient
    case .down: return remainder < 0 ? quotient - 1 : quotient
    case .up: return remainder > 0 ? quotient + 1 : quotient
    case .nearest:
      let twice = (remainder < 0 ? -remainder : remainder) * 2
      guard twice >= denominator else { return quotient }
      return remainder < 0 ? quotient - 1 : quotient + 1
    }
  }
}

extension Price {
  /// What `quantity` costs at this price, rounded to a step of money; nil where it does not fit.
  @inlinable
  public func notional(of quantity: Quantity, _ rounding: Rounding) -> Money? {
    let product = Int128(steps) * Int128(quantity.steps)
    let scaled = rounding.divide(product, by: Int128(Self.stepsPerWhole))
    return Int64(exactly: scaled).map(Money.init(steps:))
  }
}

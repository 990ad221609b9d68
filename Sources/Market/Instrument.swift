/// What the execution venue says about one perpetual.
public struct Instrument: Hashable, Sendable {
  /// Its name.
  public let symbol: Symbol
  /// Digits after the point that an order's size may have, 0 to 8.
  public let sizeDecimals: Int
  /// The largest leverage that the venue allows, at least 1.
  public let maximumLeverage: Int64
  /// The smallest order value, in quote currency.
  public let minimumNotional: Money
  /// The size step: 10^-sizeDecimals.
  public let lot: Quantity

  /// Describes a perpetual; nil where a value is out of range.
  public init?(
    symbol: Symbol, sizeDecimals: Int, maximumLeverage: Int64,
    minimumNotional: Money = Money(whole: 10)
  ) {
    guard (0...8).contains(sizeDecimals), (1...1_000).contains(maximumLeverage),
      minimumNotional >= .zero
    else { return nil }
    self.symbol = symbol
    self.sizeDecimals = sizeDecimals
    self.maximumLeverage = maximumLeverage
    self.minimumNotional = minimumNotional
    lot = Quantity(steps: Self.powerOfTen(8 - sizeDecimals))
  }

  /// The price step at `price`: five significant figures, at most 6 − sizeDecimals decimals, and
  /// integers always (Hyperliquid, "Tick and lot size", read 2026-08).
  public func tick(at price: Price) -> Price {
    let finest = Self.powerOfTen(8 - max(0, 6 - sizeDecimals))
    var significant: Int64 = 1
    // Below 10⁵ steps there are at most five digits; each digit more makes the step ten times
    // coarser, up to whole units, which are always allowed.
    var rest = price.steps.magnitude
    while rest >= 100_000, significant < Price.stepsPerWhole {
      rest /= 10
      significant *= 10
    }
    return Price(steps: max(significant, finest))
  }

  /// `price` rounded to one that the venue accepts; nil where it leaves the range or reaches zero.
  public func onTick(_ price: Price, _ rounding: Rounding) -> Price? {
    guard let rounded = price.rounded(to: tick(at: price), rounding), rounded > .zero else {
      return nil
    }
    return rounded
  }

  /// Ten to the `exponent`, 0 to 18.
  static func powerOfTen(_ exponent: Int) -> Int64 {
    var power: Int64 = 1
    for _ in 0..<exponent { power *= 10 }
    return power
  }
}

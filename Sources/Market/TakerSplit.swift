/// What takers bought and sold during one candle.
///
/// Its source is a fixed choice of the configuration and need not be the candle's own venue, so
/// that buys and sells need not add up to the candle's volume (`strategies.md` section 3.4).
@frozen
public struct TakerSplit: Hashable, Sendable {
  /// Base coin that takers bought.
  public let buy: Quantity
  /// Base coin that takers sold.
  public let sell: Quantity
  /// How much of the candle the source saw, from 0 to 1.
  public let coverage: Fraction

  /// Makes a split; a candle checks it.
  @inlinable
  public init(buy: Quantity, sell: Quantity, coverage: Fraction) {
    self.buy = buy
    self.sell = sell
    self.coverage = coverage
  }

  /// Whether no side is negative and the coverage is a share.
  @inlinable
  public var isConsistent: Bool {
    buy >= .zero && sell >= .zero && coverage >= .zero && coverage <= Fraction(whole: 1)
  }

  /// Both together, covered as well as the worse of them; nil beyond the range of a quantity.
  public func adding(_ other: TakerSplit) -> TakerSplit? {
    guard let buy = buy.checkedAdding(other.buy), let sell = sell.checkedAdding(other.sell) else {
      return nil
    }
    return TakerSplit(buy: buy, sell: sell, coverage: min(coverage, other.coverage))
  }
}

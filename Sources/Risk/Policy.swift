/// ``Limits`` as numbers of a reading: constants of a live configuration, or variables of a
/// theorem.
@frozen
public struct Policy<Number: DomainNumber> {
  /// Equity that one trade may lose.
  public var riskPerTradeBasisPoints: Number
  /// Smallest reward to risk at the decision's price, times 10,000.
  public var minimumRewardToRiskTenThousandths: Number
  /// Smallest reward to risk at the fill estimate, times 10,000.
  public var minimumFillRewardToRiskTenThousandths: Number
  /// Position slots.
  public var maximumPositionCount: Number
  /// What is left of the day's first equity at its loss limit.
  public var dayFloorBasisPoints: Number
  /// What is left of the reference at the session's drawdown limit.
  public var drawdownFloorBasisPoints: Number
  /// Whether drawdown is measured from the high-water mark.
  public var usesHighWater: Number.Truth
  /// Whether any exposure on the symbol forbids a trade, not only the strategy's own.
  public var isExclusive: Number.Truth
  /// Smallest distance of the stop.
  public var minimumStopDistanceBasisPoints: Number
  /// Largest distance of the stop.
  public var maximumStopDistanceBasisPoints: Number
  /// Largest gross notional over equity.
  public var maximumLeverageTimes: Number
  /// Equity at risk in all.
  public var portfolioHeatBasisPoints: Number
  /// Equity at risk on one symbol.
  public var symbolRiskBasisPoints: Number
  /// Slippage of an entry.
  public var entrySlippageBasisPoints: Number
  /// Slippage and fee of an entry, in units of 1e-5 of its price.
  public var entryCostTenthsOfBasisPoint: Number
  /// Slippage and fee of a stop, in units of 1e-5 of its price.
  public var stopCostTenthsOfBasisPoint: Number
  /// Entries within any minute.
  public var maximumOrdersPerMinute: Number

  /// The numbers of `limits`.
  @inlinable
  public init(_ limits: Limits) {
    self.init(
      usesHighWater: Number.Truth(booleanLiteral: limits.drawdownReference == .highWater),
      isExclusive: Number.Truth(booleanLiteral: limits.symbolExposure == .exclusive)
    ) { Number(constant: limits[$0]) }
  }

  /// The numbers of limits that may themselves be variables of a theorem.
  ///
  /// - Parameters:
  ///   - usesHighWater: Whether drawdown is measured from the high-water mark.
  ///   - isExclusive: Whether any exposure on the symbol forbids a trade.
  ///   - value: Each limit in its unit, within ``Limits/Field/bounds``.
  @inlinable
  public init(
    usesHighWater: Number.Truth, isExclusive: Number.Truth, value: (Limits.Field) -> Number
  ) {
    let fee = value(.takerFeeTenthsOfBasisPoint)
    riskPerTradeBasisPoints = value(.riskPerTradeBasisPoints)
    minimumRewardToRiskTenThousandths = value(.minimumRewardToRiskTenThousandths)
    minimumFillRewardToRiskTenThousandths = value(.minimumFillRewardToRiskTenThousandths)
    maximumPositionCount = value(.maximumPositionCount)
    dayFloorBasisPoints = 10_000 - value(.dayLossBasisPoints)
    drawdownFloorBasisPoints = 10_000 - value(.sessionDrawdownBasisPoints)
    self.usesHighWater = usesHighWater
    self.isExclusive = isExclusive
    minimumStopDistanceBasisPoints = value(.minimumStopDistanceBasisPoints)
    maximumStopDistanceBasisPoints = value(.maximumStopDistanceBasisPoints)
    maximumLeverageTimes = value(.maximumLeverageTimes)
    portfolioHeatBasisPoints = value(.portfolioHeatBasisPoints)
    symbolRiskBasisPoints = value(.symbolRiskBasisPoints)
    entrySlippageBasisPoints = value(.entrySlippageBasisPoints)
    entryCostTenthsOfBasisPoint = (value(.entrySlippageBasisPoints) * 10).narrowed + fee
    stopCostTenthsOfBasisPoint = (value(.stopSlippageBasisPoints) * 10).narrowed + fee
    maximumOrdersPerMinute = value(.maximumOrdersPerMinute)
  }
}

extension Policy: Sendable where Number: Sendable, Number.Truth: Sendable {}

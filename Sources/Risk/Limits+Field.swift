extension Limits {
  /// The numeric limits; a name ends with its unit.
  public enum Field: UInt8, Hashable, Sendable, CaseIterable {
    /// Equity that one trade may lose, costs included.
    case riskPerTradeBasisPoints = 0
    /// Smallest reward to risk at the decision's price; 20,000 is 2 to 1.
    case minimumRewardToRiskTenThousandths = 1
    /// Position slots; a pair takes two.
    case maximumPositionCount = 2
    /// Loss of the UTC day's first equity that stops entries for the day.
    case dayLossBasisPoints = 3
    /// Loss of the reference equity that pauses entries until an operator resumes.
    case sessionDrawdownBasisPoints = 4
    /// Smallest distance of the stop from the fill estimate.
    case minimumStopDistanceBasisPoints = 5
    /// Largest distance of the stop from the fill estimate.
    case maximumStopDistanceBasisPoints = 6
    /// Largest gross notional over equity; the venue's own cap holds too, for the symbol.
    case maximumLeverageTimes = 7
    /// Equity at risk over all positions and orders out.
    case portfolioHeatBasisPoints = 8
    /// Equity at risk over all positions and orders out on one symbol.
    case symbolRiskBasisPoints = 9
    /// Slippage of an entry that sizing pays for, and the collar of its limit price.
    case entrySlippageBasisPoints = 10
    /// Slippage of a stop that sizing pays for.
    case stopSlippageBasisPoints = 11
    /// Taker fee of both fills; 45 is 4.5 basis points.
    case takerFeeTenthsOfBasisPoint = 12
    /// Round trip that trips the latency breaker.
    case latencyBreakerMilliseconds = 13
    /// Failed orders in a row that trip the order-failure breaker.
    case orderFailureBreakerCount = 14
    /// Age of the execution venue's feed that trips the stale-feed breaker.
    case staleFeedBreakerMilliseconds = 15
    /// Rate-limit answers within the window that trip the rate-limit breaker.
    case rateLimitBreakerCount = 16
    /// The window of the rate-limit breaker.
    case rateLimitWindowMilliseconds = 17
    /// How long a tripped breaker pauses entries.
    case breakerPauseMilliseconds = 18
    /// Loss of the session's first equity that engages the kill switch.
    case balanceCollapseBasisPoints = 19
    /// Failed reconciliations in a row that engage the kill switch.
    case reconciliationFailureCount = 20
    /// Entries within any minute.
    case maximumOrdersPerMinute = 21
    /// Smallest reward to risk at the fill estimate, where slippage has taken its part.
    case minimumFillRewardToRiskTenThousandths = 22

    /// The name that configuration files use.
    public var name: String { "\(self)" }

    /// The values that cannot do harm by themselves: outside them a limit is none, or stops all.
    public var bounds: ClosedRange<Int64> {
      switch self {
      case .riskPerTradeBasisPoints: 1...1_000
      case .minimumRewardToRiskTenThousandths, .minimumFillRewardToRiskTenThousandths:
        0...1_000_000
      case .maximumPositionCount: 1...100
      case .dayLossBasisPoints, .sessionDrawdownBasisPoints: 1...10_000
      case .minimumStopDistanceBasisPoints: 1...5_000
      case .maximumStopDistanceBasisPoints: 2...9_999
      case .maximumLeverageTimes: 1...100
      case .portfolioHeatBasisPoints, .symbolRiskBasisPoints: 1...10_000
      case .entrySlippageBasisPoints, .stopSlippageBasisPoints: 0...1_000
      case .takerFeeTenthsOfBasisPoint: 0...1_000
      case .latencyBreakerMilliseconds: 1...600_000
      case .orderFailureBreakerCount, .rateLimitBreakerCount, .reconciliationFailureCount: 1...1_000
      case .staleFeedBreakerMilliseconds, .rateLimitWindowMilliseconds: 1...86_400_000
      case .breakerPauseMilliseconds: 1_000...86_400_000
      case .balanceCollapseBasisPoints: 1...10_000
      case .maximumOrdersPerMinute: 1...10_000
      }
    }

    /// The source system's value, or one that does not bind where it had no such limit.
    var paperValue: Int64 {
      switch self {
      case .riskPerTradeBasisPoints: 100
      case .minimumRewardToRiskTenThousandths: 20_000
      case .maximumPositionCount: 3
      case .dayLossBasisPoints: 1_000
      case .sessionDrawdownBasisPoints: 500
      case .minimumStopDistanceBasisPoints: 25
      case .maximumStopDistanceBasisPoints: 500
      case .maximumLeverageTimes: 10
      case .portfolioHeatBasisPoints: 1_000
      case .symbolRiskBasisPoints: 1_000
      case .entrySlippageBasisPoints: 5
      case .stopSlippageBasisPoints: 10
      case .takerFeeTenthsOfBasisPoint: 45
      case .latencyBreakerMilliseconds: 2_000
      case .orderFailureBreakerCount: 3
      case .staleFeedBreakerMilliseconds: 60_000
      case .rateLimitBreakerCount: 5
      case .rateLimitWindowMilliseconds: 60_000
      case .breakerPauseMilliseconds: 300_000
      case .balanceCollapseBasisPoints: 5_000
      case .reconciliationFailureCount: 3
      case .maximumOrdersPerMinute: 30
      // 2 to 1 at the tightest stop of 25 basis points, less 5 of slippage.
      case .minimumFillRewardToRiskTenThousandths: 15_000
      }
    }

    /// The paper value, or a safer one where a reviewer of the field would ask for it.
    var exchangeValue: Int64 {
      switch self {
      // A day's loss of 10 % is looser than the pause at 5 % and than any plausible day.
      case .dayLossBasisPoints: 300
      // Costs eat a stop of 25 basis points: 19 of them go to slippage and fees.
      case .minimumStopDistanceBasisPoints: 50
      case .maximumLeverageTimes: 5
      // Three positions in coins that move together are one bet of nearly three times the risk.
      case .portfolioHeatBasisPoints: 200
      case .symbolRiskBasisPoints: 100
      // Half the balance is far too late.
      case .balanceCollapseBasisPoints: 2_000
      case .maximumOrdersPerMinute: 10
      case .riskPerTradeBasisPoints, .minimumRewardToRiskTenThousandths,
        .minimumFillRewardToRiskTenThousandths, .maximumPositionCount,
        .sessionDrawdownBasisPoints, .maximumStopDistanceBasisPoints, .entrySlippageBasisPoints,
        .stopSlippageBasisPoints, .takerFeeTenthsOfBasisPoint, .latencyBreakerMilliseconds,
        .orderFailureBreakerCount, .staleFeedBreakerMilliseconds, .rateLimitBreakerCount,
        .rateLimitWindowMilliseconds, .breakerPauseMilliseconds, .reconciliationFailureCount:
        paperValue
      }
    }
  }
}

extension RejectReason {
  /// What the reason says, as a sentence: the words that document its case.
  public var meaning: String {
    switch self {
    case .malformed: "A value is not positive where it must be, or beyond the bounds of the rules."
    case .killSwitch: "The kill switch is engaged."
    case .pausedLatency: "The latency breaker pauses entries."
    case .pausedOrderFailures: "The order-failure breaker pauses entries."
    case .pausedStaleFeed: "The stale-feed breaker pauses entries."
    case .pausedRateLimit: "The rate-limit breaker pauses entries."
    case .sessionDrawdown:
      "Equity is at or past the session drawdown, or was and nobody has resumed."
    case .dayLoss: "Equity is at or past the loss limit of the UTC day."
    case .orderRate: "The window of the order rate is full."
    case .symbolNotPermitted: "The configuration does not let this symbol trade."
    case .driftAlert: "A drift alert is open on the symbol."
    case .staleData: "A stream that the decision depends on is as old as its bound, or older."
    case .signalExpired: "The signal's time is over."
    case .opposesOpenPosition:
      "The opposite exposure is already held, or an order that may open it is out."
    case .duplicateExposure:
      "The same exposure is already held, or an order that may open it is out."
    case .maximumPositions: "Not enough position slots are free."
    case .badGeometry: "Stop, entry and target are out of order."
    case .stopTooTight: "The stop is nearer than the minimum."
    case .stopTooWide: "The stop is farther than the maximum."
    case .rewardToRisk:
      "Reward to risk is below its minimum, at the decision's price or at the fill estimate."
    case .priceCollar: "The order's limit price is worse than the slippage that sizing pays for."
    case .portfolioHeat: "The portfolio's money at risk is at its cap."
    case .symbolRisk: "The symbol's money at risk is at its cap."
    case .leverage: "The notional is at the leverage cap."
    case .tooSmall: "Not even one lot fits the budget."
    case .minimumNotional: "What fits is below the venue's minimum notional."
    }
  }
}

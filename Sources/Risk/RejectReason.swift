/// Why the gate refused a trade: the first rule that failed, in the order of the cases.
///
/// The order is total and part of the contract: input that makes no sense first, then what stops
/// everything, then the account's losses and rates, the symbol, the signal, exposure, geometry, and
/// at last what sizing leaves over.
public enum RejectReason: UInt8, Hashable, Sendable, CaseIterable, Error {
  /// A value is not positive where it must be, or beyond ``Bounds``.
  case malformed = 0
  /// The kill switch is engaged.
  case killSwitch = 1
  /// The latency breaker pauses entries.
  case pausedLatency = 2
  /// The order-failure breaker pauses entries.
  case pausedOrderFailures = 3
  /// The stale-feed breaker pauses entries.
  case pausedStaleFeed = 4
  /// The rate-limit breaker pauses entries.
  case pausedRateLimit = 5
  /// Equity is at or past the session drawdown, or was and nobody has resumed.
  case sessionDrawdown = 6
  /// Equity is at or past the loss limit of the UTC day.
  case dayLoss = 7
  /// The window of the order rate is full.
  case orderRate = 8
  /// The configuration does not let this symbol trade.
  case symbolNotPermitted = 9
  /// A drift alert is open on the symbol.
  case driftAlert = 10
  /// A stream that the decision depends on is as old as its bound, or older.
  case staleData = 11
  /// The signal's time is over.
  case signalExpired = 12
  /// The opposite exposure is already held, or an order that may open it is out.
  case opposesOpenPosition = 13
  /// The same exposure is already held, or an order that may open it is out.
  case duplicateExposure = 14
  /// Not enough position slots are free.
  case maximumPositions = 15
  /// Stop, entry and target are out of order.
  case badGeometry = 16
  /// The stop is nearer than the minimum.
  case stopTooTight = 17
  /// The stop is farther than the maximum.
  case stopTooWide = 18
  /// Reward to risk is below its minimum, at the decision's price or at the fill estimate.
  case rewardToRisk = 19
  /// The order's limit price is worse than the slippage that sizing pays for.
  case priceCollar = 20
  /// The portfolio's money at risk is at its cap.
  case portfolioHeat = 21
  /// The symbol's money at risk is at its cap.
  case symbolRisk = 22
  /// The notional is at the leverage cap.
  case leverage = 23
  /// Not even one lot fits the budget.
  case tooSmall = 24
  /// What fits is below the venue's minimum notional.
  case minimumNotional = 25

  /// The stable text of logs, tables and traces.
  public var code: String {
    switch self {
    case .malformed: "MALFORMED"
    case .killSwitch: "KILL_SWITCH"
    case .pausedLatency: "PAUSED_LATENCY"
    case .pausedOrderFailures: "PAUSED_ORDER_FAILURES"
    case .pausedStaleFeed: "PAUSED_STALE_FEED"
    case .pausedRateLimit: "PAUSED_RATE_LIMIT"
    case .sessionDrawdown: "SESSION_DRAWDOWN"
    case .dayLoss: "DAY_LOSS"
    case .orderRate: "ORDER_RATE"
    case .symbolNotPermitted: "SYMBOL_NOT_PERMITTED"
    case .driftAlert: "DRIFT_ALERT"
    case .staleData: "STALE_DATA"
    case .signalExpired: "SIGNAL_EXPIRED"
    case .opposesOpenPosition: "OPPOSES_OPEN_POSITION"
    case .duplicateExposure: "DUPLICATE_EXPOSURE"
    case .maximumPositions: "MAX_POSITIONS"
    case .badGeometry: "BAD_GEOMETRY"
    case .stopTooTight: "STOP_TOO_TIGHT"
    case .stopTooWide: "STOP_TOO_WIDE"
    case .rewardToRisk: "RR_BELOW_MIN"
    case .priceCollar: "PRICE_COLLAR"
    case .portfolioHeat: "PORTFOLIO_HEAT"
    case .symbolRisk: "SYMBOL_RISK"
    case .leverage: "LEVERAGE"
    case .tooSmall: "TOO_SMALL"
    case .minimumNotional: "MINIMUM_NOTIONAL"
    }
  }
}

/// Why the gate refused an order that was meant to shrink a position.
public enum ReductionRefusal: UInt8, Hashable, Sendable, CaseIterable, Error {
  /// A value is not positive where it must be, or beyond ``Bounds``.
  case malformed = 0
  /// The order opens a position: it belongs before ``Gate/clearEntry(_:account:symbol:)``.
  case isEntry = 1
  /// The order would let the venue grow the position.
  case notReduceOnly = 2
  /// Nothing is held.
  case noPosition = 3
  /// The order's side is the position's own.
  case increases = 4
  /// The order is larger than the position.
  case flips = 5
  /// With the orders of the same role that are out, it is larger than the position.
  case exceedsPosition = 6

  /// The stable text of logs, tables and traces.
  public var code: String {
    switch self {
    case .malformed: "MALFORMED"
    case .isEntry: "IS_ENTRY"
    case .notReduceOnly: "NOT_REDUCE_ONLY"
    case .noPosition: "NO_POSITION"
    case .increases: "INCREASES"
    case .flips: "FLIPS"
    case .exceedsPosition: "EXCEEDS_POSITION"
    }
  }
}

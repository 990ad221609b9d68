/// Something worth reaching: a state of the run that scenarios demand and faults wait for.
public enum Mark: String, Hashable, Sendable, CaseIterable {
  /// The engine started.
  case started = "started"
  /// The engine recovered from what was durable.
  case recovered = "recovered"
  /// The engine recovered while an order was open or unknown.
  case recoveredWithOrder = "recovered-with-order"
  /// The engine recovered while it held a position.
  case recoveredWithPosition = "recovered-with-position"
  /// A connection was made.
  case connected = "connected"
  /// A connection was made after an earlier one was lost.
  case reconnected = "reconnected"
  /// A candle closed.
  case candleClosed = "candle-closed"
  /// A candle came from history or a gap fill.
  case candleBackfilled = "candle-backfilled"
  /// A candle of another venue closed.
  case candleForeign = "candle-foreign"
  /// Input was rejected and counted.
  case inputRejected = "input-rejected"
  /// A strategy decided.
  case decision = "decision"
  /// A strategy gave a signal.
  case signal = "signal"
  /// A signal was turned away.
  case signalRejected = "signal-rejected"
  /// An entry's intent became durable.
  case entryIntended = "entry-intended"
  /// A protective stop's intent became durable.
  case stopIntended = "stop-intended"
  /// An order left the host.
  case orderSent = "order-sent"
  /// An order rests.
  case orderWorking = "order-working"
  /// An order's outcome is unknown.
  case orderUnknown = "order-unknown"
  /// An unknown order's outcome became known.
  case unknownResolved = "unknown-resolved"
  /// An order was refused.
  case orderRejected = "order-rejected"
  /// An execution was booked.
  case fill = "fill"
  /// A position was opened.
  case positionOpened = "position-opened"
  /// A protective stop rests.
  case stopResting = "stop-resting"
  /// A position was closed.
  case positionClosed = "position-closed"
  /// A breaker tripped.
  case breakerTripped = "breaker-tripped"
  /// A breaker ended.
  case breakerEnded = "breaker-ended"
  /// A drift alert opened.
  case driftOpened = "drift-opened"
  /// A drift alert closed.
  case driftClosed = "drift-closed"
  /// The kill switch was engaged.
  case killEngaged = "kill-engaged"
  /// The kill switch was lifted.
  case killLifted = "kill-lifted"
  /// Equity reached the day's loss limit.
  case dayLossReached = "day-loss-reached"
  /// A funding payment was booked.
  case fundingPaid = "funding-paid"
  /// A strategy was recorded as starved.
  case strategyStarved = "strategy-starved"
  /// A strategy was recorded as degraded.
  case strategyDegraded = "strategy-degraded"
  /// A strategy was recorded as healthy.
  case strategyHealthy = "strategy-healthy"
  /// The process died.
  case crashed = "crashed"

  /// One sentence on what it means.
  public var summary: String {
    switch self {
    case .started: "The engine started."
    case .recovered: "The engine recovered from what was durable."
    case .recoveredWithOrder: "It recovered while an order was open or unknown."
    case .recoveredWithPosition: "It recovered while it held a position."
    case .connected: "A connection was made."
    case .reconnected: "A connection was made after an earlier one was lost."
    case .candleClosed: "A candle closed."
    case .candleBackfilled: "A candle came from history or a gap fill."
    case .candleForeign: "A candle of another venue closed."
    case .inputRejected: "Input was rejected and counted."
    case .decision: "A strategy decided."
    case .signal: "A strategy gave a signal."
    case .signalRejected: "A signal was turned away."
    case .entryIntended: "An entry's intent became durable."
    case .stopIntended: "A protective stop's intent became durable."
    case .orderSent: "An order left the host."
    case .orderWorking: "An order rests."
    case .orderUnknown: "An order's outcome is unknown."
    case .unknownResolved: "An unknown order's outcome became known."
    case .orderRejected: "An order was refused."
    case .fill: "An execution was booked."
    case .positionOpened: "A position was opened."
    case .stopResting: "A protective stop rests."
    case .positionClosed: "A position was closed."
    case .breakerTripped: "A breaker tripped."
    case .breakerEnded: "A breaker ended."
    case .driftOpened: "A drift alert opened."
    case .driftClosed: "A drift alert closed."
    case .killEngaged: "The kill switch was engaged."
    case .killLifted: "The kill switch was lifted."
    case .dayLossReached: "Equity reached the day's loss limit."
    case .fundingPaid: "A funding payment was booked."
    case .strategyStarved: "A strategy was recorded as starved."
    case .strategyDegraded: "A strategy was recorded as degraded."
    case .strategyHealthy: "A strategy was recorded as healthy."
    case .crashed: "The process died."
    }
  }
}

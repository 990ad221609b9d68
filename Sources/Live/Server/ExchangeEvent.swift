public import Exchange
public import Market
public import Simulation

/// Something of note at a served venue.
public enum ExchangeEvent: Sendable {
  /// A client opened a WebSocket.
  case connected(SessionID)
  /// A WebSocket is gone.
  case disconnected(SessionID, SocketEnd)
  /// A client asked to hear something, in the compact form of its request.
  case subscribed(SessionID, String)
  /// What happened to an account.
  case account(AccountNews)
  /// An action or one of its elements was refused, with the venue's text.
  case refused(String)
  /// A fault of the scenario began or ended.
  case fault(FaultKind, begins: Bool)
  /// The machine cannot keep up: the venue's time is slower than it was asked to be.
  case lagging
}

/// Something of note, and the venue's time.
public struct ExchangeObservation: Sendable {
  /// The venue's time.
  public let time: Instant
  /// What happened.
  public let event: ExchangeEvent
}

/// What a served venue has done so far.
public struct ExchangeTally: Hashable, Sendable {
  /// HTTP calls to the venue.
  public internal(set) var calls = 0
  /// Text messages of clients.
  public internal(set) var messagesIn = 0
  /// Text messages to clients.
  public internal(set) var messagesOut = 0
  /// WebSockets opened.
  public internal(set) var sessions = 0
  /// Orders that rested or slept.
  public internal(set) var placed = 0
  /// Executions.
  public internal(set) var fills = 0
  /// Orders that ended without trading in whole.
  public internal(set) var cancelled = 0
  /// Actions and orders that were refused.
  public internal(set) var refused = 0
  /// Liquidations.
  public internal(set) var liquidations = 0
  /// Funding payments.
  public internal(set) var fundings = 0

  mutating func count(_ event: ExchangeEvent) {
    switch event {
    case .connected: sessions += 1
    case .refused: refused += 1
    case .account(.fill): fills += 1
    case .account(.funding): fundings += 1
    case .account(.liquidated): liquidations += 1
    case .account(.update(let order)):
      switch order.status {
      case .open: placed += 1
      case .filled, .triggered: break
      case let status where status.isRefusal: refused += 1
      default: cancelled += 1
      }
    case .account(.cancelledByVenue), .account(.transferred), .account(.marginMoved), .disconnected,
      .subscribed, .fault, .lagging:
      break
    }
  }
}

extension ExchangeOrderStatus {
  /// Whether the order was refused and never lived.
  public var isRefusal: Bool {
    switch self {
    case .perpMarginRejected, .reduceOnlyRejected, .badAloPxRejected, .iocCancelRejected,
      .badTriggerPxRejected, .marketOrderNoLiquidityRejected, .tooManyOpenOrdersRejected,
      .oracleRejected, .perpMaxPositionRejected, .positionIncreaseAtOpenInterestCapRejected,
      .positionFlipAtOpenInterestCapRejected, .tooAggressiveAtOpenInterestCapRejected, .rejected:
      true
    case .open, .filled, .canceled, .triggered, .marginCanceled, .selfTradeCanceled,
      .reduceOnlyCanceled, .siblingFilledCanceled, .liquidatedCanceled, .scheduledCancel,
      .openInterestCapCanceled:
      false
    }
  }
}

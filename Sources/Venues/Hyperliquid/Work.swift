import Market
import Risk

/// What a request carries.
enum Work: Sendable {
  case info(RequestKind)
  case submit([OrderIntent], OrderGrouping, expiresAfter: UInt64)
  case cancel([(symbol: Symbol, clientID: ClientOrderID)])
  case schedule(Instant?)
  /// The order to replace, and the one that replaces it.
  case modify(ClientOrderID, OrderIntent, expiresAfter: UInt64)
  case cancelForeign([(symbol: Symbol, venueID: UInt64)])
  case leverage(Symbol, Int64, isCross: Bool)

  /// What the request is about, for those who are told.
  var kind: RequestKind {
    switch self {
    case .info(let kind): kind
    case .submit(let intents, _, _): .submit(intents.map(\.clientID))
    case .cancel(let orders): .cancel(orders.map(\.clientID))
    case .schedule(let time): .scheduleCancel(time)
    case .modify(let old, let intent, _): .modify(old, to: intent.clientID)
    case .cancelForeign(let orders): .cancelForeign(orders.map(\.venueID))
    case .leverage(let symbol, _, _): .leverage(symbol)
    }
  }

  /// How many actions it counts against the address's budget.
  var actionCount: Int {
    switch self {
    case .info: 0
    case .submit(let intents, _, _): intents.count
    case .cancel(let orders): orders.count
    case .cancelForeign(let orders): orders.count
    case .schedule, .modify, .leverage: 1
    }
  }

  /// Whether it needs the venue's numbers of the assets.
  var needsAssets: Bool {
    switch self {
    case .info, .schedule: false
    case .submit, .cancel, .modify, .cancelForeign, .leverage: true
    }
  }

  /// The venue's weight of the request itself ("Rate limits", read 2026-08).
  var weight: Int {
    switch self {
    case .info(let kind):
      switch kind {
      case .mids, .book, .account, .orderStatus: 2
      default: 20
      }
    case .submit(let intents, _, _): 1 + intents.count / 40
    case .cancel(let orders): 1 + orders.count / 40
    case .cancelForeign(let orders): 1 + orders.count / 40
    case .schedule, .modify, .leverage: 1
    }
  }

  /// Whether it may use the reserved share of the budget: it can only make us safer.
  var isProtective: Bool {
    switch self {
    case .info: false
    case .submit(let intents, _, _): intents.allSatisfy(\.isReduceOnly)
    case .modify(_, let intent, _): intent.isReduceOnly
    case .cancel, .cancelForeign, .schedule: true
    case .leverage: false
    }
  }

  /// Whether the client asks again by itself until it gets an answer.
  var isPersistent: Bool {
    switch self {
    case .info(.meta), .info(.candles), .leverage: true
    default: false
    }
  }

  /// Whether a queued request already asks the same.
  func repeats(_ other: Work) -> Bool {
    guard case .info(let kind) = self, case .info(let asked) = other else { return false }
    return kind == asked
  }
}

/// How the orders of one action belong together.
enum OrderGrouping: Sendable {
  /// Not at all.
  case none
  /// The first is the parent of the others, which wait for it to fill and cancel one another.
  case family

  /// The wire's word.
  var hyperliquidName: String {
    switch self {
    case .none: "na"
    case .family: "normalTpsl"
    }
  }
}

/// A request that waits for its turn.
struct QueuedRequest: Sendable {
  let work: Work
  /// Counts from 1.
  let attempt: Int
  let notBefore: Monotonic
}

/// A request that is on its way.
struct SentRequest: Sendable {
  let number: UInt64
  let work: Work
  let attempt: Int
  let sentAt: Now
  /// The time that had certainly passed at the venue when it was sent.
  let passed: Instant
}

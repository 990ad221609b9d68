import Market

/// What a request of a Deribit client is for.
enum DeribitWork: Hashable, Sendable {
  /// Asks the venue to send heartbeats.
  case heartbeat
  /// Answers a test request.
  case test
  /// Subscribes to channels.
  case subscribe([String])
  /// Every option of a settlement currency.
  case chain(currency: String)
  /// The newest bars of a volatility index.
  case volatility(Symbol)

  /// The venue's name of the method.
  var method: StaticString {
    switch self {
    case .heartbeat: "public/set_heartbeat"
    case .test: "public/test"
    case .subscribe: "public/subscribe"
    case .chain: "public/get_book_summary_by_currency"
    case .volatility: "public/get_volatility_index_data"
    }
  }

  /// What a reply that cannot be used is counted as.
  var kind: InputKind {
    switch self {
    case .heartbeat, .test: .heartbeat
    case .subscribe: .control
    case .chain: .bookSummary
    case .volatility: .volatilityIndex
    }
  }

  /// Whether it belongs to one connection, and ends with it.
  var isOfConnection: Bool {
    switch self {
    case .heartbeat, .test, .subscribe: true
    case .chain, .volatility: false
    }
  }
}

/// A request that waits for its turn.
struct QueuedDeribitWork: Sendable {
  let work: DeribitWork
  /// Counts from 1.
  let attempt: Int
  let notBefore: Monotonic
}

/// A request that is on its way.
struct SentDeribitWork: Sendable {
  let id: UInt64
  let work: DeribitWork
  let attempt: Int
  let sentAt: Monotonic
  let deadline: Monotonic
}

/// What to do about an error of the venue.
enum DeribitVerdict: Hashable, Sendable {
  /// The same request may be granted soon.
  case retry
  /// It is switched off; ask again much later.
  case retryLater
  /// Too many requests: the venue ends the session.
  case throttled
  /// It will never be granted.
  case refused

  /// The verdict on a code (Deribit, "RPC error codes", read 2026-03).
  init(code: Int64) {
    switch code {
    case 10_028: self = .throttled
    case 10_066, 10_047, 10_040, 10_041, 11_051, 11_094, 13_028, 13_888: self = .retry
    case 13_025, 11_052, 13_017: self = .retryLater
    default: self = .refused
    }
  }
}

import Market

/// An open WebSocket at Deribit.
struct DeribitVenueSession: Sendable {
  let id: SessionID
  var subscriptions: [DeribitSubscription] = []
  var heartbeat: DeribitHeartbeat?

  /// Whether anything it hears is published at every tick.
  var hearsTicks: Bool { subscriptions.contains { !$0.topic.isVolatility && !$0.topic.isOfEvents } }
  /// Whether it hears a volatility index.
  var hearsVolatility: Bool { subscriptions.contains { $0.topic.isVolatility } }
}

/// Proof of life that a session asked for.
struct DeribitHeartbeat: Hashable, Sendable {
  let interval: Interval
  /// When the next one leaves.
  var next: Instant
  /// When the session last sent something.
  var heard: Instant
  /// When a test request that is not answered ends the session.
  var testDue: Instant?

  /// When something is next to be done.
  var due: Instant { min(next, testDue ?? next) }
}

/// What a session asked to hear.
struct DeribitSubscription: Sendable {
  /// As the client spelt it, which is how it is told.
  let channel: String
  let topic: DeribitTopic
  /// What was told last, where only news is told.
  var told: [UInt8] = []
  /// How many trades the market had when it was told last.
  var tradeCount: UInt64 = 0
  /// What a book channel told last.
  var book = DeribitToldBook()
  /// What a channel of marks told last, by instrument.
  var marks: [String: Double] = [:]
  /// Whether it was told what is so when it began.
  var isTold = false
}

/// What a channel tells.
enum DeribitTopic: Hashable, Sendable {
  case ticker(instrument: String)
  case quote(instrument: String)
  case book(instrument: String)
  /// The whole book down to a depth, each time anew.
  case wholeBook(instrument: String, depth: Int)
  /// The marks of every option of an underlying.
  case marks(Int)
  case trades(instrument: String)
  case perpetual(instrument: String)
  case candle(instrument: String, DeribitResolution)
  case index(Int)
  case volatility(Int)
  /// What is listed or delivered; nil stands for any kind or currency.
  case instrumentState(kind: String?, currency: String?)
  case platformState
  /// Whether anybody may ask without a login.
  case publicMethods

  var isVolatility: Bool { if case .volatility = self { true } else { false } }
  /// Whether it is told when something happens, not at every tick.
  var isOfEvents: Bool {
    switch self {
    case .instrumentState, .platformState, .publicMethods: true
    default: false
    }
  }
}

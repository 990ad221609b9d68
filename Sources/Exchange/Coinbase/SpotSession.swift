import Market

/// Which of Coinbase's two WebSockets a session is on.
enum SpotSurface: Hashable, Sendable {
  /// The Exchange feed: many channels a message, flat frames.
  case exchange
  /// Advanced Trade: one channel a message, frames in envelopes numbered for each connection.
  case advanced

  /// The surface that is served at a path, without its query.
  init?(path: String) {
    switch path.prefix(while: { $0 != "?" }) {
    case "/coinbase/exchange": self = .exchange
    case "/coinbase/advanced": self = .advanced
    default: return nil
    }
  }
}

/// What a session can ask to hear.
enum SpotChannel: UInt8, Hashable, Sendable, CaseIterable {
  case ticker = 0
  /// The same every five seconds.
  case tickerBatch = 1
  case heartbeat = 2
  case trades = 3
  case book = 4

  /// The channel of a name; the Exchange feed's book has two.
  init?(_ name: some StringProtocol, on surface: SpotSurface) {
    switch (surface, name) {
    case (_, "ticker"): self = .ticker
    case (_, "ticker_batch"): self = .tickerBatch
    case (.exchange, "heartbeat"), (.advanced, "heartbeats"): self = .heartbeat
    case (.exchange, "matches"), (.advanced, "market_trades"): self = .trades
    case (_, "level2"), (.exchange, "level2_batch"): self = .book
    default: return nil
    }
  }
}

/// One channel of one product that a session hears.
struct SpotSubscription: Sendable {
  let channel: SpotChannel
  /// What the client calls the channel.
  let name: String
  /// What the client calls the product; empty where the channel is about none.
  let productID: String
  /// The place of the product; nil where the channel is about none.
  let product: Int?
  /// The newest trade that it was told of.
  var lastTrade: UInt64 = 0
  /// The book as it was told.
  var book: SpotBook?
}

/// An open WebSocket.
struct SpotSession: Sendable {
  let id: SessionID
  let surface: SpotSurface
  let opened: Instant
  var hasSubscribed = false
  var subscriptions: [SpotSubscription] = []
  /// When something was last sent.
  var lastSent: Instant
  /// Counts the frames of the connection, from 0.
  var frames: Int64 = 0
  /// Counts the heartbeats of the connection, from 0.
  var heartbeats: Int64 = 0

  /// How long a session may stay without a subscription.
  static let subscribeLimit = Interval.seconds(5)
  /// How long Advanced Trade keeps a session to which it has nothing to say.
  static let quietLimit = Interval.seconds(90)

  /// When the venue closes the session unless something happens before; nil where it does not.
  var closesAt: Instant? {
    if !hasSubscribed { return opened + Self.subscribeLimit }
    return surface == .advanced ? lastSent + Self.quietLimit : nil
  }
}

public import Market

/// Our side of Deribit's wire, with no I/O of its own: option chains and volatility indices.
///
/// One connection carries everything as JSON-RPC: requests with an id and their replies,
/// notifications of the channels, and the heartbeats that the venue sends and wants answered.
///
/// ```
///  idle ──start──▶ opening ──opened──▶ open ──every channel──▶ subscribed
///                     ▲  └──closed, late──┐  └──closed, silent, throttled──┐
///                     └────timer──────── waiting ◀─────────────────────────┘
/// ```
///
/// A chain is read whole at every multiple of ``DeribitClientConfiguration/chainInterval``, and
/// after a reconnection where one was missed. What is asked for is asked again until the venue
/// answers it or refuses it for good.
public struct DeribitClient: VenueClient {
  /// Deribit.
  public static let venue = Venue.deribit
  /// What it was asked to do.
  public let configuration: DeribitClientConfiguration
  /// The channels that it wants.
  let channels: [DeribitClientChannel]
  /// The settlement currencies whose option books hold its underlyings.
  let currencies: [String]

  var socket: KeptSocket
  var isStopped = false
  var timers: ClientTimers
  var connections: UInt32 = 0
  /// What is so while one connection is open.
  var session = DeribitSession()
  /// When the last frame of any kind came.
  var lastFrame = Monotonic(nanoseconds: 0)

  var requests: UInt64 = 0
  var inFlight: [SentDeribitWork] = []
  var queue: [QueuedDeribitWork] = []
  /// Everything counts 500 of one pool, subscribing 3,000 of another (Deribit, "Rate limits").
  var credits: TokenBucket
  var subscriptionCredits = TokenBucket(capacity: 30_000, perSecond: 10_000)
  var blockedUntil: Monotonic?
  var throttles = 0
  var isShort = false

  /// By underlying, as ``DeribitClientConfiguration/underlyings`` has them.
  var chains: [ChainProgress]
  var indices: [VolatilityProgress]
  /// The index that the newest ticker of each of ``DeribitClientConfiguration/tickers`` told.
  var tickers: [(time: Instant, index: Price)?]

  var parser: JSONParser
  var rejections: UInt64 = 0

  /// Makes a client that does nothing until ``start(at:into:)``.
  public init(configuration: DeribitClientConfiguration) {
    self.configuration = configuration
    channels = DeribitClientChannel.all(configuration)
    var currencies: [String] = []
    for currency in configuration.underlyings.map({ DeribitMarket($0).currency })
    where !currencies.contains(currency) {
      currencies.append(currency)
    }
    self.currencies = currencies
    socket = KeptSocket(
      backOff: configuration.reconnect, stableAfter: configuration.stableAfter,
      seed: configuration.seed)
    timers = ClientTimers(owner: configuration.timerOwner, count: Timer.allCases.count)
    credits = TokenBucket(capacity: 50_000, perSecond: configuration.creditsPerSecond)
    chains = configuration.underlyings.map { _ in ChainProgress() }
    indices = configuration.underlyings.map { _ in VolatilityProgress() }
    tickers = configuration.tickers.map { _ in nil }
    parser = JSONParser(limits: configuration.limits)
  }

  /// Opens the connection and begins to read chains and volatility indices.
  public mutating func start(at now: Now, into effects: inout [ClientEffect]) {
    guard socket.state == .idle, !isStopped else { return }
    lastFrame = now.monotonic
    scheduleChains(at: now, into: &effects)
    scheduleVolatility(at: now, into: &effects)
    connect(at: now, into: &effects)
  }

  /// Closes the connection and every timer.
  public mutating func stop(at now: Now, into effects: inout [ClientEffect]) {
    isStopped = true
    if let id = socket.stop() { effects.append(.transport(.close(id))) }
    timers.clearAll(into: &effects)
    queue = []
    inFlight = []
  }

  /// Takes what the network says.
  public mutating func handle(
    _ input: TransportInput, at now: Now, into effects: inout [ClientEffect]
  ) {
    switch input {
    case .opened(let id): opened(id, at: now, into: &effects)
    case .frame(let id, let bytes):
      guard id == socket.openConnection else {
        return reject(.stray, .stray, bytes, into: &effects)
      }
      frame(bytes, at: now, into: &effects)
    case .closed(let id, let failure):
      guard id == socket.connection else { return reject(.stray, .stray, [], into: &effects) }
      disconnect(failure, at: now, into: &effects)
    case .response(_, let response): reject(.stray, .stray, response.body, into: &effects)
    case .failed: reject(.stray, .stray, [], into: &effects)
    }
  }

  /// Takes a timer that is due; one that was moved or cancelled is ignored.
  public mutating func timerFired(
    _ id: TimerID, at now: Now, into effects: inout [ClientEffect]
  ) {
    guard let timer = timers.take(id, at: now.monotonic).flatMap(Timer.init(rawValue:)) else {
      return
    }
    switch timer {
    case .reconnect: connect(at: now, into: &effects)
    case .handshake: giveUp(.timeout, at: now, into: &effects)
    case .silence: silenceDue(at: now, into: &effects)
    case .pump: pump(at: now, into: &effects)
    case .deadline: deadlineDue(at: now, into: &effects)
    case .chain: chainsDue(at: now, into: &effects)
    case .volatility: volatilityDue(at: now, into: &effects)
    }
  }
}

extension DeribitClient {
  /// The client's timers; the raw value is the number in a ``TimerID``.
  enum Timer: Int, CaseIterable, Sendable {
    case reconnect = 0
    case handshake = 1
    case silence = 2
    case pump = 3
    case deadline = 4
    case chain = 5
    case volatility = 6
  }

  mutating func set(_ timer: Timer, at due: Monotonic, into effects: inout [ClientEffect]) {
    timers.set(timer.rawValue, at: due, into: &effects)
  }

  mutating func clear(_ timer: Timer, into effects: inout [ClientEffect]) {
    timers.clear(timer.rawValue, into: &effects)
  }

  /// Counts bytes that moved nothing.
  mutating func reject(
    _ kind: InputKind, _ reason: RejectionReason, _ bytes: [UInt8],
    into effects: inout [ClientEffect]
  ) {
    rejections += 1
    effects.append(
      .rejected(
        RejectedInput(
          venue: Self.venue, kind: kind, reason: reason, bytes: bytes, ordinal: rejections)))
  }

  /// The underlyings whose options are settled in a currency, by their place.
  func underlyings(in currency: String) -> [(index: Int, market: DeribitMarket)] {
    configuration.underlyings.enumerated().compactMap { index, symbol in
      let market = DeribitMarket(symbol)
      return market.currency == currency ? (index, market) : nil
    }
  }
}

/// A channel that a client subscribes to.
struct DeribitClientChannel: Hashable, Sendable {
  /// What it tells.
  enum Topic: Hashable, Sendable {
    /// The volatility index of the underlying at a place of the configuration.
    case volatility(Int)
    /// The perpetual's ticker at a place of the configuration.
    case ticker(Int)
  }

  let name: String
  let topic: Topic

  /// Every channel that a configuration asks for.
  static func all(_ configuration: DeribitClientConfiguration) -> [DeribitClientChannel] {
    var channels: [DeribitClientChannel] = []
    for (index, symbol) in configuration.underlyings.enumerated() {
      let market = DeribitMarket(symbol)
      guard market.hasVolatilityIndex else { continue }
      channels.append(
        DeribitClientChannel(
          name: "deribit_volatility_index." + market.index, topic: .volatility(index)))
    }
    for (index, symbol) in configuration.tickers.enumerated() {
      let name = "ticker.\(DeribitMarket(symbol).perpetual).100ms"
      channels.append(DeribitClientChannel(name: name, topic: .ticker(index)))
    }
    return channels
  }
}

/// What is so while one connection is open.
struct DeribitSession: Sendable {
  /// The channels that the venue has not confirmed, by their place.
  var pending: Set<Int> = []
  /// When each channel last told something.
  var heard: [Monotonic] = []
  /// Whether the venue has confirmed the heartbeat.
  var hasHeartbeat = false
  /// Whether ``FeedStatus/subscribed`` and ``FeedStatus/recovered`` were said.
  var isSubscribed = false
  var hasRecovered = false
  /// The requests of the beginning that are not answered yet.
  var opening: Set<DeribitWork> = []
}

/// How far the chain of one underlying has been told.
struct ChainProgress: Sendable {
  /// Keeps chains from going back in time.
  var time = NewestTime()
  /// The multiple of the interval, by our clock, at which the newest was asked for.
  var slot: Int64?
}

/// How far the volatility index of one underlying has been told.
struct VolatilityProgress: Sendable {
  /// The multiple of the interval, by the venue's clock, that the newest belongs to.
  var slot: Int64?
}

public import Market
import Risk

/// Our side of Hyperliquid's wire, with no I/O of its own.
///
/// The owner passes in what the network and the clock say, and does what is appended to `effects`,
/// in order. One connection carries every stream:
///
/// ```
///  idle ──start──▶ opening ──opened──▶ open ──every ack──▶ subscribed
///                     ▲  └──closed, late──┐  └──closed, silent, late──┐
///                     └────timer──────── waiting ◀────────────────────┘
/// ```
///
/// Candles that may have been missed while no connection stood are read from the venue's history as
/// soon as their stream is acknowledged, and whenever a stream leaves an interval out.
///
/// Of an order, silence is no evidence: only the venue's word makes it working, filled, cancelled
/// or rejected. A request that ended without one is reported as unknown; ask with
/// ``queryOrder(_:at:into:)`` and never send the order again under another id. "No such order" is
/// reported only once the venue can no longer accept it.
public struct HyperliquidClient: VenueClient {
  /// Hyperliquid.
  public static let venue = Venue.hyperliquid
  /// What it was asked to do.
  public let configuration: HyperliquidClientConfiguration
  let signer: any ActionSigner
  let subscriptions: [Subscription]

  var link = Link.idle
  /// When the last frame of any kind came.
  var lastFrame = Monotonic(nanoseconds: 0)
  /// When the last frame with market data or news of our orders came.
  var lastData = Monotonic(nanoseconds: 0)
  var attempt = 0
  var connections: UInt32 = 0
  private var timers: ClientTimers
  var series: [SeriesProgress]
  var venueClock: VenueClock

  var requests: UInt64 = 0
  var inFlight: [SentRequest] = []
  var queue: [QueuedRequest] = []
  var ledger = RequestLedger()
  var actions = ActionBudget()
  var blockedUntil: Monotonic?
  var throttles = 0
  var isShort = false

  var lastNonce: UInt64
  var startedAt: Monotonic?
  var assets: [Symbol: Int] = [:]
  var expiries: [(clientID: ClientOrderID, at: Monotonic)] = []
  var venueIDs = VenueIDs()
  var accountTime = NewestTime()

  var trades = RecentKeys<TradeKey>(capacity: 8_192)
  var fills = RecentKeys<TradeKey>(capacity: 8_192)
  var fundings = RecentKeys<FundingReceipt>(capacity: 2_048)
  var bookTimes: [NewestTime]
  var quoteTimes: [NewestTime]
  var replayed: [Bool]
  /// The newest best bid and offer of each symbol on this connection.
  var touches: [Quote?]
  /// Whether it was said that our clock is off.
  var clockIsOff = false

  var parser: JSONParser
  var actionParser = JSONParser()
  var rejections: UInt64 = 0

  /// Makes a client that does nothing until ``start(at:into:)``.
  public init(configuration: HyperliquidClientConfiguration, signer: any ActionSigner) {
    self.configuration = configuration
    self.signer = signer
    subscriptions = Subscription.all(configuration)
    timers = ClientTimers(owner: configuration.timerOwner, count: Timer.allCases.count)
    series = configuration.series.map(SeriesProgress.init)
    venueClock = VenueClock()
    lastNonce = min(configuration.nonceFloor, .max / 2)
    bookTimes = Array(repeating: NewestTime(), count: configuration.symbols.count)
    quoteTimes = bookTimes
    replayed = Array(repeating: false, count: configuration.symbols.count)
    touches = Array(repeating: nil, count: configuration.symbols.count)
    parser = JSONParser(limits: configuration.limits)
  }

  /// Tells the newest closed candle that the owner has, so that the next connection closes the gap.
  public mutating func resume(_ series: CandleSeries, lastClosed: Instant) {
    guard let index = index(of: series) else { return }
    self.series[index].confirm(through: lastClosed)
  }

  /// Asks for the list of perpetuals and opens the connection.
  public mutating func start(at now: Now, into effects: inout [ClientEffect]) {
    guard case .idle = link else { return }
    startedAt = now.monotonic
    enqueue(.info(.meta), at: now, into: &effects)
    set(.meta, at: now.monotonic + configuration.metaInterval, into: &effects)
    connect(at: now, into: &effects)
  }

  /// Closes the connection and every timer; requests in flight are still answered.
  ///
  /// Cancels that were waiting for their turn are reported as unknown; nothing is sent any more.
  public mutating func stop(at now: Now, into effects: inout [ClientEffect]) {
    if let id = link.connection { effects.append(.transport(.close(id))) }
    link = .stopped
    timers.clearAll(into: &effects)
    let abandoned = queue
    queue = []
    for request in abandoned { abandon(request.work, .unreachable, at: now, into: &effects) }
  }

  /// Takes what the network says.
  public mutating func handle(
    _ input: TransportInput, at now: Now, into effects: inout [ClientEffect]
  ) {
    switch input {
    case .opened(let id): opened(id, at: now, into: &effects)
    case .frame(let id, let bytes):
      guard id == link.openConnection else {
        return reject(.stray, .stray, bytes, into: &effects)
      }
      frame(bytes, at: now, into: &effects)
    case .closed(let id, let failure):
      guard id == link.connection else { return reject(.stray, .stray, [], into: &effects) }
      disconnect(failure, at: now, into: &effects)
    case .response(let id, let response):
      guard let request = take(id) else {
        return reject(.stray, .stray, response.body, into: &effects)
      }
      answered(request, response, at: now, into: &effects)
    case .failed(let id, let failure):
      guard let request = take(id) else { return reject(.stray, .stray, [], into: &effects) }
      failed(request, failure, at: now, into: &effects)
    }
  }

  /// Takes a timer that is due; one that was moved or cancelled is ignored.
  public mutating func timerFired(
    _ id: TimerID, at now: Now, into effects: inout [ClientEffect]
  ) {
    guard let timer = timers.take(id, at: now.monotonic).flatMap(Timer.init) else { return }
    switch timer {
    case .reconnect: connect(at: now, into: &effects)
    case .handshake: handshakeExpired(at: now, into: &effects)
    case .ping: pingDue(at: now, into: &effects)
    case .silence: silenceDue(at: now, into: &effects)
    case .pump: pump(at: now, into: &effects)
    case .meta:
      enqueue(.info(.meta), at: now, into: &effects)
      set(.meta, at: now.monotonic + configuration.metaInterval, into: &effects)
    }
  }
}

extension HyperliquidClient {
  /// The client's timers; the raw value is the number in a ``TimerID``.
  enum Timer: Int, CaseIterable, Sendable {
    case reconnect = 0
    case handshake = 1
    case ping = 2
    case silence = 3
    case pump = 4
    case meta = 5
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

  func index(of series: CandleSeries) -> Int? {
    self.series.firstIndex { $0.series == series }
  }

  func index(of symbol: Symbol) -> Int? { configuration.symbols.firstIndex(of: symbol) }
}

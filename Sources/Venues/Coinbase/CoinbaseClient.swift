public import Market

/// Our side of Coinbase's public wire: spot prices by polling, with no I/O of its own.
///
/// The owner passes in what the network and the clock say, and does what is appended to `effects`,
/// in order. Requests are all there is:
///
/// ```
///  start ──▶ /products ──listed──▶ tickers at once ──▶ tickers at every whole multiple of 30 s
///                ▲                                          │
///                └────────── every hour, or sooner ─────────┘
/// ```
///
/// A price is the middle of bid and ask at the time of the answer. The last trade is not used:
/// on a quiet market it is old while the quotes are current. What it is good for is to tell that a
/// market stands still, or that an answer comes from a cache: a ticker whose last trade is too old,
/// or older than one seen before, moves nothing.
///
/// A sample's time is half the round trip before the answer came, by our wall clock: the answer
/// itself says only when the last trade was.
public struct CoinbaseClient: VenueClient {
  /// Coinbase.
  public static let venue = Venue.coinbase
  /// What it was asked to do.
  public let configuration: CoinbaseClientConfiguration

  var stage = Stage.idle
  var products: [PolledProduct]
  var candles: [SampledCandle]
  var timers: ClientTimers

  var requests: UInt64 = 0
  var queue: [CoinbaseRequest] = []
  var inFlight: [(number: UInt64, request: CoinbaseRequest, sentAt: Now)] = []
  var bucket: TokenBucket
  var blockedUntil: Monotonic?
  var throttles = 0
  var bans = 0
  var isShort = false

  var parser: JSONParser
  var rejections: UInt64 = 0

  /// Makes a client that does nothing until ``start(at:into:)``.
  public init(configuration: CoinbaseClientConfiguration) {
    self.configuration = configuration
    products = PolledProduct.all(configuration)
    candles = configuration.series.map { SampledCandle($0, configuration) }
    timers = ClientTimers(owner: configuration.timerOwner, count: Timer.allCases.count)
    bucket = TokenBucket(
      capacity: configuration.burst, perSecond: configuration.requestsPerSecond)
    parser = JSONParser(limits: configuration.limits)
  }

  /// Asks for the list of products, and then for prices; a second time changes nothing.
  public mutating func start(at now: Now, into effects: inout [ClientEffect]) {
    guard stage == .idle else { return }
    stage = .running
    set(.round, at: nextRound(after: now, isStart: true), into: &effects)
    for index in candles.indices { askHistory(index, at: now, into: &effects) }
    ask(.listing, at: now, into: &effects)
  }

  /// Stops asking; requests in flight are still answered.
  public mutating func stop(at now: Now, into effects: inout [ClientEffect]) {
    stage = .stopped
    queue = []
    timers.clearAll(into: &effects)
  }

  /// Takes an answer; Coinbase's sockets are not used, so that a frame is a stray.
  public mutating func handle(
    _ input: TransportInput, at now: Now, into effects: inout [ClientEffect]
  ) {
    switch input {
    case .response(let id, let response):
      guard let sent = take(id) else {
        return reject(.stray, .stray, response.body, into: &effects)
      }
      answered(sent.request, sent.sentAt, response, at: now, into: &effects)
    case .failed(let id, let failure):
      guard let sent = take(id) else { return reject(.stray, .stray, [], into: &effects) }
      failed(sent.request, failure, at: now, into: &effects)
    case .frame(_, let bytes): reject(.stray, .stray, bytes, into: &effects)
    case .opened, .closed: reject(.stray, .stray, [], into: &effects)
    }
  }

  /// Takes a timer that is due; one that was moved, cancelled or is another's is ignored.
  public mutating func timerFired(
    _ id: TimerID, at now: Now, into effects: inout [ClientEffect]
  ) {
    guard let timer = timers.take(id, at: now.monotonic).flatMap(Timer.init) else { return }
    switch timer {
    case .round:
      set(.round, at: nextRound(after: now, isStart: false), into: &effects)
      askPrices(at: now, into: &effects)
    case .listing: ask(.listing, at: now, into: &effects)
    case .pump: pump(at: now, into: &effects)
    case .close: closeCandles(at: now, into: &effects)
    }
  }
}

extension CoinbaseClient {
  /// Where the client stands.
  enum Stage: Hashable, Sendable {
    case idle
    case running
    case stopped
  }

  /// The client's timers; the raw value is the number in a ``TimerID``.
  enum Timer: Int, CaseIterable, Sendable {
    case round = 0
    case listing = 1
    case pump = 2
    case close = 3
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

  /// The next whole multiple of the poll interval.
  ///
  /// A timer that fires a little before its multiple, because the wall clock was set back, means
  /// that multiple: the next one is a whole interval later, not a moment.
  private func nextRound(after now: Now, isStart: Bool) -> Monotonic {
    let length = max(configuration.pollInterval.nanoseconds, 1)
    let slack = isStart ? 0 : length / 2
    let passed = (now.wall.nanoseconds + slack).floorDivided(by: length)
    return now.monotonic + (Instant(nanoseconds: (passed + 1) * length) - now.wall)
  }

  /// Asks for the price of every product that can be believed.
  mutating func askPrices(at now: Now, into effects: inout [ClientEffect]) {
    var due = now.monotonic
    for index in products.indices where products[index].standing == .open {
      ask(.ticker(product: index), notBefore: due, at: now, into: &effects)
      due = due + configuration.spread
    }
  }
}

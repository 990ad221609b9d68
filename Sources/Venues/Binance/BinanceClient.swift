public import Market

/// Our side of Binance's public USD-M wire, with no I/O of its own.
///
/// Candles are told once they are final, with what takers bought and sold in them: by the stream,
/// or by the venue's history where the stream left one out, was late, or was not there. Each
/// connection carries up to ``BinanceClientConfiguration/streamsPerConnection`` streams and is
/// watched stream by stream, as the venue is known to acknowledge a subscription and send nothing.
///
/// ```
///  idle ──start──▶ opening ──opened──▶ open ──every ack──▶ subscribed ──a day──▶ opening beside
///                     ▲  └──closed, late──┐  └──closed, silent, late──┐            the old one
///                     └────timer──────── waiting ◀────────────────────┘
/// ```
///
/// Open interest is read from the venue's history of it, whose points lie on whole five minutes:
/// what is read while the engine runs and what is read after an outage are one series.
///
/// What a connection may say without being given up: anything that is no JSON, is of another
/// shape, contradicts itself, is late or is unknown; it is counted and moves nothing. A connection
/// is given up when it is not acknowledged in time, or when one of its streams is silent.
///
/// All programs behind one address share the venue's limits. A 429 stops every request for as long
/// as the venue says, a ban (418, 403) new connections too; a location that the venue does not
/// serve (451) ends requests for good. After three failures in a row a ping must succeed before
/// anything else is asked.
public struct BinanceClient: VenueClient {
  /// Binance.
  public static let venue = Venue.binance
  /// What it was asked to do.
  public let configuration: BinanceClientConfiguration
  /// Aggregate trades that the stream left out, whether or not they were read afterwards.
  public internal(set) var missedTrades: UInt64 = 0

  let streams: [BinanceStream]
  var sockets: [BinanceSocket]
  /// When each stream last said something.
  var heard: [Monotonic]
  var timers: ClientTimers
  var isStarted = false
  var isStopped = false
  var connections: UInt32 = 0
  var frames: UInt64 = 0

  /// Symbols that the venue does not list; nothing is asked about them any more.
  var unlisted: [Symbol] = []
  var klines: [KlineProgress]
  var tapes: [TradeTape]
  var interest: [ReadingProgress]
  var settlements: [ReadingProgress]

  var requests: UInt64 = 0
  var queue: [BinanceQueued] = []
  var inFlight: [BinanceSent] = []
  var budget: BinanceBudget
  var blockedUntil: Monotonic?
  /// No connection is made before this: the venue banned the address.
  var bannedUntil: Monotonic?
  /// Requests in a row that came to nothing.
  var failures = 0
  /// Whether the owner was told that our own budget is spent.
  var isShort = false
  /// When the last of them did.
  var lastFailure: Monotonic?
  /// Refusals in a row.
  var refusals = 0
  /// Whether a ping has to succeed before anything else is asked.
  var isProbing = false
  /// Whether the venue does not serve this location.
  var isBarred = false
  /// How far the venue's clock is ahead of ours.
  var clockOffset = Interval.zero
  var hasRecovered = false

  var parser: JSONParser
  var rejections: UInt64 = 0

  /// Makes a client that does nothing until ``start(at:into:)``.
  public init(configuration: BinanceClientConfiguration) {
    self.configuration = configuration
    streams = BinanceStream.all(configuration)
    sockets = BinanceSocket.all(streams: streams.count, configuration)
    heard = Array(repeating: Monotonic(nanoseconds: 0), count: streams.count)
    timers = ClientTimers(
      owner: configuration.timerOwner,
      count: Timer.allCases.count + sockets.count * SocketTimer.allCases.count)
    klines = configuration.series.map(KlineProgress.init)
    tapes = Set(configuration.trades).sorted().map(TradeTape.init)
    interest = configuration.openInterest.map { ReadingProgress($0, every: .minutes(5)) }
    settlements = configuration.funding.map { ReadingProgress($0, every: .hours(8)) }
    budget = BinanceBudget(
      weightPerMinute: configuration.weightPerMinute,
      readingsPerFiveMinutes: configuration.readingsPerFiveMinutes)
    parser = JSONParser(limits: configuration.limits)
  }

  /// Asks for the clock and the newest of everything, and opens the connections.
  public mutating func start(at now: Now, into effects: inout [ClientEffect]) {
    guard !isStarted else { return }
    isStarted = true
    ask(.time, at: now, into: &effects)
    timers.set(
      Timer.clock.rawValue, at: now.monotonic + configuration.clockInterval, into: &effects)
    for index in sockets.indices { connect(index, at: now, into: &effects) }
    for index in klines.indices { fill(index, at: now, into: &effects) }
    askForInterest(at: now, into: &effects)
    if !settlements.isEmpty { ask(.fundingPeriods, at: now, into: &effects) }
    askForFunding(at: now, into: &effects)
  }

  /// Closes every connection and timer; requests in flight are still answered.
  public mutating func stop(at now: Now, into effects: inout [ClientEffect]) {
    isStopped = true
    for index in sockets.indices {
      for id in sockets[index].stop() { effects.append(.transport(.close(id))) }
    }
    timers.clearAll(into: &effects)
    let abandoned = queue
    queue = []
    for request in abandoned {
      effects.append(.requestFailed(request.work.kind, .unreachable))
    }
  }

  /// Takes what the network says.
  public mutating func handle(
    _ input: TransportInput, at now: Now, into effects: inout [ClientEffect]
  ) {
    switch input {
    case .opened(let id):
      guard let index = sockets.firstIndex(where: { $0.kept.state == .opening(id) }) else {
        return reject(.stray, .stray, [], into: &effects)
      }
      opened(index, id, at: now, into: &effects)
    case .frame(let id, let bytes):
      guard let index = sockets.firstIndex(where: { $0.hears(id) }) else {
        return reject(.stray, .stray, bytes, into: &effects)
      }
      frame(bytes, from: id, socket: index, at: now, into: &effects)
    case .closed(let id, let failure):
      guard let index = sockets.firstIndex(where: { $0.owns(id) }) else {
        return reject(.stray, .stray, [], into: &effects)
      }
      closed(index, id, failure, at: now, into: &effects)
    case .response(let id, let response):
      guard let sent = take(id) else {
        return reject(.stray, .stray, response.body, into: &effects)
      }
      answered(sent, response, at: now, into: &effects)
    case .failed(let id, let failure):
      guard let sent = take(id) else { return reject(.stray, .stray, [], into: &effects) }
      failed(sent, failure, at: now, into: &effects)
      pump(at: now, into: &effects)
    }
  }

  /// Takes a timer that is due; one that was moved or cancelled is ignored.
  public mutating func timerFired(_ id: TimerID, at now: Now, into effects: inout [ClientEffect]) {
    guard let number = timers.take(id, at: now.monotonic) else { return }
    guard let timer = Timer(rawValue: number) else {
      return socketTimerFired(number - Timer.allCases.count, at: now, into: &effects)
    }
    switch timer {
    case .pump: pump(at: now, into: &effects)
    case .finals: finalsDue(at: now, into: &effects)
    case .openInterest: askForInterest(at: now, into: &effects)
    case .funding: askForFunding(at: now, into: &effects)
    case .clock:
      ask(.time, at: now, into: &effects)
      askForHoles(at: now, into: &effects)
      timers.set(number, at: now.monotonic + configuration.clockInterval, into: &effects)
    }
  }
}

extension BinanceClient {
  /// The timers of the whole client; the raw value is the number in a ``TimerID``.
  enum Timer: Int, CaseIterable, Sendable {
    case pump = 0
    case finals = 1
    case openInterest = 2
    case funding = 3
    case clock = 4
  }

  /// Where the venue's clock stands, as far as we know.
  func venueTime(at now: Now) -> Instant { now.wall + clockOffset }

  /// What has certainly passed: the earlier of the venue's clock and ours.
  ///
  /// Should one of them run ahead, no candle that still forms is taken for a closed one.
  func passed(at now: Now) -> Instant { min(now.wall, venueTime(at: now)) }

  /// The latest time that data can have: some minutes after the later of both clocks.
  func latest(at now: Now) -> Instant { max(now.wall, venueTime(at: now)) + .minutes(5) }

  /// When `time` will certainly have passed; for a time that has, a second from now, so that what
  /// cannot be asked for at once is not asked for without a pause.
  func moment(of time: Instant, at now: Now) -> Monotonic {
    let wait = time - passed(at: now)
    return now.monotonic + (wait > .zero ? wait : .seconds(1))
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
}

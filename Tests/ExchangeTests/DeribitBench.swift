import Choice
import Exchange
import Market
import Venues

/// A market that stands still unless it is told otherwise, for tests of a venue beside it.
struct StillDeribitMarket: TrueMarket {
  var symbols: [Symbol] = ["BTC", "ETH", "SOL", "DOGE"]
  var prices: [Symbol: Price] = ["BTC": "100000", "ETH": "4000", "SOL": "150.25", "DOGE": "0.125"]
  /// What was traded, oldest first.
  var prints: [Trade] = []
  var candles: [Candle] = []

  func lastPrice(of symbol: Symbol) -> Price? { prices[symbol] }
  func mark(of symbol: Symbol) -> Price? { prices[symbol] }
  func candles(
    of symbol: Symbol, _ timeframe: Timeframe, from start: Instant, through end: Instant
  ) -> [Candle] {
    candles.filter {
      $0.symbol == symbol && $0.timeframe == timeframe && $0.openTime >= start
        && $0.openTime <= end
    }
  }
  func tradeCount(of symbol: Symbol) -> UInt64 {
    UInt64(prints.filter { $0.symbol == symbol }.count)
  }
  func trades(of symbol: Symbol, after count: UInt64) -> [Trade] {
    let own = prints.filter { $0.symbol == symbol }
    return Array(own.dropFirst(Int(clamping: count)).suffix(50))
  }
}

/// Our client and the simulated Deribit on a wire without delay, for tests.
struct DeribitBench {
  static let start = Instant(milliseconds: 1_767_571_200_000)  // Monday 2026-01-05 00:00 UTC

  var client: DeribitClient
  var venue: DeribitVenue
  var market = StillDeribitMarket()
  var now = DeribitBench.start
  var events: [ClientEffect] = []
  /// What the client sent, as text.
  var sent: [String] = []
  /// What the venue sent, as text.
  var heard: [String] = []
  /// How far the client's wall clock is ahead of the venue's.
  var skew = Interval.zero
  private var timers: [TimerID: Monotonic] = [:]
  private var outputs: [VenueOutput] = []
  private var connections: [UInt64: ConnectionID] = [:]
  private var calls: UInt64 = 0

  init(
    underlyings: [Symbol] = ["BTC", "ETH"], seed: UInt64 = 1, limits: DeribitLimits? = nil,
    change: (inout DeribitClientConfiguration) -> Void = { _ in },
    adjust: (inout DeribitVenueConfiguration) -> Void = { _ in }
  ) {
    var configuration = DeribitClientConfiguration(
      underlyings: underlyings, timerOwner: 4, seed: 7)
    change(&configuration)
    client = DeribitClient(configuration: configuration)
    var setup = DeribitVenueConfiguration(
      start: Self.start, symbols: StillDeribitMarket().symbols, limits: limits)
    adjust(&setup)
    venue = DeribitVenue(configuration: setup, chooser: .seeded(seed))
  }

  var clientNow: Now {
    Now(
      wall: now + skew, monotonic: Monotonic(nanoseconds: (now - Self.start).nanoseconds))
  }

  /// Lets the client do something, then carries bytes until nobody has any.
  mutating func perform(_ body: (inout DeribitClient, Now, inout [ClientEffect]) -> Void) {
    var effects: [ClientEffect] = []
    body(&client, clientNow, &effects)
    carry(effects)
  }

  mutating func begin() { perform { $0.start(at: $1, into: &$2) } }

  /// Runs both sides up to a time, waking each when it asks for it.
  mutating func advance(by interval: Interval) {
    let end = now + interval
    while true {
      let timer = timers.values.min().map { Self.start + Interval(nanoseconds: $0.nanoseconds) }
      let next = min(timer ?? end, venue.nextWake ?? end, end)
      now = max(now, next)
      tell(.advance)
      carry([])
      for (id, due) in timers.sorted(by: { $0.key < $1.key }) where due <= clientNow.monotonic {
        guard timers[id] == due else { continue }
        timers[id] = nil
        perform { $0.timerFired(id, at: $1, into: &$2) }
      }
      if now >= end, (timers.values.min() ?? .init(nanoseconds: .max)) > clientNow.monotonic {
        return
      }
    }
  }

  /// Sends a GET and returns the answer.
  mutating func get(_ target: String) -> HTTPResponse? {
    call(VenueCall(method: .get, target: "/api/v2/" + target))
  }

  /// Posts a body and returns the answer.
  mutating func post(_ body: String, to target: String = "/api/v2") -> HTTPResponse? {
    call(VenueCall(method: .post, target: target, body: Array(body.utf8)))
  }

  mutating func call(_ call: VenueCall) -> HTTPResponse? {
    calls += 1
    var replies: [VenueOutput] = []
    venue.handle(.call(CallID(number: calls), call), at: now, market: market, into: &replies)
    var answer: HTTPResponse?
    for reply in replies {
      if case .reply(CallID(number: calls), let response) = reply {
        answer = response
      } else {
        outputs.append(reply)
      }
    }
    return answer
  }

  /// Hands the venue an input of a test's own; returns the frames of a session.
  mutating func say(_ input: VenueInput, to session: UInt64) -> [String] {
    var replies: [VenueOutput] = []
    venue.handle(input, at: now, market: market, into: &replies)
    return replies.compactMap { output in
      switch output {
      case .frame(SessionID(number: session), let bytes): String(decoding: bytes, as: UTF8.self)
      case .close(SessionID(number: session)): "closed"
      default: nil
      }
    }
  }

  /// The client's socket ends as if the network had cut it.
  mutating func cut() {
    for (number, id) in connections.sorted(by: { $0.key < $1.key }) {
      connections[number] = nil
      tell(.closed(SessionID(number: number)))
      perform { $0.handle(.closed(id, .connectionLost), at: $1, into: &$2) }
    }
  }

  private mutating func tell(_ input: VenueInput) {
    venue.handle(input, at: now, market: market, into: &outputs)
  }

  private mutating func carry(_ effects: [ClientEffect]) {
    var effects = effects
    while true {
      for effect in effects { take(effect) }
      effects = []
      let ready = outputs
      outputs = []
      guard !ready.isEmpty else { return }
      for output in ready { deliver(output, into: &effects) }
    }
  }

  private mutating func take(_ effect: ClientEffect) {
    switch effect {
    case .transport(.connect(let id, let path)):
      connections[UInt64(id.number)] = id
      tell(.opened(SessionID(number: UInt64(id.number)), path: path))
      perform { $0.handle(.opened(id), at: $1, into: &$2) }
    case .transport(.send(let id, let bytes)):
      sent.append(String(decoding: bytes, as: UTF8.self))
      tell(.frame(SessionID(number: UInt64(id.number)), bytes))
    case .transport(.close(let id)):
      connections[UInt64(id.number)] = nil
      tell(.closed(SessionID(number: UInt64(id.number))))
    case .transport(.request): break
    case .setTimer(let id, let due): timers[id] = due
    case .cancelTimer(let id): timers[id] = nil
    default: events.append(effect)
    }
  }

  private mutating func deliver(_ output: VenueOutput, into effects: inout [ClientEffect]) {
    switch output {
    case .frame(let session, let bytes):
      guard let id = connections[session.number] else { return }
      heard.append(String(decoding: bytes, as: UTF8.self))
      client.handle(.frame(id, bytes), at: clientNow, into: &effects)
    case .close(let session):
      guard let id = connections.removeValue(forKey: session.number) else { return }
      client.handle(.closed(id, nil), at: clientNow, into: &effects)
    case .ping(let session, let bytes): tell(.pong(session, bytes))
    case .reply: break
    }
  }
}

extension DeribitBench {
  var chains: [OptionChain] {
    events.compactMap { if case .market(.optionChain(let chain)) = $0 { chain } else { nil } }
  }
  var indices: [VolatilityIndex] {
    events.compactMap { if case .market(.volatilityIndex(let index)) = $0 { index } else { nil } }
  }
  var rejections: [RejectedInput] {
    events.compactMap { if case .rejected(let input) = $0 { input } else { nil } }
  }
  var feed: [FeedStatus] {
    events.compactMap { if case .feed(let status) = $0 { status } else { nil } }
  }
  var failures: [RequestKind] {
    events.compactMap { if case .requestFailed(let kind, _) = $0 { kind } else { nil } }
  }
}

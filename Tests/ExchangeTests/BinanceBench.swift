import Choice
import Exchange
import Market
import Venues

/// The one true market, a Binance over it and our own client, on a wire without delay, for tests.
struct BinanceBench {
  static let start = VenueBench.start

  var truth: VenueBench
  var venue: BinanceVenue
  var client: BinanceClient
  /// What the client told, the wire's own effects left out.
  var events: [ClientEffect] = []
  /// Every request of the client.
  var requests: [HTTPRequest] = []
  /// The answers to ``call(_:)``.
  private var replies: [UInt64: HTTPResponse] = [:]
  /// The frames of sessions that a test opened itself.
  var frames: [UInt64: [String]] = [:]
  /// The sessions that the venue closed.
  var closed: [UInt64] = []
  var pings = 0
  var answersPings = true
  var isCut = false
  private var timers: [TimerID: Monotonic] = [:]
  private var calls: [UInt64: RequestID] = [:]
  private var connections: [UInt64: ConnectionID] = [:]
  private var nextCall: UInt64 = 0

  static func series(_ timeframes: [Timeframe], _ symbols: [Symbol] = ["BTC"]) -> [CandleSeries] {
    symbols.flatMap { symbol in
      timeframes.map { CandleSeries(symbol: symbol, timeframe: $0) }
    }
  }

  init(
    series: [CandleSeries] = BinanceBench.series([.m1]), openInterest: [Symbol] = [],
    funding: [Symbol] = [], seed: UInt64 = 1,
    venue change: (inout BinanceVenueConfiguration) -> Void = { _ in },
    client adjust: (inout BinanceClientConfiguration) -> Void = { _ in }
  ) {
    truth = VenueBench(btc: .walk(RandomWalk(price: "100000")), seed: seed)
    var configuration = BinanceVenueConfiguration(start: Self.start, symbols: ["BTC", "ETH"])
    change(&configuration)
    venue = BinanceVenue(configuration: configuration, chooser: .seeded(seed))
    var clientConfiguration = BinanceClientConfiguration(
      series: series, openInterest: openInterest, funding: funding, timerOwner: 3, seed: seed)
    adjust(&clientConfiguration)
    client = BinanceClient(configuration: clientConfiguration)
  }

  var now: Now {
    Now(
      wall: truth.now, monotonic: Monotonic(nanoseconds: (truth.now - Self.start).nanoseconds))
  }

  /// Lets the client do something, then carries bytes until nobody has any.
  mutating func perform(_ body: (inout BinanceClient, Now, inout [ClientEffect]) -> Void) {
    var effects: [ClientEffect] = []
    body(&client, now, &effects)
    carry(effects)
  }

  mutating func start() { perform { $0.start(at: $1, into: &$2) } }

  /// Runs both sides up to a time, second by second.
  mutating func advance(by interval: Interval) {
    let end = truth.now + interval
    while truth.now < end {
      var next = min(end, truth.now + .seconds(1))
      if let wake = venue.nextWake, wake > truth.now { next = min(next, wake) }
      for due in timers.values {
        let time = Self.start + Interval(nanoseconds: due.nanoseconds)
        if time > truth.now { next = min(next, time) }
      }
      truth.advance(to: next)
      truth.outputs = []
      give(.advance)
      for (id, due) in timers.sorted(by: { $0.key < $1.key }) where due <= now.monotonic {
        timers[id] = nil
        perform { $0.timerFired(id, at: $1, into: &$2) }
      }
    }
  }

  /// Hands the venue something and carries what comes of it.
  mutating func give(_ input: VenueInput) { carry(effects(of: input)) }

  /// Throws a switch, and lets what it causes leave.
  mutating func apply(_ fault: BinanceFault) {
    venue.apply(fault)
    give(.advance)
  }

  private mutating func carry(_ effects: [ClientEffect]) {
    var effects = effects
    while !effects.isEmpty {
      var caused: [ClientEffect] = []
      for effect in effects { caused += take(effect) }
      effects = caused
    }
  }

  private mutating func take(_ effect: ClientEffect) -> [ClientEffect] {
    switch effect {
    case .transport(.connect(let id, let path)):
      guard !isCut else { return told(.closed(id, .unreachable)) }
      let session = 1_000 + UInt64(id.number)
      connections[session] = id
      var caused = told(.opened(id))
      caused += effects(of: .opened(SessionID(number: session), path: path))
      return caused
    case .transport(.send(let id, let bytes)):
      return effects(of: .frame(SessionID(number: 1_000 + UInt64(id.number)), bytes))
    case .transport(.close(let id)):
      connections[1_000 + UInt64(id.number)] = nil
      return effects(of: .closed(SessionID(number: 1_000 + UInt64(id.number))))
    case .transport(.request(let id, let request)):
      requests.append(request)
      guard !isCut else { return told(.failed(id, .unreachable)) }
      nextCall += 1
      calls[nextCall] = id
      return effects(
        of: .call(
          CallID(number: nextCall),
          VenueCall(method: request.method, target: request.path, body: request.body)))
    case .setTimer(let id, let due): timers[id] = due
    case .cancelTimer(let id): timers[id] = nil
    default: events.append(effect)
    }
    return []
  }

  private mutating func told(_ input: TransportInput) -> [ClientEffect] {
    var effects: [ClientEffect] = []
    client.handle(input, at: now, into: &effects)
    return effects
  }

  private mutating func effects(of input: VenueInput) -> [ClientEffect] {
    var outputs: [VenueOutput] = []
    venue.handle(input, at: truth.now, market: truth.venue, into: &outputs)
    var effects: [ClientEffect] = []
    for output in outputs {
      switch output {
      case .reply(let call, let response):
        if let id = calls.removeValue(forKey: call.number) {
          effects += told(.response(id, response))
        } else {
          replies[call.number] = response
        }
      case .frame(let session, let bytes):
        if let id = connections[session.number] {
          effects += told(.frame(id, bytes))
        } else {
          frames[session.number, default: []].append(String(decoding: bytes, as: UTF8.self))
        }
      case .ping(let session, let bytes):
        pings += 1
        if answersPings { effects += self.effects(of: .pong(session, bytes)) }
      case .close(let session):
        closed.append(session.number)
        if let id = connections.removeValue(forKey: session.number) {
          effects += told(.closed(id, nil))
        }
      }
    }
    return effects
  }

  /// Ends every connection and lets nothing through, or lets things through again.
  mutating func cut(_ isCut: Bool) {
    self.isCut = isCut
    guard isCut else { return }
    for (session, id) in connections.sorted(by: { $0.key < $1.key }) {
      connections[session] = nil
      give(.closed(SessionID(number: session)))
      perform { $0.handle(.closed(id, .connectionLost), at: $1, into: &$2) }
    }
  }

  /// Makes a call of its own.
  mutating func call(_ target: String, _ method: HTTPRequest.Method = .get) -> HTTPResponse? {
    let number: UInt64 = 1 << 40 | UInt64(replies.count)
    give(.call(CallID(number: number), VenueCall(method: method, target: target)))
    return replies[number]
  }

  /// The text of an answer.
  mutating func text(_ target: String) -> String {
    call(target).map { String(decoding: $0.body, as: UTF8.self) } ?? "no answer"
  }

  /// Opens a session of its own and sends it frames.
  mutating func open(_ session: UInt64 = 1, path: String, _ texts: String...) {
    give(.opened(SessionID(number: session), path: path))
    for text in texts { send(text, session: session) }
  }

  mutating func send(_ text: String, session: UInt64 = 1) {
    give(.frame(SessionID(number: session), Array(text.utf8)))
  }

  /// The candles that the client told as closed.
  var candles: [Candle] {
    events.compactMap {
      guard case .market(.closedCandle(let candle)) = $0 else { return nil }
      return candle
    }
  }

  /// What the client told of its connections.
  var feed: [FeedStatus] {
    events.compactMap {
      guard case .feed(let status) = $0 else { return nil }
      return status
    }
  }

  var rejections: [RejectedInput] {
    events.compactMap {
      guard case .rejected(let input) = $0 else { return nil }
      return input
    }
  }
}

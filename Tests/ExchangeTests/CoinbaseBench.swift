import Choice
import Exchange
import Market
import Venues

/// Our client and the simulated Coinbase on a wire of a fixed delay, over a market that a test
/// moves as it likes.
struct CoinbaseBench {
  /// A market whose mark is set, and which trades once a second at it.
  struct ToyMarket: TrueMarket {
    var marks: [(symbol: Symbol, price: Price)]
    var start: Instant
    var now: Instant

    var symbols: [Symbol] { marks.map(\.symbol) }
    func mark(of symbol: Symbol) -> Price? { marks.first { $0.symbol == symbol }?.price }
    func lastPrice(of symbol: Symbol) -> Price? { mark(of: symbol) }

    func candles(
      of symbol: Symbol, _ timeframe: Timeframe, from start: Instant, through end: Instant
    ) -> [Candle] {
      guard let price = mark(of: symbol) else { return [] }
      var candles: [Candle] = []
      var open = timeframe.open(containing: start)
      while open <= min(end, now), candles.count < 2_000 {
        let candle = try? Candle(
          symbol: symbol, timeframe: timeframe, venue: .hyperliquid, openTime: open, open: price,
          high: price, low: price, close: price, volume: "2.5")
        if open >= start, let candle { candles.append(candle) }
        open = open + timeframe.interval
      }
      return candles
    }

    func tradeCount(of symbol: Symbol) -> UInt64 {
      mark(of: symbol) == nil ? 0 : UInt64(max(0, (now - start).nanoseconds / 1_000_000_000)) + 100
    }

    func trades(of symbol: Symbol, after count: UInt64) -> [Trade] {
      guard let price = mark(of: symbol) else { return [] }
      let total = tradeCount(of: symbol)
      guard total > count else { return [] }
      return (total - min(50, total - count)..<total).map { index in
        Trade(
          symbol: symbol, time: start + .seconds(Int64(index) - 99),
          takerSide: index % 2 == 0 ? .buy : .sell, price: price, quantity: "0.01", id: index)
      }
    }
  }

  /// Twenty seconds into a minute.
  static let epoch = Instant(milliseconds: 1_700_000_000_000)

  var client: CoinbaseClient
  var venue: CoinbaseVenue
  var market: ToyMarket
  /// What the client told, with the time.
  var events: [(at: Instant, effect: ClientEffect)] = []
  /// The paths asked for, with the time.
  var asked: [(at: Instant, path: String)] = []
  /// One way.
  var delay = Interval.milliseconds(40)
  /// Whether requests reach nobody.
  var isCut = false
  var now = Self.epoch

  private var timers: [TimerID: Monotonic] = [:]
  private var calls: [UInt64: RequestID] = [:]
  private var mail: [(due: Instant, mail: Mail)] = []
  private var calledCount: UInt64 = 0

  private enum Mail {
    case call(RequestID, HTTPRequest)
    case reply(RequestID, HTTPResponse)
    case loss(RequestID)
  }

  init(
    symbols: [Symbol] = ["BTC", "ETH", .stablecoin], series: [CandleSeries] = [],
    plan: CoinbasePlan = CoinbasePlan(), limits: CoinbaseRateLimits? = CoinbaseRateLimits(),
    seed: UInt64 = 1, _ adjust: (inout CoinbaseClientConfiguration) -> Void = { _ in }
  ) {
    var configuration = CoinbaseClientConfiguration(
      symbols: symbols, series: series, timerOwner: 3, seed: seed)
    adjust(&configuration)
    client = CoinbaseClient(configuration: configuration)
    market = ToyMarket(
      marks: [("BTC", "60000"), ("ETH", "3000"), ("SOL", "150")], start: Self.epoch,
      now: Self.epoch)
    venue = CoinbaseVenue(
      configuration: CoinbaseVenueConfiguration(
        start: Self.epoch, symbols: ["BTC", "ETH", "SOL"], plan: plan, rateLimits: limits),
      chooser: .seeded(seed))
  }

  var clocks: Now {
    Now(wall: now, monotonic: Monotonic(nanoseconds: (now - Self.epoch).nanoseconds))
  }

  /// Every spot price that the client told.
  var spots: [SpotPrice] {
    events.compactMap {
      guard case .market(.spot(let spot)) = $0.effect else { return nil }
      return spot
    }
  }

  var closedCandles: [Candle] {
    events.compactMap {
      guard case .market(.closedCandle(let candle)) = $0.effect else { return nil }
      return candle
    }
  }

  var rejections: [RejectedInput] {
    events.compactMap {
      guard case .rejected(let rejection) = $0.effect else { return nil }
      return rejection
    }
  }

  mutating func start() { perform { $0.start(at: $1, into: &$2) } }

  mutating func perform(_ body: (inout CoinbaseClient, Now, inout [ClientEffect]) -> Void) {
    var effects: [ClientEffect] = []
    body(&client, clocks, &effects)
    for effect in effects { take(effect) }
  }

  /// Sends the venue something outside the client, and returns what it sends.
  mutating func say(_ input: VenueInput) -> [VenueOutput] {
    market.now = now
    var outputs: [VenueOutput] = []
    venue.handle(input, at: now, market: market, into: &outputs)
    return outputs
  }

  /// Asks the venue past the client.
  mutating func get(_ target: String) -> HTTPResponse {
    for output in say(.call(CallID(number: 0), VenueCall(method: .get, target: target))) {
      if case .reply(_, let response) = output { return response }
    }
    return HTTPResponse(status: 0, body: [])
  }

  /// Runs both sides for a while.
  mutating func advance(by interval: Interval) {
    let end = now + interval
    while true {
      let timer = timers.min { ($0.value, $0.key) < ($1.value, $1.key) }
      let letter = mail.indices.min { (mail[$0].due, $0) < (mail[$1].due, $1) }
      let timerDue = timer.map { Self.epoch + Interval(nanoseconds: $0.value.nanoseconds) }
      let letterDue = letter.map { mail[$0].due }
      guard let next = [timerDue, letterDue].compactMap({ $0 }).min(), next <= end else { break }
      while let wake = venue.nextWake, wake < next, wake > now {
        now = wake
        _ = say(.advance)
      }
      now = max(now, next)
      if let letter, letterDue == next {
        deliver(mail.remove(at: letter).mail)
      } else if let timer {
        timers[timer.key] = nil
        perform { $0.timerFired(timer.key, at: $1, into: &$2) }
      }
    }
    now = end
  }

  private mutating func take(_ effect: ClientEffect) {
    switch effect {
    case .transport(.request(let id, let request)):
      asked.append((now, request.path))
      if isCut {
        mail.append((now + request.timeout, .loss(id)))
      } else {
        mail.append((now + delay, .call(id, request)))
      }
    case .setTimer(let id, let due): timers[id] = due
    case .cancelTimer(let id): timers[id] = nil
    default: events.append((now, effect))
    }
  }

  private mutating func deliver(_ letter: Mail) {
    switch letter {
    case .call(let id, let request):
      calledCount += 1
      calls[calledCount] = id
      let call = VenueCall(method: request.method, target: request.path, body: request.body)
      for output in say(.call(CallID(number: calledCount), call)) {
        guard case .reply(let call, let response) = output,
          let id = calls.removeValue(forKey: call.number)
        else { continue }
        mail.append((now + delay, .reply(id, response)))
      }
    case .reply(let id, let response):
      perform { $0.handle(.response(id, response), at: $1, into: &$2) }
    case .loss(let id): perform { $0.handle(.failed(id, .timeout), at: $1, into: &$2) }
    }
  }
}

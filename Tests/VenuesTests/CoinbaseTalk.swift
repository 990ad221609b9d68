import Market
import Testing

@testable import Venues

/// A Coinbase client in conversation with a test: what is said to it, and what it answered last.
struct CoinbaseTalk {
  var client: CoinbaseClient
  var now: Now
  /// The effects of the last thing that was said.
  var effects: [ClientEffect] = []
  /// Timers as a host keeps them.
  var timers: [TimerID: Monotonic] = [:]

  /// 2023-11-14 22:13:20 UTC, twenty seconds into a minute.
  static let epoch = Instant(milliseconds: 1_700_000_000_000)

  init(
    symbols: [Symbol] = ["BTC", "ETH"], series: [CandleSeries] = [],
    _ adjust: (inout CoinbaseClientConfiguration) -> Void = { _ in }
  ) {
    var configuration = CoinbaseClientConfiguration(
      symbols: symbols, series: series, timerOwner: 7, seed: 42)
    adjust(&configuration)
    client = CoinbaseClient(configuration: configuration)
    now = Now(wall: Self.epoch, monotonic: Monotonic(nanoseconds: 5_000_000_000))
  }

  mutating func say(_ words: (inout CoinbaseClient, Now, inout [ClientEffect]) -> Void) {
    effects = []
    words(&client, now, &effects)
    for effect in effects {
      switch effect {
      case .setTimer(let id, let due): timers[id] = due
      case .cancelTimer(let id): timers[id] = nil
      default: break
      }
    }
  }

  mutating func start() { say { $0.start(at: $1, into: &$2) } }

  /// The paths of the requests in flight, oldest first.
  var asked: [String] { client.inFlight.map { client.path(of: $0.request.question) } }

  /// Answers the oldest request for a path.
  mutating func answer(
    _ path: String, _ text: String, status: Int = 200, _ headers: [HTTPHeader] = []
  ) {
    answer(path, Array(text.utf8), status: status, headers)
  }

  mutating func answer(
    _ path: String, _ bytes: [UInt8], status: Int = 200, _ headers: [HTTPHeader] = []
  ) {
    guard
      let sent = client.inFlight.first(where: { client.path(of: $0.request.question) == path })
    else {
      Issue.record("\(path) was not asked for; \(asked) were")
      return
    }
    let id = RequestID(venue: .coinbase, number: sent.number)
    let response = HTTPResponse(status: status, headers: headers, body: bytes)
    say { $0.handle(.response(id, response), at: $1, into: &$2) }
  }

  mutating func fail(_ path: String, _ failure: TransportFailure) {
    guard
      let sent = client.inFlight.first(where: { client.path(of: $0.request.question) == path })
    else {
      Issue.record("\(path) was not asked for; \(asked) were")
      return
    }
    let id = RequestID(venue: .coinbase, number: sent.number)
    say { $0.handle(.failed(id, failure), at: $1, into: &$2) }
  }

  /// Lets time pass, firing timers when they are due; keeps every effect.
  mutating func pass(_ interval: Interval) {
    let end = now.monotonic + interval
    var all: [ClientEffect] = []
    while let next = timers.min(by: { ($0.value, $0.key) < ($1.value, $1.key) }), next.value <= end
    {
      move(to: next.value)
      timers[next.key] = nil
      say { $0.timerFired(next.key, at: $1, into: &$2) }
      all += effects
    }
    move(to: end)
    effects = all
  }

  private mutating func move(to time: Monotonic) {
    guard time > now.monotonic else { return }
    now.wall = now.wall + (time - now.monotonic)
    now.monotonic = time
  }

  /// Starts and lists both products.
  mutating func begin() {
    start()
    answer("/products", Self.listing())
  }

  /// Lets time pass while every ticker is answered at once with the price that `price` says.
  mutating func poll(
    _ interval: Interval, symbol: String = "BTC-USD", _ price: (Instant) -> Price
  ) -> [ClientEffect] {
    var all: [ClientEffect] = []
    let end = now.monotonic + interval
    while now.monotonic < end {
      pass(min(end - now.monotonic, .milliseconds(250)))
      all += effects
      for path in asked {
        let quote = price(now.wall)
        answer(path, Self.ticker(bid: quote - "0.01", ask: quote + "0.01", time: now.wall))
        all += effects
      }
    }
    return all
  }

  static func ticker(
    bid: Price = "60000", ask: Price = "60000.02", time: Instant = epoch
  ) -> String {
    ticker(bid: "\"\(bid)\"", ask: "\"\(ask)\"", time: "\"\(time)\"")
  }

  /// A ticker with figures as they stand in the JSON, quotes included.
  static func ticker(bid: String, ask: String, time: String) -> String {
    #"{"ask":\#(ask),"bid":\#(bid),"volume":"4916.94797396","trade_id":1040406588,"#
      + #""price":"60000.01","size":"0.00782662","time":\#(time),"rfq_volume":"31.625279"}"#
  }

  static func product(_ id: String, status: String = "online", flag: String = "") -> String {
    let flags = ["post_only", "cancel_only", "trading_disabled", "auction_mode"].map {
      "\"\($0)\":\($0 == flag)"
    }
    return #"{"id":"\#(id)","quote_increment":"0.01","status":"\#(status)","limit_only":false,"#
      + flags.joined(separator: ",") + "}"
  }

  static func listing(_ products: String...) -> String {
    let listed = products.isEmpty ? [product("BTC-USD"), product("ETH-USD")] : products
    return "[" + listed.joined(separator: ",") + "]"
  }
}

extension [ClientEffect] {
  var spots: [SpotPrice] {
    market.compactMap { if case .spot(let spot) = $0 { spot } else { nil } }
  }
  var closedCandles: [Candle] {
    market.compactMap { if case .closedCandle(let candle) = $0 { candle } else { nil } }
  }
  var failures: [RequestKind] {
    compactMap { if case .requestFailed(let kind, _) = $0 { kind } else { nil } }
  }
  var limits: [RateLimiter] {
    compactMap { if case .rateLimited(_, let limiter) = $0 { limiter } else { nil } }
  }
}

import Market
import Testing

@testable import Risk
@testable import Venues

/// One client in conversation with a test: what is said to it, and what it answered last.
struct Dialogue {
  var client: HyperliquidClient
  var now: Now
  /// The effects of the last thing that was said.
  var effects: [ClientEffect] = []
  /// Timers as a host keeps them.
  var timers: [TimerID: Monotonic] = [:]

  static let user = Address(number: 0x11)

  static func configuration(
    series: [CandleSeries] = [CandleSeries(symbol: "BTC", timeframe: .m1)],
    streams: MarketStreams = [], user: Address? = nil
  ) -> HyperliquidClientConfiguration {
    var configuration = HyperliquidClientConfiguration(
      symbols: ["BTC", "ETH"], series: series, user: user, timerOwner: 7, seed: 42)
    configuration.streams = streams
    return configuration
  }

  init(_ configuration: HyperliquidClientConfiguration = Dialogue.configuration()) {
    client = HyperliquidClient(
      configuration: configuration, signer: SimulatedSigner(address: Self.user))
    // 2023-11-14 22:13:20 UTC, twenty seconds into a minute.
    now = Now(
      wall: Instant(milliseconds: 1_700_000_000_000),
      monotonic: Monotonic(nanoseconds: 5_000_000_000))
  }

  mutating func say(_ words: (inout HyperliquidClient, Now, inout [ClientEffect]) -> Void) {
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
  mutating func input(_ input: TransportInput) { say { $0.handle(input, at: $1, into: &$2) } }
  mutating func frame(_ text: String) {
    frame(Array(text.utf8))
  }
  mutating func frame(_ bytes: [UInt8]) {
    input(.frame(client.link.connection ?? ConnectionID(venue: .hyperliquid, number: 0), bytes))
  }
  mutating func answer(_ number: UInt64, _ text: String, status: Int = 200) {
    let id = RequestID(venue: .hyperliquid, number: number)
    input(.response(id, HTTPResponse(status: status, body: Array(text.utf8))))
  }
  mutating func fail(_ number: UInt64, _ failure: TransportFailure) {
    input(.failed(RequestID(venue: .hyperliquid, number: number), failure))
  }

  /// Lets time pass, firing timers when they are due; keeps every effect.
  mutating func pass(_ interval: Interval) {
    let end = now.monotonic + interval
    var all: [ClientEffect] = []
    while let next = timers.min(by: { ($0.value, $0.key) < ($1.value, $1.key) }), next.value <= end
    {
      advance(to: next.value)
      timers[next.key] = nil
      say { $0.timerFired(next.key, at: $1, into: &$2) }
      all += effects
    }
    advance(to: end)
    effects = all
  }

  private mutating func advance(to time: Monotonic) {
    guard time > now.monotonic else { return }
    now.wall = now.wall + (time - now.monotonic)
    now.monotonic = time
  }

  /// Opens the connection and acknowledges every subscription; keeps every effect.
  mutating func openAndAcknowledge() {
    guard let id = client.link.connection else { return }
    input(.opened(id))
    var all = effects
    for text in effects.sent where text.contains("\"subscribe\"") {
      let subscription = text.dropFirst(#"{"method":"subscribe","subscription":"#.count).dropLast()
      frame(Self.acknowledgement(String(subscription)))
      all += effects
    }
    effects = all
  }

  static func acknowledgement(_ subscription: String) -> String {
    #"{"channel":"subscriptionResponse","data":{"method":"subscribe","subscription":"#
      + subscription + "}}"
  }

  /// Starts, lists the perpetuals and connects.
  mutating func begin() {
    start()
    answer(1, Self.meta)
    openAndAcknowledge()
    for request in client.inFlight where request.work.kind == .meta {
      answer(request.number, Self.meta)
    }
    effects = []
  }

  static let meta =
    #"{"universe":[{"szDecimals":5,"name":"BTC","maxLeverage":40},"#
    + #"{"szDecimals":1,"name":"MATIC","maxLeverage":20,"isDelisted":true},"#
    + #"{"szDecimals":4,"name":"ETH","maxLeverage":25}]}"#

  /// A one-minute candle as the wire tells it; `minute` counts from 22:13.
  static func candle(_ minute: Int64, close: String = "100.0", coin: String = "BTC") -> String {
    let open = 1_699_999_980_000 + minute * 60_000
    return #"{"t":\#(open),"T":\#(open + 59_999),"s":"\#(coin)","i":"1m","o":"100.0","#
      + #""c":"\#(close)","h":"101.0","l":"99.0","v":"1.5","n":3}"#
  }

  static func candleFrame(_ minute: Int64, close: String = "100.0") -> String {
    #"{"channel":"candle","data":\#(candle(minute, close: close))}"#
  }

  static func open(_ minute: Int64) -> Instant {
    Instant(milliseconds: 1_699_999_980_000 + minute * 60_000)
  }

  static func cleared(
    _ number: UInt64, symbol: Symbol = "BTC", quantity: Quantity = "0.5",
    pricing: OrderPricing = .limit(price: "50000", timeInForce: .goodTilCancelled),
    role: OrderRole = .entry, isReduceOnly: Bool = false
  ) -> Cleared {
    Cleared(
      OrderIntent(
        clientID: ClientOrderID(high: 0, low: number), strategy: "wick_flow", symbol: symbol,
        role: role, side: .buy, quantity: quantity, pricing: pricing, isReduceOnly: isReduceOnly))
  }
}

extension [ClientEffect] {
  /// Texts sent on the socket.
  var sent: [String] {
    compactMap {
      guard case .transport(.send(_, let bytes)) = $0 else { return nil }
      return String(decoding: bytes, as: UTF8.self)
    }
  }
  /// Paths and bodies of requests.
  var requests: [String] {
    compactMap {
      guard case .transport(.request(_, let request)) = $0 else { return nil }
      return request.path + " " + String(decoding: request.body, as: UTF8.self)
    }
  }
  var market: [MarketEvent] {
    compactMap {
      guard case .market(let event) = $0 else { return nil }
      return event
    }
  }
  var reports: [OrderReport] {
    compactMap {
      guard case .report(let report) = $0 else { return nil }
      return report
    }
  }
  var feed: [FeedStatus] {
    compactMap {
      guard case .feed(let status) = $0 else { return nil }
      return status
    }
  }
  var rejections: [RejectedInput] {
    compactMap {
      guard case .rejected(let rejection) = $0 else { return nil }
      return rejection
    }
  }
  var connects: [ConnectionID] {
    compactMap {
      guard case .transport(.connect(let id, path: "/ws")) = $0 else { return nil }
      return id
    }
  }
  var closes: [ConnectionID] {
    compactMap {
      guard case .transport(.close(let id)) = $0 else { return nil }
      return id
    }
  }
  var opensClosed: [Instant] {
    market.compactMap {
      guard case .closedCandle(let candle) = $0 else { return nil }
      return candle.openTime
    }
  }
  var opensForming: [Instant] {
    market.compactMap {
      guard case .candle(let candle) = $0 else { return nil }
      return candle.openTime
    }
  }
}

import Market
import Testing

@testable import Venues

/// A Binance client in conversation with a test: what is said to it, and what it answered last.
struct BinanceDialogue {
  /// 2023-11-14 22:13:20 UTC, twenty seconds into a minute.
  static let begin = Instant(milliseconds: 1_700_000_000_000)
  static let minute = Instant(milliseconds: 1_699_999_980_000)

  var client: BinanceClient
  var now: Now
  /// The effects of the last thing that was said.
  var effects: [ClientEffect] = []
  var timers: [TimerID: Monotonic] = [:]

  init(
    _ series: [CandleSeries] = [CandleSeries(symbol: "BTC", timeframe: .m1)],
    openInterest: [Symbol] = [], funding: [Symbol] = [],
    _ change: (inout BinanceClientConfiguration) -> Void = { _ in }
  ) {
    var configuration = BinanceClientConfiguration(
      series: series, openInterest: openInterest, funding: funding, timerOwner: 7, seed: 42)
    change(&configuration)
    client = BinanceClient(configuration: configuration)
    now = Now(wall: Self.begin, monotonic: Monotonic(nanoseconds: 5_000_000_000))
  }

  mutating func say(_ words: (inout BinanceClient, Now, inout [ClientEffect]) -> Void) {
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

  /// The newest connection that was asked for.
  var connection: ConnectionID {
    ConnectionID(venue: .binance, number: client.connections)
  }

  mutating func frame(_ text: String) { frame(Array(text.utf8)) }
  mutating func frame(_ bytes: [UInt8]) { input(.frame(connection, bytes)) }

  mutating func answer(
    _ number: UInt64, _ text: String, status: Int = 200, _ headers: [HTTPHeader] = []
  ) {
    let id = RequestID(venue: .binance, number: number)
    input(
      .response(id, HTTPResponse(status: status, headers: headers, body: Array(text.utf8))))
  }

  mutating func fail(_ number: UInt64, _ failure: TransportFailure) {
    input(.failed(RequestID(venue: .binance, number: number), failure))
  }

  /// The request in flight whose path begins so.
  func request(_ prefix: String) -> UInt64? {
    client.inFlight.last { $0.work.path(openInterestRows: 30).hasPrefix(prefix) }?.number
  }

  /// Answers the newest request whose path begins so.
  mutating func reply(
    _ prefix: String, _ text: String, status: Int = 200, _ headers: [HTTPHeader] = []
  ) {
    guard let number = request(prefix) else {
      Issue.record("no request for \(prefix)")
      return
    }
    answer(number, text, status: status, headers)
  }

  /// Lets time pass, firing timers when they are due; keeps every effect.
  mutating func pass(_ interval: Interval) {
    let end = now.monotonic + interval
    var all: [ClientEffect] = []
    var fired = 0
    while let next = timers.min(by: { ($0.value, $0.key) < ($1.value, $1.key) }), next.value <= end
    {
      advance(to: next.value)
      timers[next.key] = nil
      say { $0.timerFired(next.key, at: $1, into: &$2) }
      all += effects
      fired += 1
      guard fired < 100_000 else {
        Issue.record("timers fire without end")
        break
      }
    }
    advance(to: end)
    effects = all
  }

  private mutating func advance(to time: Monotonic) {
    guard time > now.monotonic else { return }
    now.wall = now.wall + (time - now.monotonic)
    now.monotonic = time
  }

  /// Starts, connects, subscribes and answers what is asked at the start.
  mutating func listen() {
    start()
    input(.opened(connection))
    for pending in client.sockets.first?.pending ?? [] {
      frame(#"{"result":null,"id":\#(pending.id)}"#)
    }
    reply("/fapi/v1/time", #"{"serverTime":\#(now.wall.milliseconds)}"#)
    if request("/fapi/v1/klines") != nil {
      reply("/fapi/v1/klines", "[\(Self.row(-2)),\(Self.row(-1)),\(Self.row(0))]")
    }
    effects = []
  }

  static func open(_ minute: Int64) -> Instant { Self.minute + .minutes(minute) }

  /// A row of one-minute candles; `minute` counts from 22:13.
  static func row(_ minute: Int64, close: String = "100.5") -> String {
    let open = open(minute).milliseconds
    return #"[\#(open),"100.00","101.00","99.00","\#(close)","3.500",\#(open + 59_999),"#
      + #""350.00000000",12,"1.250","125.00000000","0"]"#
  }

  /// A `kline` event.
  static func kline(
    _ minute: Int64, close: String = "100.5", isFinal: Bool = true, pair: String = "BTCUSDT"
  ) -> String {
    let open = open(minute).milliseconds
    return #"{"e":"kline","E":\#(open + 60_001),"s":"\#(pair)","k":{"t":\#(open),"#
      + #""T":\#(open + 59_999),"s":"\#(pair)","i":"1m","f":100,"L":111,"o":"100.00","#
      + #""c":"\#(close)","h":"101.00","l":"99.00","v":"3.500","n":12,"x":\#(isFinal),"#
      + #""q":"350.00000000","V":"1.250","Q":"125.00000000","B":"0"}}"#
  }

  /// An `aggTrade` event.
  static func trade(_ id: UInt64, maker: Bool = false) -> String {
    #"{"e":"aggTrade","E":1700000000100,"a":\#(id),"s":"BTCUSDT","p":"100.10","q":"0.250","#
      + #""nq":"0.250","f":1,"l":2,"T":1700000000000,"m":\#(maker),"st":1}"#
  }

  /// A `markPriceUpdate` event.
  static let mark =
    #"{"e":"markPriceUpdate","E":1700000000100,"s":"BTCUSDT","p":"100.12345678","#
    + #""ap":"100.1","P":"100.2","i":"100.00000001","r":"-0.00012345","T":1700006400000,"st":1}"#
}

extension [ClientEffect] {
  /// Paths of requests.
  var paths: [String] {
    compactMap {
      guard case .transport(.request(_, let request)) = $0 else { return nil }
      return request.path
    }
  }
}

import Market
import Testing

@testable import Venues

/// A Deribit client in conversation with a test: what is said to it, and what it answered last.
struct DeribitDialogue {
  var client: DeribitClient
  var now: Now
  /// The effects of the last thing that was said.
  var effects: [ClientEffect] = []
  /// Timers as a host keeps them.
  var timers: [TimerID: Monotonic] = [:]

  /// 2026-01-05 00:00:20 UTC.
  static let time: Int64 = 1_767_571_220_000

  init(
    _ underlyings: [Symbol] = ["BTC"],
    _ change: (inout DeribitClientConfiguration) -> Void = { _ in }
  ) {
    var configuration = DeribitClientConfiguration(
      underlyings: underlyings, timerOwner: 9, seed: 42)
    change(&configuration)
    client = DeribitClient(configuration: configuration)
    now = Now(
      wall: Instant(milliseconds: Self.time), monotonic: Monotonic(nanoseconds: 5_000_000_000))
  }

  mutating func say(_ words: (inout DeribitClient, Now, inout [ClientEffect]) -> Void) {
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

  mutating func input(_ input: TransportInput) { say { $0.handle(input, at: $1, into: &$2) } }
  mutating func frame(_ text: String) { frame(Array(text.utf8)) }
  mutating func frame(_ bytes: [UInt8]) {
    input(
      .frame(client.socket.connection ?? ConnectionID(venue: .deribit, number: 0), bytes))
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

  /// Lets time pass while the venue sends its heartbeats and, where it `tells`, Bitcoin's index;
  /// keeps every effect.
  mutating func live(_ interval: Interval, tells: Bool = false) {
    let end = now.monotonic + interval
    var all: [ClientEffect] = []
    while now.monotonic < end {
      pass(min(.seconds(30), end - now.monotonic))
      all += effects
      frame(#"{"jsonrpc":"2.0","method":"heartbeat","params":{"type":"heartbeat"}}"#)
      all += effects
      guard tells else { continue }
      frame(Self.volatility("55", time: now.wall.milliseconds))
      all += effects
    }
    effects = all
  }

  private mutating func advance(to time: Monotonic) {
    guard time > now.monotonic else { return }
    now.wall = now.wall + (time - now.monotonic)
    now.monotonic = time
  }

  mutating func open() {
    guard let id = client.socket.connection else { return }
    input(.opened(id))
  }

  /// Starts, opens and answers everything that the client asks in the beginning.
  mutating func begin(chain rows: [String] = [DeribitDialogue.row()]) {
    say { $0.start(at: $1, into: &$2) }
    open()
    var all = effects
    while let request = client.inFlight.first {
      answer(request, rows)
      all += effects
    }
    effects = all
  }

  private mutating func answer(_ request: SentDeribitWork, _ rows: [String]) {
    switch request.work {
    case .heartbeat: result(request.id, #""ok""#)
    case .test: result(request.id, #"{"version":"1.2.26"}"#)
    case .subscribe(let names):
      result(request.id, "[" + names.map { "\"\($0)\"" }.joined(separator: ",") + "]")
    case .chain: result(request.id, "[" + rows.joined(separator: ",") + "]")
    case .volatility:
      result(
        request.id, #"{"data":[[\#(Self.time - 20_000),55.1,55.9,55.0,55.5]],"continuation":null}"#)
    }
  }

  mutating func result(_ id: UInt64, _ result: String) {
    frame(#"{"jsonrpc":"2.0","id":\#(id),"result":\#(result),"usIn":1,"usOut":2,"usDiff":1}"#)
  }

  mutating func error(_ id: UInt64, _ code: Int) {
    frame(#"{"jsonrpc":"2.0","id":\#(id),"error":{"code":\#(code),"message":"no"}}"#)
  }

  /// The id of the request of a kind that is on its way.
  func inFlight(_ holds: (DeribitWork) -> Bool) -> UInt64? {
    client.inFlight.first { holds($0.work) }?.id
  }

  /// A row of an option book; `change` replaces texts in it.
  static func row(
    _ name: String = "BTC-9JAN26-100000-C", time: Int64 = DeribitDialogue.time,
    _ change: (String, String)...
  ) -> String {
    var text =
      #"{"instrument_name":"\#(name)","base_currency":"BTC","quote_currency":"BTC","#
      + #""open_interest":364.1,"mark_price":0.40752052,"mark_iv":61.27,"bid_price":0.404,"#
      + #""ask_price":null,"mid_price":null,"last":0.423,"high":null,"low":null,"#
      + #""price_change":null,"volume":0.0,"volume_usd":0.0,"underlying_index":"SYN.BTC-9JAN26","#
      + #""underlying_price":98827.27,"interest_rate":0.0,"estimated_delivery_price":98479.26,"#
      + #""creation_timestamp":\#(time)}"#
    for (old, new) in change { text = text.replacing(old, with: new) }
    return text
  }

  static func volatility(_ percent: String, time: Int64, index: String = "btc_usd") -> String {
    #"{"jsonrpc":"2.0","method":"subscription","params":{"channel":"#
      + #""deribit_volatility_index.btc_usd","data":{"timestamp":\#(time),"#
      + #""volatility":\#(percent),"index_name":"\#(index)"}}}"#
  }
}

extension [ClientEffect] {
  var chains: [OptionChain] {
    market.compactMap { if case .optionChain(let chain) = $0 { chain } else { nil } }
  }
  var volatilities: [VolatilityIndex] {
    market.compactMap { if case .volatilityIndex(let index) = $0 { index } else { nil } }
  }
  /// The methods of the JSON-RPC requests sent.
  var methods: [String] {
    sent.compactMap { text in
      text.split(separator: #""method":""#).dropFirst().first?.split(separator: "\"").first
        .map(String.init)
    }
  }
  var failedRequests: [RequestKind] {
    compactMap { if case .requestFailed(let kind, _) = $0 { kind } else { nil } }
  }
}

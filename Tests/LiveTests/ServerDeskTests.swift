import Exchange
import Market
import Simulation
import Testing
import Venues

@testable import Live

/// A scenario's faults between the venue and its sockets, without sockets and without waiting.
@Suite struct ServerDeskTests {
  /// A desk, its uptime, and what it wanted done.
  struct Bench {
    static let second: UInt64 = 1_000_000_000
    static let client = SessionID(number: 7)
    var desk: ExchangeDesk
    var uptime: UInt64 = 5 * second
    var calls: UInt64 = 0
    var nonce: UInt64

    init(_ faults: String, speed: Int = 1, extra: String = "") throws {
      let text = """
        name: served
        about: A world to serve.
        start: 2026-03-02T00:00:00Z
        duration: 10m
        execution: exchange
        script: {signals: [{at: 5m, symbol: BTC, side: long, stop: 1%, target: 3%}]}
        market:
          BTC: {model: constant, price: 60000}
        venues:
          hyperliquid: {history: {days: 1, fineDays: 1}, cadence: {trades: 1s}}
        faults: [\(faults)]
        \(extra)
        """
      let scenario = try ScenarioFile.parse(text, file: "served.yaml")
      var setup = ExchangeSetup(
        venues: SimulatedVenuesConfiguration(hyperliquid: scenario.venueConfiguration),
        prices: scenario.prices)
      setup.speed = speed
      setup.faults = ServedFaults(scenario, seed: 1)
      nonce = UInt64(scenario.start.milliseconds)
      desk = ExchangeDesk(setup, uptime: uptime)
    }

    /// Lets the desk live, turn by turn, until `seconds` of the machine have passed.
    mutating func pass(_ seconds: Double) -> [ExchangeDesk.Effect] {
      var effects: [ExchangeDesk.Effect] = []
      let end = uptime + UInt64(seconds * Double(Self.second))
      while let next = desk.nextWake, next <= end {
        uptime = max(uptime, next)
        desk.wake(at: uptime, into: &effects)
      }
      uptime = end
      desk.wake(at: uptime, into: &effects)
      return effects
    }

    mutating func take(_ input: VenueInput) -> [ExchangeDesk.Effect] {
      var effects: [ExchangeDesk.Effect] = []
      desk.take(input, at: uptime, into: &effects)
      return effects
    }

    mutating func call(_ path: String, _ body: String) -> [ExchangeDesk.Effect] {
      calls += 1
      return take(
        .call(CallID(number: calls), VenueCall(method: .post, target: path, body: Array(body.utf8)))
      )
    }

    mutating func info() -> [ExchangeDesk.Effect] { call("/info", #"{"type":"allMids"}"#) }

    /// Buys at the market as the scenario's account.
    mutating func buy(_ size: String = "0.01") -> [ExchangeDesk.Effect] {
      nonce += 1
      let account = AccountAddress(number: 0xa55a).description
      let r = "0x" + String(repeating: "0", count: 24) + account.dropFirst(2)
      let order =
        #"{"a":0,"b":true,"p":"61000","s":"\#(size)","r":false,"t":{"limit":{"tif":"Ioc"}}}"#
      return call(
        "/exchange",
        #"{"action":{"type":"order","orders":[\#(order)],"grouping":"na"},"nonce":\#(nonce),"#
          + #""signature":{"r":"\#(r)","s":"0x1","v":27}}"#)
    }

    mutating func subscribe() -> [ExchangeDesk.Effect] {
      take(.opened(Self.client, path: "/ws"))
        + take(
          .frame(
            Self.client,
            Array(#"{"method":"subscribe","subscription":{"type":"trades","coin":"BTC"}}"#.utf8)))
    }
  }

  @Test func `a disconnect breaks what is open and refuses what comes`() throws {
    var bench = try Bench("{id: N1, at: 10s, for: 20s}")
    #expect(bench.subscribe().frames.count == 2)
    #expect(bench.info().status == 200)
    #expect(bench.desk.admitsConnections(to: .hyperliquid))
    let effects = bench.pass(10)
    #expect(effects.cuts(Bench.client))
    #expect(effects.faults == ["N1 begins"])
    #expect(!bench.desk.admitsConnections(to: .hyperliquid))
    #expect(bench.info().isAbandoned)
    #expect(bench.pass(20).faults == ["N1 ends"])
    #expect(bench.desk.admitsConnections(to: .hyperliquid))
    #expect(bench.info().status == 200)
  }

  @Test func `a lost answer is lost after the venue acted`() throws {
    var bench = try Bench("{id: O1, at: 1s, count: 1}")
    _ = bench.pass(2)
    let lost = bench.buy()
    #expect(lost.isForgotten)
    #expect(lost.status == nil)
    #expect(bench.desk.tally.fills == 1)
    #expect(bench.buy().status == 200)
    #expect(bench.desk.tally.fills == 2)
  }

  @Test func `blocked orders never reach the venue`() throws {
    var bench = try Bench("{id: N4, at: 1s, for: 5s}")
    _ = bench.pass(2)
    #expect(bench.buy().isForgotten)
    #expect(bench.desk.tally.fills == 0)
    #expect(bench.info().status == 200)
  }

  @Test func `latency delays each way and keeps the order of frames`() throws {
    var bench = try Bench("{id: N5, at: 1s, for: 5s, latency: 400ms}")
    _ = bench.pass(2)
    #expect(bench.info().status == nil)
    #expect(bench.pass(0.7).status == nil)
    #expect(bench.pass(0.2).status == 200)
    #expect(bench.subscribe().frames.isEmpty)
    let frames = bench.pass(30).frames
    #expect(frames.first?.contains("subscriptionResponse") == true)
    let times = frames.dropFirst().compactMap { frame in
      frame.firstRange(of: "\"time\":").flatMap { Int(frame[$0.upperBound...].prefix(13)) }
    }
    #expect(times.count > 20)
    #expect(times == times.sorted())
  }

  @Test func `a half-open network swallows everything and ends in a reset`() throws {
    var bench = try Bench("{id: N2, at: 2s, for: 8s}")
    _ = bench.subscribe()
    _ = bench.pass(2.5)
    #expect(bench.info().isForgotten)
    #expect(bench.pass(5).frames.isEmpty)
    let isReset = bench.pass(5).cuts(Bench.client)
    #expect(isReset)
  }

  @Test func `a storm breaks each new socket`() throws {
    var bench = try Bench("{id: N6, at: 1s, for: 60s, every: 800ms}")
    _ = bench.pass(2)
    _ = bench.subscribe()
    #expect(!bench.pass(0.7).cuts(Bench.client))
    #expect(bench.pass(0.2).cuts(Bench.client))
  }

  @Test(arguments: [("corrupt", 1), ("truncated", 1), ("not-text", 1), ("lost", 0)])
  func `frames are damaged`(how: String, count: Int) throws {
    var bench = try Bench("{id: N11, at: 0s, how: \(how), channel: trades, count: 1}")
    var twin = try Bench("{id: N1, at: 9m, for: 1s}")
    let damaged = (bench.subscribe() + bench.pass(3)).bytes
    let whole = (twin.subscribe() + twin.pass(3)).bytes
    let isChanged = damaged != whole
    #expect(isChanged)
    #expect(damaged.count == whole.count - (1 - count))
  }

  @Test func `an oversize frame is a broken socket`() throws {
    var bench = try Bench("{id: N11, at: 0s, how: oversize, count: 1}")
    let isCut = (bench.subscribe() + bench.pass(3)).cuts(Bench.client)
    #expect(isCut)
  }

  @Test func `faults of the venue are thrown and thrown back`() throws {
    var bench = try Bench("{id: V3, at: 1s, for: 5s}, {id: V2, at: 10s, for: 5s}")
    _ = bench.pass(2)
    #expect(bench.info().status == 429)
    _ = bench.pass(6)
    #expect(bench.info().status == 200)
    _ = bench.pass(3)
    #expect(bench.buy().status == nil)
    #expect(bench.pass(6).status == 200)
    #expect(bench.desk.tally.fills == 1)
  }

  @Test func `faults of an account concern the one that trades`() throws {
    var bench = try Bench("{id: C4, at: 5s, symbol: BTC, trade: close}")
    _ = bench.buy()
    #expect(bench.desk.tally.fills == 1)
    _ = bench.pass(6)
    #expect(bench.desk.tally.fills == 2)
  }

  @Test func `what cannot be served is named, and the rest heals at the end`() throws {
    var bench = try Bench(
      """
      {id: T6, at: 1m, for: 5s}, {id: O1, on: entry-intended, count: 1}, {id: V1, at: 1m}
      """)
    #expect(bench.pass(61).faults == ["V1 begins"])
    #expect(bench.pass(600).faults == ["V1 ends"])
    let text = """
      name: x
      about: x
      start: 2026-03-02T00:00:00Z
      duration: 10m
      script: {signals: []}
      market: {BTC: {model: constant, price: 1}}
      faults: [{id: T6, at: 1m, for: 5s}, {id: O1, on: entry-intended}, {id: V1, at: 1m}]
      """
    let faults = ServedFaults(try ScenarioFile.parse(text, file: "x.yaml"), seed: 1)
    #expect(faults.unapplied.filter { $0.hasPrefix("fault T6") }.count == 1)
    #expect(faults.unapplied.filter { $0.hasPrefix("fault O1") }.count == 1)
    #expect(!faults.unapplied.contains { $0.hasPrefix("fault V1") })
  }

  // MARK: Routes

  @Test func `what has no venue reaches none`() throws {
    var bench = try Bench("")
    #expect(bench.call("/nowhere", "{}").status == 404)
    #expect(bench.desk.tally.calls == 0)
    let other = SessionID(number: 9)
    let effects = bench.take(.opened(other, path: "/nowhere"))
    #expect(effects.contains { if case .close(other) = $0 { true } else { false } })
    #expect(bench.desk.tally.sessions == 0)
    // A frame that was on its way when its WebSocket ended is for nobody.
    _ = bench.subscribe()
    _ = bench.take(.closed(Bench.client))
    let ping = bench.take(.frame(Bench.client, Array(#"{"method":"ping"}"#.utf8)))
    #expect(ping.frames.isEmpty)
  }

  @Test func `header fields of a venue leave as they are`() {
    let html = ServerResponse(
      HTTPResponse(
        status: 403,
        headers: [
          HTTPHeader("content-type", "text/html"), HTTPHeader("retry-after", "7"),
          HTTPHeader("x-mbx-used-weight-1m", "12"),
        ], body: Array("<html>".utf8)))
    #expect(html.contentType == "text/html")
    #expect(
      html.fields == [ServerField("retry-after", "7"), ServerField("x-mbx-used-weight-1m", "12")])
    #expect(
      ServerResponse(HTTPResponse(status: 200, body: [])).contentType == "application/json")
    #expect(
      ServerResponse(HTTPResponse(status: 422, body: [])).contentType == "text/plain")
  }

  // MARK: Time

  @Test func `a minute of the venue passes in a second at sixty times`() throws {
    var bench = try Bench("", speed: 60)
    let before = bench.desk.time(at: bench.uptime)
    _ = bench.pass(1)
    #expect(bench.desk.time(at: bench.uptime) - before == .minutes(1))
  }

  @Test func `time slows down where the machine cannot keep up, and never jumps`() throws {
    var bench = try Bench("", speed: 10_000)
    let before = bench.desk.time(at: bench.uptime)
    var effects: [ExchangeDesk.Effect] = []
    bench.uptime += 100 * Bench.second
    bench.desk.wake(at: bench.uptime, into: &effects)
    let reached = bench.desk.time(at: bench.uptime)
    #expect(reached - before < .seconds(3_000))
    #expect(reached > before)
    #expect(effects.contains { if case .event(_, .lagging) = $0 { true } else { false } })
    bench.desk.wake(at: bench.uptime + 1, into: &effects)
    #expect(bench.desk.time(at: bench.uptime + 1) >= reached)
  }

  @Test func `the clock is exact and stays within the calendar`() {
    let start = Instant(milliseconds: 1_000)
    let clock = ExchangeClock(start: start, uptime: 500, speed: 7)
    #expect(clock.time(at: 400) == start)
    #expect(clock.time(at: 503) == start + Interval(nanoseconds: 21))
    #expect(clock.uptime(of: start) == 500)
    #expect(clock.uptime(of: start + Interval(nanoseconds: 15)) == 503)
    #expect(clock.time(at: .max) == clock.time(at: .max - 1))
    #expect(clock.uptime(of: Instant(nanoseconds: .max)) > 500)
  }
}

extension [ExchangeDesk.Effect] {
  /// The status of the answer among them, if there is one.
  fileprivate var status: Int? {
    for case .answer(_, let response) in self { return response.status }
    return nil
  }
  fileprivate var isForgotten: Bool {
    contains { if case .forget = $0 { true } else { false } }
  }
  fileprivate var isAbandoned: Bool {
    contains { if case .abandon = $0 { true } else { false } }
  }
  fileprivate var bytes: [[UInt8]] {
    compactMap { if case .send(_, let bytes) = $0 { bytes } else { nil } }
  }
  fileprivate var frames: [String] { bytes.map { String(decoding: $0, as: UTF8.self) } }
  fileprivate var faults: [String] {
    compactMap {
      guard case .event(_, .fault(let kind, let begins)) = $0 else { return nil }
      return "\(kind.rawValue) \(begins ? "begins" : "ends")"
    }
  }
  fileprivate func cuts(_ session: SessionID) -> Bool {
    contains { if case .cut(session) = $0 { true } else { false } }
  }
}

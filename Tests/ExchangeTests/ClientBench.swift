import Choice
import Exchange
import Market
import Venues

/// Our own client and the venue on a wire without delay, for tests.
struct ClientBench {
  var client: HyperliquidClient
  var bench: VenueBench
  var events: [ClientEffect] = []
  private var timers: [TimerID: Monotonic] = [:]
  private var calls: [UInt64: RequestID] = [:]
  private var connections: [UInt64: ConnectionID] = [:]
  private var nextCall: UInt64 = 0
  private var heard = 0

  init(_ bench: VenueBench, series: [Timeframe]) {
    self.bench = bench
    let configuration = HyperliquidClientConfiguration(
      symbols: ["BTC", "ETH"],
      series: series.map { Venues.CandleSeries(symbol: "BTC", timeframe: $0) },
      user: VenueBench.alice, timerOwner: 1, seed: 7)
    client = HyperliquidClient(
      configuration: configuration, signer: SimulatedSigner(address: VenueBench.alice))
    heard = bench.outputs.count
  }

  var now: Now {
    Now(
      wall: bench.now,
      monotonic: Monotonic(nanoseconds: (bench.now - VenueBench.start).nanoseconds))
  }

  /// Lets the client do something, then carries bytes until nobody has any.
  mutating func perform(
    _ body: (inout HyperliquidClient, Now, inout [ClientEffect]) -> Void
  ) {
    var effects: [ClientEffect] = []
    body(&client, now, &effects)
    carry(effects)
  }

  /// Runs both sides up to a time.
  mutating func advance(by interval: Interval) {
    let end = bench.now + interval
    while bench.now < end {
      let next = timers.values.min().map {
        VenueBench.start + Interval(nanoseconds: $0.nanoseconds)
      }
      bench.advance(to: min(end, max(bench.now, min(next ?? end, bench.now + .seconds(1)))))
      carry([])
      for (id, due) in timers.sorted(by: { $0.key < $1.key }) where due <= now.monotonic {
        timers[id] = nil
        perform { $0.timerFired(id, at: $1, into: &$2) }
      }
    }
  }

  private mutating func carry(_ effects: [ClientEffect]) {
    var effects = effects
    while true {
      for effect in effects { take(effect) }
      effects = []
      let outputs = bench.outputs[heard...]
      heard = bench.outputs.count
      guard !outputs.isEmpty else { return }
      for output in outputs { deliver(output, into: &effects) }
    }
  }

  private mutating func take(_ effect: ClientEffect) {
    switch effect {
    case .transport(.connect(let id, _)):
      connections[UInt64(id.number)] = id
      bench.open(UInt64(id.number))
      perform { $0.handle(.opened(id), at: $1, into: &$2) }
    case .transport(.send(let id, let bytes)):
      bench.venue.handle(
        .frame(SessionID(number: UInt64(id.number)), bytes), at: bench.now, into: &bench.outputs)
    case .transport(.close(let id)):
      bench.venue.handle(
        .closed(SessionID(number: UInt64(id.number))), at: bench.now, into: &bench.outputs)
    case .transport(.request(let id, let request)):
      nextCall += 1
      calls[nextCall] = id
      bench.venue.handle(
        .call(
          CallID(number: nextCall),
          VenueCall(method: .post, target: request.path, body: request.body)), at: bench.now,
        into: &bench.outputs)
    case .setTimer(let id, let due): timers[id] = due
    case .cancelTimer(let id): timers[id] = nil
    default: events.append(effect)
    }
  }

  private mutating func deliver(_ output: VenueOutput, into effects: inout [ClientEffect]) {
    switch output {
    case .reply(let call, let response):
      guard let id = calls.removeValue(forKey: call.number) else { return }
      client.handle(.response(id, response), at: now, into: &effects)
    case .frame(let session, let bytes):
      guard let id = connections[session.number] else { return }
      client.handle(.frame(id, bytes), at: now, into: &effects)
    case .ping(let session, let bytes):
      bench.venue.handle(.pong(session, bytes), at: bench.now, into: &bench.outputs)
    case .close(let session):
      guard let id = connections[session.number] else { return }
      client.handle(.closed(id, nil), at: now, into: &effects)
    }
  }
}

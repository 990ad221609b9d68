import Engine
import Exchange
import Market
import Simulation
import Synchronization
import Testing
import Venues

@testable import Live

/// A clock that stands until it is moved.
final class ManualClock: LiveClock {
  private let start: Instant
  private let passed = Mutex<Int64>(0)

  init(start: Instant) { self.start = start }

  /// Nanoseconds since the start.
  var elapsed: Int64 { passed.withLock { $0 } }

  func move(to nanoseconds: Int64) { passed.withLock { $0 = max($0, nanoseconds) } }

  func now() -> Now {
    let elapsed = elapsed
    return Now(
      wall: start + Interval(nanoseconds: elapsed), monotonic: Monotonic(nanoseconds: elapsed))
  }

  func wait(until deadline: Monotonic) -> Int64? { nil }
  func real(_ interval: Interval) -> Interval { interval }
}

/// A venue and an engine on real sockets, with one clock that moves only while nothing is going on:
/// as exact as the virtual world, over the loopback interface.
final class Lockstep {
  let server: ExchangeServer
  let run: LiveRun
  private let clock: ManualClock

  /// Why the two did not come to rest.
  struct Unrest: Error, CustomStringConvertible {
    let description: String
  }

  private init(_ server: ExchangeServer, _ run: LiveRun, _ clock: ManualClock) {
    self.server = server
    self.run = run
    self.clock = clock
  }

  /// Serves `setup` and runs the engine of `plan` against it.
  static func start(
    _ setup: ExchangeSetup, _ plan: (_ port: Int) throws -> LivePlan
  ) async throws -> Lockstep {
    let clock = ManualClock(start: setup.venues.hyperliquid.start)
    let server = try await ExchangeServer.start(
      setup, port: 0, uptime: { UInt64(clock.elapsed) })
    let run = try await LiveRun.start(try plan(server.port), clock)
    return Lockstep(server, run, clock)
  }

  /// Lets `duration` pass since the start.
  func advance(to duration: Interval) async throws {
    try await rest()
    while let next = try await next(), next <= duration.nanoseconds {
      clock.move(to: next)
      if let wake = server.nextWake, wake <= UInt64(clock.elapsed) { try await server.turn() }
      try await rest()
      _ = try await run.onLoop { $0.fireTimers() }
      try await rest()
    }
    clock.move(to: duration.nanoseconds)
  }

  /// Ends the run in order, then the venue.
  func stop() async throws {
    run.send(.stop)
    // A stop that waits for the venue's answer needs time to pass.
    for _ in 0..<200 where run.status?.isOver != true {
      try await rest()
      try await advance(to: Interval(nanoseconds: clock.elapsed) + .seconds(1))
    }
    _ = try await run.wait()
    await server.stop()
  }

  private func next() async throws -> Int64? {
    let timer = try await run.onLoop { $0.nextDeadline?.nanoseconds } ?? nil
    let wake = server.nextWake.map { Int64($0) }
    guard let next = [timer, wake].compactMap(\.self).min() else { return nil }
    return max(next, clock.elapsed)
  }

  private struct Traffic: Equatable {
    var sent = 0
    var taken = 0
    var opened = 0
    var requests = 0
    var waiting = 0
  }

  /// Waits until neither side has anything under way.
  private func rest() async throws {
    let deadline = ContinuousClock.now + .seconds(20)
    var last = (Traffic(), Traffic())
    while ContinuousClock.now < deadline {
      guard let before = try await engineTraffic() else { return }
      let tally = server.tally
      let venue = Traffic(
        sent: tally.messagesIn, taken: tally.messagesOut, opened: tally.sessions,
        requests: tally.calls, waiting: server.callsUnderWay)
      guard let after = try await engineTraffic() else { return }
      if before == after, before == venue { return }
      last = (after, venue)
      await Task.yield()
    }
    throw Unrest(description: "engine \(last.0), venue \(last.1)")
  }

  private func engineTraffic() async throws -> Traffic? {
    let traffic = try await run.onLoop { runtime -> Traffic? in
      guard runtime.isRunning else { return nil }
      return Traffic(
        sent: runtime.traffic.sent, taken: runtime.traffic.taken, opened: runtime.traffic.opened,
        requests: runtime.requests.sent, waiting: runtime.requests.underWay)
    }
    return traffic ?? nil
  }
}

public import Engine
import Foundation
import Market
import NIOCore
import NIOPosix
import Simulation
import Store
import Synchronization
import Venues

/// A live run: one engine on its own thread, with its store, transports, recording and health.
public final class LiveRun: Sendable {
  private let loop: any EventLoop
  private let group: MultiThreadedEventLoopGroup
  private let state: Shared
  private let host: NIOLoopBoundBox<LiveHost?>
  private let end: EventLoopPromise<LiveError?>

  /// What other threads may read.
  final class Shared: Sendable {
    private let box = Mutex<LiveStatus?>(nil)
    var status: LiveStatus? {
      get { box.withLock { $0 } }
      set { box.withLock { $0 = newValue } }
    }
  }

  /// Opens the store, connects and starts the engine.
  ///
  /// - Throws: ``LiveError`` where something does not suit; nothing was traded then.
  public static func start(_ plan: LivePlan) async throws(LiveError) -> LiveRun {
    try plan.permit()
    let clock: any LiveClock
    switch plan.settings.clock {
    case .system: clock = SystemClock()
    case .served: clock = try await ServedClock.read(from: plan.settings.venue)
    }
    return try await start(plan, clock)
  }

  static func start(
    _ plan: LivePlan, _ clock: any LiveClock
  ) async throws(LiveError) -> LiveRun {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    let state = Shared()
    let end = loop.makePromise(of: LiveError?.self)
    do {
      let host = try await loop.submit {
        let host = try LiveHost(plan, clock, state, on: loop) { end.succeed($0) }
        return NIOLoopBoundBox<LiveHost?>(host, eventLoop: loop)
      }.get()
      let run = LiveRun(loop, group, state, host, end)
      loop.execute { host.value?.begin() }
      return run
    } catch {
      end.succeed(nil)
      try? await group.shutdownGracefully()
      throw error as? LiveError ?? LiveError(.system, "\(error)", remedy: "report this")
    }
  }

  private init(
    _ loop: any EventLoop, _ group: MultiThreadedEventLoopGroup, _ state: Shared,
    _ host: NIOLoopBoundBox<LiveHost?>, _ end: EventLoopPromise<LiveError?>
  ) {
    self.loop = loop
    self.group = group
    self.state = state
    self.host = host
    self.end = end
  }

  /// How the run was at the last look, a second ago at most; nil before the first.
  public var status: LiveStatus? { state.status }

  /// Tells the engine what a person asks; ``OperatorCommand/stop`` ends the run gracefully.
  public func send(_ command: OperatorCommand) {
    let host = host
    loop.execute { host.value?.runtime.feed(.command(command)) }
  }

  /// Waits for the end of the run.
  ///
  /// - Returns: How the run was at its end.
  /// - Throws: ``LiveError`` where it did not end of its own will.
  public func wait() async throws(LiveError) -> LiveStatus? {
    let error: LiveError?
    do { error = try await end.futureResult.get() } catch { return state.status }
    let host = host
    // The store closes on the loop, where it was used.
    try? await loop.submit { host.value = nil }.get()
    try? await group.shutdownGracefully()
    if let error { throw error }
    return state.status
  }

  /// Runs `body` on the loop of the engine; for tests that move the clock by hand.
  func onLoop<Value: Sendable>(
    _ body: @escaping @Sendable (EngineRuntime) -> Value
  ) async throws -> Value? {
    let host = host
    return try await loop.submit { (host.value?.runtime).map(body) }.get()
  }
}

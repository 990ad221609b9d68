import Engine
import Market
import NIOCore
import Simulation
import Store
import Venues

/// The host of one engine in the real or the loopback world; everything happens on one event loop.
///
/// A step is: engine, recording, store, then effects. So the records are durable before the first
/// send leaves (law 6), and a recording holds every step that the store holds.
final class EngineRuntime {
  /// What the runtime is made of.
  struct Parts {
    let engine: Engine
    let durable: DurableHost
    let files: OperatorFiles
    let clock: any LiveClock
    let signer: RecordingSigner?
    let recording: RecordingFile?
    /// The transports of every venue.
    let transports: [Venue: VenueTransport]
  }

  private(set) var engine: Engine
  private(set) var chain = RunChain()
  private(set) var isEngaged: Bool
  let loop: any EventLoop
  private let parts: Parts
  private let observe: (RuntimeEvent) -> Void

  private var timers = Timers()
  private var wake: Scheduled<Void>?
  private var wakesAt: Monotonic?
  private var outbox = Outbox()
  private var backlog: [HostInput] = []
  private var isStepping = false
  private var hasEnded = false
  /// Requests sent, and those still without an answer.
  private(set) var requests = (sent: 0, underWay: 0)

  /// Makes a runtime that does nothing until ``start()``.
  init(_ parts: Parts, on loop: any EventLoop, observe: @escaping (RuntimeEvent) -> Void) {
    self.parts = parts
    self.loop = loop
    self.observe = observe
    engine = parts.engine
    isEngaged = parts.engine.snapshot.killSwitch?.isEngaged ?? false
    for transport in transports {
      transport.sockets.deliver = { [unowned self] input in feed(.transport(input)) }
    }
  }

  /// Starts the engine.
  func start() { feed(.started) }

  /// Tells the engine something, now or after the step under way.
  func feed(_ input: HostInput) {
    guard !hasEnded else { return }
    backlog.append(input)
    guard !isStepping else { return }
    isStepping = true
    while !backlog.isEmpty, !hasEnded { step(backlog.removeFirst()) }
    isStepping = false
    arm()
  }

  /// Looks at the operator's files.
  func pollFiles() {
    do {
      if let command = try parts.files.poll(isEngaged: isEngaged) { feed(.command(command)) }
    } catch {
      halt(LiveError(error))
    }
  }

  /// What has passed through the sockets.
  var traffic: WebSocketTransport.Traffic {
    transports.reduce(into: WebSocketTransport.Traffic()) { $0 += $1.sockets.traffic }
  }

  /// Those of every venue, in the order of the venues.
  private var transports: [VenueTransport] {
    Venue.allCases.compactMap { parts.transports[$0] }
  }

  /// When the engine wants to be woken next.
  var nextDeadline: Monotonic? { timers.next }

  /// Fires every timer that is due.
  func fireTimers() {
    while let id = timers.take(dueAt: parts.clock.now().monotonic) { feed(.timer(id)) }
    arm()
  }

  /// Ends at once and tells `error`; what the engine holds stays in the store.
  func halt(_ error: LiveError?) {
    guard !hasEnded else { return }
    hasEnded = true
    wake?.cancel()
    for transport in transports { transport.close() }
    observe(.ended(error))
  }

  /// Whether the run is under way.
  var isRunning: Bool { !hasEnded }

  // MARK: Steps

  private func step(_ input: HostInput) {
    let now = parts.clock.now()
    outbox.removeAll()
    engine.step(input.input, at: now, into: &outbox)
    let digest = chain.add(input, at: now, outbox)
    let signatures = parts.signer?.takeSignatures() ?? []
    do throws(LiveError) {
      try parts.recording?.append(
        .step(RecordedStep(now: now, input: input, signatures: signatures, digest: digest)))
      try persist(outbox.records, at: now.wall)
    } catch {
      return halt(error)
    }
    for case .killSwitch(let record) in outbox.records { isEngaged = record.isEngaged }
    observe(.step(now, outbox))
    for effect in outbox.effects {
      perform(effect)
      guard !hasEnded else { return }
    }
  }

  private func persist(_ records: [Record], at wall: Instant) throws(LiveError) {
    guard !records.isEmpty else { return }
    do throws(StoreError) {
      try parts.durable.append(records, at: wall)
    } catch {
      throw LiveError(error)
    }
  }

  private func perform(_ effect: Effect) {
    switch effect {
    case .setTimer(let id, let deadline): timers.set(id, at: deadline)
    case .cancelTimer(let id): timers.cancel(id)
    case .transport(let effect): send(effect)
    case .alert: break
    case .stopped: finish()
    }
  }

  private func send(_ effect: TransportEffect) {
    switch effect {
    case .connect(let id, let path): sockets(of: id)?.connect(id, path: path)
    case .send(let id, let bytes): sockets(of: id)?.send(id, bytes)
    case .close(let id): sockets(of: id)?.close(id)
    case .request(let id, let request):
      requests.sent += 1
      requests.underWay += 1
      let bound = NIOLoopBound(self, eventLoop: loop)
      let loop = loop
      let patience = parts.clock.real(request.timeout).milliseconds
      parts.transports[id.venue]?.http.send(request, within: Int(clamping: patience)) { answer in
        loop.execute { bound.value.take(answer, of: id) }
      }
    }
  }

  private func sockets(of id: ConnectionID) -> WebSocketTransport? {
    parts.transports[id.venue]?.sockets
  }

  private func take(_ answer: HTTPTransport.Answer, of id: RequestID) {
    requests.underWay -= 1
    switch answer {
    case .success(let response): feed(.transport(.response(id, response)))
    case .failure(let failure): feed(.transport(.failed(id, failure)))
    }
  }

  private func finish() {
    let end = RecordedEnd(count: chain.count, digest: chain.digest)
    do throws(LiveError) {
      try parts.recording?.append(.end(end))
    } catch {
      return halt(error)
    }
    halt(nil)
  }

  // MARK: Waking

  /// Sees to it that the loop wakes at the earliest deadline.
  private func arm() {
    guard !hasEnded, let next = timers.next else { return }
    if let wakesAt, wakesAt <= next { return }
    guard let wait = parts.clock.wait(until: next) else { return }
    wake?.cancel()
    wakesAt = next
    let bound = NIOLoopBound(self, eventLoop: loop)
    wake = loop.assumeIsolated().scheduleTask(in: .nanoseconds(wait)) {
      bound.value.wakesAt = nil
      bound.value.fireTimers()
    }
  }
}

/// What a runtime tells those who watch it.
enum RuntimeEvent {
  /// A step was taken, and its records are durable.
  case step(Now, Outbox)
  /// It is over; an error where it did not end of its own will.
  case ended(LiveError?)
}

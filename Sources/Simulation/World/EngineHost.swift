import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// The process around an engine: its life, timers, sockets and requests.
///
/// All of it is gone when it dies, as an operating system sees to.
struct EngineHost: Sendable {
  /// A WebSocket as both ends see it.
  struct Session: Sendable {
    let id: SessionID
    let connection: ConnectionID
    let incarnation: UInt32
    var pipe = Pipe()
    /// The host still has it.
    var isOpenAtHost = true
    /// The venue still has it.
    var isOpenAtVenue = false
    /// What was in flight is lost.
    var isCut = false
  }

  /// A request whose answer the host waits for.
  struct Call: Sendable {
    let id: CallID
    let request: RequestID
    let incarnation: UInt32
    let filter: RequestFilter
  }

  /// The running engine; nil while the process is down.
  var engine: Engine?
  /// Counts the lives of the process, from 1.
  private(set) var incarnation: UInt32 = 0
  /// Until when the process stands still.
  var pausedUntil: Instant?
  /// What happened to it while it stood still, in order.
  var backlog: [Input] = []
  /// What the engine believed after its last step, which the oracles looked at.
  var snapshot: Snapshot?
  /// Outputs carried out so far, over all lives.
  var outputs = 0
  /// How many of them there were when each mark was first hit.
  var outputsAtMarks: [NamedCount] = []
  /// Whether the engine reported its graceful stop.
  var hasStopped = false
  var sessions: [Session] = []
  var calls: [Call] = []
  private var timers: [TimerID: (generation: UInt64, deadline: Monotonic)] = [:]
  private var generation: UInt64 = 0
  private var nextSession: UInt64 = 0
  private var nextCall: UInt64 = 0

  init() {}

  var isUp: Bool { engine != nil }

  /// Starts a new life.
  mutating func start(_ engine: Engine) {
    self.engine = engine
    incarnation += 1
    hasStopped = false
  }

  /// Dies: everything in memory is gone.
  mutating func die() {
    engine = nil
    pausedUntil = nil
    backlog.removeAll()
    calls.removeAll()
    timers.removeAll()
    for index in sessions.indices {
      sessions[index].isOpenAtHost = false
      sessions[index].isCut = true
    }
  }

  // MARK: Timers

  /// Sets a timer; the number tells this setting apart from earlier ones.
  mutating func setTimer(_ id: TimerID, _ deadline: Monotonic) -> UInt64 {
    generation += 1
    timers[id] = (generation, deadline)
    return generation
  }

  mutating func cancelTimer(_ id: TimerID) { timers[id] = nil }

  /// When a timer is due; nil where it was moved, cancelled or set in another life.
  func deadline(_ id: TimerID, generation: UInt64, incarnation: UInt32) -> Monotonic? {
    guard incarnation == self.incarnation, let timer = timers[id], timer.generation == generation
    else { return nil }
    return timer.deadline
  }

  // MARK: Sockets

  mutating func openSession(_ connection: ConnectionID) -> SessionID {
    nextSession += 1
    let id = SessionID(number: nextSession)
    sessions.append(Session(id: id, connection: connection, incarnation: incarnation))
    return id
  }

  /// The session of a connection that the present life still has open.
  func openIndex(of connection: ConnectionID) -> Int? {
    sessions.firstIndex {
      $0.connection == connection && $0.incarnation == incarnation && $0.isOpenAtHost
    }
  }

  func index(of session: SessionID) -> Int? { sessions.firstIndex { $0.id == session } }

  /// Forgets sessions that neither end has any more.
  mutating func sweep() {
    sessions.removeAll { !$0.isOpenAtHost && !$0.isOpenAtVenue }
  }

  // MARK: Requests

  mutating func openCall(_ request: RequestID, _ filter: RequestFilter) -> CallID {
    nextCall += 1
    let id = CallID(number: nextCall)
    calls.append(Call(id: id, request: request, incarnation: incarnation, filter: filter))
    return id
  }

  /// Ends a request that the present life waits for; false where it does not wait any more.
  mutating func closeCall(_ request: RequestID, incarnation: UInt32) -> Bool {
    guard incarnation == self.incarnation,
      let index = calls.firstIndex(where: { $0.request == request })
    else { return false }
    calls.remove(at: index)
    return true
  }
}

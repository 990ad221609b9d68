import Market

/// One WebSocket that a client keeps open: where it stands, and how long to wait after a failure.
///
/// The client opens, subscribes, watches and gives up; this counts the attempts.
struct KeptSocket: Sendable {
  /// Where a socket stands.
  enum State: Hashable, Sendable {
    /// Never started, or ended by the owner.
    case idle
    /// Waiting for the next attempt.
    case waiting
    /// Asked for, not open.
    case opening(ConnectionID)
    /// Open since.
    case open(ConnectionID, since: Monotonic)
  }

  private(set) var state = State.idle
  /// Attempts since the last connection that lasted, this one included.
  private(set) var attempt = 0
  private let backOff: BackOff
  private let stableAfter: Interval
  private let seed: UInt64

  /// Keeps a socket with waits after `backOff`; a connection that lasted `stableAfter` starts the
  /// count anew.
  init(backOff: BackOff, stableAfter: Interval, seed: UInt64) {
    self.backOff = backOff
    self.stableAfter = stableAfter
    self.seed = seed
  }

  /// The connection that was asked for, open or not.
  var connection: ConnectionID? {
    switch state {
    case .opening(let id), .open(let id, _): id
    case .idle, .waiting: nil
    }
  }

  /// The connection that is open.
  var openConnection: ConnectionID? {
    if case .open(let id, _) = state { id } else { nil }
  }

  /// Notes that a connection was asked for.
  mutating func open(_ id: ConnectionID) {
    attempt += 1
    state = .opening(id)
  }

  /// Notes that it is open; false where it is not the one that was asked for.
  mutating func opened(_ id: ConnectionID, at now: Monotonic) -> Bool {
    guard state == .opening(id) else { return false }
    state = .open(id, since: now)
    return true
  }

  /// Notes that the connection is over; returns how long to wait before the next attempt.
  mutating func ended(at now: Monotonic) -> Interval {
    if case .open(_, let since) = state, now - since >= stableAfter { attempt = 0 }
    state = .waiting
    return backOff.wait(after: max(attempt, 1), seed: seed)
  }

  /// Ends; returns the connection to close.
  mutating func stop() -> ConnectionID? {
    defer { state = .idle }
    return connection
  }
}

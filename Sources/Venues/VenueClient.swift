public import Market

/// Our side of one venue's wire, with no I/O of its own.
///
/// The owner passes in what the network and the clock say, and does what is appended to `effects`,
/// in order. Every id in them carries the client's ``venue``; its timers carry the owner that its
/// configuration names.
public protocol VenueClient: Sendable {
  /// The venue at the other end.
  static var venue: Venue { get }
  /// Begins; a second time changes nothing.
  mutating func start(at now: Now, into effects: inout [ClientEffect])
  /// Closes every connection and timer; requests in flight are still answered.
  mutating func stop(at now: Now, into effects: inout [ClientEffect])
  /// Takes what the network says; what is not for this client is counted and moves nothing.
  mutating func handle(_ input: TransportInput, at now: Now, into effects: inout [ClientEffect])
  /// Takes a timer that is due; one that was moved, cancelled or is another's is ignored.
  mutating func timerFired(_ id: TimerID, at now: Now, into effects: inout [ClientEffect])
}

public import Market

/// Our side of one venue's wire, with no I/O of its own.
///
/// The owner passes in what the network and the clock say, and does what is appended to `effects`,
/// in order. Every id in them carries the client's ``venue``; its timers carry the owner that its
/// configuration names.
///
/// What is not as it should be never moves state and is always counted
/// (``ClientEffect/rejected(_:)`` or ``ClientEffect/requestFailed(_:_:)``). What becomes of the
/// connection:
///
/// - A frame that is no JSON, holds bytes that are no UTF-8, names a member twice, nests too deep,
///   has a wrong type or a number out of range, or is of an unknown channel: it stays. One bad
///   message proves nothing about the next, and dropping it would let a slip cost every stream.
/// - A frame over the host's limit, of a kind that nobody agreed on, or in too many fragments: the
///   host ends it (``TransportFailure/oversize``, ``TransportFailure/malformed``), and a new one is
///   made after the back-off, since what follows cannot be told from it any more.
/// - Silence, a missing pong or acknowledgement, a stream that says nothing: it is given up.
/// - An answer that is none (a page with status 200, nothing, half a document): the request failed,
///   its connection is the host's matter, and it is asked again as its kind allows; an action's
///   outcome is then unknown, never refused.
/// - 429, and 418 or 403 where a venue bans with them: no request leaves before the time that the
///   venue named, or the back-off.
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

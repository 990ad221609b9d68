public import Market

/// What a server puts up with; every buffer and every wait has a bound.
public struct ServerLimits: Hashable, Sendable {
  /// Connections at once; those beyond are closed as soon as they are made.
  public var connections = 1_024
  /// The largest body of a request, in bytes; a larger one is answered with 413.
  public var requestBody = 1 << 20
  /// The largest header of a request, in bytes; a larger one is answered with 400.
  public var requestHeader = 64 << 10
  /// The largest WebSocket message, in bytes, in one frame or in fragments; a larger one closes the
  /// socket with 1009.
  public var message = 1 << 20
  /// How many fragments one message may have.
  public var fragments = 1_024
  /// Bytes that may wait for a peer which does not read: a WebSocket beyond is disconnected, an
  /// HTTP connection beyond takes no further request.
  public var unsent = 8 << 20
  /// How long a request may take to arrive from its first header on.
  public var requestTime = Interval.seconds(30)
  /// How long an HTTP connection may wait for its next request, and an answer to be read.
  public var idleTime = Interval.seconds(75)
  /// After this long without a whole frame a WebSocket is pinged, and after as long again closed.
  public var silenceTime = Interval.seconds(30)

  /// The defaults.
  public init() {}
}

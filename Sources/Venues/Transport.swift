public import Market

/// A WebSocket that the engine asked for; a new id for every attempt.
public struct ConnectionID: Hashable, Comparable, Sendable {
  /// The venue at the other end.
  public let venue: Venue
  /// Counts attempts within the run, from 1.
  public let number: UInt32
  /// Makes an id.
  public init(venue: Venue, number: UInt32) {
    self.venue = venue
    self.number = number
  }
  /// Orders by venue, then number.
  public static func < (lhs: Self, rhs: Self) -> Bool {
    lhs.venue != rhs.venue ? lhs.venue < rhs.venue : lhs.number < rhs.number
  }
}

/// An HTTP request that the engine asked for.
public struct RequestID: Hashable, Comparable, Sendable {
  /// The venue at the other end.
  public let venue: Venue
  /// Counts requests within the run, from 1.
  public let number: UInt64
  /// Makes an id.
  public init(venue: Venue, number: UInt64) {
    self.venue = venue
    self.number = number
  }
  /// Orders by venue, then number.
  public static func < (lhs: Self, rhs: Self) -> Bool {
    lhs.venue != rhs.venue ? lhs.venue < rhs.venue : lhs.number < rhs.number
  }
}

/// A timer that a state machine asked for; asking again with the same id moves it.
public struct TimerID: Hashable, Comparable, Sendable {
  /// Which part of the engine it wakes; see the users of ``init(owner:number:)``.
  public let owner: UInt8
  /// Tells the owner's timers apart.
  public let number: UInt64
  /// Makes an id.
  public init(owner: UInt8, number: UInt64) {
    self.owner = owner
    self.number = number
  }
  /// Orders by owner, then number.
  public static func < (lhs: Self, rhs: Self) -> Bool {
    lhs.owner != rhs.owner ? lhs.owner < rhs.owner : lhs.number < rhs.number
  }
}

/// An HTTP request as data; the host adds the base address of the venue.
public struct HTTPRequest: Hashable, Sendable {
  /// The verbs in use.
  public enum Method: UInt8, Hashable, Sendable {
    /// GET
    case get = 0
    /// POST with a JSON body.
    case post = 1
  }
  /// The verb.
  public let method: Method
  /// Path and query, from `/`.
  public let path: String
  /// The body; empty for a GET.
  public let body: [UInt8]
  /// How long the host waits for the whole answer before it reports ``TransportFailure/timeout``.
  public let timeout: Interval

  /// Makes a request.
  public init(method: Method, path: String, body: [UInt8], timeout: Interval) {
    self.method = method
    self.path = path
    self.body = body
    self.timeout = timeout
  }
}

/// A header field of an answer.
public struct HTTPHeader: Hashable, Sendable {
  /// The name in lower case.
  public let name: String
  /// The value, without blanks around it.
  public let value: String

  /// Makes a field.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// An HTTP answer as data.
public struct HTTPResponse: Hashable, Sendable {
  /// The status code.
  public let status: Int
  /// The header fields that mean something to a client: see ``understoodHeaders``.
  public let headers: [HTTPHeader]
  /// The body.
  public let body: [UInt8]

  /// Makes an answer.
  public init(status: Int, headers: [HTTPHeader] = [], body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The names that a host passes on to a client; it drops every other field.
  public static let understoodHeaders = ["content-type", "retry-after", "x-mbx-used-weight-1m"]

  /// The value of a field; nil where the venue sent none.
  public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

  /// The `Retry-After` header in whole seconds, up to a day; nil where there is none or it is no
  /// number.
  public var retryAfterSeconds: Int64? {
    header("retry-after").flatMap(Int64.init).flatMap { (0...86_400).contains($0) ? $0 : nil }
  }
}

/// Why a connection or request ended without the venue's word.
public enum TransportFailure: UInt8, Error, Hashable, Sendable {
  /// Nothing came in time: whatever was sent may or may not have been acted on.
  case timeout = 0
  /// The connection broke: likewise.
  case connectionLost = 1
  /// The connection was never made: nothing was sent.
  case unreachable = 2
  /// A frame or body was over the host's limit.
  case oversize = 3
  /// The bytes were no legal frame or answer.
  case malformed = 4
  /// The venue turned the WebSocket away with a status that asks to come later: 403, 418, 429 or
  /// one of 500 and above.
  case refused = 5
}

/// What the network tells a client state machine.
public enum TransportInput: Hashable, Sendable {
  /// The WebSocket is open.
  case opened(ConnectionID)
  /// One whole text frame.
  case frame(ConnectionID, [UInt8])
  /// The WebSocket ended, or never opened.
  case closed(ConnectionID, TransportFailure?)
  /// The answer to a request.
  case response(RequestID, HTTPResponse)
  /// A request ended without an answer.
  case failed(RequestID, TransportFailure)

  /// The venue at the other end.
  public var venue: Venue {
    switch self {
    case .opened(let id), .frame(let id, _), .closed(let id, _): id.venue
    case .response(let id, _), .failed(let id, _): id.venue
    }
  }
}

/// What a client state machine asks of the network.
public enum TransportEffect: Hashable, Sendable {
  /// Open a WebSocket to the venue's path.
  case connect(ConnectionID, path: String)
  /// Send one text frame.
  case send(ConnectionID, [UInt8])
  /// Close; no ``TransportInput/closed(_:_:)`` follows.
  case close(ConnectionID)
  /// Send a request.
  case request(RequestID, HTTPRequest)

  /// The venue at the other end.
  public var venue: Venue {
    switch self {
    case .connect(let id, _), .send(let id, _), .close(let id): id.venue
    case .request(let id, _): id.venue
    }
  }
}

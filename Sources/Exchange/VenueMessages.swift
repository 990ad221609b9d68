public import Venues

/// A WebSocket session as its host numbers it.
public struct SessionID: Hashable, Comparable, Sendable {
  /// The host's number.
  public let number: UInt64
  /// Makes an id.
  public init(number: UInt64) { self.number = number }
  /// Orders by number.
  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.number < rhs.number }
}

/// An HTTP call as its host numbers it.
public struct CallID: Hashable, Comparable, Sendable {
  /// The host's number.
  public let number: UInt64
  /// Makes an id.
  public init(number: UInt64) { self.number = number }
  /// Orders by number.
  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.number < rhs.number }
}

/// An HTTP request as it reaches a venue.
public struct VenueCall: Hashable, Sendable {
  /// The verb.
  public let method: HTTPRequest.Method
  /// The path, from `/`, without its query.
  public let path: String
  /// What follows `?`, still percent-encoded; empty without.
  public let query: String
  /// The body; empty for a GET.
  public let body: [UInt8]

  /// Makes a request; what follows the first `?` of `target` is its query.
  public init(method: HTTPRequest.Method, target: String, body: [UInt8] = []) {
    self.method = method
    self.body = body
    guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else {
      path = target
      query = ""
      return
    }
    path = String(target[..<mark])
    query = String(target[target.index(after: mark)...])
  }

  /// Path and query together.
  public var target: String { query.isEmpty ? path : "\(path)?\(query)" }
}

/// What reaches a simulated venue.
public enum VenueInput: Hashable, Sendable {
  /// An HTTP request arrived.
  case call(CallID, VenueCall)
  /// A WebSocket was opened at a path, its query included.
  case opened(SessionID, path: String)
  /// A text frame arrived.
  case frame(SessionID, [UInt8])
  /// A pong arrived; its socket layer has answered pings by itself.
  case pong(SessionID, [UInt8])
  /// The other end closed the WebSocket, or the network lost it.
  case closed(SessionID)
  /// Time passed; see ``HyperliquidVenue/nextWake``.
  case advance
}

/// What a simulated venue wants sent, in this order.
public enum VenueOutput: Hashable, Sendable {
  /// The answer to a call.
  case reply(CallID, HTTPResponse)
  /// A text frame.
  case frame(SessionID, [UInt8])
  /// A ping, at most 125 bytes; the other end's socket layer answers it.
  case ping(SessionID, [UInt8])
  /// The venue closes the WebSocket.
  case close(SessionID)
}

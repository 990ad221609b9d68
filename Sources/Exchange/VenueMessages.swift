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

/// What reaches a simulated venue.
public enum VenueInput: Hashable, Sendable {
  /// An HTTP POST arrived.
  case call(CallID, path: String, body: [UInt8])
  /// A WebSocket was opened at `/ws`.
  case opened(SessionID)
  /// A text frame arrived.
  case frame(SessionID, [UInt8])
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
  /// The venue closes the WebSocket.
  case close(SessionID)
}

/// What answers on a server.
///
/// All calls come from the server's one thread, one after the other; what takes long keeps every
/// peer waiting.
public protocol ServerService: Sendable {
  /// Answers a request, now or later, through `reply`.
  func respond(to request: ServerRequest, _ reply: ServerReply)
  /// Whether a WebSocket may be opened at a path.
  func admission(to path: String) -> SocketAdmission
  /// A WebSocket was opened.
  func opened(_ socket: ServerSocket)
  /// A whole text message arrived; its bytes are as sent, UTF-8 or not.
  func received(_ text: [UInt8], on socket: ServerSocket)
  /// A pong arrived, asked for or not.
  func ponged(_ bytes: [UInt8], on socket: ServerSocket)
  /// A WebSocket is gone; nothing can be sent on it any more.
  func closed(_ socket: ServerSocket, _ end: SocketEnd)
}

extension ServerService {
  /// No WebSocket anywhere.
  public func admission(to path: String) -> SocketAdmission { .notFound }
  /// Nothing to note.
  public func opened(_ socket: ServerSocket) {}
  /// Nothing to take in.
  public func received(_ text: [UInt8], on socket: ServerSocket) {}
  /// Nothing to note.
  public func ponged(_ bytes: [UInt8], on socket: ServerSocket) {}
  /// Nothing to forget.
  public func closed(_ socket: ServerSocket, _ end: SocketEnd) {}
}

/// Whether a WebSocket may be opened.
public enum SocketAdmission: Hashable, Sendable {
  /// It may.
  case open
  /// There is none at the path: the request is answered like any other.
  case notFound
  /// The connection is closed without a word.
  case refused
}

/// How a WebSocket ended.
public enum SocketEnd: Hashable, Sendable {
  /// The peer closed it, or its connection broke.
  case byPeer
  /// This side closed it.
  case byServer
  /// The peer did not read what it was sent.
  case notReading
  /// The peer was silent too long, or a message took too long to arrive.
  case silent
  /// The peer broke the protocol or a limit.
  case breach(String)

  /// One phrase for a person.
  public var phrase: String {
    switch self {
    case .byPeer: "closed by the client"
    case .byServer: "closed by the server"
    case .notReading: "disconnected: it did not read what it was sent"
    case .silent: "disconnected: silent too long"
    case .breach(let text): "disconnected: \(text)"
    }
  }
}

/// A service of plain routes: a function from request to answer, and no WebSocket.
public struct RouteService: ServerService {
  private let route: @Sendable (ServerRequest) -> ServerResponse

  /// Answers every request with what `route` makes of it.
  public init(_ route: @escaping @Sendable (ServerRequest) -> ServerResponse) {
    self.route = route
  }

  /// Answers at once.
  public func respond(to request: ServerRequest, _ reply: ServerReply) {
    reply.send(route(request))
  }
}

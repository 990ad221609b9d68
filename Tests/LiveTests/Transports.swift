import Market
import NIOCore
import NIOPosix
import Simulation
import Venues

@testable import Live

extension HTTPTransport {
  /// The answer to one request: a POST with a body, a GET without.
  func answer(
    to path: String = "/info", body: String? = nil, within milliseconds: Int = 10_000
  ) async -> Answer {
    let request = HTTPRequest(
      method: body == nil ? .get : .post, path: path, body: Array((body ?? "").utf8),
      timeout: .seconds(10))
    return await withCheckedContinuation { continuation in
      send(request, within: milliseconds) { continuation.resume(returning: $0) }
    }
  }
}

/// One WebSocket of a client, on a loop of its own.
struct SocketTalk {
  static let id = ConnectionID(venue: .hyperliquid, number: 1)

  var endpoint: Endpoint
  var path = "/ws"
  var trust: String?
  var proxy: Proxy?
  var backlog = WebSocketTransport.longestBacklog
  /// Sent as soon as the connection stands.
  var sending: String?
  /// What the client does when it is told something, beside.
  var react: @Sendable (WebSocketTransport, TransportInput) -> Void = { _, _ in }

  init(_ endpoint: Endpoint) { self.endpoint = endpoint }

  /// Everything told up to the end of the connection, or up to `count` of it.
  func told(count: Int = .max) async throws -> [TransportInput] {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    let (stream, continuation) = AsyncStream.makeStream(of: TransportInput.self)
    let talk = self
    let box = try await loop.submit {
      let transport = try WebSocketTransport(
        endpoint: talk.endpoint, trust: talk.trust, proxy: talk.proxy, backlog: talk.backlog,
        loop: loop)
      // The engine subscribes while it is told that the connection stands.
      transport.deliver = { [unowned transport] input in
        if case .opened = input, let text = talk.sending {
          transport.send(Self.id, Array(text.utf8))
        }
        talk.react(transport, input)
        continuation.yield(input)
      }
      transport.connect(Self.id, path: talk.path)
      return NIOLoopBoundBox<WebSocketTransport?>(transport, eventLoop: loop)
    }.get()
    var inputs: [TransportInput] = []
    for await input in stream {
      inputs.append(input)
      if case .closed = input { break }
      if inputs.count == count { break }
    }
    try await loop.submit {
      box.value?.closeAll()
      box.value = nil
    }.get()
    try await group.shutdownGracefully()
    return inputs
  }
}

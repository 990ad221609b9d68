import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
import Synchronization

/// A small HTTP and WebSocket server: one port, one thread, every buffer bounded.
///
/// HTTP/1.1 with keep-alive and pipelining; WebSockets where the service admits them. It serves the
/// simulated venue, and the health, status and metrics of a live run.
public final class HTTPServer: Sendable {
  /// The address that it listens on.
  public let host: String
  /// The port that it listens on, also where 0 was asked for.
  public let port: Int

  let loop: any EventLoop
  private let group: MultiThreadedEventLoopGroup
  private let listener: any Channel
  private let connections: ConnectionTable

  private init(
    host: String, port: Int, group: MultiThreadedEventLoopGroup, listener: any Channel,
    connections: ConnectionTable
  ) {
    self.host = host
    self.port = port
    self.group = group
    loop = group.next()
    self.listener = listener
    self.connections = connections
  }

  /// Listens on `host` and `port`, 0 for any free one, until it is stopped; with a certificate it
  /// speaks TLS and nothing else.
  ///
  /// - Throws: ``ServerError`` where it cannot listen there.
  public static func start(
    host: String = "127.0.0.1", port: Int, limits: ServerLimits = ServerLimits(),
    certificate: ServerCertificate? = nil, service: some ServerService
  ) async throws(ServerError) -> HTTPServer {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    return try await start(
      host: host, port: port, limits: limits, certificate: certificate, on: group
    ) { service }
  }

  /// The same on a thread that the service may use too; the thread ends with the server.
  static func start(
    host: String, port: Int, limits: ServerLimits, certificate: ServerCertificate?,
    on group: MultiThreadedEventLoopGroup, _ makeService: () -> any ServerService
  ) async throws(ServerError) -> HTTPServer {
    guard (0...65_535).contains(port) else {
      try? await group.shutdownGracefully()
      throw .badPort(port)
    }
    let connections = ConnectionTable(limit: limits.connections)
    let service = makeService()
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(.socketOption(.so_keepalive), value: 1)
      .childChannelOption(
        .writeBufferWaterMark,
        value: .init(low: max(1, limits.unsent / 2), high: max(1, limits.unsent))
      )
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          guard connections.admit(channel) else { throw ConnectionRefused() }
          if let certificate {
            try channel.pipeline.syncOperations.addHandler(
              NIOSSLServerHandler(context: certificate.context))
          }
          try HTTPConnection.configure(channel, service: service, limits: limits)
        }
      }
    do {
      let listener = try await bootstrap.bind(host: host, port: port).get()
      return HTTPServer(
        host: host, port: listener.localAddress?.port ?? port, group: group, listener: listener,
        connections: connections)
    } catch {
      try? await group.shutdownGracefully()
      throw ServerError(error, host: host, port: port)
    }
  }

  /// Takes no further connection, says good-bye to every WebSocket, closes all and ends the thread.
  public func stop() async {
    try? await listener.close().get()
    for channel in connections.close() {
      channel.pipeline.fireUserInboundEventTriggered(ServerStops())
    }
    try? await group.shutdownGracefully()
  }

  /// How many connections are open.
  public var connectionCount: Int { connections.count }
}

/// Tells the handlers of a connection that the server stops.
struct ServerStops: Sendable {}

/// There are too many connections.
private struct ConnectionRefused: Error {}

extension ServerError {
  init(_ error: any Error, host: String, port: Int) {
    guard let failure = error as? IOError else {
      self = .failed(host: host, port: port, "\(error)")
      return
    }
    self =
      switch failure.errnoCode {
      case EADDRINUSE: .portTaken(host: host, port: port)
      case EACCES, EPERM: .notPermitted(host: host, port: port)
      default: .failed(host: host, port: port, String(cString: strerror(failure.errnoCode)))
      }
  }
}

/// The open connections of a server.
final class ConnectionTable: Sendable {
  private struct State {
    var channels: [ObjectIdentifier: any Channel] = [:]
    var isClosed = false
  }
  private let state = Mutex(State())
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  var count: Int { state.withLock { $0.channels.count } }

  /// Takes a connection in until it closes; false where there are too many.
  func admit(_ channel: any Channel) -> Bool {
    let id = ObjectIdentifier(channel)
    let isAdmitted = state.withLock { state in
      guard !state.isClosed, state.channels.count < limit else { return false }
      state.channels[id] = channel
      return true
    }
    guard isAdmitted else { return false }
    channel.closeFuture.whenComplete { _ in self.forget(id) }
    return true
  }

  /// Admits no more; returns those that are open.
  func close() -> [any Channel] {
    state.withLock { state in
      state.isClosed = true
      return Array(state.channels.values)
    }
  }

  private func forget(_ id: ObjectIdentifier) {
    _ = state.withLock { $0.channels.removeValue(forKey: id) }
  }
}

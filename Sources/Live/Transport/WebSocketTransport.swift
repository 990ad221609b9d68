import Market
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
import Simulation
import Venues

/// The WebSockets of a run, on the event loop of its engine.
///
/// Frames are handed over on the loop and taken before the next is read: a venue that sends faster
/// than the engine takes is held back by TCP, and nothing queues here.
final class WebSocketTransport {
  /// The longest frame, and the longest message in fragments.
  static let longestFrame = 4 << 20
  /// The most fragments of one message.
  static let mostFragments = 4_096
  /// The longest header of the answer to a handshake.
  static let longestHeader = 64 << 10
  /// What may wait to be sent before the connection counts as lost.
  static let longestBacklog = 4 << 20
  /// How long a connection, its TLS and its upgrade may take together.
  static let patience = TimeAmount.seconds(10)

  /// How long a venue may take to read the good-bye.
  private static let farewell = TimeAmount.seconds(2)

  /// Takes what the network tells, on the engine's loop.
  var deliver: (TransportInput) -> Void = { _ in }

  private let loop: any EventLoop
  private let endpoint: Endpoint
  private let tls: NIOSSLContext?
  private let proxy: Proxy?
  private let backlog: Int
  private var connections: [ConnectionID: Connection] = [:]
  /// Connections opened, and frames sent and taken, since the beginning.
  private(set) var traffic = Traffic()

  /// A connection that was asked for and has not ended.
  private struct Connection {
    var channel: (any Channel)?
    var isOpen = false
    var patience: Scheduled<Void>?
  }

  /// Connections opened, and frames sent and taken.
  struct Traffic: Hashable, Sendable {
    var opened = 0
    var sent = 0
    var taken = 0

    static func += (total: inout Self, more: Self) {
      total.opened += more.opened
      total.sent += more.sent
      total.taken += more.taken
    }
  }

  /// Makes the transport of one venue.
  ///
  /// - Parameters:
  ///   - endpoint: The base address.
  ///   - trust: A file of certificates that are trusted beside the system's.
  ///   - proxy: What connections go through; nil for the direct way.
  ///   - backlog: How many bytes may wait to be sent.
  ///   - loop: The engine's loop.
  /// - Throws: ``LiveError`` where the system has no usable TLS configuration.
  init(
    endpoint: Endpoint, trust: String? = nil, proxy: Proxy? = nil,
    backlog: Int = WebSocketTransport.longestBacklog, loop: any EventLoop
  ) throws(LiveError) {
    self.endpoint = endpoint
    self.loop = loop
    self.proxy = proxy
    self.backlog = max(2, backlog)
    tls = endpoint.isSecure ? try ClientTrust.context(trust) : nil
  }

  /// Opens a connection to a path, which may hold a query; tells `opened` or `closed` later.
  func connect(_ id: ConnectionID, path: String) {
    let bound = NIOLoopBound(self, eventLoop: loop)
    let patience = loop.assumeIsolated().scheduleTask(in: Self.patience) {
      bound.value.end(id, .timeout)
    }
    connections[id] = Connection(patience: patience)
    let attempt = ClientBootstrap(group: loop)
      .connectTimeout(Self.patience)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try bound.value.prepare(channel, id, path) }
      }
      .connect(host: proxy?.host ?? endpoint.host, port: proxy?.port ?? endpoint.port)
    attempt.assumeIsolated().whenFailure { _ in bound.value.end(id, .unreachable) }
  }

  /// Sends one text frame; nothing happens where the connection is gone.
  func send(_ id: ConnectionID, _ bytes: [UInt8]) {
    guard let connection = connections[id], connection.isOpen, let channel = connection.channel
    else { return }
    guard channel.isWritable else { return end(id, .connectionLost) }
    let frame = WebSocketFrame(
      fin: true, opcode: .text, maskKey: .random(), data: ByteBuffer(bytes: bytes))
    channel.writeAndFlush(frame, promise: nil)
    traffic.sent += 1
  }

  /// Closes a connection, or gives up the attempt; tells nothing.
  func close(_ id: ConnectionID) {
    guard let connection = connections.removeValue(forKey: id) else { return }
    connection.patience?.cancel()
    guard let channel = connection.channel else { return }
    guard connection.isOpen else { return channel.close(promise: nil) }
    let frame = WebSocketFrame(
      fin: true, opcode: .connectionClose, maskKey: .random(),
      data: ByteBuffer(bytes: [0x03, 0xe8]))
    // A venue that does not read is not waited for.
    let limit = loop.scheduleTask(in: Self.farewell) { channel.close(promise: nil) }
    channel.writeAndFlush(frame).whenComplete { _ in
      limit.cancel()
      channel.close(promise: nil)
    }
  }

  /// Closes every connection; tells nothing.
  func closeAll() {
    for id in connections.keys.sorted() { close(id) }
  }

  // MARK: Set-up

  /// The attempt was given up while its address was looked up.
  private struct GivenUp: Error {}

  /// The channel, once it speaks WebSocket; nil where the venue answers something else.
  private typealias Upgrade = EventLoopFuture<(any Channel)?>

  /// Sets up a channel that is about to connect.
  private func prepare(_ channel: any Channel, _ id: ConnectionID, _ path: String) throws {
    guard connections[id] != nil else { throw GivenUp() }
    connections[id]?.channel = channel
    try channel.syncOptions?.setOption(
      .writeBufferWaterMark, value: .init(low: backlog / 2, high: backlog))
    guard let proxy else { return follow(try configure(channel, id, path), id) }
    let bound = NIOLoopBound(self, eventLoop: loop)
    let tunnel = ProxyTunnel(proxy, to: endpoint) { result in
      let transport = bound.value
      guard case .success = result, let upgrade = try? transport.configure(channel, id, path)
      else { return transport.end(id, .unreachable) }
      transport.follow(upgrade, id)
    }
    try channel.pipeline.syncOperations.addHandler(tunnel)
  }

  /// Sets up TLS, where the venue has it, and asks for the WebSocket.
  private func configure(
    _ channel: any Channel, _ id: ConnectionID, _ path: String
  ) throws -> Upgrade {
    let pipeline = channel.pipeline.syncOperations
    let bound = NIOLoopBound(self, eventLoop: loop)
    if let tls {
      let name = endpoint.host.isAddress ? nil : endpoint.host
      try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: name))
    }
    let upgrader = NIOTypedWebSocketClientUpgrader<(any Channel)?>(
      maxFrameSize: Self.longestFrame,
      // The handler below closes on errors itself, after it has told which one it was.
      enableAutomaticErrorHandling: false,
      upgradePipelineHandler: { channel, _ in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(
            NIOWebSocketFrameAggregator(
              minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: Self.mostFragments,
              maxAccumulatedFrameSize: Self.longestFrame))
          try pipeline.addHandler(
            WebSocketFrames { event in bound.value.take(event, of: id) })
          return channel
        }
      })
    var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: path)
    head.headers.add(name: "Host", value: "\(endpoint.host):\(endpoint.port)")
    head.headers.add(name: "Content-Length", value: "0")
    var configuration = NIOUpgradableHTTPClientPipelineConfiguration(
      upgradeConfiguration: NIOTypedHTTPClientUpgradeConfiguration(
        upgradeRequestHead: head, upgraders: [upgrader],
        notUpgradingCompletionHandler: { channel in
          channel.eventLoop.makeCompletedFuture {
            // The answer itself comes next.
            try channel.pipeline.syncOperations.addHandler(
              HandshakeAnswer { failure in bound.value.end(id, failure) })
            return nil
          }
        }))
    // The venue's first frames may come with its answer to the upgrade.
    configuration.leftOverBytesStrategy = .forwardBytes
    configuration.decoderConfiguration.maxHeaderListSize = Self.longestHeader
    configuration.decoderConfiguration.maxHeaderFieldSize = Self.longestHeader
    return try pipeline.configureUpgradableHTTPClientPipeline(configuration: configuration)
  }

  /// Waits until the venue speaks WebSocket or says that it will not.
  private func follow(_ upgrade: Upgrade, _ id: ConnectionID) {
    let bound = NIOLoopBound(self, eventLoop: loop)
    upgrade.assumeIsolated().whenComplete { result in
      switch result {
      case .success(let channel?): bound.value.opened(channel, id)
      case .success(nil): break
      // Nobody was asked for anything before TLS stands.
      case .failure(is NIOSSLError), .failure(is BoringSSLError), .failure(is NIOSSLExtraError):
        bound.value.end(id, .unreachable)
      case .failure(let error):
        bound.value.end(id, error is HTTPParserError ? .malformed : .connectionLost)
      }
    }
  }

  // MARK: Events

  private func opened(_ channel: any Channel, _ id: ConnectionID) {
    guard connections[id] != nil else { return channel.close(promise: nil) }
    connections[id]?.patience?.cancel()
    connections[id]?.isOpen = true
    deliver(.opened(id))
    traffic.opened += 1
    // The venue may be gone before the last handler is in its place to hear of it.
    let bound = NIOLoopBound(self, eventLoop: loop)
    channel.closeFuture.assumeIsolated().whenComplete { _ in bound.value.end(id, .connectionLost) }
  }

  private func take(_ event: WebSocketFrames.Event, of id: ConnectionID) {
    switch event {
    case .frame(let bytes):
      if connections[id] != nil { deliver(.frame(id, bytes)) }
      traffic.taken += 1
    case .ended(let failure): end(id, failure)
    }
  }

  /// Tells the end of a connection once, unless it was asked for.
  private func end(_ id: ConnectionID, _ failure: TransportFailure?) {
    guard let connection = connections.removeValue(forKey: id) else { return }
    connection.patience?.cancel()
    connection.channel?.close(promise: nil)
    deliver(.closed(id, failure))
  }
}

extension String {
  /// Whether it is an address and no name: TLS sends names only.
  var isAddress: Bool { contains(":") || utf8.allSatisfy { $0 < 0x3a } }
}

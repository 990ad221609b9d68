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
  /// What may wait to be sent before the connection counts as lost.
  static let longestBacklog = 4 << 20
  /// How long a connection, its TLS and its upgrade may take together.
  static let patience = TimeAmount.seconds(10)

  private let loop: any EventLoop
  private let endpoint: Endpoint
  private let tls: NIOSSLContext?
  private let deliver: (TransportInput) -> Void
  private var channels: [ConnectionID: any Channel] = [:]
  /// Connections opened, and frames sent and taken, since the beginning.
  private(set) var traffic = Traffic()
  /// Attempts that were not given up meanwhile.
  private var attempts: Set<ConnectionID> = []

  /// Connections opened, and frames sent and taken.
  struct Traffic: Hashable, Sendable {
    var opened = 0
    var sent = 0
    var taken = 0
  }

  /// Makes the transport of one venue.
  ///
  /// - Parameters:
  ///   - endpoint: The base address.
  ///   - loop: The engine's loop.
  ///   - deliver: Takes what the network tells, on `loop`.
  /// - Throws: Where the system has no usable TLS configuration.
  init(
    endpoint: Endpoint, loop: any EventLoop, deliver: @escaping (TransportInput) -> Void
  ) throws {
    self.endpoint = endpoint
    self.loop = loop
    self.deliver = deliver
    tls = endpoint.isSecure ? try NIOSSLContext(configuration: .makeClientConfiguration()) : nil
  }

  /// Opens a connection; tells `opened` or `closed` later.
  func connect(_ id: ConnectionID, path: String) {
    attempts.insert(id)
    let bound = NIOLoopBound(self, eventLoop: loop)
    let (endpoint, tls) = (endpoint, tls)
    let attempt = ClientBootstrap(group: loop)
      .connectTimeout(Self.patience)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let upgrade = try Self.configure(channel, id, endpoint, path, tls, bound)
          bound.value.await(upgrade, id)
        }
      }
      .connect(host: endpoint.host, port: endpoint.port)
    attempt.assumeIsolated().whenFailure { _ in bound.value.end(id, .unreachable) }
  }

  /// Sends one text frame; nothing happens where the connection is gone.
  func send(_ id: ConnectionID, _ bytes: [UInt8]) {
    guard let channel = channels[id] else { return }
    guard channel.isWritable else {
      end(id, .connectionLost)
      channel.close(promise: nil)
      return
    }
    let frame = WebSocketFrame(
      fin: true, opcode: .text, maskKey: .random(), data: ByteBuffer(bytes: bytes))
    channel.writeAndFlush(frame, promise: nil)
    traffic.sent += 1
  }

  /// Closes a connection, or gives up the attempt; tells nothing.
  func close(_ id: ConnectionID) {
    attempts.remove(id)
    guard let channel = channels.removeValue(forKey: id) else { return }
    let frame = WebSocketFrame(
      fin: true, opcode: .connectionClose, maskKey: .random(),
      data: ByteBuffer(bytes: [0x03, 0xe8]))
    channel.writeAndFlush(frame).assumeIsolated().whenComplete { _ in channel.close(promise: nil) }
  }

  /// Closes every connection; tells nothing.
  func closeAll() {
    for id in channels.keys.sorted() { close(id) }
    attempts.removeAll()
  }

  // MARK: Set-up

  /// The channel, once it speaks WebSocket; nil where the venue does not.
  private typealias Upgrade = EventLoopFuture<(any Channel)?>

  private static func configure(
    _ channel: any Channel, _ id: ConnectionID, _ endpoint: Endpoint, _ path: String,
    _ tls: NIOSSLContext?, _ bound: NIOLoopBound<WebSocketTransport>
  ) throws -> Upgrade {
    let pipeline = channel.pipeline.syncOperations
    try channel.syncOptions?.setOption(
      .writeBufferWaterMark, value: .init(low: longestBacklog / 2, high: longestBacklog))
    if let tls {
      let name = endpoint.host.isAddress ? nil : endpoint.host
      try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: name))
    }
    let upgrader = NIOTypedWebSocketClientUpgrader<(any Channel)?>(
      maxFrameSize: longestFrame,
      // The handler below closes on errors itself, after it has told which one it was.
      enableAutomaticErrorHandling: false,
      upgradePipelineHandler: { channel, _ in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(
            NIOWebSocketFrameAggregator(
              minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: mostFragments,
              maxAccumulatedFrameSize: longestFrame))
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
          channel.close().map { nil }.flatMapErrorThrowing { _ in nil }
        }))
    // The venue's first frames may come with its answer to the upgrade.
    configuration.leftOverBytesStrategy = .forwardBytes
    return try pipeline.configureUpgradableHTTPClientPipeline(configuration: configuration)
  }

  /// The connection stands: the venue still has to speak WebSocket, in time.
  private func await(_ upgrade: Upgrade, _ id: ConnectionID) {
    let bound = NIOLoopBound(self, eventLoop: loop)
    let timeout = loop.assumeIsolated().scheduleTask(in: Self.patience) {
      bound.value.end(id, .timeout)
    }
    upgrade.assumeIsolated().whenComplete { result in
      timeout.cancel()
      switch result {
      case .success(let channel?): bound.value.opened(channel, id)
      case .success(nil): bound.value.end(id, .malformed)
      case .failure: bound.value.end(id, .connectionLost)
      }
    }
  }

  // MARK: Events

  private func opened(_ channel: any Channel, _ id: ConnectionID) {
    guard attempts.contains(id) else { return channel.close(promise: nil) }
    channels[id] = channel
    deliver(.opened(id))
    traffic.opened += 1
    // The venue may be gone before the last handler is in its place to hear of it.
    let bound = NIOLoopBound(self, eventLoop: loop)
    channel.closeFuture.assumeIsolated().whenComplete { _ in bound.value.end(id, .connectionLost) }
  }

  private func take(_ event: WebSocketFrames.Event, of id: ConnectionID) {
    switch event {
    case .frame(let bytes):
      if channels[id] != nil { deliver(.frame(id, bytes)) }
      traffic.taken += 1
    case .ended(let failure): end(id, failure)
    }
  }

  /// Tells the end of a connection once, unless it was asked for.
  private func end(_ id: ConnectionID, _ failure: TransportFailure?) {
    let channel = channels.removeValue(forKey: id)
    channel?.close(promise: nil)
    guard attempts.remove(id) != nil else { return }
    deliver(.closed(id, failure))
  }
}

extension String {
  /// Whether it is an address and no name: TLS sends names only.
  fileprivate var isAddress: Bool { contains(":") || utf8.allSatisfy { $0 < 0x3a } }
}

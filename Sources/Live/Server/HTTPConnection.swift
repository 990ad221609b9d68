import Market
import NIOCore
import NIOHTTP1
import NIOWebSocket

/// One HTTP connection: gathers a request, hands it on, writes its answer; one at a time.
final class HTTPConnection: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private enum Phase {
    /// For the next request.
    case waiting
    /// A head has come, its end has not.
    case receiving(HTTPRequestHead)
    /// The whole request has come, and the peer must first read earlier answers.
    case holding(HTTPRequestHead)
    /// The service has the request.
    case answering(HTTPRequestHead)
    /// An answer that ends the connection was given; what still comes is thrown away.
    case draining
  }

  /// How long a peer may go on sending what is thrown away.
  private static let drainTime = Interval.seconds(2)

  private let service: any ServerService
  private let limits: ServerLimits
  private var context: ChannelHandlerContext?
  private var phase = Phase.waiting
  private var body: [UInt8] = []
  private var deadline: Deadline?
  /// Makes what watches for the request that turns the connection into a WebSocket; each watches
  /// one request.
  private var makeUpgrade: (() -> HTTPServerUpgradeHandler)?
  /// Counts requests, so that an answer that comes too late meets no other request.
  private var number: UInt64 = 0

  private init(service: any ServerService, limits: ServerLimits) {
    self.service = service
    self.limits = limits
  }

  /// Sets up a new connection for HTTP, and for WebSockets where the service admits them.
  static func configure(
    _ channel: any Channel, service: any ServerService, limits: ServerLimits
  ) throws {
    let connection = HTTPConnection(service: service, limits: limits)
    let upgrader = NIOWebSocketServerUpgrader(
      maxFrameSize: limits.message, automaticErrorHandling: false,
      shouldUpgrade: { channel, head in
        switch service.admission(to: ServerRequest.split(head.uri).path) {
        case .open: return channel.eventLoop.makeSucceededFuture(HTTPHeaders())
        case .notFound: break
        case .refused: channel.close(promise: nil)
        }
        return channel.eventLoop.makeSucceededFuture(nil)
      },
      upgradePipelineHandler: { channel, head in
        channel.eventLoop.makeCompletedFuture {
          try WebSocketConnection.configure(
            channel, target: head.uri, service: service, limits: limits)
        }
      })
    var decoding = NIOHTTPDecoderLimitConfiguration()
    decoding.maxHeaderListSize = limits.requestHeader
    decoding.maxHeaderFieldSize = limits.requestHeader
    let pipeline = channel.pipeline.syncOperations
    let bound = NIOLoopBound(connection, eventLoop: channel.eventLoop)
    let encoder = HTTPResponseEncoder()
    let handlers: [any RemovableChannelHandler] = [
      ByteToMessageHandler(
        HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: decoding)),
      HTTPServerPipelineHandler(), NIOHTTPResponseHeadersValidator(),
      HTTPServerProtocolErrorHandler(),
    ]
    let makeUpgrade = {
      HTTPServerUpgradeHandler(
        upgraders: [upgrader], httpEncoder: encoder, extraHTTPHandlers: handlers,
        upgradeCompletionHandler: { context in
          context.pipeline.syncOperations.removeHandler(bound.value, promise: nil)
        })
    }
    connection.makeUpgrade = makeUpgrade
    try pipeline.addHandler(encoder)
    try pipeline.addHandlers(handlers)
    try pipeline.addHandler(makeUpgrade())
    try pipeline.addHandler(connection)
  }

  // MARK: Events

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    deadline = Deadline(on: context.eventLoop) { [weak self] in self?.context?.close(promise: nil) }
    deadline?.set(limits.idleTime)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    deadline?.cancel()
  }

  func channelInactive(context: ChannelHandlerContext) {
    number += 1
    deadline?.cancel()
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // Malformed HTTP has been answered with 400 by now.
    context.close(promise: nil)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is ServerStops {
      context.close(promise: nil)
    } else {
      context.fireUserInboundEventTriggered(event)
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable, case .holding(let head) = phase { handOver(head) }
    context.fireChannelWritabilityChanged()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch (unwrapInboundIn(data), phase) {
    case (_, .draining): break
    case (.head(let head), _): receive(head)
    case (.body(let bytes), .receiving):
      guard body.count + bytes.readableBytes <= limits.requestBody else { return refuseBody() }
      body.append(contentsOf: bytes.readableBytesView)
    case (.end, .receiving(let head)):
      guard context.channel.isWritable else {
        phase = .holding(head)
        deadline?.set(limits.idleTime)
        return
      }
      handOver(head)
    case (.body, _), (.end, _): break
    }
  }

  // MARK: Requests

  private func receive(_ head: HTTPRequestHead) {
    phase = .receiving(head)
    body.removeAll(keepingCapacity: body.capacity <= 1 << 16)
    deadline?.set(limits.requestTime)
    if let length = head.headers.first(name: "content-length").flatMap({ Int($0) }),
      length > limits.requestBody
    {
      return refuseBody()
    }
    if head.headers[canonicalForm: "expect"].contains(where: { $0.lowercased() == "100-continue" })
    {
      let part = HTTPResponseHead(version: head.version, status: .continue)
      context?.writeAndFlush(wrapOutboundOut(.head(part)), promise: nil)
    }
  }

  private func refuseBody() {
    number += 1
    let text = "The body is larger than \(limits.requestBody) bytes.\n"
    write(.text(text, status: 413), isKeptAlive: false, omitsBody: false)
  }

  private func handOver(_ head: HTTPRequestHead) {
    guard let context else { return }
    phase = .answering(head)
    deadline?.cancel()
    number += 1
    let reply = ServerReply(
      connection: NIOLoopBound(self, eventLoop: context.eventLoop), loop: context.eventLoop,
      number: number)
    service.respond(to: ServerRequest(head, body: body), reply)
  }

  // MARK: Answers

  /// Answers the request with this number, unless it was answered or the peer is gone.
  func send(_ response: ServerResponse, to number: UInt64) {
    guard number == self.number, case .answering(let head) = phase else { return }
    self.number += 1
    write(response, isKeptAlive: head.isKeepAlive, omitsBody: head.method == .HEAD)
  }

  /// Closes the connection of the request with this number without an answer.
  func abandon(_ number: UInt64) {
    guard number == self.number, case .answering = phase else { return }
    context?.close(promise: nil)
  }

  private func write(_ response: ServerResponse, isKeptAlive: Bool, omitsBody: Bool) {
    guard let context else { return }
    var fields = HTTPHeaders()
    if !response.contentType.isEmpty {
      fields.add(name: "Content-Type", value: response.contentType)
    }
    fields.add(name: "Content-Length", value: "\(response.body.count)")
    for field in response.fields { fields.add(name: field.name, value: field.value) }
    if !isKeptAlive { fields.add(name: "Connection", value: "close") }
    phase = isKeptAlive ? .waiting : .draining
    deadline?.set(isKeptAlive ? limits.idleTime : Self.drainTime)
    let status = HTTPResponseStatus(statusCode: response.status)
    let head = HTTPResponseHead(version: .http1_1, status: status, headers: fields)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if !omitsBody, !response.body.isEmpty {
      let bytes = context.channel.allocator.buffer(bytes: response.body)
      context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil)
    }
    // Clients keep connections and may ask for a WebSocket on one that has served requests. The end
    // of this answer may bring the next request at once.
    if isKeptAlive, let makeUpgrade {
      try? context.pipeline.syncOperations.addHandler(makeUpgrade(), position: .before(self))
    }
    let written = context.writeAndFlush(wrapOutboundOut(.end(nil)))
    guard !isKeptAlive else { return }
    // Only the sending side closes, so that a peer in the midst of a large body reads the answer.
    let bound = context.loopBound
    written.whenComplete { _ in bound.value.close(mode: .output, promise: nil) }
  }
}

/// The way to answer one request, once, from any thread.
public struct ServerReply: Sendable {
  fileprivate let connection: NIOLoopBound<HTTPConnection>
  fileprivate let loop: any EventLoop
  fileprivate let number: UInt64

  /// Answers; without effect where an answer was given or the peer is gone.
  public func send(_ response: ServerResponse) {
    guard !loop.inEventLoop else { return connection.value.send(response, to: number) }
    loop.execute { connection.value.send(response, to: number) }
  }

  /// Closes the connection without an answer.
  public func abandon() {
    guard !loop.inEventLoop else { return connection.value.abandon(number) }
    loop.execute { connection.value.abandon(number) }
  }
}

extension ServerRequest {
  init(_ head: HTTPRequestHead, body: [UInt8]) {
    let (path, query) = Self.split(head.uri)
    self.init(
      method: head.method.rawValue, path: path, query: query,
      fields: head.headers.map { ServerField($0.name, $0.value) }, body: body)
  }

  /// Path and query of a request's target.
  static func split(_ target: String) -> (path: String, query: String) {
    guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return (target, "") }
    return (String(target[..<mark]), String(target[target.index(after: mark)...]))
  }
}

import Market
import NIOCore
import NIOWebSocket
import Synchronization

/// One WebSocket: whole text messages in, text frames out.
final class WebSocketConnection: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  private enum Phase {
    /// The peer was heard lately.
    case live
    /// It was pinged and has not been heard since.
    case pinged
    /// A close frame was sent.
    case closing
  }

  /// How long a peer may take to read the close frame.
  private static let closeTime = Interval.seconds(2)
  private static let lastNumber = Atomic<UInt64>(0)

  private let service: any ServerService
  private let limits: ServerLimits
  private let target: String
  private var context: ChannelHandlerContext?
  private var socket: ServerSocket?
  private var phase = Phase.live
  private var end: SocketEnd?
  private var deadline: Deadline?
  private var isFlushDue = false

  private init(target: String, service: any ServerService, limits: ServerLimits) {
    self.target = target
    self.service = service
    self.limits = limits
  }

  /// Sets up a connection that was just upgraded.
  static func configure(
    _ channel: any Channel, target: String, service: any ServerService, limits: ServerLimits
  ) throws {
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(
      NIOWebSocketFrameAggregator(
        minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: limits.fragments,
        maxAccumulatedFrameSize: limits.message))
    try pipeline.addHandler(
      WebSocketConnection(target: target, service: service, limits: limits))
  }

  // MARK: Events

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    let number = Self.lastNumber.add(1, ordering: .relaxed).newValue
    let socket = ServerSocket(
      number: number, target: target, connection: NIOLoopBound(self, eventLoop: context.eventLoop),
      loop: context.eventLoop)
    self.socket = socket
    deadline = Deadline(on: context.eventLoop) { [weak self] in self?.deadlinePassed() }
    deadline?.set(limits.silenceTime)
    service.opened(socket)
  }

  func handlerRemoved(context: ChannelHandlerContext) { finish(context) }

  func channelInactive(context: ChannelHandlerContext) {
    finish(context)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if let error = error as? NIOWebSocketError {
      let isTooLong = error == .invalidFrameLength
      close(
        isTooLong ? .messageTooLarge : .protocolError,
        .breach(isTooLong ? Self.tooLong : "it broke the protocol"))
    } else if error is NIOWebSocketFrameAggregator.Error {
      close(.messageTooLarge, .breach(Self.tooLong))
    } else {
      end = end ?? .byPeer
      context.close(promise: nil)
    }
  }

  private static var tooLong: String { "its message was too large" }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is ServerStops {
      write(.connectionClose, Self.payload(.goingAway), on: context)
      context.flush()
      end = end ?? .byServer
      context.close(promise: nil)
    } else {
      context.fireUserInboundEventTriggered(event)
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if !context.channel.isWritable {
      end = end ?? .notReading
      context.close(promise: nil)
    }
    context.fireChannelWritabilityChanged()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .closing = phase { return closingRead(data, context) }
    phase = .live
    deadline?.set(limits.silenceTime)
    let frame = unwrapInboundIn(data)
    switch frame.opcode {
    case .text:
      guard let socket else { return }
      service.received(Array(frame.unmaskedData.readableBytesView), on: socket)
    case .ping: write(.pong, frame.unmaskedData, on: context)
    case .pong:
      guard let socket else { return }
      service.ponged(Array(frame.unmaskedData.readableBytesView), on: socket)
    case .connectionClose: answerClose(frame, context)
    case .binary: close(.unacceptableData, .breach("it sent a binary message"))
    default: close(.protocolError, .breach("it sent a frame of an unknown kind"))
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    context.flush()
    context.fireChannelReadComplete()
  }

  private func closingRead(_ data: NIOAny, _ context: ChannelHandlerContext) {
    if case .connectionClose = unwrapInboundIn(data).opcode { context.close(promise: nil) }
  }

  private func answerClose(_ frame: WebSocketFrame, _ context: ChannelHandlerContext) {
    var data = frame.unmaskedData
    let code = data.readSlice(length: 2) ?? context.channel.allocator.buffer(capacity: 0)
    write(.connectionClose, code, on: context)
    context.flush()
    end = end ?? .byPeer
    context.close(promise: nil)
  }

  private func deadlinePassed() {
    guard let context else { return }
    switch phase {
    case .live:
      phase = .pinged
      deadline?.set(limits.silenceTime)
      write(.ping, context.channel.allocator.buffer(capacity: 0), on: context)
      context.flush()
    case .pinged:
      end = end ?? .silent
      context.close(promise: nil)
    case .closing: context.close(promise: nil)
    }
  }

  private func finish(_ context: ChannelHandlerContext) {
    deadline?.cancel()
    self.context = nil
    guard let socket else { return }
    self.socket = nil
    service.closed(socket, end ?? .byPeer)
  }

  // MARK: Sending

  /// Sends a text message; frames of one turn of the loop leave together.
  func send(_ text: [UInt8]) { send(.text, text) }

  /// Sends a ping; a control frame holds at most 125 bytes (RFC 6455, section 5.5).
  func ping(_ bytes: [UInt8]) { send(.ping, Array(bytes.prefix(125))) }

  private func send(_ opcode: WebSocketOpcode, _ bytes: [UInt8]) {
    guard let context else { return }
    if case .closing = phase { return }
    write(opcode, context.channel.allocator.buffer(bytes: bytes), on: context)
    guard !isFlushDue else { return }
    isFlushDue = true
    context.eventLoop.assumeIsolated().execute { [weak self] in
      self?.isFlushDue = false
      self?.context?.flush()
    }
  }

  /// Says good-bye and closes, once the peer has answered unless it broke a rule.
  func close(_ code: WebSocketErrorCode = .goingAway, _ end: SocketEnd = .byServer) {
    guard let context else { return }
    if case .closing = phase { return }
    self.end = self.end ?? end
    phase = .closing
    deadline?.set(Self.closeTime)
    write(.connectionClose, Self.payload(code), on: context)
    context.flush()
    if case .breach = end { context.close(promise: nil) }
  }

  /// Breaks the connection without a word.
  func cut() {
    end = end ?? .byServer
    context?.close(promise: nil)
  }

  private func write(
    _ opcode: WebSocketOpcode, _ data: ByteBuffer, on context: ChannelHandlerContext
  ) {
    let frame = WebSocketFrame(fin: true, opcode: opcode, data: data)
    context.write(wrapOutboundOut(frame), promise: nil)
  }

  private static func payload(_ code: WebSocketErrorCode) -> ByteBuffer {
    var data = ByteBuffer()
    data.write(webSocketErrorCode: code)
    return data
  }
}

/// One open WebSocket, to send on from any thread.
public struct ServerSocket: Sendable {
  /// Tells it apart from every other socket of the process.
  public let number: UInt64
  /// The path at which it was opened, its query included.
  public let target: String
  fileprivate let connection: NIOLoopBound<WebSocketConnection>
  fileprivate let loop: any EventLoop

  /// Sends a text message; without effect once the socket is closed.
  public func send(_ text: [UInt8]) {
    guard !loop.inEventLoop else { return connection.value.send(text) }
    loop.execute { connection.value.send(text) }
  }

  /// Sends a ping of at most 125 bytes; without effect once the socket is closed.
  public func ping(_ bytes: [UInt8]) {
    guard !loop.inEventLoop else { return connection.value.ping(bytes) }
    loop.execute { connection.value.ping(bytes) }
  }

  /// Says good-bye and closes.
  public func close() {
    guard !loop.inEventLoop else { return connection.value.close() }
    loop.execute { connection.value.close() }
  }

  /// Breaks the connection without a word, as a failing network does.
  public func cut() {
    guard !loop.inEventLoop else { return connection.value.cut() }
    loop.execute { connection.value.cut() }
  }
}

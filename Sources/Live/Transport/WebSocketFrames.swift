import NIOCore
import NIOWebSocket
import Venues

/// The last handler of a client's WebSocket: whole text messages in, pongs and closes answered.
final class WebSocketFrames: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  /// What a WebSocket tells its owner.
  enum Event {
    /// One whole text message.
    case frame([UInt8])
    /// It is over; nil where the venue closed it in order.
    case ended(TransportFailure?)
  }

  private let tell: (Event) -> Void
  private var hasEnded = false

  init(_ tell: @escaping (Event) -> Void) { self.tell = tell }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    // No extension was agreed on (RFC 6455, section 5.2), and the library below lets these through.
    guard !frame.rsv1, !frame.rsv2, !frame.rsv3 else { return end(.malformed, context) }
    switch frame.opcode {
    case .text: tell(.frame(Array(frame.unmaskedData.readableBytesView)))
    case .ping:
      // A venue that pings and never reads would fill the memory with answers.
      guard context.channel.isWritable else { return end(.connectionLost, context) }
      let pong = WebSocketFrame(
        fin: true, opcode: .pong, maskKey: .random(), data: frame.unmaskedData)
      context.writeAndFlush(wrapOutboundOut(pong), promise: nil)
    case .connectionClose:
      let answer = WebSocketFrame(
        fin: true, opcode: .connectionClose, maskKey: .random(), data: frame.unmaskedData)
      context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
      end(nil, context)
    case .pong: break
    // The venues speak JSON; bytes are a mistake of theirs or of somebody between.
    default: end(.malformed, context)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    end(.connectionLost, context)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case NIOWebSocketError.invalidFrameLength, is NIOWebSocketFrameAggregator.Error:
      end(.oversize, context)
    case is NIOWebSocketError: end(.malformed, context)
    default: end(.connectionLost, context)
    }
  }

  private func end(_ failure: TransportFailure?, _ context: ChannelHandlerContext) {
    guard !hasEnded else { return }
    hasEnded = true
    tell(.ended(failure))
    context.close(promise: nil)
  }
}

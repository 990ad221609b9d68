import NIOCore
import NIOHTTP1
import Venues

/// Reads what a venue answers in place of a WebSocket, and tells what that means.
final class HandshakeAnswer: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart

  private let tell: (TransportFailure) -> Void
  private var hasEnded = false

  init(_ tell: @escaping (TransportFailure) -> Void) { self.tell = tell }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .head(let head) = unwrapInboundIn(data) else { return }
    end(Self.isRefusal(Int(head.status.code)) ? .refused : .malformed)
  }

  func channelInactive(context: ChannelHandlerContext) {
    end(.connectionLost)
    context.fireChannelInactive()
  }

  /// Whether a status turns away a client that did nothing wrong but come: it may come later.
  private static func isRefusal(_ status: Int) -> Bool {
    [403, 418, 429].contains(status) || (500...599).contains(status)
  }

  private func end(_ failure: TransportFailure) {
    guard !hasEnded else { return }
    hasEnded = true
    tell(failure)
  }
}

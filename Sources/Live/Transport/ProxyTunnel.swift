import Foundation
import NIOCore
import Simulation

/// Asks a proxy for a tunnel to a venue, and is gone once there is one.
final class ProxyTunnel: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// The longest answer of a proxy.
  private static let longestAnswer = 16 << 10

  private let request: String
  private let completion: (Result<Void, TunnelRefused>) -> Void
  private var answer: [UInt8] = []
  private var hasEnded = false

  /// The proxy does not reach the venue.
  struct TunnelRefused: Error {}

  /// Asks `proxy` for the way to `endpoint`; tells `completion` once.
  init(
    _ proxy: Proxy, to endpoint: Endpoint,
    _ completion: @escaping (Result<Void, TunnelRefused>) -> Void
  ) {
    let host = endpoint.host.contains(":") ? "[\(endpoint.host)]" : endpoint.host
    let authority = "\(host):\(endpoint.port)"
    var request = "CONNECT \(authority) HTTP/1.1\r\nHost: \(authority)\r\n"
    if let credentials = proxy.credentials {
      let token = Data(credentials.utf8).base64EncodedString()
      request += "Proxy-Authorization: Basic \(token)\r\n"
    }
    self.request = request + "\r\n"
    self.completion = completion
  }

  func channelActive(context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !hasEnded else { return }
    answer.append(contentsOf: unwrapInboundIn(data).readableBytesView)
    guard let end = answer.firstRange(of: Array("\r\n\r\n".utf8)) else {
      if answer.count > Self.longestAnswer { end(.failure(TunnelRefused()), context) }
      return
    }
    // The venue waits to be spoken to: what comes after the proxy's answer comes from neither.
    let isOpen =
      answer.starts(with: "HTTP/1.".utf8)
      && answer.dropFirst(8).starts(with: " 2".utf8) && end.upperBound == answer.count
    self.end(isOpen ? .success(()) : .failure(TunnelRefused()), context)
  }

  func channelInactive(context: ChannelHandlerContext) {
    end(.failure(TunnelRefused()), context)
    context.fireChannelInactive()
  }

  private func end(_ result: Result<Void, TunnelRefused>, _ context: ChannelHandlerContext) {
    guard !hasEnded else { return }
    hasEnded = true
    context.pipeline.syncOperations.removeHandler(self, promise: nil)
    completion(result)
  }
}

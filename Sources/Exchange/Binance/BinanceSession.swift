import Market

/// An open WebSocket.
struct BinanceSession: Sendable {
  /// A stream that was asked for; nil where there is none of that name, which is acknowledged too.
  struct Stream: Hashable, Sendable {
    let name: String
    let channel: BinanceChannel?
  }

  let id: SessionID
  let streamClass: BinanceChannel.StreamClass
  let openedAt: Instant
  /// Whether frames name their stream.
  var isCombined: Bool
  var streams: [Stream] = []
  var lastPing: Instant
  var lastPong: Instant
  /// Frames in the second that began at ``second``.
  var second: Int64 = .min
  var framesInSecond = 0

  /// Whether it hears what a stream of this class pushes.
  func hears(_ stream: BinanceChannel.StreamClass) -> Bool {
    streamClass == stream || (streamClass == .unrouted && stream == .public)
  }
}

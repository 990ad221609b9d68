import Market

/// One connection of several streams, and the one that it replaces.
struct BinanceSocket: Sendable {
  /// Subscriptions that were sent in one frame and are not acknowledged.
  struct Pending: Sendable {
    let id: UInt64
    let streams: Range<Int>
  }

  /// The streams that it carries, by their place in the client's list.
  let streams: Range<Int>
  var kept: KeptSocket
  /// The connection that ``kept`` replaces; it is heard until the new one has spoken.
  var outgoing: ConnectionID?
  var pending: [Pending] = []
  /// Whether candles may have been missed since the last subscription.
  var hasMissed = false

  /// As many connections as the streams need.
  static func all(streams: Int, _ configuration: BinanceClientConfiguration) -> [BinanceSocket] {
    let size = min(max(configuration.streamsPerConnection, 1), 1_024)
    return stride(from: 0, to: streams, by: size).map { first in
      BinanceSocket(
        streams: first..<min(first + size, streams),
        kept: KeptSocket(
          backOff: configuration.reconnect, stableAfter: configuration.stableAfter,
          seed: configuration.seed &+ UInt64(first)))
    }
  }

  /// Whether every stream is acknowledged.
  var isSubscribed: Bool { kept.openConnection != nil && pending.isEmpty }

  /// Whether frames of a connection are taken.
  func hears(_ id: ConnectionID) -> Bool { id == kept.openConnection || id == outgoing }

  /// Whether a connection is one of its own, open or not.
  func owns(_ id: ConnectionID) -> Bool { id == kept.connection || id == outgoing }

  /// Ends; returns the connections to close.
  mutating func stop() -> [ConnectionID] {
    defer { outgoing = nil }
    pending = []
    return [outgoing, kept.stop()].compactMap { $0 }
  }
}

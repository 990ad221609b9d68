import Market
import Risk

/// The newest keys of a stream that may repeat itself, up to a bound.
struct RecentKeys<Key: Hashable & Sendable>: Sendable {
  private let capacity: Int
  private var ring: [Key] = []
  private var oldest = 0
  private var known: Set<Key> = []

  /// Remembers up to `capacity` keys, at least one.
  init(capacity: Int) { self.capacity = max(capacity, 1) }

  /// How many keys are remembered.
  var count: Int { known.count }

  /// Adds a key; false where it is known.
  ///
  /// The oldest key is forgotten beyond the bound.
  mutating func insert(_ key: Key) -> Bool {
    guard known.insert(key).inserted else { return false }
    if ring.count < capacity {
      ring.append(key)
    } else {
      known.remove(ring[oldest])
      ring[oldest] = key
      oldest = (oldest + 1) % capacity
    }
    return true
  }
}

/// What makes a trade or fill unique at the venue.
struct TradeKey: Hashable, Sendable {
  let symbol: Symbol
  let time: Instant
  let id: UInt64
  let side: Side
}

/// Which of our orders the venue's ids belong to, for messages that leave our id out.
struct VenueIDs: Sendable {
  private var clientIDs: [UInt64: ClientOrderID] = [:]
  private var order: [UInt64] = []

  /// How many ids are remembered.
  var count: Int { clientIDs.count }

  subscript(venueID: UInt64) -> ClientOrderID? { clientIDs[venueID] }

  mutating func note(_ clientID: ClientOrderID, for venueID: UInt64) {
    guard venueID != 0, clientIDs.updateValue(clientID, forKey: venueID) == nil else { return }
    order.append(venueID)
    guard order.count > 8_192 else { return }
    for id in order.prefix(4_096) { clientIDs[id] = nil }
    order.removeFirst(4_096)
  }
}

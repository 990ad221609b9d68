import Market

/// The last `capacity` whole numbers, oldest first; adding is O(1).
struct Window: Hashable, Sendable {
  let capacity: Int
  private var ring: [Int64] = []
  private var head = 0

  init(capacity: Int) {
    self.capacity = max(1, capacity)
    ring.reserveCapacity(self.capacity)
  }

  var count: Int { ring.count }
  var isFull: Bool { ring.count == capacity }

  /// The value at `index`, 0 the oldest.
  subscript(index: Int) -> Int64 {
    let position = head + index
    return ring[position < ring.count ? position : position - ring.count]
  }

  /// Adds `value` and returns what fell out.
  @discardableResult
  mutating func push(_ value: Int64) -> Int64? {
    guard isFull else {
      ring.append(value)
      return nil
    }
    let evicted = ring[head]
    ring[head] = value
    head = head + 1 == capacity ? 0 : head + 1
    return evicted
  }

  mutating func removeAll() {
    ring.removeAll(keepingCapacity: true)
    head = 0
  }

  /// The largest value held.
  var maximum: Int64? { ring.max() }
  /// The smallest value held.
  var minimum: Int64? { ring.min() }

  static func == (lhs: Self, rhs: Self) -> Bool {
    guard lhs.capacity == rhs.capacity, lhs.count == rhs.count else { return false }
    return lhs.ring.indices.allSatisfy { lhs[$0] == rhs[$0] }
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(capacity)
    for index in ring.indices { hasher.combine(self[index]) }
  }

  func write(to writer: inout BinaryWriter) {
    writer.write(count)
    for index in ring.indices { writer.write(self[index]) }
  }

  /// Reads a window of `capacity`.
  init(capacity: Int, from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(capacity: capacity)
    let start = reader.position
    let count = try reader.readCount()
    guard count <= self.capacity else { throw .invalid(offset: start) }
    for _ in 0..<count {
      let offset = reader.position
      let value = try reader.readInt64()
      guard value > .min else { throw .invalid(offset: offset) }
      ring.append(value)
    }
  }
}

/// The sum of the last `capacity` whole numbers, exact, so that no drift builds up.
struct RollingSum: Hashable, Sendable {
  private(set) var window: Window
  private(set) var sum: Int128 = 0

  init(capacity: Int) { window = Window(capacity: capacity) }

  /// The mean, once the window is full.
  var mean: Mean? {
    window.isFull ? Mean(sum: sum, count: Int64(window.capacity)) : nil
  }

  mutating func push(_ value: Int64) {
    sum += Int128(value) - Int128(window.push(value) ?? 0)
  }

  func write(to writer: inout BinaryWriter) { window.write(to: &writer) }

  init(capacity: Int, from reader: inout BinaryReader) throws(BinaryFault) {
    window = try Window(capacity: capacity, from: &reader)
    for index in 0..<window.count { sum += Int128(window[index]) }
  }
}

/// The simple mean of the last true ranges.
struct AverageTrueRange: Hashable, Sendable {
  private var ranges: RollingSum
  private var lastClose: Price?

  init(length: Int) { ranges = RollingSum(capacity: length) }

  /// The average up to and including the last absorbed candle.
  var mean: Mean? { ranges.mean }

  mutating func absorb(_ candle: Candle) {
    var range = candle.high - candle.low
    if let lastClose {
      range = max(
        range, (candle.high - lastClose).magnitude, (candle.low - lastClose).magnitude)
    }
    lastClose = candle.close
    ranges.push(range.steps)
  }

  func write(to writer: inout BinaryWriter) {
    ranges.write(to: &writer)
    writer.write(lastClose)
  }

  init(length: Int, from reader: inout BinaryReader) throws(BinaryFault) {
    ranges = try RollingSum(capacity: length, from: &reader)
    lastClose = try reader.readOptionalPrice()
  }
}

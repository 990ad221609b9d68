import Market

/// Mean and deviation of the last `capacity` whole numbers, from exact sums, so that nothing
/// drifts however long it runs; adding is O(1).
///
/// Values stay below 1e13 in magnitude, which the callers' units see to; larger ones are cut.
struct RollingMoments: Hashable, Sendable {
  private(set) var window: Window
  private var sum: Int128 = 0
  private var squares: Int128 = 0

  private static let largest: Int64 = 10_000_000_000_000

  init(capacity: Int) { window = Window(capacity: capacity) }

  mutating func push(_ value: Int64) {
    let value = min(max(value, -Self.largest), Self.largest)
    let gone = Int128(window.push(value) ?? 0)
    sum += Int128(value) - gone
    squares += Int128(value) * Int128(value) - gone * gone
  }

  /// `(value − mean) / sd` over the values held, with the sample deviation (`strategies.md` section
  /// 2.2); nil until the window is full, and where its values do not vary.
  func score(_ value: Int64) -> Double? {
    guard window.isFull, window.capacity > 1 else { return nil }
    let count = Int128(window.capacity)
    // count² times the population variance, exact.
    let spread = count * squares - sum * sum
    guard spread > 0 else { return nil }
    let deviation =
      (Double(spread) / Double(count) / Double(count - 1)).squareRoot()
    return (Double(value) - Double(sum) / Double(count)) / deviation
  }

  func write(to writer: inout BinaryWriter) { window.write(to: &writer) }

  init(capacity: Int, from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(capacity: capacity)
    let start = reader.position
    let held = try Window(capacity: capacity, from: &reader)
    for index in 0..<held.count {
      guard held[index].magnitude <= Self.largest.magnitude else { throw .invalid(offset: start) }
      push(held[index])
    }
  }
}

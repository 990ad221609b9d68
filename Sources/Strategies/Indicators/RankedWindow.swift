import Market

/// The last `capacity` whole numbers, also in order of size, for ranks and medians.
///
/// Adding moves at most `capacity` words; asking costs a binary search.
struct RankedWindow: Hashable, Sendable {
  private(set) var window: Window
  private var sorted: [Int64] = []

  init(capacity: Int) { window = Window(capacity: capacity) }

  var isFull: Bool { window.isFull }

  mutating func push(_ value: Int64) {
    if let gone = window.push(value) { sorted.remove(at: firstIndex(notBelow: gone)) }
    sorted.insert(value, at: firstIndex(notBelow: value))
  }

  /// The share of values below `value`, equal ones counted half (`strategies.md` section 2.2); nil
  /// until the window is full.
  func rank(of value: Int64) -> Double? {
    guard isFull else { return nil }
    let below = firstIndex(notBelow: value)
    let upTo = value == .max ? sorted.count : firstIndex(notBelow: value + 1)
    return (Double(below) + 0.5 * Double(upTo - below)) / Double(sorted.count)
  }

  /// The middle value, or the mean of the two middle ones; nil until the window is full.
  var median: Double? {
    guard isFull, let last = sorted.last else { return nil }
    let middle = sorted.count / 2
    guard sorted.count > 1 else { return Double(last) }
    return sorted.count.isMultiple(of: 2)
      ? (Double(sorted[middle - 1]) + Double(sorted[middle])) / 2 : Double(sorted[middle])
  }

  private func firstIndex(notBelow value: Int64) -> Int {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  static func == (lhs: Self, rhs: Self) -> Bool { lhs.window == rhs.window }
  func hash(into hasher: inout Hasher) { hasher.combine(window) }

  func write(to writer: inout BinaryWriter) { window.write(to: &writer) }

  init(capacity: Int, from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(capacity: capacity)
    let held = try Window(capacity: capacity, from: &reader)
    for index in 0..<held.count { push(held[index]) }
  }
}

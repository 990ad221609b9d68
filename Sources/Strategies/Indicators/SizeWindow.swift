import Market

/// The last `capacity` finite numbers of which none is negative, oldest first; adding is O(1).
///
/// They are held as bit patterns, which order as such numbers do, so that nothing is rounded.
struct SizeWindow: Hashable, Sendable {
  private var window: Window

  init(capacity: Int) { window = Window(capacity: capacity) }

  var count: Int { window.count }
  var isFull: Bool { window.isFull }

  /// The number at `index`, 0 the oldest.
  subscript(index: Int) -> Double {
    Double(bitPattern: UInt64(bitPattern: window[index]))
  }

  /// The number `age` before the newest, itself at 0; `age` is below `count`.
  func back(_ age: Int) -> Double { self[count - 1 - age] }

  mutating func push(_ value: Double) { window.push(value.sizeBits) }

  mutating func removeAll() { window.removeAll() }

  func write(to writer: inout BinaryWriter) { window.write(to: &writer) }

  init(capacity: Int, from reader: inout BinaryReader) throws(BinaryFault) {
    let start = reader.position
    window = try Window(capacity: capacity, from: &reader)
    guard window.holdsSizes else { throw .invalid(offset: start) }
  }
}

extension Window {
  /// Whether every value is the bit pattern of a finite number that is not negative.
  var holdsSizes: Bool {
    (0..<count).allSatisfy { (0..<Double.infinity.sizeBits).contains(self[$0]) }
  }
}

extension Double {
  /// The bit pattern, which orders as the number does where it is not negative.
  var sizeBits: Int64 { Int64(bitPattern: bitPattern) }
}

extension RankedWindow {
  /// Reads a window of bit patterns of finite numbers that are not negative.
  init(sizes capacity: Int, from reader: inout BinaryReader) throws(BinaryFault) {
    let start = reader.position
    try self.init(capacity: capacity, from: &reader)
    guard window.holdsSizes else { throw .invalid(offset: start) }
  }
}

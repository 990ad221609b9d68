/// Enumerates every sequence of bounded choices of a deterministic body, depth first.
///
/// ```swift
/// var odometer = Odometer()
/// while odometer.next() {
///   let order = odometer.draw(below: 3)   // the body may draw as often as its path needs
/// }
/// ```
///
/// Sequences come in lexicographic order, each once. The body must draw the same bounds after the
/// same values; ``hasDiverged`` says that it did not.
public struct Odometer: Choices, Sendable {
  private struct Digit: Sendable {
    var value: UInt64
    var bound: UInt64
  }

  private var digits: [Digit] = []
  private var position = 0
  private var isStarted = false

  /// How many sequences ``next()`` has begun.
  public private(set) var passes: UInt64 = 0
  /// Whether the body drew another bound than before after the same values, or stopped short.
  public private(set) var hasDiverged = false

  /// Stands before the first sequence.
  public init() {}

  /// Moves to the next sequence; false once all have been.
  public mutating func next() -> Bool {
    if isStarted {
      if position < digits.count {
        hasDiverged = true
        digits.removeLast(digits.count - position)
      }
      while let last = digits.last, last.value + 1 >= last.bound { digits.removeLast() }
      guard !digits.isEmpty else {
        position = 0
        return false
      }
      digits[digits.count - 1].value += 1
    }
    isStarted = true
    position = 0
    passes += 1
    return true
  }

  /// A number from 0 up to but not including `bound`; a bound of zero is treated as one.
  public mutating func draw(below bound: UInt64) -> UInt64 {
    let bound = max(bound, 1)
    if position == digits.count {
      digits.append(Digit(value: 0, bound: bound))
    } else if digits[position].bound != bound {
      hasDiverged = true
      digits[position] = Digit(value: digits[position].value % bound, bound: bound)
    }
    defer { position += 1 }
    return digits[position].value
  }

  /// What has been drawn in this sequence.
  public var drawn: [UInt64] { digits[..<position].map(\.value) }
}

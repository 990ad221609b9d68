/// Something that makes bounded choices: a seeded or replayed stream, or an odometer.
///
/// Every richer choice is made of ``draw(below:)``, here and once, so that whoever drives it
/// decides all of them. Zero is always the calm answer (nothing occurs, nothing moves, the first
/// entry, the lower bound): a shrinker that lowers numbers makes a run simpler.
public protocol Choices {
  /// A number from 0 up to but not including `bound`; a bound of zero is treated as one.
  mutating func draw(below bound: UInt64) -> UInt64
}

extension Choices {
  /// A number of `range`, each equally likely; zero drawn is the lower bound.
  @inlinable
  public mutating func draw(in range: ClosedRange<Int64>) -> Int64 {
    let width = UInt64(bitPattern: range.upperBound &- range.lowerBound)
    guard width < .max else {
      let high = draw(below: 1 << 32)
      return range.lowerBound &+ Int64(bitPattern: high << 32 | draw(below: 1 << 32))
    }
    return range.lowerBound &+ Int64(bitPattern: draw(below: width + 1))
  }

  /// Whether something of probability `ratio` happens; zero drawn is no, unless it always does.
  ///
  /// It draws once in every case, so that changing a ratio moves no later choice.
  @inlinable
  public mutating func occurs(_ ratio: Ratio) -> Bool {
    draw(below: ratio.denominator) >= ratio.denominator - ratio.numerator
  }

  /// An index of `weights`, as likely as its weight; the first where all are zero or none is given.
  ///
  /// Weights that add up beyond 64 bits are halved together until they fit.
  @inlinable
  public mutating func pick(weights: [UInt64]) -> Int {
    let total = weights.reduce(UInt128(0)) { $0 + UInt128($1) }
    var shift: UInt64 = 0
    while total >> UInt128(shift) > UInt128(UInt64.max) { shift += 1 }
    var sum: UInt64 = 0
    for weight in weights { sum += weight >> shift }
    var drawn = draw(below: sum)
    guard sum > 0 else { return 0 }
    for (index, weight) in weights.enumerated() {
      let share = weight >> shift
      if drawn < share { return index }
      drawn -= share
    }
    return 0
  }

  /// Puts `array` in an order, each equally likely; zeros drawn leave it as it is.
  @inlinable
  public mutating func shuffle<Element>(_ array: inout [Element]) {
    guard array.count > 1 else { return }
    for index in stride(from: array.count - 1, to: 0, by: -1) {
      let distance = Int(draw(below: UInt64(index) + 1))
      array.swapAt(index, index - distance)
    }
  }
}

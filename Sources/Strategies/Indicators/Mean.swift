public import Market

/// A mean kept as its exact sum and count, so that comparing with it rounds nothing.
public struct Mean: Hashable, Sendable {
  /// The sum of the values, in their own steps.
  public let sum: Int128
  /// How many values, at least 1.
  public let count: Int64

  /// Makes a mean of `count` (at least 1) values.
  public init(sum: Int128, count: Int64) {
    self.sum = sum
    self.count = max(1, count)
  }

  /// Whether `value` is at least `multiple` times the mean.
  public func isReached(by value: Int128, times multiple: Fraction) -> Bool {
    value * Int128(count) * Int128(Fraction.stepsPerWhole) >= Int128(multiple.steps) * sum
  }

  /// Whether `value` is more than `multiple` times the mean.
  public func isExceeded(by value: Int128, times multiple: Fraction) -> Bool {
    value * Int128(count) * Int128(Fraction.stepsPerWhole) > Int128(multiple.steps) * sum
  }

  /// `value` as a multiple of the mean; infinite where the mean is zero.
  public func ratio(of value: Int128) -> Double {
    Double(value) * Double(count) / Double(sum)
  }

  /// `fraction` of the mean, rounded up to a whole step.
  public func part(_ fraction: Fraction) -> Int128 {
    let divisor = Int128(count) * Int128(Fraction.stepsPerWhole)
    return Rounding.up.divide(sum * Int128(fraction.steps), by: divisor)
  }
}

extension Mean: BinaryCodable {
  /// Writes sum and count.
  public func write(to writer: inout BinaryWriter) {
    writer.write(Int64(truncatingIfNeeded: sum >> 64))
    writer.write(UInt64(truncatingIfNeeded: sum))
    writer.write(count)
  }

  /// Reads sum and count.
  ///
  /// - Throws: ``BinaryFault`` where the bytes are not a mean.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    let high = Int128(try reader.readInt64()) << 64
    sum = high | Int128(try reader.readUInt64())
    let start = reader.position
    count = try reader.readInt64()
    guard (1...1 << 32).contains(count), sum.magnitude < 1 << 80 else {
      throw .invalid(offset: start)
    }
  }
}

/// `value` held between 0 and 1; what is not a number counts as 0.
func clamp(_ value: Double) -> Double {
  guard value > 0 else { return 0 }
  return value < 1 ? value : 1
}

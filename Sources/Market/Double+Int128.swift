extension Double {
  /// The number nearest to `value`, ties to even.
  ///
  /// The same to the bit as the standard library's conversion of any integer, which is chosen
  /// where this one is not seen and takes twenty times as long.
  @inlinable
  public init(_ value: Int128) {
    guard value > Int128(Int64.max) || value < Int128(Int64.min) else {
      self = Double(Int64(truncatingIfNeeded: value))
      return
    }
    // The leading 64 bits, the last of them set where any bit behind them is: eleven more than a
    // double holds, so that they round as the whole would.
    let magnitude = value.magnitude
    let shift = 64 - magnitude.leadingZeroBitCount
    let leading = UInt64(truncatingIfNeeded: magnitude >> UInt128(shift))
    let isExact = magnitude == UInt128(leading) << UInt128(shift)
    let rounded = Double(isExact ? leading : leading | 1)
    let power = Double(bitPattern: UInt64(1_023 + shift) << 52)
    self = value < 0 ? -(rounded * power) : rounded * power
  }
}

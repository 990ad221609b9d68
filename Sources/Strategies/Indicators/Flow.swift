import Market

extension TakerSplit {
  /// `(buy − sell) / (buy + sell)` in steps of 1e-8, nearest; zero where nothing traded.
  var deltaRatio: Fraction {
    let total = Int128(buy.steps) + Int128(sell.steps)
    guard total > 0 else { return .zero }
    let delta = (Int128(buy.steps) - Int128(sell.steps)) * Int128(Fraction.stepsPerWhole)
    // The quotient is within ±1e8.
    return Fraction(steps: Int64(truncatingIfNeeded: Rounding.nearest.divide(delta, by: total)))
  }

  /// `buy − sell` in steps of base coin.
  var delta: Int128 { Int128(buy.steps) - Int128(sell.steps) }
}

extension Quantity {
  /// This less `share` of it, exactly, in steps of 1e-16.
  private func less(_ share: Fraction) -> Int128 {
    Int128(steps) * (Int128(Fraction.stepsPerWhole) - Int128(share.steps))
  }

  /// Whether this is at least `share` less than `before`.
  func isDown(from before: Quantity, by share: Fraction) -> Bool {
    Int128(steps) * Int128(Fraction.stepsPerWhole) <= before.less(share)
  }

  /// Whether this is more than `share` less than `before`.
  func isDown(from before: Quantity, byMoreThan share: Fraction) -> Bool {
    Int128(steps) * Int128(Fraction.stepsPerWhole) < before.less(share)
  }

  /// The share by which this is less than `before`, which is positive.
  func shareDown(from before: Quantity) -> Double {
    1 - Double(steps) / Double(before.steps)
  }
}

extension Funding {
  /// The rate as of a period of eight hours, to the nearest step; nil where the period is not
  /// positive or the rate too large.
  var eightHourRate: FundingRate? {
    guard period > .zero else { return nil }
    let scaled = Int128(rate.steps) * Int128(Interval.hours(8).nanoseconds)
    return Int64(exactly: Rounding.nearest.divide(scaled, by: Int128(period.nanoseconds)))
      .map(FundingRate.init(steps:))
  }
}

extension FundingRate {
  /// The nearest `Double` to the fraction, for indicators only.
  var fraction: Double { Double(steps) / 1e10 }
}

/// Whether the source of the taker split saw enough of each of the last `length` candles.
struct FlowCoverage: Hashable, Sendable {
  let length: Int
  /// How many of the newest candles in a row were seen well enough, at most `length`.
  private var run = 0

  init(length: Int) { self.length = max(1, length) }

  /// Whether every one of the last `length` candles was seen well enough.
  var isEnough: Bool { run == length }

  /// Takes in what a candle tells of its takers; nothing at all counts as not seen.
  mutating func absorb(_ split: TakerSplit?, least: Fraction) {
    run = split.map { $0.coverage >= least } == true ? min(run + 1, length) : 0
  }

  func write(to writer: inout BinaryWriter) { writer.write(run) }

  init(length: Int, from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(length: length)
    let start = reader.position
    run = try reader.readInt()
    guard (0...self.length).contains(run) else { throw .invalid(offset: start) }
  }
}

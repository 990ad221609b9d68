import Market

/// Where the value of a day lies: the prices around the fullest one that hold most of its volume.
struct ValueArea: Hashable, Sendable {
  /// The lower edge, VAL.
  let low: Price
  /// The centre of the fullest bin, POC.
  let pointOfControl: Price
  /// The upper edge, VAH.
  let high: Price

  /// The edge beyond which `side` has left value, in steps along the side.
  func edge(_ side: Side) -> Int64 { side.along(side == .buy ? high : low) }
}

/// The volume of a day by price: equal bins from its low to its high.
///
/// Each candle's volume is spread evenly over its range (`strategies.md` section 3.4). Bins hold
/// steps of base coin as `Double`: every share is one quotient of whole numbers times the volume,
/// added in the order of the candles, so that equal bins are equal to the bit, the mirrored day has
/// the mirrored bins, and a change of unit changes nothing but the last bit.
struct VolumeProfile: Hashable, Sendable {
  /// What a profile reads of a candle.
  struct Bar: Hashable, Sendable {
    let high: Price
    let low: Price
    let volume: Quantity
  }

  /// The volume in each bin, the lowest first, in steps of base coin.
  private(set) var bins: [Double]
  private let low: Int64
  private let range: Int128
  private let volume: Int128

  /// Sums up a day; nil where it has no range, no volume or no bins.
  init?(_ bars: [Bar], binCount: Int) {
    guard let low = bars.map(\.low).min(), let high = bars.map(\.high).max(), low < high,
      binCount > 0
    else { return nil }
    self.low = low.steps
    range = Int128(high.steps) - Int128(low.steps)
    volume = bars.reduce(0) { $0 + Int128($1.volume.steps) }
    guard volume > 0 else { return nil }
    bins = Array(repeating: 0, count: binCount)
    for bar in bars { spread(bar) }
  }

  /// Adds the volume of `bar` to the bins that its range touches.
  ///
  /// Prices are multiplied by the number of bins, so that the edges of bins are whole numbers.
  private mutating func spread(_ bar: Bar) {
    let count = Int128(bins.count)
    let bottom = (Int128(bar.low.steps) - Int128(low)) * count
    let top = (Int128(bar.high.steps) - Int128(low)) * count
    let volume = Double(bar.volume.steps)
    guard bottom < top else { return concentrate(volume, at: bottom) }
    var index = bottom / range
    while index < count, index * range < top {
      let overlap = min(top, (index + 1) * range) - max(bottom, index * range)
      bins[Int(index)] += volume * (Double(overlap) / Double(top - bottom))
      index += 1
    }
  }

  /// Adds volume at one price; one that lies between two bins belongs to both by halves.
  private mutating func concentrate(_ volume: Double, at place: Int128) {
    let (index, rest) = place.quotientAndRemainder(dividingBy: range)
    let above = Int(index)
    guard rest == 0, above > 0, above < bins.count else {
      bins[min(above, bins.count - 1)] += volume
      return
    }
    bins[above - 1] += volume / 2
    bins[above] += volume / 2
  }

  /// The value area that holds at least `share` of the volume.
  ///
  /// Of equally full bins the lowest is the point of control, and of equal neighbours the upper is
  /// taken first: with ties, and only with ties, the area of the mirrored day is not the mirrored
  /// area.
  func valueArea(_ share: Fraction) -> ValueArea {
    var fullest = 0
    for index in bins.indices where bins[index] > bins[fullest] { fullest = index }
    var lower = fullest
    var upper = fullest
    var held = bins[fullest]
    // The tolerance of section 2.2, which also keeps the sums' last bits from deciding.
    let wanted = (share.double - 1e-9) * Double(volume)
    while held < wanted {
      let below = lower > 0 ? bins[lower - 1] : -1
      let above = upper + 1 < bins.count ? bins[upper + 1] : -1
      guard above >= 0 || below >= 0 else { break }
      if above >= below {
        upper += 1
        held += above
      } else {
        lower -= 1
        held += below
      }
    }
    return ValueArea(
      low: price(halfBins: 2 * lower), pointOfControl: price(halfBins: 2 * fullest + 1),
      high: price(halfBins: 2 * upper + 2))
  }

  /// The price so many half bins above the low, to the nearest step; exact where the range is a
  /// multiple of as many steps as there are half bins.
  private func price(halfBins: Int) -> Price {
    let offset = Rounding.nearest.divide(
      range * Int128(halfBins), by: 2 * Int128(bins.count))
    // Between the low and the high.
    return Price(steps: Int64(truncatingIfNeeded: Int128(low) + offset))
  }
}

extension ValueArea: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(low)
    writer.write(pointOfControl)
    writer.write(high)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    let start = reader.position
    low = try reader.readPrice()
    pointOfControl = try reader.readPrice()
    high = try reader.readPrice()
    guard low <= pointOfControl, pointOfControl <= high else { throw .invalid(offset: start) }
  }
}

extension VolumeProfile.Bar: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(high)
    writer.write(low)
    writer.write(volume)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    let start = reader.position
    high = try reader.readPrice()
    low = try reader.readPrice()
    volume = try reader.readFixed()
    guard low <= high, volume >= .zero else { throw .invalid(offset: start) }
  }
}

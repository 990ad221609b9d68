import Market

/// Finds swing highs and lows: the extreme of `reach` candles on either side.
///
/// A swing is known only at the close of the last candle on its right. The earliest of equal
/// extremes counts.
struct SwingFinder: Hashable, Sendable {
  /// What one candle confirmed.
  struct Confirmed: Hashable, Sendable {
    var high: Price?
    var low: Price?
    /// The open time of the candle that made the swing.
    let openTime: Instant
  }

  let reach: Int
  private var highs: Window
  /// Negated, so that both sides are searched alike.
  private var lows: Window
  private var expected: Instant?

  init(reach: Int) {
    self.reach = reach
    highs = Window(capacity: 2 * reach + 1)
    lows = Window(capacity: 2 * reach + 1)
  }

  /// Takes in a candle and says which swing it confirms; a gap starts the search anew.
  mutating func absorb(_ candle: Candle) -> Confirmed? {
    if let expected, expected != candle.openTime {
      highs.removeAll()
      lows.removeAll()
    }
    expected = candle.closeTime
    highs.push(candle.high.steps)
    lows.push(-candle.low.steps)
    guard highs.isFull else { return nil }
    let high = crest(of: highs)
    let low = crest(of: lows)
    guard high != nil || low != nil else { return nil }
    return Confirmed(
      high: high.map(Price.init(steps:)), low: low.map { Price(steps: -$0) },
      openTime: candle.openTime - candle.timeframe.interval * Int64(reach))
  }

  private func crest(of window: Window) -> Int64? {
    let middle = window[reach]
    for offset in 1...reach {
      guard window[reach - offset] < middle, window[reach + offset] <= middle else { return nil }
    }
    return middle
  }

  func write(to writer: inout BinaryWriter) {
    highs.write(to: &writer)
    lows.write(to: &writer)
    writer.write(expected)
  }

  init(reach: Int, from reader: inout BinaryReader) throws(BinaryFault) {
    self.reach = reach
    highs = try Window(capacity: 2 * reach + 1, from: &reader)
    let start = reader.position
    lows = try Window(capacity: 2 * reach + 1, from: &reader)
    guard lows.count == highs.count else { throw .invalid(offset: start) }
    expected = try reader.readOptionalTime()
  }
}

/// A confirmed swing high or low as a level of the market.
struct Swing: Hashable, Sendable {
  /// The price in steps that grow outward: negated for a low.
  let outward: Int64
  /// The open time of the candle that made it.
  let openTime: Instant
  /// The open time of the first candle that traded through it.
  var brokenBy: Instant?
  /// Until when an equal swing, no further out, is remembered beside it.
  var twinUntil: Instant?

  /// Whether the level stood until the candle that opens at `time`.
  func stood(before time: Instant) -> Bool { brokenBy.map { $0 >= time } ?? true }
}

/// The confirmed swings of one side, for a limited time and hence in limited number.
struct SwingBook: Hashable, Sendable {
  /// How long swings count, and when two are equal.
  struct Rule: Hashable, Sendable {
    /// How long a swing is remembered.
    let memory: Interval
    /// How far apart equal swings may lie, as a fraction of the outer one.
    var tolerance: Fraction = .zero
  }

  private(set) var swings: [Swing] = []

  /// Takes in the outward extreme of a candle: forgets old swings and marks broken ones.
  mutating func absorb(outward: Int64, openTime: Instant, _ rule: Rule) {
    var aged = 0
    while aged < swings.count, swings[aged].openTime + rule.memory < openTime { aged += 1 }
    if aged > 0 { swings.removeFirst(aged) }
    for index in swings.indices
    where swings[index].outward < outward && swings[index].brokenBy == nil {
      swings[index].brokenBy = openTime
    }
  }

  /// Adds a swing that the candle absorbed last has confirmed, and pairs it with its equals.
  mutating func add(outward: Int64, openTime: Instant, _ rule: Rule) {
    var swing = Swing(outward: outward, openTime: openTime)
    for index in swings.indices {
      let other = swings[index]
      let outer = max(other.outward, outward)
      let apart = Int128(outer) - Int128(min(other.outward, outward))
      guard
        apart * Int128(Fraction.stepsPerWhole)
          <= Int128(rule.tolerance.steps) * Int128(outer.magnitude)
      else { continue }
      if outward >= other.outward {
        swing.twinUntil = max(swing.twinUntil ?? other.openTime, other.openTime + rule.memory)
      }
      if other.outward >= outward {
        swings[index].twinUntil = max(other.twinUntil ?? openTime, openTime + rule.memory)
      }
    }
    swings.append(swing)
  }
}

extension SwingBook: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(swings.count)
    for swing in swings {
      writer.write(swing.outward)
      writer.write(swing.openTime)
      writer.write(swing.brokenBy)
      writer.write(swing.twinUntil)
    }
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    for _ in 0..<(try reader.readCount()) {
      let offset = reader.position
      let outward = try reader.readInt64()
      guard outward > .min else { throw .invalid(offset: offset) }
      swings.append(
        Swing(
          outward: outward, openTime: try reader.readTime(),
          brokenBy: try reader.readOptionalTime(), twinUntil: try reader.readOptionalTime()))
    }
  }
}

/// The confirmed swings of both sides.
struct SwingPair: Hashable, Sendable {
  var highs = SwingBook()
  var lows = SwingBook()

  /// Marks what `candle` broke and adds what it confirmed.
  mutating func absorb(
    _ candle: Candle, _ confirmed: SwingFinder.Confirmed?, _ rule: SwingBook.Rule
  ) {
    highs.absorb(outward: candle.high.steps, openTime: candle.openTime, rule)
    lows.absorb(outward: -candle.low.steps, openTime: candle.openTime, rule)
    guard let confirmed else { return }
    if let high = confirmed.high {
      highs.add(outward: high.steps, openTime: confirmed.openTime, rule)
    }
    if let low = confirmed.low {
      lows.add(outward: -low.steps, openTime: confirmed.openTime, rule)
    }
  }

  /// The swings on the winning side of `entry`, nearest first.
  func beyond(_ entry: Price, _ side: Side) -> [Price] {
    let book = side == .buy ? highs : lows
    return book.swings.map(\.outward).filter { $0 > side.along(entry) }.sorted()
      .map { Price(steps: side == .buy ? $0 : -$0) }
  }
}

extension SwingPair: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(highs)
    writer.write(lows)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    highs = try reader.read()
    lows = try reader.read()
  }
}

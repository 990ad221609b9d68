public import Market

extension SkewFlow {
  /// The premiums, the samples of the bar that grows, and the stretch.
  public struct State: Hashable, Sendable {
    var trueRange = AverageTrueRange(length: trueRangeLength)
    /// The last premiums, in steps of ``Fraction``, for their mean and deviation.
    var premiums: RollingMoments
    /// The same, for their median.
    var ranked: RankedWindow
    /// The samples of bars that have not closed yet, oldest first.
    var tallies: [Tally] = []
    /// When the newest spot sample was received.
    var spotReceived: Instant?
    /// The newest price of the stablecoin.
    var stablecoin: Price?
    /// The newest rate, of eight hours.
    var funding: FundingRate?
    /// The last candle.
    var last: Bar?
    /// How far the premium of the last candle lies from those before; nil where it is unknown.
    var measure: Measure?
    /// What the last candle came to.
    var finding = Finding.refused(.warmUp)
    var stretch: Stretch?

    static let trueRangeLength = 14
    /// The bar that grows, and the one after it: a poll at the very close comes before the candle.
    static let tallyCount = 2
    static let largestWindow = 100_000

    init(_ configuration: Configuration) {
      premiums = RollingMoments(capacity: configuration.premiumBars)
      ranked = RankedWindow(capacity: configuration.premiumBars)
    }
  }

  /// What is kept of a candle.
  struct Bar: Hashable, Sendable {
    let openTime: Instant
    let close: Price
  }

  /// The samples received during one bar.
  struct Tally: Hashable, Sendable {
    let openTime: Instant
    /// The sum of their premiums, in steps of ``Fraction``.
    private(set) var sum: Int64 = 0
    private(set) var count: Int64 = 0

    init(openTime: Instant) { self.openTime = openTime }

    /// Adds a premium of at most 100 %.
    mutating func add(_ premium: Fraction) {
      sum += premium.steps
      count += 1
    }

    /// The mean, nearest; nil without `minimum` samples.
    func mean(ofAtLeast minimum: Int64) -> Fraction? {
      guard count > 0, count >= minimum else { return nil }
      // No larger than the largest sample.
      return Fraction(
        steps: Int64(
          truncatingIfNeeded: Rounding.nearest.divide(Int128(sum), by: Int128(count))))
    }
  }

  /// `mid / spot − 1`, nearest; nil where it is more than 100 % away, which one of the two prices
  /// is wrong about.
  static func premium(mid: Price, spot: Price) -> Fraction? {
    guard mid > .zero, spot > .zero else { return nil }
    let apart = (Int128(mid.steps) - Int128(spot.steps)) * Int128(Fraction.stepsPerWhole)
    let premium = Rounding.nearest.divide(apart, by: Int128(spot.steps))
    guard premium.magnitude <= Fraction.stepsPerWhole.magnitude else { return nil }
    return Fraction(steps: Int64(truncatingIfNeeded: premium))
  }
}

extension SkewFlow.State {
  /// Takes in a sample that is newer than the newest; one without a mid has no premium, but shows
  /// that spot is fresh.
  mutating func absorb(_ sample: SpotPrice, received: Instant) {
    if let spotReceived, spotReceived >= received { return }
    spotReceived = received
    guard let mid = sample.mid,
      let premium = SkewFlow.premium(mid: mid, spot: sample.price)
    else { return }
    let openTime = Timeframe.m15.open(containing: received)
    if tallies.last?.openTime != openTime {
      tallies.append(SkewFlow.Tally(openTime: openTime))
      if tallies.count > Self.tallyCount { tallies.removeFirst() }
    }
    tallies[tallies.count - 1].add(premium)
  }

  /// Takes in a candle: measures its premium against those before and moves the stretch on.
  mutating func absorb(_ candle: Candle, _ configuration: SkewFlow.Configuration) {
    trueRange.absorb(candle)
    let premium = tallies.first { $0.openTime == candle.openTime }?
      .mean(ofAtLeast: configuration.minimumSamples)
    tallies.removeAll { $0.openTime <= candle.openTime }
    let isWarm = ranked.isFull
    measure = premium.flatMap(measured)
    if let premium {
      premiums.push(premium.steps)
      ranked.push(premium.steps)
    }
    let moved = follow(candle, measure, configuration)
    if !isWarm {
      finding = .refused(.warmUp)
    } else if measure == nil {
      finding = .refused(premium == nil ? .dataMissing : .flatSeries)
    } else {
      finding = moved
    }
  }

  private func measured(_ premium: Fraction) -> SkewFlow.Measure? {
    guard let score = premiums.score(premium.steps), let median = ranked.median else { return nil }
    return SkewFlow.Measure(score: score, deviation: Double(premium.steps) - median)
  }
}

extension SkewFlow.State: BinaryCodable {
  /// Writes the premiums and the stretch.
  public func write(to writer: inout BinaryWriter) {
    trueRange.write(to: &writer)
    writer.write(premiums.window.capacity)
    premiums.write(to: &writer)
    writer.write(tallies)
    writer.write(spotReceived)
    writer.write(stablecoin)
    writer.write(funding != nil)
    if let funding { writer.write(funding.steps) }
    writer.write(last)
    writer.write(measure)
    writer.write(finding)
    writer.write(stretch)
  }

  /// Reads premiums and a stretch.
  ///
  /// - Throws: ``BinaryFault`` where the bytes are not such a state.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    trueRange = try AverageTrueRange(length: Self.trueRangeLength, from: &reader)
    let start = reader.position
    let capacity = try reader.readInt()
    guard (1...Self.largestWindow).contains(capacity) else { throw .invalid(offset: start) }
    premiums = try RollingMoments(capacity: capacity, from: &reader)
    ranked = RankedWindow(capacity: capacity)
    for index in 0..<premiums.window.count { ranked.push(premiums.window[index]) }
    let offset = reader.position
    tallies = try reader.readArray()
    guard tallies.count <= Self.tallyCount else { throw .invalid(offset: offset) }
    spotReceived = try reader.readOptionalTime()
    stablecoin = try reader.readOptionalPrice()
    funding = try reader.readBool() ? FundingRate(steps: try reader.readInt64()) : nil
    last = try reader.readOptional()
    measure = try reader.readOptional()
    finding = try reader.read()
    stretch = try reader.readOptional()
  }
}

extension SkewFlow.Tally: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(openTime)
    writer.write(sum)
    writer.write(count)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    openTime = try reader.readTime()
    let start = reader.position
    sum = try reader.readInt64()
    count = try reader.readInt64()
    guard (0...1_000_000_000).contains(count),
      sum.magnitude <= count.magnitude * Fraction.stepsPerWhole.magnitude
    else { throw .invalid(offset: start) }
  }
}

extension SkewFlow.Bar: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(openTime)
    writer.write(close)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(openTime: try reader.readTime(), close: try reader.readPrice())
  }
}

public import Market

extension OIFlow {
  /// The last bars with their open interest, and the divergence of each side.
  public struct State: Hashable, Sendable {
    var trueRange = AverageTrueRange(length: trueRangeLength)
    /// The last bars, oldest first, without a gap.
    var bars: [Bar] = []
    /// How many bars had open interest, counted up to ``mostFedBars``.
    var fedBars: Int64 = 0
    /// The newest open interest.
    var interest: Known<Quantity>?
    /// The newest rate, of eight hours.
    var funding: Known<FundingRate>?
    var long = Watch(side: .buy)
    var short = Watch(side: .sell)

    static let trueRangeLength = 14
    static let mostFedBars: Int64 = 1_000_000
  }

  /// A value and when it was received.
  struct Known<Value: Hashable & Sendable>: Hashable, Sendable {
    let value: Value
    let received: Instant
  }

  /// A candle with the open interest at its close.
  struct Bar: Hashable, Sendable {
    let openTime: Instant
    let open: Price
    let high: Price
    let low: Price
    let close: Price
    /// Nil where the newest reading was too old.
    let interest: Quantity?

    /// The bar from `side`.
    func facing(_ side: Side) -> FacingCandle {
      FacingCandle(open: open, high: high, low: low, close: close, facing: side)
    }
  }
}

extension OIFlow.State {
  /// Takes in a candle, with the average true range up to it.
  mutating func absorb(
    _ candle: Candle, _ trueRange: Mean?, _ configuration: OIFlow.Configuration
  ) {
    if let last = bars.last, last.openTime + candle.timeframe.interval != candle.openTime {
      // Neither bars nor extremes can be counted across a gap.
      bars.removeAll(keepingCapacity: true)
      long.disarm()
      short.disarm()
    }
    let isFresh = interest.map {
      candle.closeTime - $0.received <= configuration.interestAge
    }
    let standing = isFresh == true ? interest?.value : nil
    if standing != nil { fedBars = min(fedBars + 1, Self.mostFedBars) }
    bars.append(
      OIFlow.Bar(
        openTime: candle.openTime, open: candle.open, high: candle.high, low: candle.low,
        close: candle.close, interest: standing))
    if bars.count > configuration.barCount {
      bars.removeFirst(bars.count - configuration.barCount)
    }
    guard let trueRange else { return }
    long.absorb(bars, trueRange, configuration)
    short.absorb(bars, trueRange, configuration)
  }
}

extension OIFlow.State: BinaryCodable {
  /// Writes the bars and the divergences.
  public func write(to writer: inout BinaryWriter) {
    trueRange.write(to: &writer)
    writer.write(bars)
    writer.write(fedBars)
    writer.write(interest != nil)
    if let interest {
      writer.write(interest.value)
      writer.write(interest.received)
    }
    writer.write(funding != nil)
    if let funding {
      writer.write(funding.value.steps)
      writer.write(funding.received)
    }
    long.write(to: &writer)
    short.write(to: &writer)
  }

  /// Reads bars and divergences.
  ///
  /// - Throws: ``BinaryFault`` where the bytes are not such a state.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    trueRange = try AverageTrueRange(length: Self.trueRangeLength, from: &reader)
    bars = try reader.readArray()
    let start = reader.position
    fedBars = try reader.readInt64()
    guard (0...Self.mostFedBars).contains(fedBars) else { throw .invalid(offset: start) }
    if try reader.readBool() {
      interest = OIFlow.Known(
        value: try reader.readInterest(), received: try reader.readTime())
    }
    if try reader.readBool() {
      funding = OIFlow.Known(
        value: FundingRate(steps: try reader.readInt64()), received: try reader.readTime())
    }
    long = try OIFlow.Watch(side: .buy, from: &reader)
    short = try OIFlow.Watch(side: .sell, from: &reader)
  }
}

extension OIFlow.Bar: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(openTime)
    writer.write(open)
    writer.write(high)
    writer.write(low)
    writer.write(close)
    writer.write(interest)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    self.init(
      openTime: try reader.readTime(), open: try reader.readPrice(), high: try reader.readPrice(),
      low: try reader.readPrice(), close: try reader.readPrice(),
      interest: try reader.readBool() ? try reader.readInterest() : nil)
  }
}

extension BinaryReader {
  /// Reads a positive quantity.
  mutating func readInterest() throws(BinaryFault) -> Quantity {
    let start = position
    let quantity: Quantity = try readFixed()
    guard quantity > .zero else { throw .invalid(offset: start) }
    return quantity
  }
}

public import Market

extension QuantFlow {
  /// The measured past and the newest reading of each kind.
  public struct State: Hashable, Sendable {
    /// What the candles amount to.
    var chart: Chart
    /// What is kept of the newest option chain; it may be too old to count.
    public internal(set) var options: OptionsReading?
    var index: Sample?
    var openInterest: Sample?

    init(_ lengths: Lengths) { chart = Chart(lengths) }
  }

  /// A reading in its own steps.
  struct Sample: Hashable, Sendable {
    let value: Int64
    let received: Instant

    /// Whether there is a value, not older than `age`.
    func isFresh(at time: Instant, within age: Interval) -> Bool {
      value > 0 && QuantFlow.isFresh(received, at: time, within: age)
    }
  }

  static func isFresh(_ received: Instant, at time: Instant, within age: Interval) -> Bool {
    received <= time && time - received <= age
  }

  /// What the candles since the last gap amount to.
  struct Chart: Hashable, Sendable {
    let lengths: Lengths
    /// When the newest candle closed.
    private(set) var through: Instant?
    /// Squared logarithmic returns in steps of 1e-15.
    ///
    /// Whole numbers, so that sums do not drift; the widest range of prices leaves them below 2e18.
    private var realised: RollingSum
    private var recent: RollingSum
    /// The sum of the recent ones at the newest close; sums rank as their roots do.
    private var current: Int64?
    /// The same at the closes before.
    private var ranked: RankedWindow
    private(set) var closes: Window
    private(set) var highs: Window
    private(set) var lows: Window
    private(set) var trueRange: AverageTrueRange
    /// Open interest at the closes; zero where it was not known.
    private var interest: Window

    init(_ lengths: Lengths) {
      self.lengths = lengths
      realised = RollingSum(capacity: lengths.realised)
      recent = RollingSum(capacity: lengths.recent)
      ranked = RankedWindow(capacity: lengths.ranked)
      closes = Window(capacity: lengths.band + 1)
      highs = Window(capacity: lengths.channel + 1)
      lows = Window(capacity: lengths.channel + 1)
      trueRange = AverageTrueRange(length: lengths.trueRange)
      interest = Window(capacity: lengths.lag + 1)
    }
  }
}

extension QuantFlow.Chart {
  private static let squareSteps = 1e15
  /// Four-hour candles in a year.
  private static let candlesPerYear = 2_190.0

  mutating func absorb(_ candle: Candle, openInterest: Int64?) {
    if let through, through != candle.openTime { self = Self(lengths) }
    if closes.count > 0 {
      let change = ln(Double(candle.close.steps) / Double(closes[closes.count - 1]))
      let square = Int64(nearest: change * change * Self.squareSteps) ?? .max
      realised.push(square)
      recent.push(square)
      if let current { ranked.push(current) }
      current = recent.window.isFull ? Int64(clamping: recent.sum) : nil
    }
    closes.push(candle.close.steps)
    highs.push(candle.high.steps)
    lows.push(candle.low.steps)
    trueRange.absorb(candle)
    interest.push(openInterest ?? 0)
    through = candle.closeTime
  }

  /// Whether the band and the channel reach back far enough.
  var isFull: Bool { closes.isFull && highs.isFull }

  /// Realised volatility a year over the long window.
  var realisedVolatility: Double? { realised.mean.map(Self.volatility) }

  /// A year's volatility from a mean of squares.
  private static func volatility(_ squares: Mean) -> Double {
    (candlesPerYear * Double(squares.sum) / Double(squares.count) / squareSteps).squareRoot()
  }

  /// The rank of the newest recent volatility among those before.
  var rank: Double? { current.flatMap(ranked.rank) }

  /// Whether the recent volatility is lower than it was.
  var isCooling: Bool? {
    guard let current, ranked.window.count >= lengths.lag else { return nil }
    return current < ranked.window[ranked.window.count - lengths.lag]
  }

  /// How open interest changed; nil where it was not known at either end.
  var openInterestChange: Double? {
    guard interest.isFull, interest[0] > 0, interest[lengths.lag] > 0 else { return nil }
    return (Double(interest[lengths.lag]) - Double(interest[0])) / Double(interest[0])
  }
}

extension QuantFlow.State: BinaryCodable {
  /// Writes the measured past and the newest readings.
  public func write(to writer: inout BinaryWriter) {
    writer.write(chart)
    writer.write(options)
    writer.write(index)
    writer.write(openInterest)
  }

  /// Reads a measured past and the newest readings.
  ///
  /// - Throws: ``BinaryFault`` where the bytes are not such a state.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    chart = try reader.read()
    options = try reader.readOptional()
    index = try reader.readOptional()
    openInterest = try reader.readOptional()
  }
}

extension QuantFlow.Sample: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(value)
    writer.write(received)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    value = try reader.readInt64()
    received = try reader.readTime()
  }
}

extension QuantFlow.Lengths: BinaryCodable {
  /// Writes the lengths.
  public func write(to writer: inout BinaryWriter) {
    for length in [realised, recent, ranked, band, channel, trueRange, lag] {
      writer.write(length)
    }
  }

  /// Reads lengths.
  ///
  /// - Throws: ``BinaryFault`` where the bytes are not lengths.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    func length() throws(BinaryFault) -> Int {
      let start = reader.position
      let length = try reader.readInt()
      guard (1...100_000).contains(length) else { throw .invalid(offset: start) }
      return length
    }
    realised = try length()
    recent = try length()
    ranked = try length()
    band = try length()
    channel = try length()
    trueRange = try length()
    lag = try length()
  }
}

extension QuantFlow.Chart: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(lengths)
    writer.write(through)
    realised.write(to: &writer)
    recent.write(to: &writer)
    writer.write(current != nil)
    writer.write(current ?? 0)
    ranked.write(to: &writer)
    closes.write(to: &writer)
    highs.write(to: &writer)
    lows.write(to: &writer)
    trueRange.write(to: &writer)
    interest.write(to: &writer)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    lengths = try reader.read()
    through = try reader.readOptionalTime()
    realised = try RollingSum(capacity: lengths.realised, from: &reader)
    recent = try RollingSum(capacity: lengths.recent, from: &reader)
    guard realised.window.minimum ?? 0 >= 0, recent.window.minimum ?? 0 >= 0 else {
      throw .invalid(offset: reader.position)
    }
    let isKnown = try reader.readBool()
    let value = try reader.readInt64()
    current = isKnown ? value : nil
    ranked = try RankedWindow(capacity: lengths.ranked, from: &reader)
    let start = reader.position
    closes = try Window(capacity: lengths.band + 1, from: &reader)
    highs = try Window(capacity: lengths.channel + 1, from: &reader)
    lows = try Window(capacity: lengths.channel + 1, from: &reader)
    guard closes.minimum ?? 1 > 0, highs.minimum ?? 1 > 0, lows.minimum ?? 1 > 0,
      highs.count == lows.count
    else { throw .invalid(offset: start) }
    trueRange = try AverageTrueRange(length: lengths.trueRange, from: &reader)
    interest = try Window(capacity: lengths.lag + 1, from: &reader)
  }
}

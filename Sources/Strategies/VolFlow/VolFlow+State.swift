public import Market

extension VolFlow {
  /// The returns and hours up to the last candle, all without a gap.
  public struct State: Hashable, Sendable {
    /// The sizes of the log returns of the last day.
    var returns = SizeWindow(capacity: dayReturns)
    var lastClose: Price?
    /// When the last five minutes closed.
    var closedAt: Instant?
    var hours = Hours()

    static let hourReturns = 12
    static let dayReturns = 288
    static let dayHours = 24
    static let rankedHours = 336
    static let watchedHours = 12
    static let trueRangeLength = 14
  }

  /// What the last hours were like; the newest entry of each window is the last hour's.
  struct Hours: Hashable, Sendable {
    /// When the last hour closed.
    var closedAt: Instant?
    /// Realised variance of each hour.
    var variances = SizeWindow(capacity: State.dayHours + 1)
    /// Jump-robust variance of the day up to each hour.
    ///
    /// Its root, the volatility, ranks the same.
    var days = RankedWindow(capacity: State.rankedHours)
    /// Where each hour's stood among those before it.
    var ranks = SizeWindow(capacity: State.watchedHours + 1)
    var highs = Window(capacity: State.dayHours + 1)
    var lows = Window(capacity: State.dayHours + 1)
    var trueRange = AverageTrueRange(length: State.trueRangeLength)
  }

  /// The trigger hour and what it is measured by.
  struct Reading: Hashable, Sendable {
    /// The ranks of the twelve hours before, oldest first.
    let ranks: [Double]
    /// The hour's variance as a multiple of the average of the day before; nil where that day did
    /// not move at all.
    let expansion: Double?
    /// The part of one return in the hour's variance.
    let largestShare: Double
    /// The highest high of the day before.
    let high: Price
    /// The lowest low of the day before.
    let low: Price
    /// The average true range up to the hour.
    let trueRange: Mean
  }
}

extension VolFlow.State {
  /// Adds a return; after a gap everything begins anew, for no window may span it.
  mutating func absorbFiveMinutes(_ candle: Candle) {
    if let closedAt, closedAt != candle.openTime { self = Self() }
    if let lastClose {
      // One quotient of whole steps: the same bits in any currency.
      returns.push(abs(ln(Double(candle.close.steps) / Double(lastClose.steps))))
    }
    lastClose = candle.close
    closedAt = candle.closeTime
  }

  /// Measures the hour that closes with the last five minutes.
  mutating func absorbHour(_ candle: Candle) {
    if let last = hours.closedAt, last != candle.openTime { hours = VolFlow.Hours() }
    guard closedAt == candle.closeTime else {
      hours = VolFlow.Hours()
      return
    }
    hours.closedAt = candle.closeTime
    hours.highs.push(candle.high.steps)
    hours.lows.push(candle.low.steps)
    hours.trueRange.absorb(candle)
    if let variance = returns.realizedVariance(of: Self.hourReturns) {
      hours.variances.push(variance)
    }
    guard let day = returns.bipowerVariance(of: Self.dayReturns) else { return }
    if let rank = hours.days.rank(of: day.sizeBits) { hours.ranks.push(rank) }
    hours.days.push(day.sizeBits)
  }

  /// The hour that closed at `time`, once every window before it is full.
  func reading(at time: Instant) -> VolFlow.Reading? {
    guard closedAt == time, hours.closedAt == time, hours.ranks.isFull, hours.variances.isFull,
      hours.highs.isFull, let largestShare = returns.largestShare(of: Self.hourReturns),
      let trueRange = hours.trueRange.mean
    else { return nil }
    var sum = 0.0
    var high = hours.highs[0]
    var low = hours.lows[0]
    for index in 0..<Self.dayHours {
      sum += hours.variances[index]
      high = max(high, hours.highs[index])
      low = min(low, hours.lows[index])
    }
    return VolFlow.Reading(
      ranks: (0..<Self.watchedHours).map { hours.ranks[$0] },
      expansion: sum > 0 ? hours.variances.back(0) * Double(Self.dayHours) / sum : nil,
      largestShare: largestShare, high: Price(steps: high), low: Price(steps: low),
      trueRange: trueRange)
  }
}

extension VolFlow.State: BinaryCodable {
  /// Writes the returns and hours.
  public func write(to writer: inout BinaryWriter) {
    returns.write(to: &writer)
    writer.write(lastClose)
    writer.write(closedAt)
    writer.write(hours)
  }

  /// Reads returns and hours.
  ///
  /// - Throws: ``BinaryFault`` where the bytes are not such a state.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    returns = try SizeWindow(capacity: Self.dayReturns, from: &reader)
    lastClose = try reader.readOptionalPrice()
    closedAt = try reader.readOptionalTime()
    hours = try reader.read()
  }
}

extension VolFlow.Hours: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(closedAt)
    variances.write(to: &writer)
    days.write(to: &writer)
    ranks.write(to: &writer)
    highs.write(to: &writer)
    lows.write(to: &writer)
    trueRange.write(to: &writer)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    closedAt = try reader.readOptionalTime()
    variances = try SizeWindow(capacity: VolFlow.State.dayHours + 1, from: &reader)
    days = try RankedWindow(sizes: VolFlow.State.rankedHours, from: &reader)
    ranks = try SizeWindow(capacity: VolFlow.State.watchedHours + 1, from: &reader)
    highs = try Window(capacity: VolFlow.State.dayHours + 1, from: &reader)
    let offset = reader.position
    lows = try Window(capacity: VolFlow.State.dayHours + 1, from: &reader)
    guard lows.count == highs.count else { throw .invalid(offset: offset) }
    for index in 0..<lows.count where lows[index] < 1 || lows[index] > highs[index] {
      throw .invalid(offset: offset)
    }
    trueRange = try AverageTrueRange(length: VolFlow.State.trueRangeLength, from: &reader)
  }
}

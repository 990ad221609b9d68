public import Market

extension SessionFlow {
  /// The averages, and the day so far, after the last candle.
  public struct State: Hashable, Sendable {
    var trueRange = AverageTrueRange(length: trueRangeLength)
    /// The last candle's volume, and those of the candles that it is compared with.
    var volumes = RollingSum(capacity: volumeLength + 1)
    /// The open time of the first candle ever seen.
    var since: Instant?
    var day: Day?

    static let trueRangeLength = 14
    static let volumeLength = 20

    /// The average volume of the candles before the last one.
    var volumeBefore: Mean? {
      guard volumes.window.isFull else { return nil }
      let last = volumes.window[Self.volumeLength]
      return Mean(sum: volumes.sum - Int128(last), count: Int64(Self.volumeLength))
    }

    mutating func absorb(_ candle: Candle, _ configuration: Configuration) {
      trueRange.absorb(candle)
      volumes.push(candle.volume.steps)
      since = since ?? candle.openTime
      let start = Timeframe.d1.open(containing: candle.openTime)
      var today = day.flatMap { $0.start == start ? $0 : nil } ?? Day(start: start)
      today.absorb(candle, trueRange.mean, configuration)
      day = today
    }
  }

  /// A high and a low.
  struct Extremes: Hashable, Sendable {
    var high: Price
    var low: Price

    init(_ candle: Candle) {
      high = candle.high
      low = candle.low
    }

    init(high: Price, low: Price) {
      self.high = high
      self.low = low
    }

    mutating func absorb(_ candle: Candle) {
      high = max(high, candle.high)
      low = min(low, candle.low)
    }

    /// The extreme against `side`, in steps along it.
    func floor(_ side: Side) -> Int64 { side.along(side == .buy ? low : high) }
    /// The extreme in favour of `side`, in steps along it.
    func ceiling(_ side: Side) -> Int64 { side.along(side == .buy ? high : low) }
  }

  /// A UTC day.
  struct Day: Hashable, Sendable {
    let start: Instant
    /// When the cities open, which follows from `start`; nil on a weekend.
    private let openings: Openings?
    /// The first price of its first candle.
    var open: Price?
    /// The Asian range so far, and of how many candles.
    var asia: Extremes?
    var asiaCount: Int64 = 0
    /// The session that opened last; the next opening replaces it.
    var session: Session?

    init(start: Instant) {
      self.start = start
      openings = Openings(on: start.date)
    }

    var hasSessions: Bool { openings != nil }

    mutating func absorb(_ candle: Candle, _ trueRange: Mean?, _ configuration: Configuration) {
      if candle.openTime == start { open = candle.open }
      if candle.openTime < start + configuration.asia {
        asiaCount += 1
        if asia?.absorb(candle) == nil { asia = Extremes(candle) }
      }
      guard var current = session(at: candle.openTime) else { return }
      current.absorb(candle, beyond: asia, trueRange, configuration)
      session = current
    }

    private func session(at time: Instant) -> Session? {
      guard let openings, openings.london <= time else { return nil }
      let city: SessionCity = openings.newYork <= time ? .newYork : .london
      if let session, session.city == city { return session }
      return Session(city: city, anchor: openings.anchor(of: city))
    }

    /// Whether `session` is one of this day's.
    func holds(_ session: Session) -> Bool {
      openings.map { $0.anchor(of: session.city) == session.anchor } ?? false
    }
  }

  /// When the sessions of one day open; London always does first.
  struct Openings: Hashable, Sendable {
    let london: Instant
    let newYork: Instant

    /// Nil on a weekend: sessions open from Monday to Friday.
    init?(on date: CivilDate) {
      guard date.weekday <= .friday else { return nil }
      london = SessionCity.london.open(on: date)
      newYork = SessionCity.newYork.open(on: date)
    }

    func anchor(of city: SessionCity) -> Instant { city == .london ? london : newYork }
  }

  /// One city's session.
  struct Session: Hashable, Sendable {
    let city: SessionCity
    /// When it opened.
    let anchor: Instant
    /// The opening range so far, and of how many candles.
    var range: Extremes?
    var rangeCount: Int64 = 0
    /// The average true range when the opening range was complete.
    var trueRange: Mean?
    /// What happened at the Asian low.
    var lowSweep = Sweep()
    /// What happened at the Asian high.
    var highSweep = Sweep()
    /// Whether it has traded.
    var isTraded = false

    init(city: SessionCity, anchor: Instant) {
      self.city = city
      self.anchor = anchor
    }

    /// The place of the candle that opens at `time`, 0 the first.
    func bar(at time: Instant) -> Int64 {
      (time - anchor).nanoseconds.floorDivided(by: Timeframe.m5.interval.nanoseconds)
    }

    /// Whether the session had swept the Asian extreme against `side`, and closed back inside,
    /// before the candle that opens at `time`.
    func hasSwept(against side: Side, before time: Instant) -> Bool {
      guard let reclaimedBy = (side == .buy ? lowSweep : highSweep).reclaimedBy else {
        return false
      }
      return reclaimedBy < time
    }

    mutating func absorb(
      _ candle: Candle, beyond asia: Extremes?, _ trueRange: Mean?, _ configuration: Configuration
    ) {
      let bar = bar(at: candle.openTime)
      if bar < configuration.rangeBars {
        rangeCount += 1
        if range?.absorb(candle) == nil { range = Extremes(candle) }
      }
      if bar == configuration.rangeBars - 1 { self.trueRange = trueRange }
      guard let asia else { return }
      lowSweep.absorb(candle, at: asia, against: .buy)
      highSweep.absorb(candle, at: asia, against: .sell)
    }
  }

  /// Whether an extreme of the Asian range was traded through, and given up again.
  struct Sweep: Hashable, Sendable {
    var isPierced = false
    /// The open time of the first candle that closed back inside.
    var reclaimedBy: Instant?

    mutating func absorb(_ candle: Candle, at asia: Extremes, against side: Side) {
      let facing = FacingCandle(candle, facing: side)
      if facing.low < asia.floor(side) { isPierced = true }
      if isPierced, reclaimedBy == nil, facing.close > asia.floor(side) {
        reclaimedBy = candle.openTime
      }
    }
  }
}

extension SessionFlow.State: BinaryCodable {
  /// Writes the averages and the day.
  public func write(to writer: inout BinaryWriter) {
    trueRange.write(to: &writer)
    volumes.write(to: &writer)
    writer.write(since)
    writer.write(day)
  }

  /// Reads averages and a day.
  ///
  /// - Throws: ``BinaryFault`` where the bytes are not such a state.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    trueRange = try AverageTrueRange(length: Self.trueRangeLength, from: &reader)
    volumes = try RollingSum(capacity: Self.volumeLength + 1, from: &reader)
    since = try reader.readOptionalTime()
    day = try reader.readOptional()
  }
}

extension SessionFlow.Extremes: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(high)
    writer.write(low)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    high = try reader.readPrice()
    let start = reader.position
    low = try reader.readPrice()
    guard low <= high else { throw .invalid(offset: start) }
  }
}

extension SessionFlow.Day: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(start)
    writer.write(open)
    writer.write(asia)
    writer.write(asiaCount)
    writer.write(session)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    let offset = reader.position
    self.init(start: try reader.readTime())
    guard start == start.startOfDay else { throw .invalid(offset: offset) }
    open = try reader.readOptionalPrice()
    asia = try reader.readOptional()
    asiaCount = try reader.readBarCount()
    guard (asia != nil) == (asiaCount > 0) else { throw .invalid(offset: offset) }
    session = try reader.readOptional()
    guard session.map(holds) ?? true else { throw .invalid(offset: offset) }
  }
}

extension SessionFlow.Session: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(city.rawValue)
    writer.write(anchor)
    writer.write(range)
    writer.write(rangeCount)
    writer.write(trueRange)
    writer.write(lowSweep)
    writer.write(highSweep)
    writer.write(isTraded)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    let offset = reader.position
    guard let city = SessionCity(rawValue: try reader.readByte()) else {
      throw .invalid(offset: offset)
    }
    self.city = city
    anchor = try reader.readTime()
    range = try reader.readOptional()
    rangeCount = try reader.readBarCount()
    guard (range != nil) == (rangeCount > 0) else { throw .invalid(offset: offset) }
    trueRange = try reader.readOptional()
    lowSweep = try reader.read()
    highSweep = try reader.read()
    isTraded = try reader.readBool()
  }
}

extension SessionFlow.Sweep: BinaryCodable {
  func write(to writer: inout BinaryWriter) {
    writer.write(isPierced)
    writer.write(reclaimedBy)
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    let offset = reader.position
    isPierced = try reader.readBool()
    reclaimedBy = try reader.readOptionalTime()
    guard isPierced || reclaimedBy == nil else { throw .invalid(offset: offset) }
  }
}

extension BinaryReader {
  /// Reads how many five-minute candles of one day were counted.
  fileprivate mutating func readBarCount() throws(BinaryFault) -> Int64 {
    let offset = position
    let count = try readInt64()
    guard (0...288).contains(count) else { throw .invalid(offset: offset) }
    return count
  }
}

public import Market

/// The last closed candles of one series, oldest first, bounded.
///
/// Appending is O(1); reading never copies more than a reference.
public struct CandleSeries: Sendable {
  /// The most candles kept.
  public let capacity: Int
  /// How many of the newest candles follow one another without a gap.
  public private(set) var contiguousCount = 0
  /// How many candles were ever appended.
  public private(set) var appendedCount: Int64 = 0
  /// The open time of the newest candle.
  public private(set) var lastOpenTime: Instant?
  /// The close time of the newest candle.
  public private(set) var lastCloseTime: Instant?
  private var ring: [Candle] = []
  private var head = 0

  /// Makes an empty series that keeps `capacity` (at least 1) candles.
  public init(capacity: Int) { self.capacity = max(1, capacity) }

  /// How many candles are held.
  @inline(__always)
  public var count: Int { ring.count }

  /// The newest candle.
  public var last: Candle? { ring.isEmpty ? nil : self[count - 1] }

  /// The candle at `index`, 0 the oldest held.
  public subscript(index: Int) -> Candle {
    let position = head + index
    return ring[position < ring.count ? position : position - ring.count]
  }

  /// The candle `age` before the newest one, itself at 0; nil where it is not held.
  public func back(_ age: Int) -> Candle? {
    guard age >= 0, age < count else { return nil }
    return self[count - 1 - age]
  }

  /// Adds a candle that opens later than the newest one; returns false (and does nothing)
  /// otherwise.
  @discardableResult
  public mutating func append(_ candle: Candle) -> Bool {
    if let lastOpenTime, lastOpenTime >= candle.openTime { return false }
    contiguousCount = candle.openTime == lastCloseTime ? contiguousCount + 1 : 1
    appendedCount += 1
    lastOpenTime = candle.openTime
    lastCloseTime = candle.closeTime
    if ring.count < capacity {
      ring.append(candle)
    } else {
      ring[head] = candle
      head = head + 1 == capacity ? 0 : head + 1
    }
    return true
  }
}

/// How far a series has come, without its candles.
struct SeriesStanding: Hashable, Sendable {
  /// The most candles kept.
  let capacity: Int
  /// How many candles are held.
  private(set) var count: Int
  /// How many of the newest follow one another without a gap.
  private(set) var contiguousCount: Int
  /// The close time of the newest.
  private(set) var lastCloseTime: Instant?
  /// The close time of the newest that tells what takers bought and sold.
  private(set) var lastSplitTime: Instant?
  /// How many of the newest, without a gap, tell it.
  private(set) var splitCount = 0

  init(_ series: CandleSeries) {
    capacity = series.capacity
    count = series.count
    contiguousCount = series.contiguousCount
    lastCloseTime = series.last?.closeTime
    for index in 0..<series.count { noteSplit(of: series[index]) }
  }

  private mutating func noteSplit(of candle: Candle) {
    guard candle.takerSplit != nil else {
      splitCount = 0
      return
    }
    splitCount = lastSplitTime == candle.openTime ? splitCount + 1 : 1
    lastSplitTime = candle.closeTime
  }

  /// Follows a candle that the series has taken.
  fileprivate mutating func append(_ candle: Candle) {
    count = min(count + 1, capacity)
    contiguousCount = candle.openTime == lastCloseTime ? contiguousCount + 1 : 1
    lastCloseTime = candle.closeTime
    noteSplit(of: candle)
  }
}

/// How often one kind of reading of one symbol came, and when last.
struct ReadingStanding: Hashable, Sendable {
  let symbol: Symbol
  let kind: InputKind
  /// How many the strategies know.
  var count = 0
  /// When the newest was received that the strategies know.
  var last: Instant?
  /// When the newest of all was received.
  var newest: Instant
  /// How often one is expected: funding says by its period, which differs between venues.
  var interval: Interval

  init(_ reading: ReceivedReading) {
    symbol = reading.reading.symbol
    kind = InputKind(reading.reading)
    newest = reading.received
    interval = kind.interval
    if case .funding(let settled) = reading.reading, settled.period > .zero {
      interval = settled.period
    }
  }
}

/// Every closed candle that the strategies may see, by symbol and timeframe, and how far the other
/// inputs have come.
public struct MarketView: Sendable {
  private var readings: [ReadingStanding] = []
  private var symbols: [Symbol] = []
  private var series: [CandleSeries?] = []
  private var standings: [SeriesStanding?] = []

  /// One slot a timeframe.
  private static let seriesPerSymbol = Timeframe.allCases.count

  /// Makes a view without series.
  public init() {}

  /// Adds a series, or does nothing where it exists with at least that capacity.
  public mutating func declare(_ symbol: Symbol, _ timeframe: Timeframe, capacity: Int) {
    if !symbols.contains(symbol) {
      symbols.append(symbol)
      series.append(contentsOf: repeatElement(nil, count: Self.seriesPerSymbol))
      standings.append(contentsOf: repeatElement(nil, count: Self.seriesPerSymbol))
    }
    guard let slot = slot(symbol, timeframe) else { return }
    guard (series[slot]?.capacity ?? 0) < capacity else { return }
    var wider = CandleSeries(capacity: capacity)
    if let narrow = series[slot] {
      for index in 0..<narrow.count { wider.append(narrow[index]) }
    }
    series[slot] = wider
    standings[slot] = SeriesStanding(wider)
  }

  /// The closed candles of one series; nil where nobody declared it.
  public func candles(_ symbol: Symbol, _ timeframe: Timeframe) -> CandleSeries? {
    slot(symbol, timeframe).flatMap { series[$0] }
  }

  /// Adds a closed candle; returns false where the series is not declared or the candle is not
  /// newer.
  @discardableResult
  public mutating func append(_ candle: Candle) -> Bool {
    guard let slot = slot(candle.symbol, candle.timeframe),
      series[slot]?.append(candle) == true
    else { return false }
    standings[slot]?.append(candle)
    return true
  }

  /// How many readings of one kind and symbol the strategies know, and when the newest of those
  /// was received.
  public func readings(of symbol: Symbol, _ kind: InputKind) -> (count: Int, newest: Instant?) {
    let standing = standing(symbol, kind)
    return (standing?.count ?? 0, standing?.last)
  }

  /// Notes that a reading was received: it waits for the close that may use it.
  public mutating func receive(_ reading: ReceivedReading) {
    let index = place(of: reading)
    readings[index].newest = max(readings[index].newest, reading.received)
  }

  /// Notes that the strategies are told of a reading; they keep what they need of its value.
  public mutating func note(_ reading: ReceivedReading) {
    let index = place(of: reading)
    readings[index].count += 1
    readings[index].last = max(readings[index].last ?? reading.received, reading.received)
    readings[index].newest = max(readings[index].newest, reading.received)
  }

  private mutating func place(of reading: ReceivedReading) -> Int {
    let symbol = reading.reading.symbol
    let kind = InputKind(reading.reading)
    for index in readings.indices
    where readings[index].symbol == symbol && readings[index].kind == kind { return index }
    readings.append(ReadingStanding(reading))
    return readings.count - 1
  }

  /// How far one kind of reading has come; nil where it never came.
  func standing(_ symbol: Symbol, _ kind: InputKind) -> ReadingStanding? {
    for standing in readings where standing.symbol == symbol && standing.kind == kind {
      return standing
    }
    return nil
  }

  /// How far one series has come; nil where nobody declared it.
  func standing(_ symbol: Symbol, _ timeframe: Timeframe) -> SeriesStanding? {
    slot(symbol, timeframe).flatMap { standings[$0] }
  }

  private func slot(_ symbol: Symbol, _ timeframe: Timeframe) -> Int? {
    for index in symbols.indices where symbols[index] == symbol {
      return index * Self.seriesPerSymbol + Int(timeframe.rawValue)
    }
    return nil
  }
}

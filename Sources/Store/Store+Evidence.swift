import GRDB
public import Market

/// What pre-live checks ask of a store: what happened, and where it is not what it should be.
extension StoreInspection {
  /// The wall times of the journal.
  public struct JournalSpan: Hashable, Sendable {
    /// Steps stored.
    public var steps: Int64 = 0
    /// The wall time of the first step.
    public var first: Instant
    /// The latest wall time of any step.
    public var last: Instant
    /// Steps whose wall time lies before that of the step before them.
    public var stepsBack = 0
    /// The longest way back.
    public var longestStepBack = Interval.zero
    /// The step that took it; 0 where none did.
    public var longestStepBackAt: Int64 = 0
  }

  /// The wall times of the journal; nil where it is empty.
  public func journalSpan() throws(StoreError) -> JournalSpan? {
    try read { db in
      let rows = try Row.fetchCursor(
        db, sql: "SELECT sequence, wall_ns FROM journal ORDER BY sequence")
      var span: JournalSpan?
      var previous = Instant(nanoseconds: 0)
      while let row = try rows.next() {
        let wall = Instant(nanoseconds: row[1])
        var next = span ?? JournalSpan(first: wall, last: wall)
        next.steps += 1
        next.last = max(next.last, wall)
        if span != nil, wall < previous {
          next.stepsBack += 1
          if previous - wall > next.longestStepBack {
            next.longestStepBack = previous - wall
            next.longestStepBackAt = row[0]
          }
        }
        previous = wall
        span = next
      }
      return span
    }
  }

  /// Candles that are missing between two that are stored.
  public struct CandleHole: Hashable, Sendable {
    /// In what.
    public let symbol: Symbol
    /// How long each is.
    public let timeframe: Timeframe
    /// When the first missing one opened.
    public let from: Instant
    /// How many are missing.
    public let count: Int64
  }

  /// Every hole of every series, by symbol, timeframe and time.
  public func candleHoles() throws(StoreError) -> [CandleHole] {
    let sql = """
      SELECT symbol, timeframe, open_time_ns,
        lag(open_time_ns) OVER (PARTITION BY symbol, timeframe ORDER BY open_time_ns)
      FROM candles
      """
    return try read { db in
      var holes: [CandleHole] = []
      let rows = try Row.fetchCursor(db, sql: sql)
      while let row = try rows.next() {
        guard let symbol = Symbol(row[0] as String), let timeframe = Timeframe(name: row[1]),
          let previous = row[3] as Int64?
        else { continue }
        let interval = timeframe.interval.nanoseconds
        let missing = ((row[2] as Int64) - previous) / interval - 1
        guard missing > 0 else { continue }
        holes.append(
          CandleHole(
            symbol: symbol, timeframe: timeframe,
            from: Instant(nanoseconds: previous + interval), count: missing))
      }
      return holes.sorted {
        ($0.symbol, $0.timeframe, $0.from) < ($1.symbol, $1.timeframe, $1.from)
      }
    }
  }

  /// How long after their close live candles were stored.
  public struct CandleAges: Hashable, Sendable {
    /// Live candles.
    public var count = 0
    /// Those that were stored later than the bound.
    public var late = 0
    /// Those that were stored before they had closed, by the store's own clock.
    public var early = 0
    /// The longest way past the close.
    public var longest = Interval.zero
    /// The longest way ahead of the close.
    public var earliest = Interval.zero
    /// No candles.
    public init() {}
  }

  /// Ages of the candles that came live and opened at `start` or later.
  public func candleAges(since start: Instant, bound: Interval) throws(StoreError) -> CandleAges {
    let sql = """
      SELECT timeframe, open_time_ns, wall_ns FROM candles JOIN journal ON sequence = step
      WHERE is_backfilled = 0 AND open_time_ns >= ?
      """
    return try read { db in
      var ages = CandleAges()
      let rows = try Row.fetchCursor(db, sql: sql, arguments: [start.nanoseconds])
      while let row = try rows.next() {
        guard let timeframe = Timeframe(name: row[0]) else { continue }
        let close = Instant(nanoseconds: row[1]) + timeframe.interval
        let age = Instant(nanoseconds: row[2]) - close
        ages.count += 1
        if age > bound { ages.late += 1 }
        if age < .zero { ages.early += 1 }
        ages.longest = max(ages.longest, age)
        ages.earliest = max(ages.earliest, .zero - age)
      }
      return ages
    }
  }
}

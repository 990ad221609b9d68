import Market

/// What a client knows of a series of readings that the venue publishes at whole intervals.
struct ReadingProgress: Sendable {
  let symbol: Symbol
  /// How often there is a new one.
  var period: Interval
  /// The time of the newest.
  private(set) var last: Instant?
  private var isTooOld = false
  /// Answers in a row that lacked the one that is due.
  var misses = 0

  init(_ symbol: Symbol, every period: Interval) {
    self.symbol = symbol
    self.period = period
  }

  /// Whether a reading is newer than all that were told; remembers it if so.
  mutating func admits(_ time: Instant) -> Bool {
    guard last.map({ time > $0 }) ?? true else { return false }
    last = time
    isTooOld = false
    return true
  }

  /// Notes that the venue no longer keeps what follows the last one: its newest will do.
  mutating func noteTooOld() { isTooOld = true }

  /// The first time to ask for; nil for the venue's newest.
  var since: Instant? { isTooOld ? nil : next }

  /// When the next one is made.
  var next: Instant? { last.map { $0 + period } }
}

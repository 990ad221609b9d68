import Market

/// What a client knows of one candle stream: the newest closed candles, and where a hole is.
struct KlineProgress: Sendable {
  /// What a closed candle was.
  enum Verdict: Hashable {
    /// Not known before.
    case new
    /// Known with other values, which it replaces.
    case revised
    /// Known as it is.
    case repeated
    /// Older than what is remembered.
    case stale
  }

  /// A hole that the venue's history did not cover, asked about again from time to time.
  struct Hole: Hashable {
    let from: Instant
    let to: Instant
    var asked = 0
  }

  let series: CandleSeries
  /// Everything up to the candle that opens here is known, or was given up.
  private(set) var confirmed: Instant?
  /// Closed candles, oldest first.
  private var known: [Candle] = []
  /// The hole that the owner was told of.
  var gap: Hole?
  /// Older holes, oldest first.
  private(set) var holes: [Hole] = []

  init(_ series: CandleSeries) { self.series = series }

  var interval: Interval { series.timeframe.interval }

  /// How many closed candles are remembered, to tell repeats from revisions.
  static var memory: Int { 128 }
  /// How many old holes are remembered.
  static var longestHoles: Int { 8 }
  /// How often an old hole is asked about.
  static var holePatience: Int { 12 }

  /// The first open that is not known; nil while nothing is.
  var next: Instant? { confirmed.map { $0 + interval } }

  /// Takes a closed candle of the series.
  mutating func take(_ candle: Candle) -> Verdict {
    let place = known.lastIndex { $0.openTime <= candle.openTime }
    if let place, known[place].openTime == candle.openTime {
      guard known[place] != candle else { return .repeated }
      known[place] = candle
      return .revised
    }
    if place == nil, known.count >= Self.memory, confirmed.map({ candle.openTime <= $0 }) ?? false {
      return .stale
    }
    known.insert(candle, at: place.map { $0 + 1 } ?? 0)
    if confirmed == nil { confirmed = candle.openTime }
    advance()
    if known.count > Self.memory { known.removeFirst() }
    return .new
  }

  /// The last open that is missing in a row, where `over` is the newest that can be known; nil
  /// where nothing is missing.
  func lastMissing(before over: Instant) -> Instant? {
    guard let next else { return nil }
    let following = known.first { $0.openTime > next }?.openTime
    let last = following.map { $0 - interval } ?? over
    return next <= last ? last : nil
  }

  private mutating func advance() {
    guard var last = confirmed else { return }
    for candle in known where candle.openTime == last + interval { last = candle.openTime }
    confirmed = last
  }

  /// Gives up on everything up to `last`, and remembers the hole; the owner stays told.
  mutating func giveUp(through last: Instant) {
    guard let next, next <= last else { return }
    holes.append(Hole(from: next, to: last))
    if holes.count > Self.longestHoles { holes.removeFirst() }
    gap = nil
    confirmed = last
    advance()
  }

  /// The oldest hole, counted as asked once more and moved to the end.
  mutating func takeHole() -> Hole? {
    guard var hole = holes.first else { return nil }
    holes.removeFirst()
    hole.asked += 1
    if hole.asked < Self.holePatience { holes.append(hole) }
    return hole
  }

  /// The old holes that the candles known by now cover, which then are no longer remembered.
  mutating func takeCovered() -> [Hole] {
    let covered = holes.filter { hole in
      let count = known.count { $0.openTime >= hole.from && $0.openTime <= hole.to }
      return Int64(count) * interval.nanoseconds == (hole.to + interval - hole.from).nanoseconds
    }
    holes.removeAll { covered.contains($0) }
    return covered
  }
}

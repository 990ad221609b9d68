import Market
import Strategies

/// Turns candle versions from several sources into one closed candle per series and open time.
///
/// A candle's identity is (symbol, timeframe, open time). The execution venue's version is
/// canonical; another venue's fills a gap only, once the grace has passed without a canonical one.
/// Candles leave in batches: all that close at one time together, so that no strategy sees a part
/// of a close. Memory is one watermark and a bounded queue per series, whatever the history.
///
/// ```
///           newer open, or the clock          barrier: all series of the close, or grace
///  forming ──────────────────────────▶ waiting ─────────────────────────────────────▶ closed
/// ```
struct FeedAggregator: Sendable {
  /// What became of an offered candle.
  enum Verdict: Hashable, Sendable {
    /// It is (now) the newest version of a candle that is not closed yet.
    case accepted
    /// The same candle is already closed, with the same values.
    case duplicate
    /// The candle is already closed with other values: the closed one stands.
    case revised
    /// An older version of a candle that is still forming.
    case stale
    /// Nobody declared the series.
    case undeclared
    /// The queue of the series is full.
    case overflow
  }

  /// One series on its way to being closed.
  private struct Lane: Sendable {
    let symbol: Symbol
    let timeframe: Timeframe
    /// Another venue whose taker split the candles of this series carry.
    let flow: Venue?
    /// The newest closed candle.
    var closed: Candle?
    /// Candles known or believed complete, by open time.
    var waiting = CandleQueue()
    /// The newest candle of the execution venue that may still grow.
    var forming: Candle?
    /// The newest foreign candles that close later than `closed`, by open time.
    var foreign = CandleQueue()

    /// The earliest close of what is queued.
    var earliestClose: Instant? {
      var open = min(waiting.firstOpen ?? .max, foreign.firstOpen ?? .max)
      if let forming { open = min(open, forming.openTime.nanoseconds) }
      return open == .max ? nil : Instant(nanoseconds: open) + timeframe.interval
    }

    /// Takes out the candle that closes at `close`, and forgets foreign ones until then.
    mutating func take(_ close: Instant, fillsFromOthers: Bool) -> Candle? {
      let open = close - timeframe.interval
      var candle: Candle?
      if waiting.firstOpen == open.nanoseconds {
        candle = waiting.first
        waiting.removeFirst()
      } else if let grown = forming, grown.openTime == open {
        candle = grown
        forming = nil
      } else if fillsFromOthers, foreign.count > 0 {
        candle = foreign.candle(openingAt: open)
      }
      if let own = candle, let split = foreignSplit(of: own) { candle = own.with(split) ?? own }
      while let first = foreign.firstOpen, first <= open.nanoseconds { foreign.removeFirst() }
      if let candle { closed = candle }
      return candle
    }

    private func foreignSplit(of candle: Candle) -> TakerSplit? {
      guard let flow, candle.venue != flow,
        let other = foreign.candle(openingAt: candle.openTime), other.venue == flow
      else { return nil }
      return other.takerSplit
    }
  }

  /// The most candles that one series queues: what the venue's history holds.
  static let queueLimit = 5_000
  /// The most foreign candles that one series queues.
  static let foreignLimit = 512

  /// While set, nothing closes: history is on its way and must come first.
  var isRecovering = false

  /// The earliest close of any candle that is queued; kept, as every input asks for it.
  private var earliestClose: Instant?
  private var lanes: [Lane] = []
  private let grace: Interval
  private let guards: EngineGuards
  private let fillsFromOthers: Bool

  init(grace: Interval, guards: EngineGuards, fillsFromOthers: Bool = true) {
    self.grace = grace
    self.guards = guards
    self.fillsFromOthers = fillsFromOthers
  }

  /// Adds a series; `closed` is its newest recovered candle, `flow` whose taker splits it carries.
  mutating func declare(
    _ symbol: Symbol, _ timeframe: Timeframe, closed: Candle?, flow: Venue? = nil
  ) {
    lanes.append(
      Lane(
        symbol: symbol, timeframe: timeframe, flow: flow == .hyperliquid ? nil : flow,
        closed: closed))
    lanes.sort {
      $0.timeframe != $1.timeframe ? $0.timeframe < $1.timeframe : $0.symbol < $1.symbol
    }
  }

  /// How many candles are queued, for the load oracle.
  var queuedCount: Int {
    lanes.reduce(0) { $0 + $1.waiting.count + $1.foreign.count + ($1.forming == nil ? 0 : 1) }
  }

  /// Takes in one version of a candle; `isFinal` where its source says that it cannot change.
  mutating func offer(_ candle: Candle, isFinal: Bool, at wall: Instant) -> Verdict {
    let verdict = queue(candle, isFinal: isFinal, at: wall)
    if verdict == .accepted {
      earliestClose = min(earliestClose ?? candle.closeTime, candle.closeTime)
    }
    return verdict
  }

  private mutating func queue(_ candle: Candle, isFinal: Bool, at wall: Instant) -> Verdict {
    guard let index = index(candle.symbol, candle.timeframe) else { return .undeclared }
    if guards.contains(.deduplication), let closed = lanes[index].closed,
      candle.openTime <= closed.openTime
    {
      // Only the newest closed candle is held; what is older was compared when it was newest.
      guard candle.openTime == closed.openTime, candle.venue == closed.venue else {
        return .duplicate
      }
      return candle == closed ? .duplicate : .revised
    }
    if candle.venue != .hyperliquid { return offerForeign(candle, to: index, at: wall) }
    return isFinal ? offerFinal(candle, to: index) : offerForming(candle, to: index)
  }

  private mutating func offerFinal(_ candle: Candle, to index: Int) -> Verdict {
    guard lanes[index].waiting.count < Self.queueLimit else { return .overflow }
    if let forming = lanes[index].forming, forming.openTime <= candle.openTime {
      lanes[index].forming = nil
      if forming.openTime < candle.openTime { lanes[index].waiting.insert(forming) }
    }
    lanes[index].waiting.insert(candle)
    return .accepted
  }

  private mutating func offerForming(_ candle: Candle, to index: Int) -> Verdict {
    guard let forming = lanes[index].forming else {
      if let newest = lanes[index].waiting.last, candle.openTime <= newest.openTime {
        return candle.openTime == newest.openTime && candle == newest ? .duplicate : .stale
      }
      lanes[index].forming = candle
      return .accepted
    }
    if candle.openTime > forming.openTime {
      guard lanes[index].waiting.count < Self.queueLimit else { return .overflow }
      lanes[index].waiting.insert(forming)
      lanes[index].forming = candle
      return .accepted
    }
    if candle.openTime == forming.openTime {
      // Volume only grows, so a smaller one is an older frame that was overtaken.
      guard candle.volume >= forming.volume else { return .stale }
      guard candle != forming else { return .duplicate }
      lanes[index].forming = candle
      return .accepted
    }
    guard let known = lanes[index].waiting.candle(openingAt: candle.openTime),
      candle.volume > known.volume
    else { return .stale }
    lanes[index].waiting.insert(candle)
    return .accepted
  }

  private mutating func offerForeign(
    _ candle: Candle, to index: Int, at wall: Instant
  ) -> Verdict {
    guard fillsFromOthers || candle.venue == lanes[index].flow else { return .undeclared }
    guard candle.closeTime <= wall else { return .stale }
    let known = lanes[index].foreign.candle(openingAt: candle.openTime)
    // Of several venues the one that supplies the split is kept.
    guard known == nil || known?.venue != lanes[index].flow || candle.venue == lanes[index].flow
    else { return .stale }
    lanes[index].foreign.insert(candle)
    if lanes[index].foreign.count > Self.foreignLimit {
      lanes[index].foreign.removeFirst()
      earliestClose = findEarliestClose()
    }
    return .accepted
  }

  /// The wall time at which ``nextClose(at:isLive:)`` may have something although nothing arrives.
  var deadline: Instant? {
    guard !isRecovering else { return nil }
    return earliestClose.map { $0 + grace }
  }

  /// The earliest close time whose candles may leave now.
  ///
  /// Unless the execution venue's stream is connected and fresh (`isLive`), a passed grace proves
  /// nothing.
  func nextClose(at wall: Instant, isLive: Bool) -> Instant? {
    guard !isRecovering, let close = earliestClose, close <= wall else { return nil }
    if !guards.contains(.timestampBarrier) { return close }
    if isComplete(close) { return close }
    return isLive && wall >= close + grace ? close : nil
  }

  /// Candles that series due at `close` lack, the one that closes then included.
  func holes(before close: Instant) -> [FeedState.Hole] {
    var holes: [FeedState.Hole] = []
    for lane in lanes where lane.timeframe.open(containing: close) == close {
      guard let closed = lane.closed, closed.closeTime < close else { continue }
      let candidate = [lane.waiting.first, lane.forming].compactMap { $0 }
        .first { $0.closeTime <= close }
      let end = candidate?.openTime ?? close
      guard closed.closeTime < end else { continue }
      holes.append(
        FeedState.Hole(
          symbol: lane.symbol, timeframe: lane.timeframe, from: closed.closeTime,
          to: end - lane.timeframe.interval))
    }
    return holes
  }

  /// Takes out every candle that closes at `close`, by timeframe, then symbol.
  mutating func take(_ close: Instant) -> [Candle] {
    var batch: [Candle] = []
    batch.reserveCapacity(lanes.count)
    for index in lanes.indices {
      guard let candle = lanes[index].take(close, fillsFromOthers: fillsFromOthers) else {
        continue
      }
      batch.append(candle)
      // Without the barrier every series closes by itself, in order of arrival.
      if !guards.contains(.timestampBarrier) { break }
    }
    earliestClose = findEarliestClose()
    return batch
  }

  /// Whether every series with a candle due at `close` has its canonical one, complete.
  private func isComplete(_ close: Instant) -> Bool {
    // By index, as a lane is too large to copy for a look.
    var dueTimeframe: Timeframe?
    for index in lanes.indices {
      let timeframe = lanes[index].timeframe
      // Lanes stand by timeframe: one division for all symbols.
      if timeframe != dueTimeframe, timeframe.open(containing: close) != close { continue }
      dueTimeframe = timeframe
      let due = close - timeframe.interval
      if lanes[index].waiting.firstOpen == due.nanoseconds {
        if lanes[index].flow == nil { continue }
        if lanes[index].foreign.candle(openingAt: due) != nil { continue }
        return false
      }
      if let closed = lanes[index].closed?.openTime, closed >= due { continue }
      return false
    }
    return true
  }

  private func findEarliestClose() -> Instant? {
    var earliest: Instant?
    for index in lanes.indices {
      guard let close = lanes[index].earliestClose else { continue }
      earliest = min(earliest ?? close, close)
    }
    return earliest
  }

  private func index(_ symbol: Symbol, _ timeframe: Timeframe) -> Int? {
    for index in lanes.indices
    where lanes[index].timeframe == timeframe && lanes[index].symbol == symbol { return index }
    return nil
  }
}

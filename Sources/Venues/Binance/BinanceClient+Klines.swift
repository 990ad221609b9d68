import Market

// Closed candles: streamed, or read from history where the stream left any out.
extension BinanceClient {
  /// Tells a closed candle, unless it was told as it is.
  mutating func closed(
    _ candle: Candle, of index: Int, _ bytes: [UInt8], at now: Now,
    into effects: inout [ClientEffect]
  ) {
    switch klines[index].take(candle) {
    case .new, .revised: effects.append(.market(.closedCandle(candle)))
    case .repeated: return
    case .stale: return reject(.kline, .stale, bytes, into: &effects)
    }
    settle(index, into: &effects)
    // The stream left one out; should it only be late, its copies are dropped.
    if let next = klines[index].next, next < candle.openTime {
      fill(index, at: now, into: &effects)
    }
    awaitFinals(at: now, into: &effects)
  }

  /// The open of the newest candle of a length that is certainly over at the venue.
  private func newestOver(_ timeframe: Timeframe, at now: Now) -> Instant {
    let current = timeframe.open(containing: passed(at: now) - configuration.clockTolerance)
    return current - timeframe.interval
  }

  /// Asks for what may be missing since the last certain candle, that one included.
  mutating func fill(
    _ index: Int, attempt: Int = 1, after wait: Interval = .zero, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    let series = klines[index].series
    guard let confirmed = klines[index].confirmed else {
      return ask(
        .klines(series, from: nil, through: nil), attempt: attempt, after: wait, at: now,
        into: &effects)
    }
    let over = newestOver(series.timeframe, at: now)
    if klines[index].gap == nil, let next = klines[index].next,
      let last = klines[index].lastMissing(before: over)
    {
      klines[index].gap = KlineProgress.Hole(from: next, to: last)
      hasRecovered = false
      effects.append(.feed(.gap(series.symbol, series.timeframe, from: next, to: last)))
    }
    ask(
      .klines(series, from: confirmed, through: max(over, confirmed)), attempt: attempt,
      after: wait, at: now, into: &effects)
  }

  /// Takes the venue's history of a series; false where it is none.
  mutating func history(
    _ root: JSONValue, of series: CandleSeries, _ sent: BinanceSent, _ body: [UInt8],
    at now: Now, into effects: inout [ClientEffect]
  ) -> Bool {
    guard let rows = root.elements else {
      reject(.kline, .member("array"), body, into: &effects)
      return false
    }
    guard let index = klines.firstIndex(where: { $0.series == series }) else { return true }
    let before = klines[index].confirmed
    var candles: [Candle] = []
    for row in rows {
      do throws(WireFault) {
        let candle = try BinanceWire.kline(row, of: series)
        guard candles.last.map({ $0.openTime < candle.openTime }) ?? true,
          candle.openTime <= latest(at: now)
        else { throw .inconsistent }
        candles.append(candle)
      } catch {
        reject(.kline, error.reason, body, into: &effects)
      }
    }
    let certain = passed(at: now) - configuration.clockTolerance
    for (position, candle) in candles.enumerated() {
      // Without a flag in the row, only the clock or a later row says that it is over.
      guard position + 1 < candles.count || candle.closeTime <= certain else { break }
      switch klines[index].take(candle) {
      case .new, .revised: effects.append(.market(.closedCandle(candle)))
      case .repeated, .stale: break
      }
    }
    settle(index, into: &effects)
    pursue(index, sent, hasAdvanced: klines[index].confirmed != before, at: now, into: &effects)
    return true
  }

  /// Asks again where candles are still missing, ever later; in the end the hole is put aside.
  private mutating func pursue(
    _ index: Int, _ sent: BinanceSent, hasAdvanced: Bool, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    defer { awaitFinals(at: now, into: &effects) }
    let over = newestOver(klines[index].series.timeframe, at: now)
    guard klines[index].confirmed != nil else {
      let wait = configuration.retry.wait(after: sent.attempt, seed: configuration.seed)
      return fill(index, attempt: sent.attempt + 1, after: wait, at: now, into: &effects)
    }
    guard let last = klines[index].lastMissing(before: over) else { return }
    if hasAdvanced { return fill(index, at: now, into: &effects) }
    guard sent.attempt < Self.fillPatience else {
      klines[index].giveUp(through: last)
      return recoverIfWhole(into: &effects)
    }
    let wait = configuration.retry.wait(after: sent.attempt, seed: configuration.seed)
    fill(index, attempt: sent.attempt + 1, after: wait, at: now, into: &effects)
  }

  /// How many answers without a missing candle are taken before the hole is put aside: with the
  /// default waits about a minute and a half.
  private static var fillPatience: Int { 7 }

  /// Says which holes are filled by now.
  private mutating func settle(_ index: Int, into effects: inout [ClientEffect]) {
    let series = klines[index].series
    var filled = klines[index].takeCovered()
    if let gap = klines[index].gap, let confirmed = klines[index].confirmed, confirmed >= gap.to {
      klines[index].gap = nil
      filled.append(gap)
    }
    for hole in filled {
      let span = (hole.to - hole.from).nanoseconds / series.timeframe.interval.nanoseconds
      effects.append(
        .feed(
          .gapFilled(
            series.symbol, series.timeframe, from: hole.from, to: hole.to,
            candles: Int(clamping: span + 1))))
    }
    if !filled.isEmpty { recoverIfWhole(into: &effects) }
  }

  /// Asks about one old hole of each series, which the venue may have repaired.
  mutating func askForHoles(at now: Now, into effects: inout [ClientEffect]) {
    for index in klines.indices {
      guard let hole = klines[index].takeHole() else { continue }
      ask(
        .klines(klines[index].series, from: hole.from, through: hole.to), at: now,
        into: &effects)
    }
  }

  /// When a series has waited long enough for its next candle; nil where history is asked for it.
  private func deadline(_ index: Int) -> Instant? {
    let series = klines[index].series
    guard let next = klines[index].next, !unlisted.contains(series.symbol),
      !isAsking(.klines(series, from: nil, through: nil))
    else { return nil }
    return next + series.timeframe.interval
      + max(configuration.closeGrace, configuration.clockTolerance)
  }

  /// Sets the timer for the first series whose candle is late.
  mutating func awaitFinals(at now: Now, into effects: inout [ClientEffect]) {
    guard !isStopped, !isBarred else { return }
    guard let first = klines.indices.compactMap({ deadline($0) }).min() else {
      return timers.clear(Timer.finals.rawValue, into: &effects)
    }
    timers.set(Timer.finals.rawValue, at: moment(of: first, at: now), into: &effects)
  }

  mutating func finalsDue(at now: Now, into effects: inout [ClientEffect]) {
    let time = passed(at: now)
    for index in klines.indices {
      guard let deadline = deadline(index), deadline <= time else { continue }
      fill(index, at: now, into: &effects)
    }
    awaitFinals(at: now, into: &effects)
  }
}

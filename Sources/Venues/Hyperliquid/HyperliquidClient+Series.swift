import Market

// Candles: streamed, and read from history where the stream left any out.
extension HyperliquidClient {
  mutating func streamed(_ candle: Candle, at now: Now, into effects: inout [ClientEffect]) {
    let name = CandleSeries(symbol: candle.symbol, timeframe: candle.timeframe)
    guard let index = index(of: name) else { return }
    let missing = series[index].streamed(candle.openTime)
    if let missing { fill(index, missing, isGap: true, at: now, into: &effects) }
    effects.append(.market(.candle(candle)))
  }

  /// Asks for what may have been missed since the last certain candle, the forming one included.
  mutating func fillSinceConfirmed(
    _ index: Int, at now: Now, into effects: inout [ClientEffect]
  ) {
    guard let from = series[index].next else { return }
    let current = series[index].series.timeframe.open(containing: venueClock.passed(at: now))
    let isGap = from < current
    let range = OpenRange(from: from, to: max(from, current))
    fill(index, range, isGap: isGap, at: now, into: &effects)
  }

  private mutating func fill(
    _ index: Int, _ range: OpenRange, isGap: Bool, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    if let fill = series[index].fill, fill.from <= range.from, fill.to >= range.to { return }
    let name = series[index].series
    series[index].fill = range
    if isGap {
      effects.append(.feed(.gap(name.symbol, name.timeframe, from: range.from, to: range.to)))
    }
    // A narrower request that still waits for its turn would only repeat part of this one.
    queue.removeAll { request in
      guard case .info(.candles(name.symbol, name.timeframe, let from, let to)) = request.work
      else { return false }
      return from >= range.from && to <= range.to
    }
    enqueue(candles(name, range), at: now, into: &effects)
  }

  private func candles(_ series: CandleSeries, _ range: OpenRange) -> Work {
    .info(.candles(series.symbol, series.timeframe, from: range.from, to: range.to))
  }

  /// Takes the venue's history of a series.
  mutating func history(
    _ value: JSONValue, of name: CandleSeries, _ range: OpenRange, _ sent: SentRequest,
    _ body: [UInt8], at now: Now, into effects: inout [ClientEffect]
  ) -> Bool {
    guard let elements = value.elements else {
      reject(.candleSnapshot, .member("array"), body, into: &effects)
      return false
    }
    let rejectionsBefore = rejections
    let rows = rows(elements, of: name, range, body, into: &effects)
    let isDamaged = rejections > rejectionsBefore
    let interval = name.timeframe.interval
    let passed = venueClock.passed(at: now)
    let index = index(of: name)
    var closed = 0
    var lastClosed: Instant?
    for (position, candle) in rows.enumerated() {
      let isOver =
        position + 1 < rows.count || index.map { series[$0].isOver(candle.openTime) } ?? false
        || candle.closeTime + configuration.clockTolerance <= passed
      if isOver {
        closed += 1
        lastClosed = candle.openTime
        effects.append(.market(.closedCandle(candle)))
      } else if index.map({ series[$0].streaming == nil }) ?? true {
        effects.append(.market(.candle(candle)))
      }
    }
    // The rows that could be read are told; the others get a few more chances to arrive whole.
    guard !isDamaged || sent.attempt >= Self.damagedAttempts else { return false }
    if elements.count >= Self.historyPage, let lastClosed, lastClosed + interval <= range.to,
      rows.last.map({ $0.openTime < range.to }) ?? false
    {
      let done = OpenRange(from: range.from, to: lastClosed)
      let rest = OpenRange(from: lastClosed + interval, to: range.to)
      effects.append(filled(name, done, closed))
      if let index {
        if series[index].fill == range { series[index].fill = rest }
        confirm(index, done)
      }
      enqueue(candles(name, rest), at: now, into: &effects)
      return true
    }
    effects.append(filled(name, range, closed))
    guard let index else { return true }
    // A candle without trades has no row: what is over and was asked for is covered all the same.
    let certain = sent.passed - interval - configuration.clockTolerance
    let covered = series[index].streaming.map { max(certain, $0 - interval) } ?? certain
    let whole = min(range.to, name.timeframe.open(containing: covered))
    settle(index, range, through: max(lastClosed ?? whole, whole), at: now, into: &effects)
    return true
  }

  private func filled(_ name: CandleSeries, _ range: OpenRange, _ count: Int) -> ClientEffect {
    .feed(
      .gapFilled(name.symbol, name.timeframe, from: range.from, to: range.to, candles: count))
  }

  private mutating func settle(
    _ index: Int, _ range: OpenRange, through last: Instant, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    confirm(index, OpenRange(from: range.from, to: last))
    if series[index].fill == range { series[index].fill = nil }
    if let streaming = series[index].streaming, let next = series[index].next, next < streaming,
      series[index].fill == nil
    {
      let missing = OpenRange(from: next, to: streaming - series[index].interval)
      fill(index, missing, isGap: true, at: now, into: &effects)
    }
    recoverIfWhole(into: &effects)
  }

  /// Counts a range as known, where nothing is missing before it.
  private mutating func confirm(_ index: Int, _ range: OpenRange) {
    let isContiguous = series[index].next.map { range.from <= $0 } ?? true
    if isContiguous, range.to >= range.from { series[index].confirm(through: range.to) }
  }

  /// The rows that are candles of the series within the range, in order; others are counted.
  private mutating func rows(
    _ elements: JSONElements, of name: CandleSeries, _ range: OpenRange, _ body: [UInt8],
    into effects: inout [ClientEffect]
  ) -> [Candle] {
    var rows: [Candle] = []
    for element in elements {
      do throws(WireFault) {
        let candle = try MarketWire.candle(element)
        guard candle.symbol == name.symbol, candle.timeframe == name.timeframe else {
          throw .unknownSymbol
        }
        guard rows.last.map({ $0.openTime < candle.openTime }) ?? true else {
          throw .inconsistent
        }
        if candle.openTime >= range.from, candle.openTime <= range.to { rows.append(candle) }
      } catch {
        reject(.candleSnapshot, error.reason, body, into: &effects)
      }
    }
    return rows
  }

  /// The shortest reply that may have been cut off by the venue's limit of rows.
  private static var historyPage: Int { 500 }
  /// How often a reply with unreadable rows is asked for before it is taken as it is.
  private static var damagedAttempts: Int { 5 }
}

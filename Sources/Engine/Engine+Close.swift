import Market
import Risk
import Strategies
import Venues

extension Engine {
  /// How long after its close a candle may still lead to a trade (`strategies.md` section 2.4).
  static let signalLife = Interval.seconds(60)
  /// How long a hole in a live series may hold a close back.
  static let holePatience = Interval.seconds(10)

  /// Closes everything that may close now, oldest first.
  mutating func closeCandles(_ outbox: inout Outbox) {
    while let close = aggregator.nextClose(at: now.wall, isLive: isFeedLive) {
      if fetchesHoles(before: close, &outbox) { return }
      let batch = aggregator.take(close)
      guard !batch.isEmpty else { return }
      closeBatch(batch, at: close, &outbox)
    }
  }

  /// Stores all candles of one close time, then lets the strategies decide.
  private mutating func closeBatch(
    _ batch: [Candle], at close: Instant, _ outbox: inout Outbox
  ) {
    let isHistory = close <= feed.decidesFrom
    let stored = manager.store(batch.map { completeFlow(of: $0) })
    for candle in stored {
      outbox.records.append(
        .candle(
          CandleRecord(
            candle: candle, isBackfilled: isHistory || now.wall - close > Self.signalLife)))
    }
    for candle in priced.take(stored) {
      if !isWired { portfolio.setMark(candle.symbol, candle.close, at: now.monotonic) }
      if !isHistory { tradePaper(on: candle, &outbox) }
    }
    deliverReadings(until: close)
    registry.absorb(stored, in: manager.view)
    if !isHistory { decide(on: stored, at: close, &outbox) }
    if configuration.recordsStrategyStates { recordStates(at: close, &outbox) }
  }

  private mutating func decide(
    on stored: [Candle], at close: Instant, _ outbox: inout Outbox
  ) {
    let isLate = now.wall - close > Self.signalLife
    let decisions: [Decision]
    if isLate {
      decisions = registry.late(at: close, on: stored)
    } else {
      let portfolio = portfolio
      let orders = orders
      decisions = registry.decide(at: close, on: stored, in: manager.view) { seat in
        portfolio.holds(seat) || orders.hasEntryOut(seat)
      }
    }
    if keepsEvidence { keep(decisions, on: stored) }
    var signals: [(decision: Decision, signal: Signal)] = []
    for decision in decisions {
      tally.decisions += 1
      outbox.records.append(.decision(decision))
      switch decision.outcome {
      case .signal(let signal): signals.append((decision, signal))
      case .leave: leave(decision, &outbox)
      case .noTrade: break
      }
    }
    guard !signals.isEmpty else { return }
    tally.signals += signals.count
    let candidates = signals.compactMap { decision, signal in
      registry.seat(of: decision).map {
        Arbiter.Candidate(decision: decision, signal: signal, symbol: $0.symbol)
      }
    }
    let rulings = Arbiter.weigh(candidates, policy: configuration.arbitration) {
      exposure(of: $0)
    }
    for ruling in rulings { enter(ruling, &outbox) }
  }

  private mutating func recordStates(at close: Instant, _ outbox: inout Outbox) {
    for record in registry.changedStates(at: close) {
      outbox.records.append(.strategyState(record))
    }
  }

  /// Asks the venue for candles that a live series lacks before `close`; true while the close
  /// waits.
  private mutating func fetchesHoles(before close: Instant, _ outbox: inout Outbox) -> Bool {
    guard isWired, guards.contains(.gapFill), feed.wasLive, isFeedLive else { return false }
    let holes = aggregator.holes(before: close)
    guard !holes.isEmpty else {
      schedule.holeDeadline = nil
      return false
    }
    let fresh = holes.filter { !feed.askedHoles.contains($0) }
    guard !fresh.isEmpty else {
      // Asked already: wait for the answer, but not for ever.
      guard !feed.openHoles.isEmpty, let deadline = schedule.holeDeadline, now.monotonic < deadline
      else {
        schedule.holeDeadline = nil
        feed.openHoles = []
        return false
      }
      return true
    }
    schedule.holeDeadline = now.monotonic + Self.holePatience
    for hole in fresh {
      feed.askedHoles.append(hole)
      feed.openHoles.append(hole)
      if feed.askedHoles.count > FeedState.holeLimit { feed.askedHoles.removeFirst() }
      note(
        "feed.hyperliquid", "hole",
        "\(hole.symbol) \(hole.timeframe.name) from \(hole.from) to \(hole.to)", &outbox)
      withClient(&outbox) { client, now, effects in
        client.backfill(
          Venues.CandleSeries(symbol: hole.symbol, timeframe: hole.timeframe),
          from: hole.from, to: hole.to, at: now, into: &effects)
      }
    }
    return true
  }
}

/// How far the closed candles of each symbol have told its price: paper exits are judged, and
/// without a wire positions are valued, once over any stretch of time.
struct PricedStretches: Sendable {
  private var ends: [(symbol: Symbol, time: Instant)] = []

  /// The candles of one close to judge by: of each symbol the shortest, as it tells the path best,
  /// unless a shorter one has told a part of its time before.
  ///
  /// A declared series may lack a stretch, or begin later than a longer one; without the longer
  /// one, what is held would have no stop there.
  mutating func take(_ stored: [Candle]) -> [Candle] {
    var shortest: [Candle] = []
    shortest.reserveCapacity(stored.count)
    for candle in stored {
      if let index = shortest.firstIndex(where: { $0.symbol == candle.symbol }) {
        if candle.timeframe < shortest[index].timeframe { shortest[index] = candle }
      } else {
        shortest.append(candle)
      }
    }
    shortest.removeAll { candle in
      guard let index = ends.firstIndex(where: { $0.symbol == candle.symbol }) else {
        ends.append((candle.symbol, candle.closeTime))
        return false
      }
      guard candle.openTime >= ends[index].time else { return true }
      ends[index].time = candle.closeTime
      return false
    }
    return shortest
  }
}

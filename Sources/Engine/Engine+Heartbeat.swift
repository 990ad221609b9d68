public import Market
import Risk
import Strategies
import Venues

extension Engine {
  /// Records equity and forgets what is over, once a heartbeat.
  mutating func beat(_ outbox: inout Outbox) {
    guard schedule.heartbeat <= now.monotonic else { return }
    schedule.heartbeat = now.monotonic + configuration.heartbeat
    let portfolio = portfolio
    orders.prune(at: now.wall) { portfolio[$0] != nil }
    let orders = orders
    funding.prune { portfolio[$0] != nil || orders[$0] != nil }
    checkHealth(&outbox)
    guard let account = portfolio.account else { return }
    outbox.records.append(
      .equity(
        EquityRecord(
          time: now.wall, equity: portfolio.equity, cash: account.cash,
          openPositions: portfolio.positions.count)))
  }

  /// Ends a graceful stop once nothing that could open a position is out.
  mutating func finishStop(_ outbox: inout Outbox) {
    guard phase == .stopping, !orders.live.contains(where: { $0.intent.role == .entry }) else {
      return
    }
    withClient(&outbox) { client, now, effects in client.stop(at: now, into: &effects) }
    withSources(&outbox) { client, now, effects in client.stop(at: now, into: &effects) }
    phase = .stopped
    note("engine", "stopped", "no entry is out; stops and targets rest", &outbox)
    outbox.effects.append(.stopped)
  }

  /// What the engine believes now.
  public var snapshot: Snapshot {
    let wall = now.wall.nanoseconds
    let tripped = BreakerKind.allCases.filter { safety[$0].pausedUntil > wall }
    return Snapshot(
      epoch: epoch, wall: now.wall, monotonic: now.monotonic, account: portfolio.account,
      equity: portfolio.equity, positions: portfolio.positions, orders: orders.live,
      killSwitch: safety.killSwitch,
      trippedBreakers: tripped.map {
        BreakerRecord(
          time: now.wall, kind: $0, until: Instant(nanoseconds: safety[$0].pausedUntil),
          detail: "")
      },
      drifts: reconciliation.drifts, isFeedLive: isFeedLive, rejections: tally.rejections,
      newestCandles: newestCandles,
      decisionCount: tally.decisions, signalCount: tally.signals, loads: loads,
      marks: portfolio.marks)
  }

  /// The newest closed candle of each series that triggers a strategy.
  private var newestCandles: [Candle] {
    var newest: [Candle] = []
    for seat in registry.seats {
      guard let candle = manager.view.candles(seat.symbol, seat.trigger)?.last,
        !newest.contains(candle)
      else { continue }
      newest.append(candle)
    }
    return newest
  }

  /// Sizes of everything that could grow, against their caps.
  private var loads: [Snapshot.Load] {
    let lanes = max(1, registry.instances.count * Timeframe.allCases.count)
    return [
      Snapshot.Load(
        name: "feed.queue", count: aggregator.queuedCount,
        limit: lanes * FeedAggregator.queueLimit),
      Snapshot.Load(name: "orders", count: orders.rows.count, limit: OrderTable.limit),
      Snapshot.Load(name: "fills", count: fillMemory.count, limit: FillMemory.limit),
      Snapshot.Load(name: "queries", count: schedule.queries.count, limit: Schedule.queryLimit),
      Snapshot.Load(name: "rejections", count: tally.rejections.count, limit: Tally.kindLimit + 1),
      Snapshot.Load(name: "readings", count: readings.count, limit: ReadingQueue.limit),
      Snapshot.Load(name: "flow", count: flow.count, limit: FlowBook.limit),
      Snapshot.Load(name: "holes", count: feed.askedHoles.count, limit: FeedState.holeLimit),
    ]
  }
}

extension EngineConfiguration {
  /// Digest of everything that decides how an engine behaves.
  public var digest: Digest {
    // The reflected text names every field in declaration order: nothing can be left out by
    // mistake.
    var digest = Digest()
    digest.add(String(reflecting: self))
    return digest
  }
}

import Market
import Risk
import Strategies
import Venues

extension Engine {
  /// The strategies that the configuration names, one instance a tradable symbol.
  static func instances(
    _ configuration: EngineConfiguration
  ) throws(EngineError) -> [any StrategyInstance] {
    var instances: [any StrategyInstance] = []
    let instruments = configuration.symbols.map(\.instrument)
    for id in configuration.strategies {
      guard StrategyCatalog.isKnown(id) else { throw .unknownStrategy(id) }
      let before = instances.count
      for symbol in configuration.symbols where symbol.isTradable {
        instances += StrategyCatalog.make(id, for: symbol.instrument, among: instruments)
      }
      guard instances.count > before else { throw .tradesNothing(id) }
    }
    return instances
  }

  /// Refuses a configuration whose parts do not fit together.
  func validate() throws(EngineError) {
    var seen: [Symbol] = []
    for symbol in configuration.symbols.map(\.instrument.symbol) {
      guard !seen.contains(symbol) else { throw .duplicateSymbol(symbol) }
      seen.append(symbol)
    }
    if case .exchange = configuration.execution {
      guard configuration.arbitration == .batch else { throw .exchangeNeedsBatch }
      guard configuration.isConnected, configuration.account.flatMap(Address.init) != nil else {
        throw .exchangeNeedsAccount
      }
    }
    for instance in registry.instances {
      let symbol = instance.instrument.symbol
      guard seen.contains(symbol) else { throw .unlistedSymbol(instance.id, symbol) }
      for input in instance.inputs where input.necessity != .optional {
        // Another symbol's input may be missing where the strategy itself says so: a pair without
        // its leg is starved, and the other pairs trade.
        if let other = input.symbol, input.necessity == .judged, !seen.contains(other) { continue }
        guard
          configuration.sources.produces(input.kind, isConnected: configuration.isConnected)
        else {
          throw .noProducer(instance.id, input.symbol ?? symbol, "\(input.kind)")
        }
      }
    }
  }

  /// Declares every series that strategies read, with what the store still holds of it.
  mutating func declareSeries(_ recovered: DurableState) {
    for instance in registry.instances {
      manager.declare(instance.inputs, of: instance.instrument.symbol)
    }
    for tail in recovered.normalised().candles {
      for candle in tail.candles { manager.restore(candle) }
    }
    for symbol in configuration.symbols.map(\.instrument.symbol) {
      for timeframe in Timeframe.allCases where timeframe.source == nil {
        guard let series = manager.view.candles(symbol, timeframe) else { continue }
        let reads = registry.readsFlow(of: symbol, timeframe)
        aggregator.declare(
          symbol, timeframe, closed: series.last,
          flow: reads ? configuration.sources.takerFlow : nil)
        if reads, configuration.sources.takerFlow == .hyperliquid {
          flow.declare(symbol, timeframe)
        }
      }
    }
  }

  /// Puts back everything that the store remembers.
  mutating func recover(_ recovered: DurableState, killSwitchFile: KillSwitchRecord?) {
    if guards.contains(.killSwitchLatch) {
      safety.killSwitch = recovered.killSwitch
      // The file wins: a person may have made it while no engine ran.
      if let file = killSwitchFile, file.isEngaged { safety.killSwitch = file }
    }
    for record in recovered.breakers {
      safety[record.kind].pausedUntil = record.until.nanoseconds
    }
    reconciliation.drifts = recovered.drifts
    portfolio.account = recovered.account
    for row in recovered.orders { orders.put(row) }
    for row in recovered.positions { portfolio.put(row) }
    for row in recovered.normalised().fills {
      _ = fillMemory.insert(row.fill.symbol, row.fill.tradeID, of: row.fill.clientID)
      reconciliation.newestFill = max(reconciliation.newestFill, row.fill.time)
    }
    for row in recovered.fundingPayments { _ = funding.advance(row.position, to: row.time) }
    for record in recovered.strategyStates where !registry.restore(record) {
      tally.reject("recovery.strategy_state")
    }
  }

  /// Opens the paper account on a new store.
  mutating func openAccount(_ outbox: inout Outbox) {
    feed.decidesFrom = now.wall
    guard portfolio.account == nil else { return }
    if case .paper(let paper) = configuration.execution { open(paper.openingBalance, &outbox) }
  }

  /// Opens the account with its first balance.
  mutating func open(_ balance: Money, _ outbox: inout Outbox) {
    portfolio.account = AccountRecord(
      opening: balance, realised: .zero, fees: .zero, funding: .zero, dayStartEquity: balance,
      dayStart: Timeframe.d1.open(containing: now.wall), sessionStartEquity: balance,
      highWaterEquity: balance, isPausedByDrawdown: false)
    recordAccount(&outbox)
  }

  /// Records money as it stands.
  mutating func recordAccount(_ outbox: inout Outbox) {
    guard let account = portfolio.account else { return }
    outbox.records.append(.account(account))
  }

  /// Takes up orders that an earlier run left: whatever was on its way may or may not have arrived.
  mutating func resumeOrders(_ outbox: inout Outbox) {
    for row in orders.live {
      guard case .moved(let standing) = advance(row.standing, on: .restarted, in: Integers())
      else {
        // Unknown already when the process before this one died: nobody has the answer yet.
        if paper == nil { schedule.query(row.intent.clientID, at: now.monotonic) }
        continue
      }
      var row = row
      row.take(standing)
      if paper != nil {
        resumePaper(&row)
      } else {
        schedule.query(row.intent.clientID, at: now.monotonic)
      }
      row.updatedAt = now.wall
      put(row, &outbox)
    }
    reconcileSoon()
  }

  /// The paper venue died with its process: what rested rests again, what was under way never came.
  private mutating func resumePaper(_ row: inout OrderRecord) {
    switch row.intent.pricing {
    case .trigger:
      paper?.resume(row.intent, acceptedAt: row.createdAt, venueID: row.venueID ?? 0)
      if case .moved(let standing) = advance(row.standing, on: .acknowledged, in: Integers()) {
        row.take(standing)
      }
    case .limit:
      row.wasAcknowledged = false
      if case .moved(let standing) = advance(row.standing, on: .notFound, in: Integers()) {
        row.take(standing)
      }
    }
  }

  /// The venue client, with what it has to fetch first.
  func makeClient(
    signer: (any ActionSigner)?, recovered: DurableState
  ) -> HyperliquidClient? {
    guard configuration.isConnected else { return nil }
    let address = configuration.account.flatMap(Address.init)
    var series: [Venues.CandleSeries] = []
    for symbol in configuration.symbols.map(\.instrument.symbol) {
      for timeframe in Timeframe.allCases
      where timeframe.source == nil && manager.view.candles(symbol, timeframe) != nil {
        series.append(Venues.CandleSeries(symbol: symbol, timeframe: timeframe))
      }
    }
    var settings = HyperliquidClientConfiguration(
      symbols: configuration.symbols.map(\.instrument.symbol), series: series,
      user: paper == nil ? address : nil, timerOwner: Schedule.clientOwner,
      seed: configuration.jitterSeed &+ UInt64(epoch))
    settings.fillsSince = reconciliation.newestFill
    // A wall clock that stepped back across the restart must not repeat a nonce.
    settings.nonceFloor = UInt64(max(0, recovered.newestInstant.milliseconds)) + 1
    let fallback = Address("0x0000000000000000000000000000000000000000")
    guard let signer = signer ?? (address ?? fallback).map(SimulatedSigner.init) else { return nil }
    return HyperliquidClient(configuration: settings, signer: signer)
  }

  /// Connects, and has the history fetched that the strategies' warm-up needs.
  mutating func startFeed(_ outbox: inout Outbox) {
    guard isWired else { return }
    aggregator.isRecovering = true
    let wall = now.wall
    let view = manager.view
    withClient(&outbox) { client, now, effects in
      for series in client.configuration.series {
        guard let held = view.candles(series.symbol, series.timeframe) else { continue }
        let reach = series.timeframe.interval * Int64(held.capacity)
        let first = series.timeframe.open(containing: wall - reach)
        client.resume(series, lastClosed: held.last?.openTime ?? first)
      }
      client.start(at: now, into: &effects)
    }
    withSources(&outbox) { client, now, effects in client.start(at: now, into: &effects) }
    if case .exchange(let exchange) = configuration.execution {
      schedule.reconciliation = now.monotonic
      if exchange.scheduledCancel != nil { schedule.deadMan = nil }
    }
  }
}

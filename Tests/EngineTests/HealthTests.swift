import Market
import Risk
import Testing

@testable import Engine
@testable import Strategies

/// How the engine tells how well its strategies are fed.
@Suite struct HealthTests {
  private static let inputs = [
    InputRequirement(.candles(.m15), warmUp: 2), InputRequirement(.spot, warmUp: 1),
    InputRequirement(.openInterest, warmUp: 1, .optional),
  ]

  private static func desk(
    recovered: DurableState = DurableState(), start: Instant = monday,
    spot: Venue? = .coinbase, openInterest: Venue? = .binance,
    feeds: [Venue] = [.coinbase, .binance]
  ) throws -> Desk {
    var strategy = Scripted(try bitcoin(), plan: [:])
    strategy.inputs = inputs
    var sources = DataSources()
    sources.spot = spot
    sources.openInterest = openInterest
    sources.takerFlow = nil
    sources.feeds = feeds
    return try Desk([strategy], recovered: recovered, start: start, sources: sources)
  }

  private static func feed(_ desk: inout Desk, from first: Int64, to last: Int64) throws {
    for half in first..<last {
      let time = monday + .seconds(half * 30)
      desk.advance(to: time)
      if half % 30 == 0, half > 0 {
        desk.close(try candle(half / 30 - 1, "100", "101", "99", "100"))
      }
      if half % 10 == 0 {
        desk.send(
          .market(
            .openInterest(
              OpenInterest(symbol: "BTC", venue: .binance, time: time, quantity: "5"))))
      }
      desk.send(
        .market(.spot(SpotPrice(symbol: "BTC", venue: .coinbase, time: time, price: "100"))))
    }
  }

  @Test func `every change of health is recorded with the input and its age`() throws {
    var desk = try Self.desk()
    try Self.feed(&desk, from: 0, to: 62)
    // Spot falls silent at 30:30, then comes again at 34:00; open interest is last told at 30:00.
    desk.advance(to: monday + .minutes(34))
    try Self.feed(&desk, from: 68, to: 80)
    desk.advance(to: monday + .minutes(40))
    let rows = desk.healths.map {
      "\(($0.time - monday).milliseconds / 1_000) \($0.status): \($0.detail)"
    }
    #expect(desk.healths.allSatisfy { $0.component == "strategy.scripted.BTC" })
    #expect(
      rows == [
        "0 starved: 15m candles of BTC never came",
        "960 warming: 15m candles of BTC, last 60 s ago",
        "1860 healthy: every input comes",
        "1980 starved: spot samples of BTC, last 150 s ago",
        "2100 healthy: every input comes",
      ])
  }

  @Test func `an optional input that stops coming degrades`() throws {
    var desk = try Self.desk()
    try Self.feed(&desk, from: 0, to: 61)
    for half in Int64(61)..<100 {
      let time = monday + .seconds(half * 30)
      desk.send(
        .market(.spot(SpotPrice(symbol: "BTC", venue: .coinbase, time: time, price: "100"))),
        at: time)
    }
    let health = try #require(desk.engine.strategyHealth.first)
    #expect(health.health.state == .degraded)
    #expect(health.health.kind == .openInterest)
    #expect(desk.healths.last?.status == "degraded")
    #expect(desk.healths.last?.detail.hasPrefix("open interest of BTC, last ") == true)
  }

  @Test func `a required input that nobody supplies refuses to start`() throws {
    #expect(throws: EngineError.noProducer("scripted", "BTC", "spot samples")) {
      _ = try Self.desk(spot: nil)
    }
    #expect(throws: EngineError.noProducer("scripted", "BTC", "spot samples")) {
      _ = try Self.desk(feeds: [.binance])
    }
  }

  @Test func `an optional input that nobody supplies does not`() throws {
    var desk = try Self.desk(openInterest: nil, feeds: [.coinbase])
    try Self.feed(&desk, from: 0, to: 62)
    #expect(
      desk.engine.strategyHealth.first?.health
        == DataHealth(state: .degraded, kind: .openInterest, symbol: "BTC"))
  }

  @Test func `a restart knows the candles, and believes in no reading that it did not see`() throws
  {
    var first = try Self.desk()
    try Self.feed(&first, from: 0, to: 62)
    #expect(first.engine.strategyHealth.first?.health.state == .healthy)
    let start = monday + .minutes(31)
    var second = try Self.desk(recovered: first.disk, start: start)
    #expect(
      second.engine.strategyHealth.first?.health
        == DataHealth(state: .starved, kind: .spot, symbol: "BTC"))
    second.send(
      .market(.spot(SpotPrice(symbol: "BTC", venue: .coinbase, time: start, price: "100"))),
      at: start + .seconds(1))
    // No candle closed since: those of the store are as long as the warm-up.
    #expect(
      second.engine.strategyHealth.first?.health
        == DataHealth(state: .degraded, kind: .openInterest, symbol: "BTC"))
    second.advance(to: start + .minutes(1))
    #expect(second.healths.map(\.status) == ["starved", "degraded"])
  }

  @Test func `memories survive a restart`() throws {
    var first = try Desk([StrategyRunner(EmaCross(), for: try bitcoin())])
    for index in Int64(0)..<40 {
      let price = Price(whole: 100 + index * index % 17)
      first.close(
        try candle(index, price, price, price, price, timeframe: EmaCross().trigger))
    }
    let bytes = try #require(first.engine.registry.instances.first?.stateBytes)
    let fresh = try Desk([StrategyRunner(EmaCross(), for: try bitcoin())])
    #expect(fresh.engine.registry.instances.first?.stateBytes != bytes)
    let second = try Desk(
      [StrategyRunner(EmaCross(), for: try bitcoin())], recovered: first.disk,
      start: monday + .days(3))
    #expect(second.engine.registry.instances.first?.stateBytes == bytes)
  }

  @Test func `nothing that is fed grows without bound`() throws {
    var strategy = Scripted(try bitcoin(), plan: [:])
    strategy.inputs = Self.inputs + [InputRequirement(.takerSplit(.m15), warmUp: 1)]
    var sources = DataSources()
    sources.feeds = [.hyperliquid]
    var desk = try Desk([strategy], sources: sources)
    // Trades and figures of twelve days, and no candle that would close any of it.
    for index in Int64(0)..<20_000 {
      let time = monday + .seconds(index * 52)
      desk.send(
        .market(
          .trade(
            Trade(
              symbol: "BTC", time: time, takerSide: .buy, price: "100", quantity: "1",
              id: UInt64(index)))), at: time)
      desk.send(
        .market(
          .context(
            AssetContext(
              symbol: "BTC", mark: "100", oracle: "100", mid: "100",
              hourlyFundingRate: FundingRate(steps: 1), openInterest: "5"))))
      desk.records.removeAll(keepingCapacity: true)
    }
    let loads = desk.engine.snapshot.loads
    #expect(loads.first { $0.name == "readings" }?.count == ReadingQueue.limit)
    #expect(loads.first { $0.name == "flow" }?.count == FlowBook.limit)
    #expect(loads.allSatisfy { $0.count <= $0.limit })
  }
}

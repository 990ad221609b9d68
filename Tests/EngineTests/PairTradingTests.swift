import Market
import Risk
import Testing
import Venues

@testable import Engine
@testable import Strategies

/// Pairs, `strategies.md` section 3.7: both legs or none, ended together, two slots.
@Suite("Pair trading") struct PairTradingTests {
  /// Short 1 of BTC at 100,000 against 0.9 of ETH long at 4,000; z is 2.3 of a spread of 1.2 %.
  static func signal(at time: Instant) -> Signal {
    Signal(
      side: .sell, entry: "100000", stop: "100840", target: "97240",
      rewardToRisk: TenThousandths(32_857), netRewardToRisk: TenThousandths(20_000),
      confidence: TenThousandths(8_000), validUntil: time + .seconds(60),
      timeStop: time + .hours(24),
      pair: PairLeg(
        symbol: "ETH", side: .buy, entry: "4000", stop: "3962.6", target: "4122.7",
        catastrophicStop: "3910.2", firstCatastrophicStop: "102060", hedge: "0.9"))
  }

  static let decided = monday + .minutes(15)

  static func symbols(
    secondTradable: Bool = true, instruments: [Instrument]
  ) -> [SymbolConfiguration] {
    instruments.map {
      SymbolConfiguration(
        instrument: $0, isTradable: secondTradable || $0.symbol != "ETH")
    }
  }

  static func desk(
    secondTradable: Bool = true, departures: [Instant] = [],
    recovered: DurableState = DurableState(), limits: Limits = .paperDefault
  ) throws -> Desk {
    let instruments = [try bitcoin(), try ether()]
    var strategy = Scripted(instruments[0], plan: [decided: signal(at: decided)])
    strategy.otherLeg = instruments[1]
    strategy.inputs = [
      InputRequirement(.candles(.m15), warmUp: 1),
      InputRequirement(.candles(.m15), of: "ETH", warmUp: 1, .judged),
    ]
    strategy.departures = departures
    return try Desk(
      [strategy], limits: limits, recovered: recovered,
      symbols: symbols(secondTradable: secondTradable, instruments: instruments))
  }

  /// Closes a quarter hour of both legs.
  static func close(
    _ desk: inout Desk, _ index: Int64, bitcoin: [Price] = ["100000", "100100", "99900", "100000"],
    ether: [Price] = ["4000", "4010", "3990", "4000"]
  ) throws {
    for (symbol, prices) in [(Symbol("BTC"), bitcoin), (Symbol("ETH"), ether)] {
      desk.close(
        try candle(
          index, prices[0], prices[1], prices[2], prices[3],
          symbol: symbol))
    }
  }

  /// Both legs filled.
  static func open(
    departures: [Instant] = [], recovered: DurableState = DurableState()
  ) throws -> Desk {
    var desk = try desk(departures: departures, recovered: recovered)
    try close(&desk, 0)
    desk.advance(to: decided + .seconds(1))
    return desk
  }

  @Test("both legs fill in the hedge's proportion, each with its far stop and no target")
  func opens() throws {
    let desk = try Self.open()
    #expect(desk.outcomes == ["EXECUTED"])
    let positions = desk.engine.portfolio.positions
    let first = try #require(positions.first { $0.symbol == "BTC" })
    let second = try #require(positions.first { $0.symbol == "ETH" })
    #expect(first.quantity < .zero && second.quantity > .zero)
    #expect(first.bracket.partner == second.id && second.bracket.partner == first.id)
    #expect(first.setup == "BTC/ETH" && second.setup == "BTC/ETH")
    // Within a lot of each, notional of the second is 0.9 of the first's.
    let value = Double(-first.quantity.steps) * 100_000
    let hedge = Double(second.quantity.steps) * 4_000
    #expect(abs(hedge / value - 0.9) < 0.001)
    let live = desk.engine.orders.live
    #expect(live.map(\.intent.role) == [.stop, .stop])
    let triggers = live.compactMap {
      if case .trigger(let price, _) = $0.intent.pricing { price } else { nil as Price? }
    }
    #expect(Set(triggers) == ["102060", "3910.2"])
    #expect(desk.engine.accountState().slotsInUse == 2)
  }

  @Test("what the strategy leaves ends on both legs") func leaves() throws {
    let departure = monday + .minutes(45)
    var desk = try Self.open(departures: [departure])
    try Self.close(&desk, 1)
    #expect(desk.engine.portfolio.positions.count == 2)
    try Self.close(&desk, 2)
    desk.advance(to: departure + .seconds(1))
    #expect(desk.closed.map(\.exitReason) == [.strategy, .strategy])
    #expect(desk.decisions.last?.outcome == .leave)
    #expect(desk.engine.orders.live.isEmpty)
  }

  @Test("the stop of one leg ends the other") func partnerStops() throws {
    var desk = try Self.open()
    try Self.close(&desk, 1)
    try Self.close(&desk, 2, ether: ["4000", "4000", "3900", "3950"])
    desk.advance(to: monday + .minutes(46))
    let ends = desk.closed.map { [$0.symbol.description, "\($0.exitReason ?? .venue)"] }
    #expect(ends == [["ETH", "stop"], ["BTC", "partner"]])
    #expect(desk.engine.orders.live.isEmpty)
  }

  @Test("a leg that does not fill takes the other with it") func legMissing() throws {
    var desk = try Self.desk()
    try Self.close(&desk, 0)
    // ETH runs away within the latency: the immediate order finds no price within its limit.
    desk.send(.market(.mid("ETH", "4100")), at: Self.decided + .milliseconds(100))
    desk.advance(to: Self.decided + .seconds(2))
    #expect(desk.fills.map(\.fill.symbol) == ["BTC", "BTC"])
    #expect(desk.closed.map(\.exitReason) == [.partner])
    #expect(desk.engine.portfolio.positions.isEmpty && desk.engine.orders.live.isEmpty)
  }

  @Test("neither leg leaves where the gate refuses one") func refusedTogether() throws {
    var desk = try Self.desk(secondTradable: false)
    try Self.close(&desk, 0)
    desk.advance(to: Self.decided + .seconds(1))
    #expect(desk.outcomes == [RejectReason.symbolNotPermitted.code])
    #expect(desk.engine.orders.rows.isEmpty && desk.fills.isEmpty)
  }

  @Test("AR-5: a pair needs two free slots") func twoSlots() throws {
    var desk = try Self.desk(
      limits: try Limits(basedOn: .paperDefault, setting: [(.maximumPositionCount, 1)]))
    try Self.close(&desk, 0)
    #expect(desk.outcomes == [RejectReason.maximumPositions.code])
    #expect(desk.engine.orders.rows.isEmpty)
  }

  @Test("a restart knows which legs belong together") func restart() throws {
    let before = try Self.open()
    var desk = try Self.desk(recovered: before.disk)
    desk.advance(to: monday + .minutes(20))
    try Self.close(&desk, 1)
    try Self.close(&desk, 2, bitcoin: ["100000", "103000", "100000", "102000"])
    desk.advance(to: monday + .minutes(46))
    #expect(Set(desk.closed.map(\.exitReason)) == [.stop, .partner])
  }
}

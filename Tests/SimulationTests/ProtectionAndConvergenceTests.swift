@testable import Engine
@testable import Exchange
import Market
import Risk
import Testing
import Venues

@testable import Simulation

@Suite struct ProtectionOracleTests {
  private func truth(isProtected: Bool) -> VenueTruth {
    var position = ExchangePosition(symbol: "BTC", leverage: 10)
    position.quantity = Quantity(whole: 1)
    let stop = ExchangeOrder.planted(
      symbol: "BTC", side: .sell, quantity: Quantity(whole: 1), trigger: Price(whole: 90))
    return VenueTruth(positions: [position], orders: isProtected ? [stop] : [])
  }

  @Test func aPositionWithoutItsStop() {
    var bench = Bench(ProtectionOracle.self)
    bench.start()
    bench.step(Plant.step(snapshot: Plant.snapshot(positions: [Plant.position()])))
    bench.venue(0, truth(isProtected: false))
    bench.venue(30, truth(isProtected: true))
    bench.venue(60, truth(isProtected: false))
    bench.venue(99, truth(isProtected: false))
    #expect(bench.found == [])
    bench.venue(101, truth(isProtected: false))
    #expect(bench.found == ["S23"])
  }
}

@Suite struct ConvergenceOracleTests {
  private let venue = VenueTruth(positions: [], orders: [])

  @Test func agreementIsSilent() {
    #expect(ConvergenceOracle.pending(Plant.snapshot(), venue) == nil)
  }

  @Test func everyDifferenceHasAReason() {
    #expect(ConvergenceOracle.pending(nil, venue) == "the engine is down")
    var deaf = Plant.snapshot()
    deaf.isFeedLive = false
    #expect(ConvergenceOracle.pending(deaf, venue) == "the feed is not live")
    var unknown = Plant.snapshot()
    if case .order(let row) = Plant.order(1, .unknown) { unknown.orders = [row] }
    #expect(ConvergenceOracle.pending(unknown, venue)?.contains("is unknown") ?? false)
    let holds = Plant.snapshot(positions: [Plant.position()])
    #expect(ConvergenceOracle.pending(holds, venue)?.contains("no drift says so") ?? false)
  }

  @Test func anOpenDriftExplainsADifference() {
    var holds = Plant.snapshot(positions: [Plant.position()])
    holds.drifts = [
      DriftRecord(
        time: Plant.start, symbol: "BTC", kind: .phantom, local: Quantity(whole: 1),
        venue: .zero, isOpen: true)
    ]
    #expect(ConvergenceOracle.pending(holds, venue) == nil)
  }
}

extension ExchangeOrder {
  /// An order that rests as a reduce-only stop.
  static func planted(
    symbol: Symbol, side: Side, quantity: Quantity, trigger: Price
  ) -> ExchangeOrder {
    ExchangeOrder(
      id: 1, clientID: nil, account: Scenario.usualAccount, symbol: symbol, side: side,
      limit: trigger, quantity: quantity, remaining: quantity, timeInForce: nil,
      trigger: ExchangeTrigger(price: trigger, isMarket: true, takesProfit: false),
      isReduceOnly: true, placed: Plant.start, status: .open, statusTime: Plant.start,
      accountIndex: 0, asset: 0, sequence: 1)
  }
}

import Market
import Risk
import Testing

@testable import Engine
@testable import Strategies

/// What an engine that is asked to keeps of the decisions of a step.
@Suite("Evidence") struct EvidenceTests {
  private static func pair(keeping: Bool, secondTradable: Bool = true) throws -> Desk {
    var desk = try PairTradingTests.desk(secondTradable: secondTradable)
    desk.engine.keepsEvidence = keeping
    try PairTradingTests.close(&desk, 0)
    return desk
  }

  @Test("both legs of a pair are kept as the gate saw them, the first counted for the second")
  func legs() throws {
    let desk = try Self.pair(keeping: true)
    let shown = try #require(desk.engine.evidence.decisions.first)
    #expect(shown.decision == desk.decisions.last)
    #expect(shown.trigger?.closeTime == PairTradingTests.decided)
    #expect(shown.inputs.map(\.symbol) == ["BTC", "ETH"])
    #expect(shown.inputs.map(\.held) == [1, 1] && shown.inputs.map(\.unbroken) == [1, 1])
    let entry = try #require(desk.engine.evidence.entries.first)
    #expect(entry.refusal == nil && entry.exposures.map(\.symbol) == ["BTC", "ETH"])
    #expect(entry.gate.map(\.request.instrument.symbol) == ["BTC", "ETH"])
    #expect(entry.gate.map(\.account.slotsInUse) == [0, 1])
    #expect(entry.gate.map(\.account.ordersInWindow) == [0, 1])
    #expect(entry.gate[0].account.heat == 0 && entry.gate[1].account.heat > 0)
    // The gate, shown the same again, clears no less than the orders that left.
    for leg in entry.gate {
      let cleared = try Gate(limits: leg.limits).clearEntry(
        leg.request, account: leg.account, symbol: leg.symbol
      ).get()
      let order = try #require(desk.engine.orders[leg.request.clientID])
      #expect(order.intent.quantity <= cleared.order.intent.quantity)
    }
  }

  @Test("a second leg that is refused is kept with what refused it") func refusedLeg() throws {
    let desk = try Self.pair(keeping: true, secondTradable: false)
    let entry = try #require(desk.engine.evidence.entries.first)
    #expect(desk.outcomes == ["SYMBOL_NOT_PERMITTED"])
    #expect(entry.gate.map(\.symbol.isPermitted) == [true, false])
  }

  @Test("keeping changes no record, and nothing is kept unasked or beyond its step")
  func keepingIsQuiet() throws {
    var asked = try Self.pair(keeping: true)
    let unasked = try Self.pair(keeping: false)
    #expect(asked.records == unasked.records)
    #expect(unasked.engine.evidence.decisions.isEmpty && unasked.engine.evidence.entries.isEmpty)
    #expect(!asked.engine.evidence.entries.isEmpty)
    asked.advance(to: PairTradingTests.decided + .seconds(1))
    #expect(asked.engine.evidence.entries.isEmpty)
  }
}

import Market
import Risk
import Strategies
import Testing
import Venues

@testable import Engine

@Suite("Arbitration, strategies.md section 4.1") struct ArbiterTests {
  func ask(
    _ strategy: StrategyID, _ symbol: Symbol, _ side: Side, _ confidence: Int64
  ) -> (decision: Decision, signal: Signal) {
    let signal = signal(
      side, "100", stop: side == .buy ? "99" : "101", target: side == .buy ? "103" : "97",
      at: monday, confidence: confidence)
    let decision = Decision(
      strategy: strategy, symbol: symbol, setup: "plan", time: monday, outcome: .signal(signal),
      inputs: 0)
    return (decision, signal)
  }

  func verdicts(
    _ asks: [(decision: Decision, signal: Signal)], exposure: (Symbol) -> Quantity = { _ in .zero }
  ) -> [String: String] {
    var result: [String: String] = [:]
    for ruling in Arbiter.weigh(asks, policy: .batch, exposure: exposure) {
      result["\(ruling.decision.strategy)"] = ruling.refusal ?? "EXECUTE"
    }
    return result
  }

  @Test("AR-1: evenly matched sides cancel") func conflictCancels() {
    #expect(
      verdicts([ask("a", "BTC", .buy, 7_400), ask("b", "BTC", .sell, 7_000)])
        == ["a": "CONFLICT_CANCELLED", "b": "CONFLICT_CANCELLED"])
  }

  @Test("AR-2: the stronger side's best goes on") func strongerSideWins() {
    #expect(
      verdicts([
        ask("a", "BTC", .buy, 8_000), ask("b", "BTC", .buy, 6_000), ask("c", "BTC", .sell, 5_000),
      ]) == ["a": "EXECUTE", "b": "MERGED", "c": "CONFLICT_LOST"])
  }

  @Test("AR-3: an open position is never flipped by a signal") func neverFlips() {
    let long: (Symbol) -> Quantity = { _ in "1" }
    #expect(
      verdicts([ask("a", "BTC", .sell, 9_000)], exposure: long)
        == ["a": "OPPOSES_OPEN_POSITION"])
    #expect(
      verdicts([ask("a", "BTC", .buy, 9_000)], exposure: long) == ["a": "DUPLICATE_EXPOSURE"])
  }

  @Test("AR-4: the strongest symbol comes to the gate first") func strongestFirst() {
    let order = Arbiter.weigh(
      [ask("a", "BTC", .buy, 7_000), ask("b", "ETH", .buy, 8_200)], policy: .batch,
      exposure: { _ in .zero })
    #expect(order.map(\.decision.symbol) == ["ETH", "BTC"])
  }

  @Test func independentLetsEverythingThroughInOrder() {
    let asks = [ask("a", "BTC", .buy, 7_400), ask("b", "BTC", .sell, 7_000)]
    let order = Arbiter.weigh(asks, policy: .independent, exposure: { _ in "1" })
    #expect(order.map(\.refusal) == [nil, nil])
    #expect(order.map(\.decision) == asks.map(\.decision))
  }
}

import Market
import Risk
import Strategies
import Testing
import Venues

@testable import Engine

@Suite("Arbitration, strategies.md section 4.1") struct ArbiterTests {
  func ask(
    _ strategy: StrategyID, _ symbol: Symbol, _ side: Side, _ confidence: Int64
  ) -> Arbiter.Candidate {
    let signal = signal(
      side, "100", stop: side == .buy ? "99" : "101", target: side == .buy ? "103" : "97",
      at: monday, confidence: confidence)
    let decision = Decision(
      strategy: strategy, symbol: symbol, setup: "plan", time: monday, outcome: .signal(signal),
      inputs: 0)
    return Arbiter.Candidate(decision: decision, signal: signal, symbol: symbol)
  }

  /// A pair that is long `first` and short `second`.
  func askPair(
    _ strategy: StrategyID, _ first: Symbol, _ second: Symbol, _ confidence: Int64
  ) -> Arbiter.Candidate {
    let leg = PairLeg(
      symbol: second, side: .sell, entry: "50", stop: "50.5", target: "49",
      catastrophicStop: "51", firstCatastrophicStop: "98", hedge: "1")
    let plain = signal(
      .buy, "100", stop: "99", target: "103", at: monday, confidence: confidence)
    let signal = Signal(
      side: .buy, entry: plain.entry, stop: plain.stop, target: plain.target,
      rewardToRisk: plain.rewardToRisk, netRewardToRisk: plain.netRewardToRisk,
      confidence: plain.confidence, validUntil: plain.validUntil, timeStop: plain.timeStop,
      pair: leg)
    let decision = Decision(
      strategy: strategy, symbol: "BTC/ETH", setup: "spread", time: monday,
      outcome: .signal(signal), inputs: 0)
    return Arbiter.Candidate(decision: decision, signal: signal, symbol: first)
  }

  func verdicts(
    _ asks: [Arbiter.Candidate], exposure: (Symbol) -> Quantity = { _ in .zero }
  ) -> [String: String] {
    var result: [String: String] = [:]
    for ruling in Arbiter.weigh(asks, policy: .batch, exposure: exposure) {
      result["\(ruling.candidate.decision.strategy)"] = ruling.refusal ?? "EXECUTE"
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
    #expect(order.map(\.candidate.decision.symbol) == ["ETH", "BTC"])
  }

  @Test("a pair goes on only where it wins on both of its symbols") func pairIsAtomic() {
    #expect(verdicts([askPair("p", "BTC", "ETH", 6_000)]) == ["p": "EXECUTE"])
    // It wins BTC, loses ETH to a stronger long, and then no longer stands in anybody's way.
    #expect(
      verdicts([
        askPair("p", "BTC", "ETH", 5_000), ask("a", "ETH", .buy, 9_900),
        ask("b", "BTC", .buy, 4_000),
      ]) == ["p": "CONFLICT_LOST", "a": "EXECUTE", "b": "EXECUTE"])
    #expect(
      verdicts([askPair("p", "BTC", "ETH", 6_000), ask("b", "BTC", .buy, 7_000)])
        == ["p": "MERGED", "b": "EXECUTE"])
    #expect(
      verdicts([askPair("p", "BTC", "ETH", 6_000)], exposure: { $0 == "ETH" ? "1" : .zero })
        == ["p": "OPPOSES_OPEN_POSITION"])
  }

  @Test func independentLetsEverythingThroughInOrder() {
    let asks = [ask("a", "BTC", .buy, 7_400), ask("b", "BTC", .sell, 7_000)]
    let order = Arbiter.weigh(asks, policy: .independent, exposure: { _ in "1" })
    #expect(order.map(\.refusal) == [nil, nil])
    #expect(order.map(\.candidate.decision) == asks.map(\.decision))
  }
}

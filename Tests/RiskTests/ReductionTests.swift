import Market
import Testing

@testable import Risk

@Suite struct ReductionTests {
  private let gate = Gate(limits: .exchangeDefault)

  private func order(
    _ role: OrderRole = .stop, _ side: Side = .sell, _ quantity: Int64 = 10,
    isReduceOnly: Bool = true, price: Int64 = dollars(1)
  ) -> OrderIntent {
    OrderIntent(
      clientID: ClientOrderID(high: 0, low: 1), strategy: "wick_flow", symbol: "BTC", role: role,
      side: side, quantity: Quantity(steps: quantity),
      pricing: .trigger(trigger: Price(whole: 2), worst: Price(steps: price)),
      isReduceOnly: isReduceOnly)
  }

  private func refusal(
    _ order: OrderIntent, position: Int64 = 10, outstanding: Int64 = 0
  ) -> ReductionRefusal? {
    let result = gate.clearReduction(
      order, position: Quantity(steps: position), outstanding: Quantity(steps: outstanding))
    switch result {
    case .success(let cleared):
      #expect(cleared.intent == order)
      return nil
    case .failure(let refusal): return refusal
    }
  }

  @Test func whatShrinksIsCleared() {
    #expect(refusal(order()) == nil)
    #expect(refusal(order(.target)) == nil)
    #expect(refusal(order(.exit, .sell, 4), outstanding: 6) == nil)
    #expect(refusal(order(.exit, .buy, 10), position: -10) == nil)
  }

  @Test func everyRefusalCanBeReached() {
    let found: [ReductionRefusal?] = [
      refusal(order(.stop, .sell, 0)), refusal(order(.entry)),
      refusal(order(isReduceOnly: false)), refusal(order(), position: 0),
      refusal(order(.stop, .buy)), refusal(order(.stop, .sell, 11)),
      refusal(order(.exit, .sell, 5), outstanding: 6),
    ]
    #expect(found == ReductionRefusal.allCases)
    #expect(refusal(order(.stop, .sell), position: -10) == .increases)
    for huge in [order(.stop, .sell, .max), order(price: 0), order(price: .max)] {
      #expect(refusal(huge) == .malformed)
    }
    #expect(refusal(order(), position: .min) == .malformed)
    #expect(refusal(order(), outstanding: -1) == .malformed)
  }

  /// S4: whatever part of whatever clears fills, the position shrinks and never turns.
  @Test func noSubsetOfFillsGrowsOrFlips() {
    for position: Int64 in -6...6 {
      for side in [Side.buy, .sell] {
        for quantity: Int64 in 0...7 {
          for outstanding: Int64 in 0...7 {
            let result = refusal(
              order(.exit, side, quantity), position: position, outstanding: outstanding)
            guard result == nil else { continue }
            for filled in 0...(quantity + outstanding) {
              let after = position + side.sign * filled
              #expect(abs(after) <= abs(position) && after * position >= 0)
            }
          }
        }
      }
    }
  }
}

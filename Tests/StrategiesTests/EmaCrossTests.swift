import Market
import Risk
import Testing

@testable import Strategies

/// The example strategy.
@Suite struct EmaCrossTests {
  /// Absorbs closes and returns the side that each made the averages cross to.
  static func crossings(_ closes: [Int64]) throws -> [Side?] {
    let strategy = EmaCross()
    var state = strategy.initialState(for: try instrument())
    return try closes.enumerated().map { index, close in
      strategy.absorb(
        try candle(.m1, at: monday + .minutes(Int64(index)), close, close, close, close),
        in: MarketView(), state: &state)
      return state.crossed
    }
  }

  @Test func crossesOnceATurn() throws {
    let crossings = try Self.crossings([100, 100, 101, 102, 103, 90, 80, 81, 200])
    #expect(crossings == [nil, nil, nil, nil, nil, .sell, nil, nil, .buy])
  }

  @Test func averagesFollowTheirDefinition() throws {
    let strategy = EmaCross()
    var state = strategy.initialState(for: try instrument())
    for (index, close) in [1_000, 1_013, 1_026].enumerated() {
      let close = Int64(close)
      strategy.absorb(
        try candle(.m1, at: monday + .minutes(Int64(index)), close, close, close, close),
        in: MarketView(), state: &state)
    }
    // 1000, then + 13 · 2/13 = 1002, then + 24 · 2/13.
    #expect(abs(state.fast - (1.002e11 + 24e8 * 2 / 13)) < 1)
  }

  @Test(arguments: [(Side.buy, 2_985, 3_030), (.sell, 3_015, 2_970)] as [(Side, Int64, Int64)])
  func fixedLevels(_ side: Side, stop: Int64, target: Int64) throws {
    let trigger = try candle(.m1, at: monday, 3_000, 3_000, 3_000, 3_000)
    var state = EmaCross.State()
    state.crossed = side
    let verdict = EmaCross().decide(try context(trigger), in: MarketView(), state: state)
    check(
      verdict.outcome, .trade(side, stop: stop, target: target, rr: 20_000, confidence: 5_000))
  }
}

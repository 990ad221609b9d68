import Market
import Risk
import Testing

@testable import Strategies

/// The running windows against the definitions of `strategies.md` section 2.2, counted out anew for
/// every candle.
@Suite struct WindowTests {
  static let seed: UInt64 = 3

  /// What the series says about the candles before the one at `index`; nil where they do not reach.
  static func expected(_ candles: [Candle], before index: Int) -> WickFlow.Reading? {
    guard index >= 20 else { return nil }
    var ranges: Int64 = 0
    for past in (index - 14)..<index {
      let close = candles[past - 1].close
      ranges += max(
        candles[past].high.steps - candles[past].low.steps,
        abs(candles[past].high.steps - close.steps), abs(candles[past].low.steps - close.steps))
    }
    var volumes: Int64 = 0
    for candle in candles[(index - 20)..<index] { volumes += candle.volume.steps }
    let four = candles[(index - 4)..<index]
    guard let highest = four.map(\.high).max(), let lowest = four.map(\.low).min() else {
      return nil
    }
    return WickFlow.Reading(
      openTime: candles[index].openTime, trueRange: Mean(sum: Int128(ranges), count: 14),
      volume: Mean(sum: Int128(volumes), count: 20), highest: highest, lowest: lowest)
  }

  /// The first candle whose reading is not the expected one.
  static func firstMismatch(
    in candles: [Candle], absorb: (Candle, inout WickFlow.State) -> Void
  ) -> Int? {
    var state = WickFlow.State()
    for (index, candle) in candles.enumerated() {
      absorb(candle, &state)
      if state.reading != expected(candles, before: index) { return index }
    }
    return nil
  }

  @Test func readingsExcludeTheTrigger() throws {
    let candles = try Walk(seed: Self.seed, count: 300, steps: 3).candles()
    let strategy = WickFlow()
    let mismatch = Self.firstMismatch(in: candles) {
      strategy.absorb($0, in: MarketView(), state: &$1)
    }
    #expect(mismatch == nil)
  }

  @Test("planted: a window that includes the trigger")
  func aWindowOffByOneIsSeen() throws {
    let candles = try Walk(seed: Self.seed, count: 300, steps: 3).candles()
    let mismatch = Self.firstMismatch(in: candles) { candle, state in
      WickFlow().absorb(candle, in: MarketView(), state: &state)
      guard let reading = state.reading, let volume = state.volumes.mean else { return }
      state.reading = WickFlow.Reading(
        openTime: reading.openTime, trueRange: reading.trueRange, volume: volume,
        highest: reading.highest, lowest: reading.lowest)
    }
    #expect(mismatch != nil)
  }

  @Test("planted: a displacement in its own average is seen by TM-8c")
  func aBodyInItsOwnAverageIsSeen() throws {
    let strategy = TraderMayne()
    var honest = strategy.initialState(for: try instrument())
    var flawed = honest
    let bars = TraderMayneZoneTests.alternating + [[50_000, 50_290, 49_980, 50_200]]
    for (index, bar) in bars.enumerated() {
      let candle = try candle(
        .h4, at: tuesday + .hours(4 * Int64(index)), bar[0], bar[1], bar[2], bar[3])
      strategy.absorb(candle, in: MarketView(), state: &honest)
      flawed.bodies.push((candle.close - candle.open).magnitude.steps)
      strategy.absorb(candle, in: MarketView(), state: &flawed)
    }
    #expect(honest.zones.count == 1)
    #expect(flawed.zones.isEmpty)
  }

  @Test("swings against the definition, with ties", arguments: [3, 5])
  func swings(reach: Int) throws {
    // Few price levels, so that equal extremes are common.
    let candles = try Walk(
      seed: Self.seed, count: 400, price: 1_000, tick: "1", steps: 2, spread: 3
    ).candles()
    var finder = SwingFinder(reach: reach)
    var found = 0
    for index in candles.indices {
      let confirmed = finder.absorb(candles[index])
      let middle = index - reach
      guard middle >= reach else {
        #expect(confirmed == nil)
        continue
      }
      let left = candles[(middle - reach)..<middle]
      let right = candles[(middle + 1)...index]
      let candle = candles[middle]
      let isHigh =
        left.allSatisfy { candle.high > $0.high } && right.allSatisfy { candle.high >= $0.high }
      let isLow =
        left.allSatisfy { candle.low < $0.low } && right.allSatisfy { candle.low <= $0.low }
      #expect(confirmed?.high == (isHigh ? candle.high : nil))
      #expect(confirmed?.low == (isLow ? candle.low : nil))
      found += (isHigh ? 1 : 0) + (isLow ? 1 : 0)
    }
    #expect(found > 20)
  }
}

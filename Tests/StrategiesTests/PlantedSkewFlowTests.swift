import Market
import Risk
import Testing

@testable import Strategies

/// SkewFlow with one thing done wrong is told from the real one by the tests of this folder.
@Suite struct PlantedSkewFlowTests {
  /// What is done wrong.
  enum Mistake: CaseIterable, Sendable {
    case none, offByOneWindow, peekingSample, swappedSide, staleSpot, staleHole, ownPremiumInWindow
  }

  /// SkewFlow as written, but for `mistake`.
  struct Wrong: Strategy {
    let real: SkewFlow
    let mistake: Mistake

    init(_ mistake: Mistake) {
      self.mistake = mistake
      real = SkewFlowTests.strategy { configuration in
        if mistake == .offByOneWindow { configuration.premiumBars -= 1 }
        if mistake == .staleSpot { configuration.spotAge = .hours(1) }
      }
    }

    var id: StrategyID { real.id }
    var inputs: [InputRequirement] { SkewFlowTests.strategy().inputs }
    var trigger: Timeframe { real.trigger }
    func initialState(for instrument: Instrument) -> SkewFlow.State {
      real.initialState(for: instrument)
    }

    func absorb(_ candle: Candle, in market: MarketView, state: inout SkewFlow.State) {
      let tally = state.tallies.first { $0.openTime == candle.openTime }
      switch mistake {
      case .ownPremiumInWindow:
        guard let premium = tally?.mean(ofAtLeast: 20) else { break }
        state.premiums.push(premium.steps)
        state.ranked.push(premium.steps)
      case .staleHole where tally == nil:
        // Forward fill: the last premium stands for the missing one.
        var filled = SkewFlow.Tally(openTime: candle.openTime)
        for _ in 0..<30 { filled.add("0.0004") }
        state.tallies.append(filled)
      default: break
      }
      real.absorb(candle, in: market, state: &state)
    }

    func absorb(_ reading: ReceivedReading, in market: MarketView, state: inout SkewFlow.State) {
      guard case .spot(let sample) = reading.reading else {
        return real.absorb(reading, in: market, state: &state)
      }
      switch mistake {
      case .peekingSample:
        // A sample at the very close, which opens the next bar, counts for the bar that ends.
        real.absorb(
          ReceivedReading(
            reading.reading, received: reading.received - Interval(nanoseconds: 1)), in: market,
          state: &state)
      case .swappedSide:
        guard let mid = sample.mid else { return }
        let swapped = SpotPrice(
          symbol: sample.symbol, venue: sample.venue, time: sample.time, price: mid,
          mid: sample.price)
        real.absorb(
          ReceivedReading(.spot(swapped), received: reading.received), in: market, state: &state)
      default: real.absorb(reading, in: market, state: &state)
      }
    }

    func decide(
      _ context: DecisionContext, in market: MarketView, state: SkewFlow.State
    ) -> Conclusion {
      real.decide(context, in: market, state: state)
    }

    func emitted(_ signal: Signal, setup: Setup, state: inout SkewFlow.State) {
      real.emitted(signal, setup: setup, state: &state)
    }
  }

  static func decisions(
    _ mistake: Mistake, samples: Int64 = 30
  ) throws -> [Decision.Outcome] {
    try PremiumFeed(quiet: 17)
      .changing(19) { .init(candle: $0.candle, premium: $0.premium, samples: samples) }
      .run(Wrong(mistake)).map(\.outcome)
  }

  @Test("without a mistake it is the real one") func none() throws {
    let right = try PremiumFeed(quiet: 17).run(SkewFlowTests.strategy()).map(\.outcome)
    #expect(try Self.decisions(.none) == right)
  }

  @Test(
    "a window of another length or place, the wrong side",
    arguments: [Mistake.offByOneWindow, .ownPremiumInWindow, .swappedSide])
  func caught(_ mistake: Mistake) throws {
    #expect(try Self.decisions(mistake) != Self.decisions(.none))
  }

  @Test("a sample of the next bar") func peeking() throws {
    func last(_ mistake: Mistake) throws -> Decision {
      let feed = try PremiumFeed(quiet: 17)
      var fed = try Fed(Wrong(mistake))
      for bar in feed.bars.dropLast() {
        PremiumFeed.receive(bar, into: &fed)
        try fed.close(bar.candle)
      }
      // Nineteen samples within the bar, the twentieth at its very close.
      let candle = try SkewFlowCaseTests.third.candle(19)
      PremiumFeed.receive(
        .init(candle: candle, premium: 4, samples: 20), into: &fed, late: .seconds(330))
      return try fed.close(candle)
    }
    #expect(try last(.none).reason == .dataMissing)
    #expect(try last(.peekingSample).signal != nil)
  }

  @Test("a stale spot and a hole filled forward") func stale() throws {
    // 27 samples, the last 105 s before the close.
    #expect(try Self.decisions(.none, samples: 27).last == .noTrade(.spotStale))
    #expect(try Self.decisions(.staleSpot, samples: 27).last != .noTrade(.spotStale))
    #expect(try Self.decisions(.staleHole, samples: 30) == Self.decisions(.none, samples: 30))
    var right = try Fed(Wrong(.none))
    var wrong = try Fed(Wrong(.staleHole))
    for bar in try PremiumFeed(quiet: 17).bars.dropLast() {
      PremiumFeed.receive(bar, into: &right)
      try right.close(bar.candle)
      PremiumFeed.receive(bar, into: &wrong)
      try wrong.close(bar.candle)
    }
    let turn = try SkewFlowCaseTests.third.candle(19)
    let fresh = Reading.spot(
      SpotPrice(symbol: "BTC", venue: .coinbase, time: turn.openTime, price: "3000"))
    right.receive(fresh, at: turn.closeTime)
    wrong.receive(fresh, at: turn.closeTime)
    try #expect(right.close(turn).reason == .dataMissing)
    try #expect(wrong.close(turn).signal != nil)
  }
}

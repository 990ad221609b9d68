import Market
import Risk
import Testing

@testable import Strategies

/// OIFlow with one thing done wrong is told from the real one by the feeds of this folder.
@Suite struct PlantedOIFlowTests {
  /// What is done wrong.
  enum Mistake: CaseIterable, Sendable {
    case none, shorterWindow, longerWindow, laterInterest, swappedSide, staleInterest
  }

  /// OIFlow as written, but for `mistake`.
  struct Wrong: Strategy {
    let real: OIFlow
    let mistake: Mistake

    init(_ mistake: Mistake) {
      self.mistake = mistake
      var configuration = OIFlow.Configuration()
      if mistake == .shorterWindow { configuration.lookBack -= 1 }
      if mistake == .longerWindow { configuration.lookBack += 1 }
      if mistake == .staleInterest { configuration.interestAge = .hours(1) }
      real = OIFlow(configuration)
    }

    var id: StrategyID { real.id }
    var inputs: [InputRequirement] { real.inputs }
    var trigger: Timeframe { real.trigger }
    func initialState(for instrument: Instrument) -> OIFlow.State { OIFlow.State() }

    func absorb(_ candle: Candle, in market: MarketView, state: inout OIFlow.State) {
      // Lows are judged as highs.
      let judged = mistake == .swappedSide ? candle.mirrored(around: "200") : candle
      real.absorb(judged ?? candle, in: market, state: &state)
    }

    func absorb(_ reading: ReceivedReading, in market: MarketView, state: inout OIFlow.State) {
      real.absorb(reading, in: market, state: &state)
      guard mistake == .laterInterest, let last = state.bars.popLast() else { return }
      // What comes after a close is taken for the open interest at it.
      state.bars.append(
        OIFlow.Bar(
          openTime: last.openTime, open: last.open, high: last.high, low: last.low,
          close: last.close, interest: state.interest?.value))
    }

    func decide(
      _ context: DecisionContext, in market: MarketView, state: OIFlow.State
    ) -> Conclusion {
      real.decide(context, in: market, state: state)
    }
  }

  static func outcomes(
    _ mistake: Mistake, _ feed: InterestFeed = .divergence()
  ) throws -> [Decision.Outcome] { try feed.run(Wrong(mistake)).map(\.outcome) }

  /// A divergence with one high above the extreme, so many bars before it.
  static func overshadowed(_ distance: Int) -> InterestFeed {
    var feed = InterestFeed.divergence()
    feed.bars[72 - distance] = InterestBar("100", "104", "99.5", "100", 50_000)
    return feed
  }

  @Test("without a mistake it is the real one") func none() throws {
    let feed = InterestFeed.divergence()
    #expect(try Self.outcomes(.none) == feed.run(OIFlow()).map(\.outcome))
  }

  @Test("a look-back of one bar more or less") func window() throws {
    // A higher high just within the look-back forbids the divergence, one just beyond it does not.
    func isArmed(_ mistake: Mistake, _ distance: Int) throws -> Bool {
      try Self.outcomes(mistake, Self.overshadowed(distance))[72] == .noTrade(.armed)
    }
    #expect(try !isArmed(.none, 48))
    #expect(try isArmed(.none, 49))
    #expect(try isArmed(.shorterWindow, 48))
    #expect(try !isArmed(.longerWindow, 49))
  }

  @Test("open interest that came after the close") func laterInterest() throws {
    #expect(try Self.outcomes(.laterInterest).last != Self.outcomes(.none).last)
    #expect(
      try Self.outcomes(.laterInterest, .flush()).last != Self.outcomes(.none, .flush()).last)
  }

  @Test("lows judged as highs") func swappedSide() throws {
    func side(_ mistake: Mistake) throws -> Side? {
      try InterestFeed.divergence(side: .buy).run(Wrong(mistake)).last?.signal?.side
    }
    #expect(try side(.none) == .buy)
    #expect(try side(.swappedSide) != .buy)
  }

  @Test("open interest of long ago") func staleInterest() throws {
    var feed = InterestFeed.divergence()
    feed.bars[72] = feed.bars[72].holding(nil)
    #expect(try Self.outcomes(.none, feed)[72] == .noTrade(.openInterestStale))
    #expect(try Self.outcomes(.staleInterest, feed)[72] == .noTrade(.armed))
  }
}

import Testing

@testable import Risk

@Suite struct LossTests {
  private let references = EquityReferences<Int64>(
    dayStart: 1_000, sessionStart: 2_000, highWater: 3_000)

  @Test func theHighWaterMarkNeverFalls() {
    #expect(marked(references, at: 2_999) == references)
    #expect(marked(references, at: 3_001).highWater == 3_001)
    #expect(marked(references, at: -5) == references)
  }

  @Test func aNewDayMovesTheDayAlone() {
    #expect(
      dayRolled(references, at: 500)
        == EquityReferences(dayStart: 500, sessionStart: 2_000, highWater: 3_000))
    #expect(dayRolled(references, at: 4_000).highWater == 4_000)
  }

  @Test func aNewSessionMovesTheSessionAlone() {
    #expect(
      sessionStarted(references, at: 500)
        == EquityReferences(dayStart: 1_000, sessionStart: 500, highWater: 3_000))
  }

  @Test func equalityTripsAndWorseStaysTripped() {
    let policy = Policy<Int64>(Limits.paperDefault)
    #expect(isAtDayLoss(900, references, policy))
    #expect(!isAtDayLoss(901, references, policy))
    #expect(isAtSessionDrawdown(1_900, references, policy))
    #expect(!isAtSessionDrawdown(1_901, references, policy))
    let peak = Policy<Int64>(Limits.exchangeDefault)
    #expect(isAtSessionDrawdown(2_850, references, peak))
    #expect(!isAtSessionDrawdown(2_851, references, peak))
    var generator = Generator(seed: 24)
    for _ in 0..<2_000 {
      let equity = generator.number(-3_000...3_000)
      let worse = equity - generator.number(0...1_000)
      #expect(!isAtDayLoss(equity, references, policy) || isAtDayLoss(worse, references, policy))
    }
  }
}

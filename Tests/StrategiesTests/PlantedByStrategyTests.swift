import Market
import Risk
import Testing

@testable import Strategies

/// One mistake of each strategy's own kind, and the property that catches it.
@Suite struct PlantedByStrategyTests {
  typealias Suite = PlantedMistakeTests

  /// Whether a restart after any candle is seen to change decisions.
  static func restartTells(_ subject: Subject) throws -> Bool {
    let suite = try Suite.suite(subject, subject.plants.forgetful)
    return try suite.restart(settled: subject.settled)?.description.hasPrefix("restart") ?? false
  }

  @Test("TraderMayne: a restart between the two candles of a swing failure loses it")
  func traderMayne() throws {
    #expect(try Self.restartTells(.traderMayne))
  }

  @Test("WickFlow: a look-back one candle short lets a gap through") func wickFlow() throws {
    let subject = Subject.wickFlow
    let flawed = try Suite.suite(subject, subject.plants.shortSighted)
    let violation = try #require(try flawed.gap(in: subject.windows, positions: 1))
    #expect(violation.description.contains("is missing, yet"))
  }

  @Test("SessionFlow: a restart lets a session trade again") func sessionFlow() throws {
    #expect(try Self.restartTells(.sessionFlow))
  }

  @Test("ValentiniFlow: takers of the next candle are seen ahead") func valentiniFlow() throws {
    let suite = try Suite.suite(.valentiniFlow) { Tampered.foreseeingTakers($0, from: $1) }
    #expect(try suite.truncation() != nil)
    #expect(try suite.futureShuffle(cuts: 8) != nil)
  }

  @Test("SkewFlow: a spot price that no longer comes is taken for news") func skewFlow() throws {
    let suite = try Suite.suite(.skewFlow) { real, _ in Echoing(real) }
    let starvation = try #require(Subject.skewFlow.starvations.first { $0.kind == .spot })
    #expect(try suite.starving(starvation, cuts: 3) != nil)
  }

  @Test("OIFlow: open interest that no longer comes is taken for news") func oiFlow() throws {
    let suite = try Suite.suite(.oiFlow) { real, _ in Echoing(real) }
    let starvation = try #require(Subject.oiFlow.starvations.first)
    #expect(try suite.starving(starvation, cuts: 3) != nil)
  }

  @Test("PairFlow: both legs are traded the same way") func pairFlow() throws {
    let suite = try Suite.suite(.pairFlow) { real, _ in Tampered.legsAlike(real) }
    #expect(try suite.rewardToRisk() != nil)
  }

  @Test("FootprintFlow: a restart loses an absorption that waits to be confirmed")
  func footprintFlow() throws {
    #expect(try Self.restartTells(.footprintFlow))
  }

  @Test("QuantFlow: an option chain that no longer comes keeps its full confidence")
  func quantFlow() throws {
    let suite = try Suite.suite(.quantFlow) { real, _ in Echoing(real) }
    let starvation = try #require(Subject.quantFlow.starvations.first)
    #expect(try suite.starving(starvation, cuts: 3) != nil)
  }

  @Test("VolFlow: a breakout is dropped where the next hour turns against it") func volFlow() throws
  {
    let suite = try Suite.suite(.volFlow) { Tampered.peeking($0, into: $1) }
    #expect(try suite.truncation() != nil)
    #expect(try suite.futureShuffle(cuts: 8) != nil)
  }
}

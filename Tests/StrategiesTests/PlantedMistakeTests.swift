import Market
import Risk
import Testing

@testable import Strategies

/// Each property fails on a strategy that breaks it: a check that cannot fail shows nothing.
@Suite struct PlantedMistakeTests {
  static func suite(
    _ subject: Subject,
    planting plant: @escaping (any StrategyInstance, Feed) throws -> any StrategyInstance
  ) throws -> PropertySuite {
    PropertySuite(make: { try plant(try subject.make(), $0) }, feed: try subject.feed())
  }

  static func suite(
    _ subject: Subject, _ plant: @escaping Plants.Make
  ) throws -> PropertySuite {
    PropertySuite(make: { _ in try plant() }, feed: try subject.feed())
  }

  @Test("looking one candle ahead", arguments: Subject.all)
  func peeking(_ subject: Subject) throws {
    let suite = try Self.suite(subject) { Tampered.peeking($0, into: $1) }
    try #expect(suite.truncation() != nil)
    try #expect(suite.futureShuffle(cuts: 4) != nil)
  }

  @Test("calling every trade a long", arguments: Subject.all.filter { $0.mirror != nil })
  func sideSwapped(_ subject: Subject) throws {
    let mirror = try #require(subject.mirror)
    let mirrored = PropertySuite(
      make: { _ in Tampered.sideSwapped(try mirror.make()) }, feed: try mirror.feed())
    try #expect(mirrored.mirror(around: mirror.sum, within: mirror.tolerance) != nil)
    try #expect(Self.suite(subject) { real, _ in Tampered.sideSwapped(real) }.rewardToRisk() != nil)
  }

  @Test("a threshold in quote currency", arguments: Subject.all)
  func absolute(_ subject: Subject) throws {
    let suite = try Self.suite(subject) { real, _ in
      Tampered.absolutelyGated(real, at: Price(whole: 100))
    }
    try #expect(suite.scale() != nil)
  }

  @Test("a memory that is not written down", arguments: Subject.all)
  func forgetful(_ subject: Subject) throws {
    let suite = try Self.suite(subject, subject.plants.forgetful)
    let violation = try #require(try suite.restart(settled: subject.settled))
    // The bytes agree, so that only a changed decision can have told.
    #expect(violation.description.hasPrefix("restart"))
  }

  @Test("windows one candle short", arguments: Subject.all)
  func shortSighted(_ subject: Subject) throws {
    let suite = try Self.suite(subject, subject.plants.shortSighted)
    try #expect(suite.gap(in: subject.windows, positions: 1) != nil)
  }

  @Test("absorbing whatever comes", arguments: Subject.all)
  func bare(_ subject: Subject) throws {
    let suite = try Self.suite(subject, subject.plants.bare)
    try #expect(suite.idempotence() != nil)
    // A single series no order can disturb.
    try #expect((suite.order(seed: 7) != nil) == subject.plants.hasSeveralSeries)
  }

  @Test("a lower ratio", arguments: Subject.all)
  func lowRatio(_ subject: Subject) throws {
    try #expect(Self.suite(subject, subject.plants.generous).rewardToRisk() != nil)
  }

  @Test("stale input taken for news", arguments: Subject.all.filter { !$0.starvations.isEmpty })
  func echoing(_ subject: Subject) throws {
    let suite = try Self.suite(subject) { Echoing(Tampered.blindToLoss($0, in: $1)) }
    for starvation in subject.starvations {
      try #expect(suite.starving(starvation, cuts: 3) != nil, "\(starvation.kind)")
    }
  }
}

import Market
import Risk
import Testing

@testable import Strategies

/// The properties of `strategies.md` section 7 for every strategy.
@Suite struct PropertyTests {
  static func suite(_ subject: Subject) throws -> PropertySuite {
    PropertySuite(make: { _ in try subject.make() }, feed: try subject.feed())
  }

  @Test("the data make signals", arguments: Subject.allCases)
  func signals(_ subject: Subject) throws {
    #expect(try Self.suite(subject).signalCount() >= 8)
  }

  @Test("1 truncation", arguments: Subject.allCases) func truncation(_ subject: Subject) throws {
    try #expect(Self.suite(subject).truncation() == nil)
  }

  @Test("2 future shuffle", arguments: Subject.allCases)
  func futureShuffle(_ subject: Subject) throws {
    try #expect(Self.suite(subject).futureShuffle(cuts: 4) == nil)
  }

  @Test("3 mirror", arguments: [Subject.wickFlow, .traderMayne])
  func mirror(_ subject: Subject) throws {
    let suite = PropertySuite(
      make: { _ in try subject.make(scaledGates: true) }, feed: try subject.mirrorFeed())
    #expect(try suite.signalCount() >= 4)
    try #expect(suite.mirror(around: "100000000") == nil)
  }

  @Test("4 scale", arguments: Subject.allCases) func scale(_ subject: Subject) throws {
    try #expect(Self.suite(subject).scale() == nil)
  }

  @Test("5 restart after any candle", arguments: Subject.allCases)
  func restart(_ subject: Subject) throws {
    try #expect(Self.suite(subject).restart() == nil)
  }

  @Test("6 idempotence", arguments: Subject.allCases) func idempotence(_ subject: Subject) throws {
    try #expect(Self.suite(subject).idempotence() == nil)
  }

  @Test("7 order of arrival", arguments: Subject.allCases) func order(_ subject: Subject) throws {
    try #expect(Self.suite(subject).order(seed: 7) == nil)
  }

  @Test("8 gap", arguments: Subject.allCases) func gap(_ subject: Subject) throws {
    try #expect(Self.suite(subject).gap(in: subject.windows, positions: 2) == nil)
  }

  @Test("9 reward to risk", arguments: Subject.allCases)
  func rewardToRisk(_ subject: Subject) throws {
    try #expect(Self.suite(subject).rewardToRisk() == nil)
  }
}

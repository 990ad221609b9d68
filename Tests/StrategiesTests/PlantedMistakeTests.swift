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

  @Test("looking one candle ahead", arguments: Subject.allCases)
  func peeking(_ subject: Subject) throws {
    let suite = try Self.suite(subject) { Tampered.peeking($0, into: $1) }
    try #expect(suite.truncation() != nil)
    try #expect(suite.futureShuffle(cuts: 4) != nil)
  }

  @Test("calling every trade a long", arguments: [Subject.wickFlow, .traderMayne])
  func sideSwapped(_ subject: Subject) throws {
    let mirrored = PropertySuite(
      make: { _ in Tampered.sideSwapped(try subject.make(scaledGates: true)) },
      feed: try subject.mirrorFeed())
    try #expect(mirrored.mirror(around: "100000000") != nil)
    try #expect(Self.suite(subject) { real, _ in Tampered.sideSwapped(real) }.rewardToRisk() != nil)
  }

  @Test("a threshold in quote currency", arguments: Subject.allCases)
  func absolute(_ subject: Subject) throws {
    let suite = try Self.suite(subject) { real, _ in
      Tampered.absolutelyGated(real, at: Price(whole: 100))
    }
    try #expect(suite.scale() != nil)
  }

  @Test("a memory that is not written down", arguments: Subject.allCases)
  func forgetful(_ subject: Subject) throws {
    let suite = try Self.suite(subject) { real, _ in
      try Self.flawed(subject, for: real.instrument, declaresNoWindow: false)
    }
    let violation = try #require(try suite.restart())
    // The bytes agree, so that only a changed decision can have told.
    #expect(violation.description.hasPrefix("restart"))
  }

  @Test("no declared window", arguments: Subject.allCases)
  func unguarded(_ subject: Subject) throws {
    let suite = try Self.suite(subject) { real, _ in
      try Self.flawed(subject, for: real.instrument, declaresNoWindow: true)
    }
    try #expect(suite.gap(in: subject.windows, positions: 1) != nil)
  }

  static func flawed(
    _ subject: Subject, for instrument: Instrument, declaresNoWindow: Bool
  ) throws -> any StrategyInstance {
    switch subject {
    case .wickFlow:
      return StrategyRunner(
        Flawed<WickFlow, BrokenPools>(real: WickFlow(), declaresNoWindow: declaresNoWindow),
        for: instrument)
    case .traderMayne:
      return StrategyRunner(
        Flawed<TraderMayne, PendingFailures>(
          real: TraderMayne(), declaresNoWindow: declaresNoWindow), for: instrument)
    case .emaCross:
      var configuration = EmaCross.Configuration()
      configuration.timeframe = .m15
      return StrategyRunner(
        Flawed<EmaCross, LeadingSide>(
          real: EmaCross(configuration), declaresNoWindow: declaresNoWindow), for: instrument)
    }
  }

  @Test("absorbing whatever comes", arguments: Subject.allCases)
  func bare(_ subject: Subject) throws {
    let suite = try Self.suite(subject) { real, _ in Self.bare(subject, for: real.instrument) }
    try #expect(suite.idempotence() != nil)
    // Only the third strategy has a single series, which no order can disturb.
    try #expect((suite.order(seed: 7) != nil) == (subject != .emaCross))
  }

  static func bare(_ subject: Subject, for instrument: Instrument) -> any StrategyInstance {
    switch subject {
    case .wickFlow: return Bare(WickFlow(), for: instrument)
    case .traderMayne: return Bare(TraderMayne(), for: instrument)
    case .emaCross:
      var configuration = EmaCross.Configuration()
      configuration.timeframe = .m15
      return Bare(EmaCross(configuration), for: instrument)
    }
  }

  @Test("a lower ratio", arguments: Subject.allCases)
  func lowRatio(_ subject: Subject) throws {
    var gate = GeometryGate()
    gate.minimumRewardToRisk = "1.5"
    let suite = try Self.suite(subject) { real, _ in
      switch subject {
      case .wickFlow:
        var configuration = WickFlow.Configuration()
        configuration.gate = gate
        return StrategyRunner(WickFlow(configuration), for: real.instrument)
      case .traderMayne:
        var configuration = TraderMayne.Configuration()
        configuration.gate = gate
        return StrategyRunner(TraderMayne(configuration), for: real.instrument)
      case .emaCross:
        var configuration = EmaCross.Configuration()
        configuration.timeframe = .m15
        configuration.rewardToRisk = "1.5"
        configuration.gate = gate
        return StrategyRunner(EmaCross(configuration), for: real.instrument)
      }
    }
    try #expect(suite.rewardToRisk() != nil)
  }
}

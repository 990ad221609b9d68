import Market
import Risk
import Testing

@testable import Strategies

/// The properties of `strategies.md` section 7 for every strategy.
@Suite struct PropertyTests {
  static func suite(_ subject: Subject) throws -> PropertySuite {
    PropertySuite(make: { _ in try subject.make() }, feed: try subject.feed())
  }

  /// Holds `subject` to a property; what violates it is shrunk and told with all that repeats it.
  static func hold(
    _ subject: Subject, sourceLocation: SourceLocation = #_sourceLocation,
    to property: @escaping (PropertySuite) throws -> PropertySuite.Violation?
  ) throws {
    guard let violation = try property(suite(subject)) else { return }
    let smallest = try Shrinker.shrink(subject.script) {
      try property(PropertySuite(make: { _ in try subject.make() }, feed: $0))
    }
    Issue.record(
      "\(violation)\nseed \(subject.script.seed), shrunk: \(String(describing: smallest))",
      sourceLocation: sourceLocation)
  }

  @Test("the data make signals of both sides", arguments: Subject.all)
  func signals(_ subject: Subject) throws {
    let signals = try Self.suite(subject).decisions().compactMap(\.signal)
    #expect(signals.count >= subject.leastSignals)
    #expect(Set(signals.map(\.side)).count == 2)
  }

  @Test("1 truncation", arguments: Subject.all) func truncation(_ subject: Subject) throws {
    try Self.hold(subject) { try $0.truncation() }
  }

  @Test("2 future shuffle", arguments: Subject.all)
  func futureShuffle(_ subject: Subject) throws {
    try Self.hold(subject) { try $0.futureShuffle(cuts: 4) }
  }

  @Test("3 mirror", arguments: Subject.all.filter { $0.mirror != nil })
  func mirror(_ subject: Subject) throws {
    let mirror = try #require(subject.mirror)
    let suite = PropertySuite(make: { _ in try mirror.make() }, feed: try mirror.feed())
    #expect(try suite.signalCount() >= 4)
    guard let violation = try suite.mirror(around: mirror.sum, within: mirror.tolerance) else {
      return
    }
    let smallest = try Shrinker.shrink(mirror.script) {
      try PropertySuite(make: { _ in try mirror.make() }, feed: $0)
        .mirror(around: mirror.sum, within: mirror.tolerance)
    }
    Issue.record("\(violation)\nshrunk: \(String(describing: smallest))")
  }

  @Test("4 scale", arguments: Subject.all) func scale(_ subject: Subject) throws {
    try Self.hold(subject) { try $0.scale() }
  }

  @Test("5 restart after any candle", arguments: Subject.all)
  func restart(_ subject: Subject) throws {
    try Self.hold(subject) { try $0.restart(settled: subject.settled) }
  }

  @Test("6 idempotence", arguments: Subject.all) func idempotence(_ subject: Subject) throws {
    try Self.hold(subject) { try $0.idempotence(settled: subject.settled) }
  }

  @Test("7 order of arrival", arguments: Subject.all) func order(_ subject: Subject) throws {
    try Self.hold(subject) { try $0.order(seed: 7) }
  }

  @Test("8 gap", arguments: Subject.all) func gap(_ subject: Subject) throws {
    try Self.hold(subject) { try $0.gap(in: subject.windows, positions: 2) }
  }

  @Test("9 reward to risk", arguments: Subject.all)
  func rewardToRisk(_ subject: Subject) throws {
    try Self.hold(subject) { try $0.rewardToRisk() }
  }

  @Test("an input that stops coming", arguments: Subject.all.filter { !$0.starvations.isEmpty })
  func starving(_ subject: Subject) throws {
    for starvation in subject.starvations {
      try Self.hold(subject) { try $0.starving(starvation, cuts: 3) }
    }
  }

  /// The two that leave early: whether they do so is held to the properties as their entries are.
  @Test("1, 3, 4, 5 while positions are held", arguments: [Subject.skewFlow, .pairFlow])
  func holding(_ subject: Subject) throws {
    let suite = PropertySuite(
      make: { _ in try subject.make() }, feed: try subject.feed(), holds: true)
    #expect(try suite.decisions().count { $0.outcome == .leave } >= 4)
    try #expect(suite.truncation() == nil)
    try #expect(suite.scale() == nil)
    try #expect(suite.restart(settled: subject.settled) == nil)
    let mirror = try #require(subject.mirror)
    let mirrored = PropertySuite(
      make: { _ in try mirror.make() }, feed: try mirror.feed(), holds: true)
    try #expect(mirrored.mirror(around: mirror.sum, within: mirror.tolerance) == nil)
  }
}

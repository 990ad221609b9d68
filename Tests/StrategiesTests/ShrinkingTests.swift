import Choice
import Market
import Testing

@testable import Strategies

/// Failing data become small, and what is told about them repeats the failure.
@Suite struct ShrinkingTests {
  /// Averages so short that a dozen candles are enough.
  static func strategy() throws -> any StrategyInstance {
    var configuration = EmaCross.Configuration()
    configuration.timeframe = .m15
    configuration.fastLength = 2
    configuration.slowLength = 4
    configuration.warmUp = 6
    return try Site().run(EmaCross(configuration))
  }

  static let script = Script(seed: 11) {
    try Feed.walking(Walk(count: 400, steps: 4), drawing: &$0)
  }

  static func peeking(_ feed: Feed) throws -> PropertySuite.Violation? {
    try PropertySuite(make: { Tampered.peeking(try strategy(), into: $0) }, feed: feed)
      .truncation()
  }

  @Test("a planted look-ahead shrinks from 400 candles to the warm-up, a crossing and its next")
  func lookAheadShrinks() throws {
    let shrunk = try #require(try Shrinker.shrink(Self.script, trials: 400, check: Self.peeking))
    let smallest = try Self.script.replay(shrunk.choices).feed
    // Seven candles cannot fail: six warm up, the decision at the last of them is the first, and
    // one more is looked at.
    #expect(smallest.moments.count == 7, "\(shrunk)")
    let moved = shrunk.beats.joined().count { $0 > 1 }
    #expect(moved <= 4, "\(shrunk)")
  }

  @Test("what is told is enough: seed and text replay the failure")
  func tellingIsEnough() throws {
    let shrunk = try #require(try Shrinker.shrink(Self.script, trials: 100, check: Self.peeking))
    let told = try RecordedChoices(text: shrunk.choices.text)
    let again = try Self.script.replay(told)
    #expect(again.beats == shrunk.beats)
    #expect(try Self.peeking(again.feed) == shrunk.violation)
    #expect(shrunk.description.contains("seed 11"))
  }

  @Test("a script is what its recorded choices make, and zeros end it")
  func replays() throws {
    let whole = try Self.script.recorded()
    let again = try Self.script.replay(RecordedChoices(beats: whole.beats))
    #expect(whole.beats.count == 400)
    #expect(again.beats == whole.beats)
    #expect(again.feed.moments.map(\.candles) == whole.feed.moments.map(\.candles))
    let ended = try Self.script.replay(
      RecordedChoices(beats: Array(whole.beats.prefix(5)) + [[0]]))
    #expect(
      ended.feed.moments.map(\.candles) == whole.feed.moments.prefix(5).map(\.candles))
  }

  @Test("what holds is not shrunk") func nothingToShrink() throws {
    let shrunk = try Shrinker.shrink(Self.script) {
      try PropertySuite(make: { _ in try Self.strategy() }, feed: $0).truncation()
    }
    #expect(shrunk == nil)
  }

  @Test("a planted threshold in quote currency shrinks too, in a strategy with longer windows")
  func thresholdShrinks() throws {
    let subject = Subject.wickFlow
    let shrunk = try #require(
      try Shrinker.shrink(subject.script, trials: 60) {
        try PropertySuite(
          make: { _ in Tampered.absolutelyGated(try subject.make(), at: Price(whole: 100)) },
          feed: $0
        ).scale()
      })
    #expect(shrunk.beats.count < 1_500, "\(shrunk.beats.count)")
  }

  @Test("a stale reading taken for news shrinks to its windows and a little more")
  func staleReadingShrinks() throws {
    let subject = Subject.oiFlow
    let starvation = try #require(subject.starvations.first)
    let shrunk = try #require(
      try Shrinker.shrink(subject.script, trials: 120) {
        try PropertySuite(make: { _ in Echoing(try subject.make()) }, feed: $0)
          .starving(starvation, cuts: 1)
      })
    // Of 2,016 quarter hours; 64 warm up.
    #expect((64...200).contains(shrunk.beats.count), "\(shrunk.beats.count)")
  }
}

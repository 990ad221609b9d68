import Market

@testable import Strategies

extension Subject {
  static let footprintFlow = Subject(
    name: "FootprintFlow", make: { try Site().run(FootprintFlow()) }, script: script,
    feed: { try feed.get() }, settled: monday + .hours(3),
    windows: [LookBack(.m1, 34), LookBack(.m5, 34)],
    starvations: [
      Starvation(
        kind: .takerSplit(.m5), delay: .minutes(5), reasons: [.flowCoverageLow, .dataStale])
    ],
    mirror: Mirror(
      make: {
        var configuration = FootprintFlow.Configuration()
        configuration.gate = Mirror.gate
        configuration.gate.maximumStop = "0.00050001"
        return try Site().run(FootprintFlow(configuration))
      }, script: mirrored, feed: { try mirrorFeed.get() }),
    plants: Plants(FootprintFlow(), forgetting: Absorptions.self, generous: generous))

  private static let count = 1_440 * 6
  /// Minutes of which some sweep the lows and highs against takers, and some surge with them.
  private static let script = Script(seed: seed + 1) {
    try Feed.walking(
      Walk(
        timeframe: .m1, count: count, steps: 3, volatility: 1.2, sweeps: 30, surges: 40,
        takers: .following), deriving: [.m5], drawing: &$0)
  }
  private static let mirrored = Script(seed: seed + 1) {
    var walk = Mirror.walk(.m1, count)
    walk.sweeps = 30
    walk.surges = 40
    walk.takers = .following
    return try Feed.walking(walk, deriving: [.m5], drawing: &$0)
  }
  private static let feed = Result { try script.feed() }
  private static let mirrorFeed = Result { try mirrored.feed() }
  private static var generous: FootprintFlow {
    var configuration = FootprintFlow.Configuration()
    configuration.rewardToRisk = "1.5"
    configuration.gate.minimumRewardToRisk = "1.5"
    return FootprintFlow(configuration)
  }
}

/// Forgets an absorption that waits for its confirming candle.
private enum Absorptions: Forgetting {
  static func forget(_ memory: FootprintFlow.State) -> FootprintFlow.State {
    var memory = memory
    memory.pending = nil
    memory.awaiting = nil
    return memory
  }
}

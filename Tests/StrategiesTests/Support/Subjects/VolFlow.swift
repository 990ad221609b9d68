import Market

@testable import Strategies

extension Subject {
  static let volFlow = Subject(
    name: "VolFlow", make: { try Site().run(VolFlow()) }, script: script,
    feed: { try feed.get() }, settled: settled,
    windows: [LookBack(.m5, 4_320), LookBack(.h1, 25)],
    // Half a day of quiet among two weeks is rare by definition.
    leastSignals: 5, largestMemory: 24_000,
    mirror: Mirror(
      make: {
        var configuration = VolFlow.Configuration()
        configuration.gate = Mirror.gate
        configuration.gate.minimumStop = "0.00000101"
        return try Site().run(VolFlow(configuration))
      }, script: mirrored, feed: { try mirrorFeed.get() },
      // Logarithms do not survive `K − p` to the last bit: of two days that were almost equally
      // volatile the other may now come first, which moves a rank among 336 by one or two places
      // and the confidence by 0.0024 for each.
      tolerance: Tolerance(confidence: 48)),
    plants: Plants(VolFlow(), forgetting: LastCloses.self, generous: generous))

  private static let count = 288 * 42
  /// The windows fill in sixteen days; every seventh of the moments meets an hour at each of its
  /// twelve places, and a memory of 14 kB is slow to write down.
  private static let settled = monday + .days(34)
  /// A day and a half of quiet, then hours that move several times as far, and so on.
  private static let regimes = Walk.Regimes(calm: 45 * 12, wild: 4 * 12, factor: 6)
  private static let script = Script(seed: seed) {
    try Feed.walking(
      Walk(timeframe: .m5, count: count, steps: 4, volatility: 0.2, regimes: regimes),
      deriving: [.h1], drawing: &$0)
  }
  private static let mirrored = Script(seed: seed + 2) {
    var walk = Mirror.walk(.m5, count)
    // Smaller moves still, so that few ranks change places.
    walk.spread = 60
    walk.regimes = regimes
    return try Feed.walking(walk, deriving: [.h1], drawing: &$0)
  }
  private static let feed = Result { try script.feed() }
  private static let mirrorFeed = Result { try mirrored.feed() }
  private static var generous: VolFlow {
    var configuration = VolFlow.Configuration()
    configuration.rewardToRisk = "1.5"
    configuration.gate.minimumRewardToRisk = "1.5"
    return VolFlow(configuration)
  }
}

/// Forgets the close from which the next return is counted.
private enum LastCloses: Forgetting {
  static func forget(_ memory: VolFlow.State) -> VolFlow.State {
    var memory = memory
    memory.lastClose = nil
    return memory
  }
}

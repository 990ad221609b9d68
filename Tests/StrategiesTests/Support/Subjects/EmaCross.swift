import Market

@testable import Strategies

extension Subject {
  /// The example: not one of the ten, and its averages are not symmetrical to the last bit.
  static let emaCross = Subject(
    name: "EmaCross", make: { try Site().run(strategy(paying: "2")) }, script: script,
    feed: { try feed.get() }, settled: monday + .days(2), windows: [LookBack(.m15, 130)],
    mirror: nil,
    plants: Plants(
      strategy(paying: "2"), forgetting: LeadingSide.self, generous: strategy(paying: "1.5")))

  private static let script = Script(seed: seed) {
    try Feed.walking(Walk(count: 7 * 96, steps: 4), drawing: &$0)
  }
  private static let feed = Result { try script.feed() }

  private static func strategy(paying ratio: Fraction) -> EmaCross {
    var configuration = EmaCross.Configuration()
    configuration.timeframe = .m15
    configuration.rewardToRisk = ratio
    configuration.gate.minimumRewardToRisk = ratio
    return EmaCross(configuration)
  }
}

/// Forgets on which side the fast average was.
private enum LeadingSide: Forgetting {
  static func forget(_ memory: EmaCross.State) -> EmaCross.State {
    var memory = memory
    memory.leading = nil
    return memory
  }
}

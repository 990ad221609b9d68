import Market

@testable import Strategies

extension Subject {
  static let traderMayne = Subject(
    name: "TraderMayne", make: { try Site().run(TraderMayne()) }, script: script,
    feed: { try feed.get() }, settled: settled,
    windows: [LookBack(.m15, 15), LookBack(.h4, 200), LookBack(.d1, 210)],
    mirror: Mirror(
      make: {
        var configuration = TraderMayne.Configuration()
        configuration.gate = Mirror.gate
        configuration.narrowestRange = "0.00001501"
        configuration.widestRange = "0.00030001"
        return try Site().run(TraderMayne(configuration))
      }, script: mirrored, feed: { try mirrorFeed.get() }),
    plants: Plants(TraderMayne(), forgetting: PendingFailures.self, generous: generous))

  private static let count = (224 + 21) * 96
  private static let settled = monday + .days(224)
  /// Quarter hours only from a few days before the windows are full; longer candles before.
  private static let script = Script(seed: seed) {
    try Feed.walking(
      Walk(count: count, steps: 4, sweeps: 40), deriving: [.h4, .d1, .d3, .w1],
      from: monday + .days(220),
      drawing: &$0)
  }
  private static let mirrored = Script(seed: seed) {
    try Feed.walking(
      Mirror.walk(.m15, count), deriving: [.h4, .d1, .d3, .w1], from: monday + .days(220),
      drawing: &$0)
  }
  private static let feed = Result { try script.feed() }
  private static let mirrorFeed = Result { try mirrored.feed() }
  private static var generous: TraderMayne {
    var configuration = TraderMayne.Configuration()
    configuration.gate.minimumRewardToRisk = "1.5"
    return TraderMayne(configuration)
  }
}

/// Forgets swing failures that wait for their confirming candle.
private enum PendingFailures: Forgetting {
  static func forget(_ memory: TraderMayne.State) -> TraderMayne.State {
    var memory = memory
    memory.failures = []
    memory.awaiting = []
    return memory
  }
}

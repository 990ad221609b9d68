import Market

@testable import Strategies

extension Subject {
  static let wickFlow = Subject(
    name: "WickFlow", make: { try Site().run(WickFlow()) }, script: script,
    feed: { try feed.get() }, settled: settled,
    windows: [LookBack(.m15, 215), LookBack(.d1, 2)],
    mirror: Mirror(
      make: {
        var configuration = WickFlow.Configuration()
        configuration.gate = Mirror.gate
        configuration.equalTolerance = "0.00000201"
        return try Site().run(WickFlow(configuration))
      }, script: mirrored, feed: { try mirrorFeed.get() }),
    plants: Plants(WickFlow(), forgetting: BrokenPools.self, generous: generous))

  private static let count = 45 * 96
  private static let settled = monday + .days(10)
  /// Quarter hours only from a few days before the windows are full; days and weeks before.
  private static let script = Script(seed: seed) {
    try Feed.walking(
      Walk(count: count, steps: 4, sweeps: 40), deriving: [.d1, .w1], from: monday + .days(6),
      drawing: &$0)
  }
  private static let mirrored = Script(seed: seed) {
    try Feed.walking(
      Mirror.walk(.m15, count), deriving: [.d1, .w1], from: monday + .days(6), drawing: &$0)
  }
  private static let feed = Result { try script.feed() }
  private static let mirrorFeed = Result { try mirrored.feed() }
  private static var generous: WickFlow {
    var configuration = WickFlow.Configuration()
    configuration.gate.minimumRewardToRisk = "1.5"
    return WickFlow(configuration)
  }
}

/// Forgets that yesterday's extremes were traded through.
private enum BrokenPools: Forgetting {
  static func forget(_ memory: WickFlow.State) -> WickFlow.State {
    var memory = memory
    memory.day.standing?.lowBrokenBy = nil
    memory.day.standing?.highBrokenBy = nil
    return memory
  }
}

import Market

@testable import Strategies

extension Subject {
  static let sessionFlow = Subject(
    name: "SessionFlow", make: { try Site().run(SessionFlow()) }, script: script,
    feed: { try feed.get() }, settled: monday + .days(1), windows: [LookBack(.m5, 60)],
    mirror: Mirror(
      make: {
        var configuration = SessionFlow.Configuration()
        configuration.gate = Mirror.gate
        configuration.gate.maximumStop = "0.00050001"
        return try Site().run(SessionFlow(configuration))
      }, script: mirrored, feed: { try mirrorFeed.get() }),
    plants: Plants(SessionFlow(), forgetting: TradedSessions.self, generous: generous))

  private static let count = 288 * 19
  private static let script = Script(seed: seed) {
    try Feed.walking(Walk(timeframe: .m5, count: count, steps: 4), drawing: &$0)
  }
  private static let mirrored = Script(seed: seed) {
    try Feed.walking(Mirror.walk(.m5, count), drawing: &$0)
  }
  private static let feed = Result { try script.feed() }
  private static let mirrorFeed = Result { try mirrored.feed() }
  private static var generous: SessionFlow {
    var configuration = SessionFlow.Configuration()
    configuration.rewardToRisk = "1.5"
    configuration.gate.minimumRewardToRisk = "1.5"
    return SessionFlow(configuration)
  }
}

/// Forgets that the session has traded.
private enum TradedSessions: Forgetting {
  static func forget(_ memory: SessionFlow.State) -> SessionFlow.State {
    var memory = memory
    memory.day?.session?.isTraded = false
    return memory
  }
}

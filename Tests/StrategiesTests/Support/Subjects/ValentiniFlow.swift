import Market

@testable import Strategies

extension Subject {
  static let valentiniFlow = Subject(
    name: "ValentiniFlow", make: { try Site().run(ValentiniFlow()) }, script: script,
    feed: { try feed.get() }, settled: monday + .days(2), windows: [LookBack(.m15, 192)],
    starvations: [
      Starvation(
        kind: .takerSplit(.m15), delay: .minutes(15), reasons: [.flowCoverageLow, .dataStale])
    ],
    mirror: Mirror(
      make: {
        var configuration = ValentiniFlow.Configuration()
        configuration.gate = Mirror.gate
        return try Site().run(ValentiniFlow(configuration))
      }, script: mirrored, feed: { try mirrorFeed.get() }),
    plants: Plants(ValentiniFlow(), forgetting: Auctions.self, generous: generous))

  private static let count = 96 * 28
  /// Takers lean with the move, so that acceptance outside value is carried by them.
  private static let script = Script(seed: seed + 2) {
    try Feed.walking(Walk(count: count, steps: 4, takers: .following), drawing: &$0)
  }
  private static let mirrored = Script(seed: seed + 2) {
    var walk = Mirror.walk(.m15, count)
    walk.takers = .following
    return try Feed.walking(walk, drawing: &$0)
  }
  private static let feed = Result { try script.feed() }
  private static let mirrorFeed = Result { try mirrored.feed() }
  private static var generous: ValentiniFlow {
    var configuration = ValentiniFlow.Configuration()
    configuration.gate.minimumRewardToRisk = "1"
    return ValentiniFlow(configuration)
  }
}

/// Forgets an imbalance.
private enum Auctions: Forgetting {
  static func forget(_ memory: ValentiniFlow.State) -> ValentiniFlow.State {
    var memory = memory
    memory.auction = .balance(nil)
    return memory
  }
}

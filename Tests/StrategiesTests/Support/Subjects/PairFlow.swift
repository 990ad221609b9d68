import Choice
import Market

@testable import Strategies

extension Subject {
  static let pairFlow = Subject(
    name: "PairFlow", make: { try site.run(strategy(PairFlow.Configuration())) },
    script: script, feed: { try feed.get() }, settled: monday + Timeframe.h4.interval * 182,
    windows: [
      LookBack(.h4, 182), LookBack(.h4, 182, of: "ETH", reasons: [.legUnavailable]),
    ],
    mirror: Mirror(
      make: {
        var configuration = PairFlow.Configuration()
        configuration.gate = Mirror.gate
        configuration.gate.minimumStop = "0.00000101"
        return try site.run(strategy(configuration))
      }, script: mirrored, feed: { try mirrorFeed.get() },
      // `ln(K − p)` is `−ln p` and a constant only while prices stay near half of K: z is the same
      // up to about one part in ten thousand, and `|z| / (3 − |z|)` stretches that near 3.
      tolerance: Tolerance(levels: Price(whole: 3), ratio: 400, confidence: 20)),
    plants: Plants(
      honest, forgetting: OtherLegs.self, generous: generous, at: site))

  private static let site = Site(otherLeg: "ETH", subject: "BTC/ETH")
  private static let count = 182 + 600
  /// Both legs, and a third that nobody asked for.
  private static let script = Script(seed: seed) {
    try Legs.feed(Walk(symbol: "ETH", timeframe: .h4, count: count, steps: 2), drawing: &$0)
  }
  private static let mirrored = Script(seed: seed) {
    var walk = Mirror.walk(.h4, count)
    walk.symbol = "ETH"
    return try Legs.feed(walk, drawing: &$0)
  }
  private static let feed = Result { try script.feed() }
  private static let mirrorFeed = Result { try mirrored.feed() }

  private static func strategy(_ configuration: PairFlow.Configuration) throws -> PairFlow {
    PairFlow(configuration, other: "ETH", otherInstrument: try instrument("ETH"))
  }
  private static var honest: PairFlow {
    PairFlow(other: "ETH", otherInstrument: try? instrument("ETH"))
  }
  private static var generous: PairFlow {
    var configuration = PairFlow.Configuration()
    configuration.stop = 3.6
    configuration.gate.minimumRewardToRisk = "1"
    return PairFlow(configuration, other: "ETH", otherInstrument: try? instrument("ETH"))
  }
}

/// Two legs: the second walks, the first is drawn to a line over it.
enum Legs {
  /// `ln first = ln 4000 + 0.9 · ln(other / 3000)` and a spread that keeps `memory` of itself; the
  /// same with plain prices where the walk is arithmetic.
  static func feed(
    _ walk: Walk, memory: Double = 0.86, drawing choices: inout Draws
  ) throws -> Feed {
    var walker = Walker(walk)
    var other: [Candle] = []
    var first: [Candle] = []
    var spread = 0.0
    while other.count < walk.count, choices.goesOn() {
      let candle = try walker.candle(other.count, from: &choices)
      spread = spread * memory + choices.normal()
      let close: Double
      if let width = walk.spread {
        let level = Double(walk.price)
        let apart = Double(candle.close.steps / walk.tick.steps) - level
        close = level + 0.9 * apart + spread * width / 2
      } else {
        let ratio = Double(candle.close.steps) / Double(walk.price * walk.tick.steps)
        close = Double(walk.price) * 4 / 3 * exp(0.9 * ln(ratio) + spread * 0.006)
      }
      let price = Price(steps: Int64(close.rounded()) * walk.tick.steps)
      let open = first.last?.close ?? price
      other.append(candle)
      first.append(
        try Candle(
          symbol: "BTC", timeframe: walk.timeframe, venue: .hyperliquid,
          openTime: candle.openTime, open: open, high: max(open, price) + walk.tick,
          low: min(open, price) - walk.tick, close: price, volume: candle.volume))
    }
    return Feed(series: [first, other, other.compactMap { $0.renamed("SOL") }], readings: [])
  }
}

extension Candle {
  fileprivate func renamed(_ symbol: Symbol) -> Candle? {
    try? Candle(
      symbol: symbol, timeframe: timeframe, venue: venue, openTime: openTime, open: open,
      high: high, low: low, close: close, volume: volume)
  }
}

/// Forgets the closes of the other leg.
private enum OtherLegs: Forgetting {
  static func forget(_ memory: PairFlow.State) -> PairFlow.State {
    var memory = memory
    memory.other = PairFlow.Leg(count: 182)
    return memory
  }
}

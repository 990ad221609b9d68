import Choice
import Market

@testable import Strategies

extension Subject {
  static let skewFlow = Subject(
    name: "SkewFlow", make: { try Site().run(SkewFlow()) }, script: script,
    feed: { try feed.get() }, settled: monday + Timeframe.m15.interval * 673,
    windows: [LookBack(.m15, 673)],
    starvations: [
      Starvation(kind: .spot, delay: .seconds(91), reasons: [.spotStale]),
      Starvation(kind: .funding, delay: .hours(3) + .seconds(1), reasons: [.dataStale]),
    ],
    mirror: Mirror(
      make: {
        var configuration = SkewFlow.Configuration()
        configuration.gate = Mirror.gate
        return try Site().run(SkewFlow(configuration))
      }, script: mirrored, feed: { try mirrorFeed.get() },
      // `(K − mid) / (K − spot) − 1` is the premium negated and made smaller by twice itself: of a
      // premium of 15 bps by 0.3 %, and the scores with it.
      tolerance: Tolerance(confidence: 40)),
    plants: Plants(SkewFlow(), forgetting: Stretches.self, generous: generous))

  private static let count = 673 + 96 * 12
  private static let script = Script(seed: seed) {
    try Premium.feed(Walk(count: count, steps: 4), drawing: &$0)
  }
  private static let mirrored = Script(seed: seed) {
    try Premium.feed(Mirror.walk(.m15, count), drawing: &$0)
  }
  private static let feed = Result { try script.feed() }
  private static let mirrorFeed = Result { try mirrored.feed() }
  private static var generous: SkewFlow {
    var configuration = SkewFlow.Configuration()
    configuration.rewardToRisk = "1.5"
    configuration.gate.minimumRewardToRisk = "1.5"
    return SkewFlow(configuration)
  }
}

/// The perpetual's premium over spot: it returns to nothing, and now and then it is shocked.
struct Premium: Sendable {
  /// One bar in so many is shocked; nil for noise alone.
  var shocks: UInt64? = 40
  /// In basis points.
  private(set) var level = 0.0

  /// A walk with the spot samples of its bars, a stablecoin at its peg and hourly funding.
  static func feed(
    _ walk: Walk, shocks: UInt64? = 40, drawing choices: inout Draws
  ) throws -> Feed {
    var walker = Walker(walk)
    var premium = Premium(shocks: shocks)
    var candles: [Candle] = []
    var readings: [ReceivedReading] = []
    while candles.count < walk.count, choices.goesOn() {
      let candle = try walker.candle(candles.count, from: &choices)
      premium.move(&choices)
      candles.append(candle)
      readings += premium.readings(during: candle)
    }
    return Feed(series: [candles], readings: readings)
  }

  mutating func move(_ choices: inout some Choices) {
    level = level * 0.75 + choices.normal() * 1.5
    if let shocks, let turn = Ratio(1, over: shocks), choices.occurs(turn) {
      level += choices.normal() * 15
    }
  }

  /// What is received during a candle: funding at full hours, and a sample every 45 seconds while
  /// the mid moves from open to close.
  func readings(during candle: Candle) -> [ReceivedReading] {
    var readings: [ReceivedReading] = []
    let opened = candle.openTime
    if Timeframe.h1.open(containing: opened) == opened {
      let funding = Funding(
        symbol: candle.symbol, venue: .hyperliquid, time: opened,
        rate: FundingRate(steps: Int64(level * 20_000)), period: .hours(1))
      readings.append(ReceivedReading(.funding(funding), received: opened + .seconds(5)))
    }
    for sample in 0..<20 {
      let time = opened + .seconds(30 + 45 * Int64(sample))
      let way = candle.close.steps - candle.open.steps
      let mid = Price(steps: candle.open.steps + way / 20 * Int64(sample))
      let spot = Double(mid.steps) / (1 + level / 10_000)
      let reading = SpotPrice(
        symbol: candle.symbol, venue: .coinbase, time: time, price: Price(steps: Int64(spot)),
        mid: mid)
      readings.append(ReceivedReading(.spot(reading), received: time))
      guard sample == 10 else { continue }
      let stablecoin = SpotPrice(
        symbol: .stablecoin, venue: .coinbase, time: time, price: "0.9999")
      readings.append(ReceivedReading(.spot(stablecoin), received: time))
    }
    return readings
  }
}

/// Forgets a stretch that waits for its turn.
private enum Stretches: Forgetting {
  static func forget(_ memory: SkewFlow.State) -> SkewFlow.State {
    var memory = memory
    memory.stretch = nil
    return memory
  }
}

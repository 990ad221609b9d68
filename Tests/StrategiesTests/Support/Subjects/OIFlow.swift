import Choice
import Market

@testable import Strategies

extension Subject {
  static let oiFlow = Subject(
    name: "OIFlow", make: { try Site().run(OIFlow()) }, script: script,
    feed: { try feed.get() }, settled: monday + .days(1), windows: [LookBack(.m15, 64)],
    starvations: [
      Starvation(kind: .openInterest, delay: .seconds(601), reasons: [.openInterestStale])
    ],
    mirror: Mirror(
      make: {
        var configuration = OIFlow.Configuration()
        configuration.gate = Mirror.gate
        return try Site().run(OIFlow(configuration))
      }, script: mirrored, feed: { try mirrorFeed.get() }),
    plants: Plants(OIFlow(), forgetting: Watches.self, generous: generous))

  private static let count = 96 * 21
  private static let script = Script(seed: seed) {
    try Interest.feed(Walk(count: count, steps: 4, sweeps: 40), drawing: &$0)
  }
  private static let mirrored = Script(seed: seed) {
    try Interest.feed(Mirror.walk(.m15, count), drawing: &$0)
  }
  private static let feed = Result { try script.feed() }
  private static let mirrorFeed = Result { try mirrored.feed() }
  private static var generous: OIFlow {
    var configuration = OIFlow.Configuration()
    configuration.gate.minimumRewardToRisk = "1"
    return OIFlow(configuration)
  }
}

/// Open interest in coins: it goes its own way around 50,000 and falls when the price jumps.
struct Interest: Sendable {
  private(set) var level = 50_000.0

  /// A walk with open interest every five minutes and funding every eight hours.
  ///
  /// Funding is one of three rates, on which the crowd's two bounds, +0.0002 and −0.0001, agree
  /// upside down; between −0.0002 and −0.0001 the specification itself is not symmetrical.
  static func feed(
    _ walk: Walk, isIndependent: Bool = false, drawing choices: inout Draws
  ) throws -> Feed {
    var walker = Walker(walk)
    var interest = Interest()
    var candles: [Candle] = []
    var readings: [ReceivedReading] = []
    while candles.count < walk.count, choices.goesOn() {
      let candle = try walker.candle(candles.count, from: &choices)
      let last = candles.last?.close ?? candle.open
      let move = Double((candle.close - last).magnitude.steps) / Double(candle.close.steps)
      candles.append(candle)
      if candle.openTime.nanoseconds.isMultiple(of: Interval.hours(8).nanoseconds) {
        let rates: [Int64] = [0, 3_000_000, -3_000_000]
        let funding = Funding(
          symbol: walk.symbol, venue: .binance, time: candle.openTime,
          rate: FundingRate(steps: rates[Int(choices.draw(below: 3))]), period: .hours(8))
        readings.append(
          ReceivedReading(.funding(funding), received: candle.openTime + .seconds(5)))
      }
      for part in 1...3 {
        interest.step(&choices, move: isIndependent ? 0 : move, of: walk)
        readings.append(
          interest.reading(
            of: walk.symbol, at: candle.openTime + .minutes(5 * Int64(part)) - .seconds(5)))
      }
    }
    return Feed(series: [candles], readings: readings)
  }

  private mutating func step(_ choices: inout some Choices, move: Double, of walk: Walk) {
    // A candle's usual move, whether the walk is arithmetic or not.
    let usual = walk.spread.map { $0 / Double(walk.price) } ?? 0.003
    level += (50_000 - level) * 0.01
    level *= 1 + choices.normal() * 0.004 - (move > 1.5 * usual ? 0.006 : 0)
  }

  private func reading(of symbol: Symbol, at time: Instant) -> ReceivedReading {
    ReceivedReading(
      .openInterest(
        OpenInterest(
          symbol: symbol, venue: .binance, time: time - .seconds(5),
          quantity: Quantity(whole: Int64(level)))), received: time)
  }
}

/// Forgets that a divergence is armed.
private enum Watches: Forgetting {
  static func forget(_ memory: OIFlow.State) -> OIFlow.State {
    var memory = memory
    memory.long.disarm()
    memory.short.disarm()
    return memory
  }
}

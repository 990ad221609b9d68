import Choice
import Market

@testable import Strategies

extension Subject {
  static let quantFlow = Subject(
    name: "QuantFlow", make: { try Site().run(QuantFlow()) }, script: script,
    feed: { try feed.get() }, settled: monday + Timeframe.h4.interval * 603,
    windows: [LookBack(.h4, 603)], largestMemory: 24_000,
    // Without options it goes on with less confidence (`strategies.md` section 3.9).
    starvations: [
      Starvation(kind: .optionChain, delay: .minutes(61), reasons: [], cap: 5_500)
    ],
    mirror: Mirror(
      make: {
        var configuration = QuantFlow.Configuration()
        configuration.gate = Mirror.gate
        configuration.gate.minimumStop = "0.00000101"
        return try Site().run(QuantFlow(configuration))
      }, script: mirrored, feed: { try mirrorFeed.get() },
      // Logarithmic moves keep their size under `K − p` only while prices stay near half of K: the
      // ratio of implied to realised volatility changes by up to a thousandth.
      tolerance: Tolerance(confidence: 10)),
    plants: Plants(QuantFlow(), forgetting: Charts.self, generous: generous))

  private static let count = 603 + 1_000
  private static let script = Script(seed: seed) {
    try Dealers.feed(Walk(timeframe: .h4, count: count, steps: 4), drawing: &$0)
  }
  private static let mirrored = Script(seed: seed) {
    var walk = Mirror.walk(.h4, count)
    // Smaller moves still, so that no rank passes a regime's bound.
    walk.spread = 60
    return try Dealers.feed(walk, drawing: &$0)
  }
  private static let feed = Result { try script.feed() }
  private static let mirrorFeed = Result { try mirrored.feed() }
  private static var generous: QuantFlow {
    var configuration = QuantFlow.Configuration()
    configuration.breakoutTarget = "1.5"
    configuration.gate.minimumRewardToRisk = "1.5"
    return QuantFlow(configuration)
  }
}

/// What options say: now and then dealers pass from long gamma and dear options to short gamma and
/// cheap ones, or back.
struct Dealers: Sendable {
  private(set) var isPinned = true
  private(set) var interest = 50_000.0

  /// A walk with an option chain, a volatility index and open interest before every close.
  static func feed(_ walk: Walk, drawing choices: inout Draws) throws -> Feed {
    var walker = Walker(walk)
    var dealers = Dealers()
    // Of a year of 2,190 candles, as the walk is made.
    let volatility =
      walk.spread.map { $0 / Double(walk.price) * (2_190.0).squareRoot() } ?? walk.volatility
    var candles: [Candle] = []
    var readings: [ReceivedReading] = []
    while candles.count < walk.count, choices.goesOn() {
      let candle = try walker.candle(candles.count, from: &choices)
      if let turn = Ratio(1, over: 40), choices.occurs(turn) { dealers.isPinned.toggle() }
      dealers.interest += (50_000 - dealers.interest) * 0.05
      dealers.interest *= 1 + choices.normal() * 0.01
      candles.append(candle)
      readings += dealers.readings(
        before: candle, underlying: candles[0].open, volatility: volatility)
    }
    return Feed(series: [candles], readings: readings)
  }

  /// The strikes lie around one price for good: whoever holds calls and who puts makes the sign of
  /// gamma, which a strike's distance from the price could otherwise turn upside down.
  private func readings(
    before candle: Candle, underlying: Price, volatility: Double
  ) -> [ReceivedReading] {
    let close = candle.closeTime
    let implied = Fraction(steps: Int64(volatility * (isPinned ? 1.3 : 0.85) * 1e8))
    var quotes: [OptionQuote] = []
    for days in [20, 45] as [Int64] {
      for (part, isCall) in [(95, false), (100, false), (100, true), (105, true)] as [(Int64, Bool)]
      {
        quotes.append(
          OptionQuote(
            expiry: close + .days(days), strike: Price(steps: underlying.steps / 100 * part),
            isCall: isCall, impliedVolatility: Fraction(steps: max(implied.steps, 10_000_000)),
            openInterest: Quantity(whole: isCall == isPinned ? 1_000 : 100),
            underlying: underlying))
      }
    }
    let chain = OptionChain(
      symbol: candle.symbol, venue: .deribit, time: close - .minutes(20), quotes: quotes)
    let index = VolatilityIndex(
      symbol: candle.symbol, venue: .deribit, time: close - .minutes(10), value: implied)
    let open = OpenInterest(
      symbol: candle.symbol, venue: .binance, time: close - .seconds(10),
      quantity: Quantity(whole: Int64(interest)))
    return [
      ReceivedReading(.optionChain(chain), received: close - .minutes(20)),
      ReceivedReading(.volatilityIndex(index), received: close - .minutes(10)),
      ReceivedReading(.openInterest(open), received: close - .seconds(5)),
    ]
  }
}

/// Forgets what it has measured.
///
/// A forgotten reading would go unseen: none is fresh any more at the next close, four hours on.
private enum Charts: Forgetting {
  static func forget(_ memory: QuantFlow.State) -> QuantFlow.State {
    var memory = memory
    memory.chart = QuantFlow.Chart(QuantFlow.Lengths())
    return memory
  }
}

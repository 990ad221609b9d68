import Choice
import Market
import Risk
import Testing

@testable import Strategies

/// Property 10 for the strategies of which the table of section 5 says nothing: how often they
/// trade where there is nothing to find, and that they earn nothing there before costs.
///
/// Prices walk without drift, and every other input is noise that knows nothing of them. Rates are
/// what this very walk gave when the test was written: a change of a rule that moves one by 30 %
/// needs an explanation. It gave, in multiples of the risk and with one standard error:
///
/// | strategy | weeks | trades | a week | earned |
/// |---|---|---|---|---|
/// | SessionFlow | 24 | 134 | 5.6 | +0.10 ± 0.12 |
/// | ValentiniFlow | 80 | 77 | 0.96 | +0.10 ± 0.19 |
/// | SkewFlow | 32 | 147 | 4.6 | −0.04 ± 0.11 |
/// | OIFlow | 40 | 169 | 4.2 | −0.12 ± 0.13 |
/// | FootprintFlow | 20 | 53 | 2.7 | −0.23 ± 0.19 |
/// | QuantFlow | 150 | 82 | 0.55 | −0.19 ± 0.18 |
/// | VolFlow | 80 | 51 | 0.64 | +0.04 ± 0.22 |
/// | PairFlow | 571 | 47 | 0.08 | −0.25 ± 0.25 |
struct NullModel: Sendable, CustomTestStringConvertible {
  let name: String
  /// Signals a week.
  let rate: Double
  let weeks: Double
  /// The candles on which trades are followed.
  let base: Timeframe
  let make: @Sendable () throws -> any StrategyInstance
  let script: Script

  var testDescription: String { name }

  static let seed: UInt64 = 55

  /// A walk near 30,000 in steps of 0.1, which rounds nothing away.
  static func walk(_ timeframe: Timeframe, weeks: Int64, steps: Int) -> Walk {
    let count = Interval.days(7 * weeks).nanoseconds / timeframe.interval.nanoseconds
    return Walk(timeframe: timeframe, count: Int(count), price: 300_000, steps: steps)
  }

  static let all: [NullModel] = [
    NullModel(
      name: "SessionFlow", rate: 5.6, weeks: 24, base: .m5,
      make: { try Site().run(SessionFlow()) },
      script: Script(seed: seed) {
        try Feed.walking(walk(.m5, weeks: 24, steps: 15), drawing: &$0)
      }),
    NullModel(
      name: "ValentiniFlow", rate: 0.96, weeks: 80, base: .m15,
      make: { try Site().run(ValentiniFlow()) },
      script: Script(seed: seed) {
        var walk = walk(.m15, weeks: 80, steps: 15)
        walk.takers = .independent(0.2)
        return try Feed.walking(walk, drawing: &$0)
      }),
    NullModel(
      name: "SkewFlow", rate: 4.6, weeks: 32, base: .m15,
      make: { try Site().run(SkewFlow()) },
      script: Script(seed: seed) {
        try Premium.feed(walk(.m15, weeks: 32, steps: 15), shocks: nil, drawing: &$0)
      }),
    NullModel(
      name: "OIFlow", rate: 4.2, weeks: 40, base: .m15,
      make: { try Site().run(OIFlow()) },
      script: Script(seed: seed) {
        try Interest.feed(
          walk(.m15, weeks: 40, steps: 15), isIndependent: true, drawing: &$0)
      }),
    NullModel(
      name: "FootprintFlow", rate: 2.65, weeks: 20, base: .m1,
      make: { try Site().run(FootprintFlow()) },
      script: Script(seed: seed) {
        var walk = walk(.m1, weeks: 20, steps: 6)
        walk.volatility = 0.8
        walk.takers = .independent(0.8)
        return try Feed.walking(walk, deriving: [.m5], drawing: &$0)
      }),
    NullModel(
      name: "QuantFlow", rate: 0.55, weeks: 150, base: .h4,
      make: { try Site().run(QuantFlow()) },
      script: Script(seed: seed) {
        try Dealers.feed(walk(.h4, weeks: 150, steps: 60), drawing: &$0)
      }),
    NullModel(
      name: "VolFlow", rate: 0.64, weeks: 80, base: .m5,
      make: { try Site().run(VolFlow()) },
      script: Script(seed: seed) {
        var walk = walk(.m5, weeks: 80, steps: 10)
        walk.volatility = 0.3
        walk.regimes = Walk.Regimes(calm: 45 * 12, wild: 4 * 12, factor: 5)
        return try Feed.walking(walk, deriving: [.h1], drawing: &$0)
      }),
  ]
}

@Suite struct NullExpectancyTests {
  @Test("no strategy earns before costs", arguments: NullModel.all)
  func expectancy(_ model: NullModel) throws {
    let feed = try model.script.feed()
    let decisions = Driver.run(feed, try model.make())
    let base = feed.moments.flatMap { $0.candles.filter { $0.timeframe == model.base } }
    let results = Results(decisions, on: base)
    let rate = Double(decisions.count { $0.signal != nil }) / model.weeks
    let report = """
      \(model.name): \(results.multiples.count) trades, \(rate) a week, \
      \(results.mean) ± \(results.error) R, seed \(NullModel.seed)
      """
    #expect(results.multiples.count >= 40, "\(report)")
    #expect(NullModelTests.agrees(rate, model.rate), "\(report)")
    #expect(abs(results.mean) < 2 * results.error, "\(report)")
  }

  /// Four-hour bars of a pair.
  static let count = 24_000

  /// Two legs whose steps correlate by 0.8 and whose spread never returns to anything.
  static let legs = Script(seed: NullModel.seed) { choices in
    var walker = Walker(
      Walk(
        symbol: "ETH", timeframe: .h4, count: count, price: 300_000, steps: 2, volatility: 0.4))
    var first: [Candle] = []
    var other: [Candle] = []
    var level = ln(40_000.0)
    while other.count < count, choices.goesOn() {
      let candle = try walker.candle(other.count, from: &choices)
      let change = ln(Double(candle.close.steps) / Double(candle.open.steps))
      level += change + choices.normal() * 0.0064
      let close = Price(steps: Int64(exp(level) * 10) * 10_000_000)
      let open = first.last?.close ?? close
      other.append(candle)
      first.append(
        try Candle(
          symbol: "BTC", timeframe: .h4, venue: .hyperliquid, openTime: candle.openTime,
          open: open, high: max(open, close), low: min(open, close), close: close,
          volume: candle.volume))
    }
    return Feed(series: [first, other], readings: [])
  }

  @Test("PairFlow earns nothing on two correlated walks") func pair() throws {
    let feed = try Self.legs.feed()
    let decisions = Driver.run(feed, try Subject.pairFlow.make())
    var multiples: [Double] = []
    let moments = Array(feed.moments)
    for (index, decision) in decisions.enumerated() {
      guard let signal = decision.signal, let leg = signal.pair else { continue }
      // The stop is where the first leg alone brings the spread to it, so it tells the risk.
      let risk = abs(ln(signal.stop.double / signal.entry.double))
      let reward = abs(ln(signal.target.double / signal.entry.double))
      for moment in moments[(index + 1)...] {
        let moved = moment.candles.map { candle in
          let entry = candle.symbol == leg.symbol ? leg.entry : signal.entry
          let weight = candle.symbol == leg.symbol ? -leg.hedge.double : 1
          return weight * ln(candle.close.double / entry.double)
        }.reduce(0, +)
        let gain = moved * Double(signal.side.sign)
        guard gain <= -risk || gain >= reward || moment.time >= signal.timeStop else { continue }
        multiples.append(gain / risk)
        break
      }
    }
    let results = Results(multiples)
    let report = "PairFlow: \(multiples.count) trades, \(results.mean) ± \(results.error) R"
    let rate = Double(decisions.count { $0.signal != nil }) / Double(Self.count) * 42
    #expect(multiples.count >= 40, "\(report)")
    #expect(NullModelTests.agrees(rate, 0.082), "\(rate) a week: \(report)")
    #expect(abs(results.mean) < 2 * results.error, "\(report)")
  }
}

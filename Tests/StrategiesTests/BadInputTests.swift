import Market
import Risk
import Testing

@testable import Strategies

/// Markets that no rule was made for: each gives a reason, never a trap, and never a signal from
/// what is not there.
@Suite struct BadInputTests {
  private static func decisions(_ feed: Feed, _ subject: Subject) throws -> [Decision] {
    Driver.run(feed, try subject.make())
  }

  @Test("a market that does not move trades nothing", arguments: Subject.all)
  func flat(_ subject: Subject) throws {
    let price = Price(whole: 3_000)
    let feed = try subject.feed().mapped { candle in
      try? Candle(
        symbol: candle.symbol, timeframe: candle.timeframe, venue: candle.venue,
        openTime: candle.openTime, open: price, high: price, low: price, close: price,
        volume: candle.volume, takerSplit: candle.takerSplit)
    }
    let decisions = try Self.decisions(feed, subject)
    #expect(decisions.count > 50)
    #expect(decisions.allSatisfy { $0.reason != nil })
  }

  /// Those whose rules ask for volume or for who took.
  private static let needVolume = [
    "WickFlow", "SessionFlow", "ValentiniFlow", "FootprintFlow",
  ]

  @Test("a market without volume has nobody who took", arguments: Subject.all)
  func noVolume(_ subject: Subject) throws {
    let feed = try subject.feed().mapped { candle in
      try? Candle(
        symbol: candle.symbol, timeframe: candle.timeframe, venue: candle.venue,
        openTime: candle.openTime, open: candle.open, high: candle.high, low: candle.low,
        close: candle.close, volume: .zero,
        takerSplit: candle.takerSplit.map { _ in
          TakerSplit(buy: .zero, sell: .zero, coverage: Fraction(whole: 1))
        })
    }
    let decisions = try Self.decisions(feed, subject)
    #expect(decisions.count > 50)
    guard Self.needVolume.contains(subject.name) else { return }
    #expect(decisions.allSatisfy { $0.signal == nil })
  }

  @Test("a listing without history waits for it", arguments: Subject.all)
  func listing(_ subject: Subject) throws {
    let whole = try subject.feed()
    let times = whole.moments.map(\.time)
    let start = try #require(times.dropLast(30).last)
    let feed = whole.mapped { $0.openTime >= start ? $0 : nil }
    let decisions = try Self.decisions(feed, subject)
    #expect(!decisions.isEmpty)
    let waiting: Set<NoTradeReason> = [.warmUp, .dataMissing, .gapInHistory, .legUnavailable]
    for decision in decisions {
      let reason = try #require(decision.reason, "\(decision)")
      #expect(waiting.contains(reason), "\(decision)")
    }
  }

  /// Wicks of 300 %, halts, and prices and volumes at the ends of what a number holds.
  private static func wild(_ candle: Candle) -> Candle? {
    let number = candle.openTime.nanoseconds / candle.timeframe.interval.nanoseconds
    func made(
      _ open: Price, _ high: Price, _ low: Price, _ close: Price, _ volume: Quantity
    ) -> Candle? {
      try? Candle(
        symbol: candle.symbol, timeframe: candle.timeframe, venue: candle.venue,
        openTime: candle.openTime, open: open, high: high, low: low, close: close,
        volume: volume,
        takerSplit: candle.takerSplit.map { _ in
          TakerSplit(buy: volume, sell: .zero, coverage: Fraction(whole: 1))
        })
    }
    switch number % 97 {
    case 10:
      return made(
        candle.open, Price(steps: candle.high.steps * 4), candle.low, candle.close,
        candle.volume)
    case 20:
      return made(
        candle.open, candle.high, Price(steps: max(1, candle.low.steps / 4)), candle.close,
        candle.volume)
    case 30..<40: return made(candle.open, candle.open, candle.open, candle.open, .zero)
    case 50:
      return made(
        candle.open, Price(steps: .max), .ulp, Price(steps: .max), Quantity(steps: .max))
    case 60: return made(.ulp, .ulp, .ulp, .ulp, Quantity(steps: .max))
    default: return candle
    }
  }

  @Test("wicks, halts and extremes trap nobody, and levels stay in order", arguments: Subject.all)
  func wild(_ subject: Subject) throws {
    let feed = try subject.feed().mapped(Self.wild)
    let decisions = try Self.decisions(feed, subject)
    #expect(decisions.count > 50)
    for signal in decisions.compactMap(\.signal) {
      let (entry, stop) = (Int128(signal.entry.steps), Int128(signal.stop.steps))
      let target = Int128(signal.target.steps)
      let sign = Int128(signal.side.sign)
      #expect((entry - stop) * sign > 0 && (target - entry) * sign > 0, "\(signal)")
      #expect(signal.rewardToRisk.count >= 20_000, "\(signal)")
    }
    // What was remembered is still readable.
    var driver = Driver(try subject.make())
    for moment in feed.moments { driver.feed(moment) }
    var fresh = try subject.make()
    try fresh.restore(stateBytes: driver.instance.stateBytes)
    #expect(fresh.stateBytes == driver.instance.stateBytes)
  }
}

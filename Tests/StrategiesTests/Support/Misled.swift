import Market
import Risk

@testable import Strategies

/// An instance that is shown other candles than came; everything else is the real thing.
struct Misled: StrategyInstance {
  var real: any StrategyInstance
  /// What it is shown in place of a candle.
  let show: @Sendable (Candle) -> Candle

  var id: StrategyID { real.id }
  var inputs: [InputRequirement] { real.inputs }
  var trigger: Timeframe { real.trigger }
  var review: Timeframe { real.review }
  var instrument: Instrument { real.instrument }
  var otherLeg: Instrument? { real.otherLeg }
  var subject: Symbol { real.subject }
  var stateBytes: [UInt8] { real.stateBytes }

  mutating func absorb(_ candle: Candle, in market: MarketView) {
    real.absorb(show(candle), in: market)
  }

  mutating func absorb(_ reading: ReceivedReading, in market: MarketView) {
    real.absorb(reading, in: market)
  }

  mutating func decide(
    at time: Instant, trigger: Candle, in market: MarketView, hasOpenPosition: Bool
  ) -> Decision {
    real.decide(
      at: time, trigger: show(trigger), in: market, hasOpenPosition: hasOpenPosition)
  }

  func leaves(at time: Instant, trigger: Candle, in market: MarketView) -> Bool {
    real.leaves(at: time, trigger: show(trigger), in: market)
  }

  func health(at time: Instant, in market: MarketView) -> DataHealth {
    real.health(at: time, in: market)
  }

  mutating func restore(stateBytes: [UInt8]) throws(BinaryFault) {
    try real.restore(stateBytes: stateBytes)
  }
}

extension Misled {
  /// Reads of each candle what takers do in the next one, where that is known.
  static func foreseeingTakers(_ real: any StrategyInstance, from feed: Feed) -> Misled {
    Misled(real: real) { candle in
      let next = feed.candle(candle.symbol, candle.timeframe, openingAt: candle.closeTime)
      return next.flatMap { candle.with($0.takerSplit) } ?? candle
    }
  }

  /// Does not notice that a candle has lost what takers did, and reads what `feed` had.
  static func blindToLoss(_ real: any StrategyInstance, in feed: Feed) -> Misled {
    Misled(real: real) {
      feed.candle($0.symbol, $0.timeframe, openingAt: $0.openTime) ?? $0
    }
  }
}

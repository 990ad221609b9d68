import Market
import Risk

@testable import Strategies

/// An instance that is shown other candles than came, or whose answers are tampered with;
/// everything else is the real thing.
struct Tampered: StrategyInstance {
  var real: any StrategyInstance
  /// What it is shown in place of a candle.
  var show: @Sendable (Candle) -> Candle = { $0 }
  /// What is told in place of its answer.
  var tamper: @Sendable (Decision) -> Decision = { $0 }

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

  func leaves(at time: Instant, trigger: Candle, in market: MarketView) -> Bool {
    real.leaves(at: time, trigger: show(trigger), in: market)
  }

  func health(at time: Instant, in market: MarketView) -> DataHealth {
    real.health(at: time, in: market)
  }

  mutating func decide(
    at time: Instant, trigger: Candle, in market: MarketView, hasOpenPosition: Bool
  ) -> Decision {
    tamper(
      real.decide(
        at: time, trigger: show(trigger), in: market, hasOpenPosition: hasOpenPosition))
  }

  mutating func restore(stateBytes: [UInt8]) throws(BinaryFault) {
    try real.restore(stateBytes: stateBytes)
  }
}

extension Tampered {
  /// Reads of each candle what takers do in the next one, where that is known.
  static func foreseeingTakers(_ real: any StrategyInstance, from feed: Feed) -> Tampered {
    Tampered(
      real: real,
      show: { candle in
        let next = feed.candle(candle.symbol, candle.timeframe, openingAt: candle.closeTime)
        return next.flatMap { candle.with($0.takerSplit) } ?? candle
      })
  }

  /// Does not notice that a candle has lost what takers did, and reads what `feed` had.
  static func blindToLoss(_ real: any StrategyInstance, in feed: Feed) -> Tampered {
    Tampered(
      real: real,
      show: { feed.candle($0.symbol, $0.timeframe, openingAt: $0.openTime) ?? $0 })
  }
}

extension Tampered {
  /// Looks one candle ahead and drops what the next candle would lose on.
  static func peeking(_ real: any StrategyInstance, into feed: Feed) -> Tampered {
    Tampered(
      real: real,
      tamper: { decision in
        guard let signal = decision.signal,
          let next = feed.candle(
            real.instrument.symbol, real.trigger, openingAt: decision.time),
          (next.close.steps - next.open.steps) * signal.side.sign < 0
        else { return decision }
        return decision.replaced(by: .noTrade(.noSetup))
      })
  }

  /// Calls every trade a long.
  static func sideSwapped(_ real: any StrategyInstance) -> Tampered {
    Tampered(
      real: real,
      tamper: { decision in
        guard let signal = decision.signal, signal.side == .sell else { return decision }
        return decision.replaced(
          by: .signal(
            Signal(
              side: .buy, entry: signal.entry, stop: signal.stop, target: signal.target,
              rewardToRisk: signal.rewardToRisk, netRewardToRisk: signal.netRewardToRisk,
              confidence: signal.confidence, validUntil: signal.validUntil,
              timeStop: signal.timeStop, pair: signal.pair)))
      })
  }

  /// Refuses stops that are near in quote currency, whatever the price.
  static func absolutelyGated(_ real: any StrategyInstance, at least: Price) -> Tampered {
    Tampered(
      real: real,
      tamper: { decision in
        guard let signal = decision.signal, (signal.entry - signal.stop).magnitude < least else {
          return decision
        }
        return decision.replaced(by: .noTrade(.stopTooTight))
      })
  }
}

extension Tampered {
  /// Trades both legs of a pair the same way.
  static func legsAlike(_ real: any StrategyInstance) -> Tampered {
    Tampered(
      real: real,
      tamper: { decision in
        guard let signal = decision.signal, let pair = signal.pair else { return decision }
        let other = PairLeg(
          symbol: pair.symbol, side: signal.side, entry: pair.entry, stop: pair.stop,
          target: pair.target, catastrophicStop: pair.catastrophicStop,
          firstCatastrophicStop: pair.firstCatastrophicStop, hedge: pair.hedge)
        return decision.replaced(
          by: .signal(
            Signal(
              side: signal.side, entry: signal.entry, stop: signal.stop, target: signal.target,
              rewardToRisk: signal.rewardToRisk, netRewardToRisk: signal.netRewardToRisk,
              confidence: signal.confidence, validUntil: signal.validUntil,
              timeStop: signal.timeStop, pair: other)))
      })
  }
}

extension Decision {
  fileprivate func replaced(by outcome: Outcome) -> Decision {
    Decision(
      strategy: strategy, symbol: symbol, setup: setup, time: time, outcome: outcome,
      inputs: inputs, note: note)
  }
}

/// An instance that takes its last readings for news: it tells itself each again, with the time of
/// the candle that follows.
struct Echoing: StrategyInstance {
  var real: any StrategyInstance
  private var heard: [ReceivedReading] = []

  init(_ real: any StrategyInstance) { self.real = real }

  var id: StrategyID { real.id }
  var inputs: [InputRequirement] { real.inputs }
  var trigger: Timeframe { real.trigger }
  var review: Timeframe { real.review }
  var instrument: Instrument { real.instrument }
  var otherLeg: Instrument? { real.otherLeg }
  var subject: Symbol { real.subject }
  var stateBytes: [UInt8] { real.stateBytes }

  mutating func absorb(_ reading: ReceivedReading, in market: MarketView) {
    heard.removeAll {
      $0.reading.symbol == reading.reading.symbol
        && InputKind($0.reading) == InputKind(reading.reading)
    }
    heard.append(reading)
    real.absorb(reading, in: market)
  }

  mutating func absorb(_ candle: Candle, in market: MarketView) {
    if candle.timeframe == trigger, candle.symbol == instrument.symbol {
      for reading in heard where reading.received < candle.closeTime {
        real.absorb(reading.again(at: candle.closeTime), in: market)
      }
    }
    real.absorb(candle, in: market)
  }

  mutating func decide(
    at time: Instant, trigger: Candle, in market: MarketView, hasOpenPosition: Bool
  ) -> Decision {
    var fresh = market
    for reading in heard { fresh.note(reading.again(at: time)) }
    return real.decide(
      at: time, trigger: trigger, in: fresh, hasOpenPosition: hasOpenPosition)
  }

  func leaves(at time: Instant, trigger: Candle, in market: MarketView) -> Bool {
    real.leaves(at: time, trigger: trigger, in: market)
  }

  func health(at time: Instant, in market: MarketView) -> DataHealth {
    real.health(at: time, in: market)
  }

  mutating func restore(stateBytes: [UInt8]) throws(BinaryFault) {
    try real.restore(stateBytes: stateBytes)
  }
}

/// A strategy without its runner: it absorbs and decides as often as it is told, and remembers
/// which series spoke last.
struct Bare<S: Strategy>: StrategyInstance {
  let strategy: S
  let instrument: Instrument
  var state: S.State
  var latest: Timeframe?

  init(_ strategy: S, for instrument: Instrument) {
    self.strategy = strategy
    self.instrument = instrument
    state = strategy.initialState(for: instrument)
  }

  var id: StrategyID { strategy.id }
  var inputs: [InputRequirement] { strategy.inputs }
  var trigger: Timeframe { strategy.trigger }
  var review: Timeframe { strategy.review }
  var otherLeg: Instrument? { nil }
  var subject: Symbol { instrument.symbol }
  var stateBytes: [UInt8] {
    var writer = BinaryWriter()
    writer.write(state)
    writer.write(latest?.rawValue ?? .max)
    return writer.bytes
  }

  mutating func absorb(_ candle: Candle, in market: MarketView) {
    latest = candle.timeframe
    strategy.absorb(candle, in: market, state: &state)
  }

  mutating func absorb(_ reading: ReceivedReading, in market: MarketView) {
    strategy.absorb(reading, in: market, state: &state)
  }

  func leaves(at time: Instant, trigger: Candle, in market: MarketView) -> Bool { false }

  func health(at time: Instant, in market: MarketView) -> DataHealth {
    DataHealth(state: .healthy)
  }

  mutating func decide(
    at time: Instant, trigger: Candle, in market: MarketView, hasOpenPosition: Bool
  ) -> Decision {
    let context = DecisionContext(time: time, instrument: instrument, trigger: trigger)
    let verdict = strategy.decide(context, in: market, state: state)
    return Decision(
      strategy: id, symbol: instrument.symbol, setup: verdict.setup, time: time,
      outcome: Decision.Outcome(verdict.outcome), inputs: 0)
  }

  mutating func restore(stateBytes: [UInt8]) throws(BinaryFault) {
    var reader = BinaryReader(stateBytes)
    state = try S.State(from: &reader)
    latest = Timeframe(rawValue: try reader.readByte())
  }
}

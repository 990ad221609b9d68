import Choice
import Engine
import Exchange
import Market
import Risk
public import Strategies
import Venues

/// Gives the signals that a scenario writes down, so that order paths need not wait for the market.
struct ScriptedStrategy: Strategy {
  /// One symbol's signals do not concern another; nothing is remembered.
  struct State: Hashable, Sendable, BinaryCodable {
    init() {}
    func write(to writer: inout BinaryWriter) {}
    init(from reader: inout BinaryReader) throws(BinaryFault) {}
  }

  static let id: StrategyID = "scripted"
  static let setup: Setup = "script"

  private let signals: [(time: Instant, signal: ScriptedSignal)]
  private let extraTimeframes: [Timeframe]
  let trigger: Timeframe
  /// The other leg, where the signals are those of a pair.
  private let other: Instrument?

  /// Makes the strategy; `watched` are timeframes that it declares beside its trigger, so that
  /// their closes are part of the same barrier.
  init(
    _ signals: [ScriptedSignal], start: Instant, trigger: Timeframe, watched: [Timeframe],
    other: Instrument? = nil
  ) {
    self.signals = signals.filter { $0.other == other?.symbol }.map { (start + $0.at, $0) }
    self.other = other
    self.trigger = trigger
    extraTimeframes = watched.filter { $0 != trigger }
  }

  var id: StrategyID { Self.id }

  var inputs: [InputRequirement] {
    [InputRequirement(.candles(trigger), warmUp: 2)]
      + extraTimeframes.map { InputRequirement(.candles($0), warmUp: 2) }
      + (other.map { [InputRequirement(.candles(trigger), of: $0.symbol, warmUp: 2)] } ?? [])
  }

  func initialState(for instrument: Instrument) -> State { State() }

  func absorb(_ candle: Candle, in market: MarketView, state: inout State) {}

  func decide(_ context: DecisionContext, in market: MarketView, state: State) -> Conclusion {
    for (time, signal) in signals
    where time == context.time && signal.symbol == context.instrument.symbol {
      guard let outcome = outcome(of: signal, context, market) else { break }
      return Conclusion(setup: Self.setup, outcome: .signal(outcome))
    }
    return Conclusion(setup: Self.setup, outcome: .noTrade(.noSetup))
  }

  func cooldown(after setup: Setup) -> Interval { .zero }

  private func outcome(
    of script: ScriptedSignal, _ context: DecisionContext, _ market: MarketView
  ) -> Signal? {
    let entry = context.trigger.close
    func level(_ distance: Int64) -> Price? {
      Self.level(entry, script.side, distance, of: context.instrument)
    }
    guard let stop = level(-script.stop), let target = level(script.target) else { return nil }
    let risk = (entry - stop).magnitude.steps
    guard risk > 0 else { return nil }
    let reward = (target - entry).magnitude.steps
    let ratio = TenThousandths(Int64(clamping: Int128(reward) * 10_000 / Int128(risk)))
    var pair: PairLeg?
    if let other {
      pair = leg(of: script, other, far: level(-2 * script.stop), market)
      guard pair != nil else { return nil }
    }
    return Signal(
      side: script.side, entry: entry, stop: stop, target: target, rewardToRisk: ratio,
      netRewardToRisk: ratio, confidence: TenThousandths(5_000),
      validUntil: context.time + .minutes(5), timeStop: context.time + script.hold, pair: pair)
  }

  /// The other leg: what the first moves by, divided by the hedge; stops rest twice as far out.
  private func leg(
    of script: ScriptedSignal, _ other: Instrument, far: Price?, _ market: MarketView
  ) -> PairLeg? {
    guard let entry = market.candles(other.symbol, trigger)?.last?.close, let far,
      script.hedge > .zero
    else { return nil }
    func level(_ distance: Int64) -> Price? {
      let scaled = Int128(distance) * Int128(Fraction.stepsPerWhole) / Int128(script.hedge.steps)
      return Int64(exactly: scaled).flatMap {
        Self.level(entry, script.side.opposite, $0, of: other)
      }
    }
    guard let stop = level(-script.stop), let target = level(script.target),
      let catastrophe = level(-2 * script.stop)
    else { return nil }
    return PairLeg(
      symbol: other.symbol, side: script.side.opposite, entry: entry, stop: stop, target: target,
      catastrophicStop: catastrophe, firstCatastrophicStop: far, hedge: script.hedge)
  }

  /// The price `distance` parts per million from `entry` in favour of `side`, on tick.
  private static func level(
    _ entry: Price, _ side: Side, _ distance: Int64, of instrument: Instrument
  ) -> Price? {
    entry.checkedScaled(by: 1_000_000 + side.sign * distance, over: 1_000_000, .nearest)
      .flatMap { instrument.onTick($0, .nearest) }
  }
}

extension Scenario {
  /// The scripted strategy on every tradable symbol and every pair that has a signal, where the
  /// scenario has a script.
  public var scriptedStrategies: [any StrategyInstance] {
    guard let script else { return [] }
    func strategy(_ other: Instrument?) -> ScriptedStrategy {
      ScriptedStrategy(
        script.signals, start: start, trigger: script.trigger, watched: script.watched,
        other: other)
    }
    let instruments = engine.symbols.filter(\.isTradable).map(\.instrument)
    var instances: [any StrategyInstance] = []
    for first in instruments {
      instances.append(StrategyRunner(strategy(nil), for: first))
      for second in instruments
      where script.signals.contains(where: {
        $0.symbol == first.symbol && $0.other == second.symbol
      }) {
        instances.append(
          StrategyRunner(
            strategy(second), for: first, otherLeg: second,
            subject: Symbol("\(first.symbol)/\(second.symbol)")))
      }
    }
    return instances
  }
}

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

  /// Makes the strategy; `watched` are timeframes that it declares beside its trigger, so that
  /// their closes are part of the same barrier.
  init(
    _ signals: [ScriptedSignal], start: Instant, trigger: Timeframe, watched: [Timeframe]
  ) {
    self.signals = signals.map { (start + $0.at, $0) }
    self.trigger = trigger
    extraTimeframes = watched.filter { $0 != trigger }
  }

  var id: StrategyID { Self.id }

  var inputs: [InputRequirement] {
    [InputRequirement(.candles(trigger), warmUp: 2)]
      + extraTimeframes.map { InputRequirement(.candles($0), warmUp: 2) }
  }

  func initialState(for instrument: Instrument) -> State { State() }

  func absorb(_ candle: Candle, in market: MarketView, state: inout State) {}

  func decide(_ context: DecisionContext, in market: MarketView, state: State) -> Strategies.Verdict
  {
    for (time, signal) in signals
    where time == context.time && signal.symbol == context.instrument.symbol {
      guard let outcome = outcome(of: signal, context) else { break }
      return Strategies.Verdict(setup: Self.setup, outcome: .signal(outcome))
    }
    return Strategies.Verdict(setup: Self.setup, outcome: .noTrade(.noSetup))
  }

  func cooldown(after setup: Setup) -> Interval { .zero }

  private func outcome(of script: ScriptedSignal, _ context: DecisionContext) -> Signal? {
    let entry = context.trigger.close
    let sign = script.side.sign
    func level(_ distance: Int64) -> Price? {
      entry.checkedScaled(by: 1_000_000 + sign * distance, over: 1_000_000, .nearest)
        .flatMap { context.instrument.onTick($0, .nearest) }
    }
    guard let stop = level(-script.stop), let target = level(script.target) else { return nil }
    let risk = (entry - stop).magnitude.steps
    guard risk > 0 else { return nil }
    let reward = (target - entry).magnitude.steps
    let ratio = TenThousandths(Int64(clamping: Int128(reward) * 10_000 / Int128(risk)))
    return Signal(
      side: script.side, entry: entry, stop: stop, target: target, rewardToRisk: ratio,
      netRewardToRisk: ratio, confidence: TenThousandths(5_000),
      validUntil: context.time + .minutes(5), timeStop: context.time + script.hold)
  }
}

extension Scenario {
  /// The scripted strategy on every tradable symbol, where the scenario has a script.
  public var scriptedStrategies: [any StrategyInstance] {
    guard let script else { return [] }
    let strategy = ScriptedStrategy(
      script.signals, start: start, trigger: script.trigger, watched: script.watched)
    return engine.symbols.filter(\.isTradable).map { StrategyRunner(strategy, for: $0.instrument) }
  }
}

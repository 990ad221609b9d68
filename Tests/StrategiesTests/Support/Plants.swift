import Market
import Risk

@testable import Strategies

/// One strategy with mistakes in it, each of which a property must catch.
struct Plants: Sendable {
  typealias Make = @Sendable () throws -> any StrategyInstance

  /// Writes down a memory from which something is missing.
  let forgetful: Make
  /// Declares windows that are one candle short.
  let shortSighted: Make
  /// Absorbs and decides as often as it is told.
  let bare: Make
  /// Accepts half the reward.
  let generous: Make
  /// Whether a candle's place among those of its close time shows in the memory of ``bare``.
  let hasSeveralSeries: Bool

  /// Plants into `strategy`; `generous` is the same with a lower gate.
  init<S: Strategy, Leak: Forgetting<S.State>>(
    _ strategy: S, forgetting leak: Leak.Type, generous: S, at site: Site = Site()
  ) {
    forgetful = { try site.run(Flawed<S, Leak>(real: strategy)) }
    shortSighted = { try site.run(Flawed<S, Leak>(real: strategy, isShortSighted: true)) }
    bare = { Bare(strategy, for: try instrument(site.symbol)) }
    self.generous = { try site.run(generous) }
    hasSeveralSeries =
      strategy.inputs.count {
        if case .candles = $0.kind { true } else { false }
      } > 1
  }
}

/// A memory from which `forget` removes something when it is written down.
struct Leaky<Memory: BinaryCodable & Hashable & Sendable, Leak: Forgetting<Memory>>:
  BinaryCodable, Hashable, Sendable
where Leak: Sendable {
  var memory: Memory

  init(_ memory: Memory) { self.memory = memory }

  static func == (lhs: Self, rhs: Self) -> Bool { lhs.memory == rhs.memory }
  func hash(into hasher: inout Hasher) { hasher.combine(memory) }

  func write(to writer: inout BinaryWriter) { Leak.forget(memory).write(to: &writer) }
  init(from reader: inout BinaryReader) throws(BinaryFault) { memory = try Memory(from: &reader) }
}

protocol Forgetting<Memory>: Sendable {
  associatedtype Memory
  static func forget(_ memory: Memory) -> Memory
}

/// A strategy with one thing done wrong.
struct Flawed<S: Strategy, Leak: Forgetting<S.State>>: Strategy {
  typealias State = Leaky<S.State, Leak>

  let real: S
  /// Whether every window is declared one candle too short.
  var isShortSighted = false

  var id: StrategyID { real.id }
  var trigger: Timeframe { real.trigger }
  var review: Timeframe { real.review }
  var inputs: [InputRequirement] {
    guard isShortSighted else { return real.inputs }
    return real.inputs.map {
      InputRequirement($0.kind, of: $0.symbol, warmUp: $0.warmUp - 1, $0.necessity)
    }
  }

  func initialState(for instrument: Instrument) -> State {
    State(real.initialState(for: instrument))
  }
  func absorb(_ candle: Candle, in market: MarketView, state: inout State) {
    real.absorb(candle, in: market, state: &state.memory)
  }
  func absorb(_ reading: ReceivedReading, in market: MarketView, state: inout State) {
    real.absorb(reading, in: market, state: &state.memory)
  }
  func decide(
    _ context: DecisionContext, in market: MarketView, state: State
  ) -> Conclusion {
    real.decide(context, in: market, state: state.memory)
  }
  func leaves(_ context: DecisionContext, in market: MarketView, state: State) -> Bool {
    real.leaves(context, in: market, state: state.memory)
  }
  func emitted(_ signal: Signal, setup: Setup, state: inout State) {
    real.emitted(signal, setup: setup, state: &state.memory)
  }
  func cooldown(after setup: Setup) -> Interval { real.cooldown(after: setup) }
}

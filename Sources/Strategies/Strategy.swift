public import Market
public import Risk

/// Everything that a strategy may know when it decides.
///
/// The engine stores every candle that closes at `time` before any strategy is asked, so that the
/// views of all strategies at one time are the same.
public struct DecisionContext: Sendable {
  /// The close of the trigger candle: nothing that became available later is in `market`.
  public let time: Instant
  /// What is decided about.
  public let instrument: Instrument
  /// The candle whose close asked the question.
  public let trigger: Candle

  /// Makes a context.
  public init(time: Instant, instrument: Instrument, trigger: Candle) {
    self.time = time
    self.instrument = instrument
    self.trigger = trigger
  }
}

/// A signal with the setup that it came from.
public struct Proposal: Hashable, Sendable {
  /// Which setup.
  public let setup: Setup
  /// What it would trade.
  public let signal: Signal

  /// Makes a proposal.
  public init(setup: Setup, signal: Signal) {
    self.setup = setup
    self.signal = signal
  }
}

/// What a strategy came to before the shared checks: proposals, the preferred first, or a reason.
public struct Conclusion: Hashable, Sendable {
  /// Which setup came furthest.
  public let setup: Setup
  /// A signal, or the first reason against.
  public let outcome: Judgement
  /// What to trade instead where the preferred setup is cooling down, best first.
  public let alternatives: [Proposal]
  /// Figures behind the outcome that a person wants beside it, in one sentence; empty for none.
  public let note: String

  /// Makes a conclusion.
  public init(setup: Setup, outcome: Judgement, alternatives: [Proposal] = [], note: String = "") {
    self.setup = setup
    self.outcome = outcome
    self.alternatives = alternatives
    self.note = note
  }
}

/// Decides what to trade from what it has been shown, and nothing else.
///
/// A strategy is a pure function with an explicit memory. It cannot read a clock, draw a random
/// number, see an account or send an order. ``StrategyRunner`` wraps it with the checks that all
/// strategies share (`strategies.md` section 2.4) and makes it storable.
///
/// Its memory moves in two places only: ``absorb(_:in:state:)``, for what the market did, and
/// ``emitted(_:setup:state:)``, for what it was itself allowed to say. ``decide(_:in:state:)`` and
/// ``leaves(_:in:state:)`` read. So a decision that a shared check blocks cannot use anything up,
/// and asking twice is asking once.
public protocol Strategy: Sendable {
  /// Everything carried from one candle to the next, per symbol.
  associatedtype State: BinaryCodable & Hashable & Sendable

  /// The stable name stored with every decision.
  var id: StrategyID { get }
  /// What it reads.
  var inputs: [InputRequirement] { get }
  /// The candles whose close asks for a decision.
  var trigger: Timeframe { get }

  /// The candles whose close asks whether to leave what is held; the trigger unless it says
  /// otherwise.
  var review: Timeframe { get }

  /// The memory before the first candle.
  func initialState(for instrument: Instrument) -> State

  /// Takes in a closed candle of a declared series.
  ///
  /// Called once per candle in order of close time and, at equal close time, of timeframe; in
  /// warm-up, recovery and live alike, whether or not a decision follows or is blocked. `market`
  /// already holds every candle of that close time.
  func absorb(_ candle: Candle, in market: MarketView, state: inout State)

  /// Takes in a reading of a declared input.
  ///
  /// Called in order of receipt, before the candles of the first close time that is not earlier
  /// than its receipt: so at a decision everything received until then is known, and nothing later.
  func absorb(_ reading: ReceivedReading, in market: MarketView, state: inout State)

  /// Decides at a trigger; every candle of that close time has been absorbed.
  func decide(_ context: DecisionContext, in market: MarketView, state: State) -> Conclusion

  /// Whether what is held should be left now, before its stop, target or time stop; asked while it
  /// is held, at the close of a ``review`` candle.
  func leaves(_ context: DecisionContext, in market: MarketView, state: State) -> Bool

  /// Remembers that `signal` left as a decision; a blocked one never comes here.
  func emitted(_ signal: Signal, setup: Setup, state: inout State)

  /// How long the same setup and side stays silent after a signal.
  func cooldown(after setup: Setup) -> Interval
}

extension Strategy {
  /// Four trigger candles.
  public func cooldown(after setup: Setup) -> Interval { trigger.interval * 4 }

  /// The trigger.
  public var review: Timeframe { trigger }

  /// Reads nothing but candles.
  public func absorb(_ reading: ReceivedReading, in market: MarketView, state: inout State) {}

  /// Holds until stop, target or time stop.
  public func leaves(
    _ context: DecisionContext, in market: MarketView, state: State
  ) -> Bool { false }

  /// Remembers nothing.
  public func emitted(_ signal: Signal, setup: Setup, state: inout State) {}
}

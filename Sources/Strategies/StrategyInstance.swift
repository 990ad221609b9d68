public import Market
public import Risk

/// One strategy at work on one symbol, with its memory: what the engine's registry holds.
///
/// For every close time, the engine first stores all candles in the view, then calls
/// ``absorb(_:in:)`` for each and ``decide(at:trigger:in:hasOpenPosition:)`` for the trigger.
/// Replays, reconnects and recovery may repeat any of it: a candle is absorbed once and a decision
/// time is decided once.
public protocol StrategyInstance: Sendable {
  /// The stable name stored with every decision.
  var id: StrategyID { get }
  /// What it reads.
  var inputs: [InputRequirement] { get }
  /// The candles whose close asks for a decision.
  var trigger: Timeframe { get }
  /// What it trades.
  var instrument: Instrument { get }

  /// Takes in a closed candle; does nothing for other symbols, undeclared series and candles that
  /// are not newer than what the series has shown.
  mutating func absorb(_ candle: Candle, in market: MarketView)

  /// Decides at the close of `trigger`; asked again for the same time, repeats its answer.
  mutating func decide(
    at time: Instant, trigger: Candle, in market: MarketView, hasOpenPosition: Bool
  ) -> Decision

  /// The whole memory in canonical form: equal memories have equal bytes.
  var stateBytes: [UInt8] { get }

  /// Takes up the memory that ``stateBytes`` described; leaves the present one where it throws.
  ///
  /// - Throws: ``BinaryFault`` where the bytes are not a memory of this strategy and symbol.
  mutating func restore(stateBytes: [UInt8]) throws(BinaryFault)
}

extension Setup {
  /// Stands for every setup of a strategy, in decisions that a shared check made alone.
  public static let all: Setup = "all"
}

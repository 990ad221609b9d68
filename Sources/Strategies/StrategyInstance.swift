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
  /// The candles whose close asks whether to leave what is held.
  var review: Timeframe { get }
  /// What it trades; of a pair, the first leg.
  var instrument: Instrument { get }
  /// The other leg of a pair; nil for a strategy of one symbol, and where that leg is not known.
  var otherLeg: Instrument? { get }
  /// What its decisions are recorded under: the instrument's symbol, or a pair such as `BTC/ETH`.
  var subject: Symbol { get }

  /// Takes in a closed candle; does nothing for undeclared series and candles that are not newer
  /// than what the series has shown.
  mutating func absorb(_ candle: Candle, in market: MarketView)

  /// Takes in a reading of a declared input; does nothing for others.
  mutating func absorb(_ reading: ReceivedReading, in market: MarketView)

  /// Decides at the close of `trigger`; asked again for the same time, repeats its answer.
  mutating func decide(
    at time: Instant, trigger: Candle, in market: MarketView, hasOpenPosition: Bool
  ) -> Decision

  /// Whether to leave what is held, asked at a close of ``review`` that is not one of the trigger.
  func leaves(at time: Instant, trigger: Candle, in market: MarketView) -> Bool

  /// How well fed it is at `time`.
  func health(at time: Instant, in market: MarketView) -> DataHealth

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

public import Market
public import Risk

/// Why a strategy did not trade, in the words of `strategies.md`; the first failing check is the
/// reason.
public enum NoTradeReason: String, Hashable, Sendable, CaseIterable {
  /// A required series is shorter than its warm-up.
  case warmUp = "WARMUP"
  /// A required input never arrived.
  case dataMissing = "DATA_MISSING"
  /// A required input is too old.
  case dataStale = "DATA_STALE"
  /// A candle inside the look-back window is missing.
  case gapInHistory = "GAP_IN_HISTORY"
  /// The strategy already holds this symbol.
  case alreadyInPosition = "ALREADY_IN_POSITION"
  /// The same setup and side signalled within the cool-down.
  case cooldown = "COOLDOWN"
  /// Stop, entry and target are out of order.
  case badGeometry = "BAD_GEOMETRY"
  /// The stop is nearer than the minimum.
  case stopTooTight = "STOP_TOO_TIGHT"
  /// The stop is farther than the maximum.
  case stopTooWide = "STOP_TOO_WIDE"
  /// Reward to risk is below the minimum.
  case rewardToRiskBelowMinimum = "RR_BELOW_MIN"
  /// Nothing that the strategy looks for happened.
  case noSetup = "NO_SETUP"
  /// Monday's candles are not complete.
  case mondayIncomplete = "MONDAY_INCOMPLETE"
  /// The range is too narrow or too wide.
  case rangeWidth = "RANGE_WIDTH"
  /// One candle swept both sides.
  case ambiguousDoubleSweep = "AMBIGUOUS_DOUBLE_SWEEP"
  /// A four-hour close was accepted outside the range.
  case rangeAcceptedOutside = "RANGE_ACCEPTED_OUTSIDE"
  /// This side of the range has traded this week.
  case alreadyTradedThisWeek = "ALREADY_TRADED_THIS_WEEK"
  /// Higher timeframes give no direction.
  case biasNeutral = "BIAS_NEUTRAL"
  /// Higher timeframes point the other way.
  case biasOpposed = "BIAS_OPPOSED"
  /// The candle closed past the target.
  case closeBeyondTarget = "CLOSE_BEYOND_TARGET"
  /// No zone is in the state that the setup needs.
  case zoneNotActive = "ZONE_NOT_ACTIVE"
  /// The zone is too old.
  case zoneExpired = "ZONE_EXPIRED"
  /// The candle went through the zone.
  case zonePierced = "ZONE_PIERCED"
  /// The candle did not close back out of the zone.
  case noRejection = "NO_REJECTION"
  /// A swing failure waits for its confirming candle.
  case awaitConfirm = "AWAIT_CONFIRM"
  /// The next candle did not confirm the swing failure.
  case swingFailureNotConfirmed = "SFP_NOT_CONFIRMED"
  /// The candle's range is too small.
  case rangeTooSmall = "RANGE_TOO_SMALL"
  /// No wick is large enough.
  case noWick = "NO_WICK"
  /// Both wicks are large enough.
  case ambiguousDoubleWick = "AMBIGUOUS_DOUBLE_WICK"
  /// The volume is not elevated.
  case volumeNotElevated = "VOLUME_NOT_ELEVATED"
  /// An opposing pool stands before the target.
  case targetBlocked = "TARGET_BLOCKED"
}

/// A fraction in steps of 1e-4, as reward to risk and confidence are quoted.
public struct TenThousandths: Hashable, Comparable, Sendable {
  /// The fraction times 10,000.
  public var count: Int64
  /// Makes a fraction from its count of ten-thousandths.
  public init(_ count: Int64) { self.count = count }
  /// The nearest fraction to `value`, ties away from zero; nil where it is not finite or too large.
  public init?(nearest value: Double) {
    guard let count = Int64(nearest: value * 1e4) else { return nil }
    self.count = count
  }
  /// Orders by size.
  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.count < rhs.count }
}

/// What a strategy asks to trade.
public struct Signal: Hashable, Sendable {
  /// Long or short.
  public let side: Side
  /// The close of the trigger candle.
  public let entry: Price
  /// Where the idea is wrong, on tick.
  public let stop: Price
  /// Where the profit is taken, on tick.
  public let target: Price
  /// Reward to risk before costs.
  public let rewardToRisk: TenThousandths
  /// Reward to risk after slippage and fees (`strategies.md` section 2.3).
  public let netRewardToRisk: TenThousandths
  /// A rank from 0 to 1, not a probability.
  public let confidence: TenThousandths
  /// After this the signal is not acted on.
  public let validUntil: Instant
  /// When the position is closed whatever happened.
  public let timeStop: Instant

  /// Makes a signal.
  public init(
    side: Side, entry: Price, stop: Price, target: Price, rewardToRisk: TenThousandths,
    netRewardToRisk: TenThousandths, confidence: TenThousandths, validUntil: Instant,
    timeStop: Instant
  ) {
    self.side = side
    self.entry = entry
    self.stop = stop
    self.target = target
    self.rewardToRisk = rewardToRisk
    self.netRewardToRisk = netRewardToRisk
    self.confidence = confidence
    self.validUntil = validUntil
    self.timeStop = timeStop
  }
}

/// What a strategy made of one trigger; recorded whether it trades or not.
public struct Decision: Hashable, Sendable {
  /// Trade, or the first reason not to.
  public enum Outcome: Hashable, Sendable {
    /// Trade this.
    case signal(Signal)
    /// Do not, and why.
    case noTrade(NoTradeReason)
  }

  /// Who decided.
  public let strategy: StrategyID
  /// About what.
  public let symbol: Symbol
  /// Which of its setups came furthest.
  public let setup: Setup
  /// The close of the trigger candle.
  public let time: Instant
  /// What it came to.
  public let outcome: Outcome
  /// Digest of every input that the decision read.
  public let inputs: UInt64

  /// Makes a decision.
  public init(
    strategy: StrategyID, symbol: Symbol, setup: Setup, time: Instant, outcome: Outcome,
    inputs: UInt64
  ) {
    self.strategy = strategy
    self.symbol = symbol
    self.setup = setup
    self.time = time
    self.outcome = outcome
    self.inputs = inputs
  }
}

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
  /// A window holds no variation to measure by.
  case flatSeries = "FLAT_SERIES"
  /// The session has traded, or there is none today.
  case sessionDone = "SESSION_DONE"
  /// The opening range still forms.
  case rangeForming = "RANGE_FORMING"
  /// The session's window for entries is over, or the day's first one has not opened.
  case sessionClosed = "SESSION_CLOSED"
  /// The breaking candle's body is small or points the other way.
  case weakBody = "WEAK_BODY"
  /// The close is too far beyond the range.
  case chased = "CHASED"
  /// The taker split does not cover enough of the volume.
  case flowCoverageLow = "FLOW_COVERAGE_LOW"
  /// The previous day's volume profile is not complete.
  case profileIncomplete = "PROFILE_INCOMPLETE"
  /// Price is inside value.
  case balance = "BALANCE"
  /// Acceptance outside value was confirmed just now.
  case imbalanceConfirmed = "IMBALANCE_CONFIRMED"
  /// The imbalance grew too old.
  case timedOut = "TIMED_OUT"
  /// The auction outside failed without aggression.
  case failedNoAggression = "FAILED_NO_AGGRESSION"
  /// Price is just back inside value, without aggression yet.
  case backInsideWait = "BACK_INSIDE_WAIT"
  /// No pullback to value yet.
  case awaitPullback = "AWAIT_PULLBACK"
  /// No aggression in the direction of the trade yet.
  case awaitAggression = "AWAIT_AGGRESSION"
  /// Aggression did not move the price.
  case absorption = "ABSORPTION"
  /// The close did not pass the previous extreme.
  case noProgress = "NO_PROGRESS"
  /// The newest spot sample is too old.
  case spotStale = "SPOT_STALE"
  /// The stablecoin is away from its peg.
  case stablecoinDepeg = "STABLECOIN_DEPEG"
  /// The premium is stretched by its own standards only.
  case premiumBelowFloor = "PREMIUM_BELOW_FLOOR"
  /// The stretch lasted too long.
  case stretchExpired = "STRETCH_EXPIRED"
  /// The stretched premium has not turned yet.
  case awaitRollover = "AWAIT_ROLLOVER"
  /// Funding has the opposite sign of the premium.
  case fundingDisagrees = "FUNDING_DISAGREES"
  /// The newest open interest is too old.
  case openInterestStale = "OI_STALE"
  /// Open interest confirms the new extreme.
  case openInterestConfirms = "OI_CONFIRMS"
  /// A divergence waits for its trigger.
  case armed = "ARMED"
  /// Open interest caught up with the price.
  case divergenceLost = "DIVERGENCE_LOST"
  /// The divergence found no trigger in time.
  case armExpired = "ARM_EXPIRED"
  /// Open interest did not fall with the price.
  case openInterestNotFlushed = "OI_NOT_FLUSHED"
  /// Open interest still falls.
  case openInterestStillFalling = "OI_STILL_FALLING"
  /// The candle after the flush does not turn.
  case noReversalCandle = "NO_REVERSAL_CANDLE"
  /// A leg of the pair has no candle.
  case legUnavailable = "LEG_UNAVAILABLE"
  /// The hedge ratio is outside its bounds.
  case betaOutOfRange = "BETA_OUT_OF_RANGE"
  /// The legs move too little together.
  case correlationLow = "CORRELATION_LOW"
  /// The spread is not shown to return.
  case notCointegrated = "NOT_COINTEGRATED"
  /// The spread returns too fast or too slowly.
  case halfLifeOutOfRange = "HALF_LIFE_OUT_OF_RANGE"
  /// The spread was outside already.
  case notACrossing = "NOT_A_CROSSING"
  /// The spread is too far outside.
  case tooStretched = "TOO_STRETCHED"
  /// Heavy selling did not hold the price down.
  case noAbsorption = "NO_ABSORPTION"
  /// The next candle did not confirm.
  case notConfirmed = "NOT_CONFIRMED"
  /// The close is not near the extreme.
  case closeNotAtExtreme = "CLOSE_NOT_AT_EXTREME"
  /// The close did not break the range before.
  case noBreak = "NO_BREAK"
  /// Two setups point opposite ways.
  case ambiguous = "AMBIGUOUS"
  /// Volatility is extreme: nothing trades.
  case regimeStress = "REGIME_STRESS"
  /// The regime allows no trade.
  case regimeNeutral = "REGIME_NEUTRAL"
  /// Open interest does not build behind the breakout.
  case openInterestNotBuilding = "OI_NOT_BUILDING"
  /// The hours before were not quiet.
  case notCompressed = "NOT_COMPRESSED"
  /// The hour is not volatile enough.
  case noExpansion = "NO_EXPANSION"
  /// One jump made the hour's volatility.
  case singleJump = "SINGLE_JUMP"
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

/// The other leg of a pair trade, and what ties it to the first.
///
/// The legs are opened together or not at all and end together. The spread is
/// `ln first − α − β·ln second`; stop and target of a leg lie where that leg alone would bring the
/// spread to its own (`strategies.md` section 3.7).
public struct PairLeg: Hashable, Sendable {
  /// What the other leg trades.
  public let symbol: Symbol
  /// Its side.
  public let side: Side
  /// Its price at the decision.
  public let entry: Price
  /// Where this leg alone would bring the spread to its stop: what it is sized by.
  public let stop: Price
  /// Where this leg alone would bring the spread to its mean.
  public let target: Price
  /// Where its stop rests at the venue, whatever the other leg does.
  public let catastrophicStop: Price
  /// The same of the first leg.
  public let firstCatastrophicStop: Price
  /// Notional of this leg for one of the first: β.
  public let hedge: Fraction

  /// Makes a leg.
  public init(
    symbol: Symbol, side: Side, entry: Price, stop: Price, target: Price,
    catastrophicStop: Price, firstCatastrophicStop: Price, hedge: Fraction
  ) {
    self.symbol = symbol
    self.side = side
    self.entry = entry
    self.stop = stop
    self.target = target
    self.catastrophicStop = catastrophicStop
    self.firstCatastrophicStop = firstCatastrophicStop
    self.hedge = hedge
  }
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
  /// The other leg of a pair trade; nil for a trade in one symbol.
  public let pair: PairLeg?

  /// Makes a signal.
  public init(
    side: Side, entry: Price, stop: Price, target: Price, rewardToRisk: TenThousandths,
    netRewardToRisk: TenThousandths, confidence: TenThousandths, validUntil: Instant,
    timeStop: Instant, pair: PairLeg? = nil
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
    self.pair = pair
  }
}

/// What a strategy comes to at a trigger: a trade, or the first reason against one.
public enum Judgement: Hashable, Sendable {
  /// Trade this.
  case signal(Signal)
  /// Do not, and why.
  case noTrade(NoTradeReason)
}

/// What a strategy made of one trigger; recorded whether it trades or not.
public struct Decision: Hashable, Sendable {
  /// Trade, the first reason not to, or leave.
  public enum Outcome: Hashable, Sendable {
    /// Trade this.
    case signal(Signal)
    /// Do not, and why.
    case noTrade(NoTradeReason)
    /// Leave what is held.
    case leave

    /// A judgement as a decision.
    public init(_ judgement: Judgement) {
      switch judgement {
      case .signal(let signal): self = .signal(signal)
      case .noTrade(let reason): self = .noTrade(reason)
      }
    }
  }

  /// Who decided.
  public let strategy: StrategyID
  /// About what: a symbol, or a pair of them such as `BTC/ETH`.
  public let symbol: Symbol
  /// Which of its setups came furthest.
  public let setup: Setup
  /// The close of the trigger candle.
  public let time: Instant
  /// What it came to.
  public let outcome: Outcome
  /// Digest of every input that the decision read.
  public let inputs: UInt64
  /// What the strategy says beside it, in one sentence; most often nothing.
  public let note: String

  /// Makes a decision.
  public init(
    strategy: StrategyID, symbol: Symbol, setup: Setup, time: Instant, outcome: Outcome,
    inputs: UInt64, note: String = ""
  ) {
    self.strategy = strategy
    self.symbol = symbol
    self.setup = setup
    self.time = time
    self.outcome = outcome
    self.inputs = inputs
    self.note = note
  }
}

public import Market
public import Risk

/// Trades extremes of the price that open interest does not confirm, and the turn after a flush of
/// positions (`strategies.md` section 3.6).
///
/// Open interest is read in coins and by bar: the newest reading at the close, unless it is too
/// old. A bar without one does not void the others; what would need its figure is `OI_STALE`.
public struct OIFlow: Strategy {
  /// What can be tuned; the defaults are those of the specification.
  public struct Configuration: Hashable, Sendable {
    /// How many bars with open interest must have come.
    public var warmUp = 64
    /// The oldest open interest that stands for a close.
    public var interestAge: Interval = .seconds(600)
    /// How many bars before it an extreme must exceed.
    public var lookBack = 48
    /// How many bars lie at least between the extreme and its reference, the extreme counted.
    public var referenceGap = 5
    /// The least way back between the two, as a multiple of the average true range.
    public var retracement: Fraction = "1.5"
    /// How much less the open interest must be than at the reference.
    public var divergence: Fraction = "0.01"
    /// How many bars after the one that armed it a divergence may still trigger.
    public var armedBars: Int64 = 6
    /// How many bars a flush takes.
    public var flushBars = 4
    /// The least move of a flush, as a multiple of the average true range.
    public var flushMove: Fraction = "2"
    /// How much of the open interest a flush takes with it.
    public var flushDrop: Fraction = "0.03"
    /// How much less the open interest may be after the bar that turns.
    public var turnDrop: Fraction = "0.003"
    /// The stop's distance beyond the extreme, as a fraction of the average true range.
    public var stopBuffer: Fraction = "0.10"
    /// The least rate of eight hours at which the crowd is long, in steps of 1e-10.
    public var crowdLong = FundingRate(steps: 2_000_000)
    /// The largest rate of eight hours at which the crowd is short, in steps of 1e-10.
    public var crowdShort = FundingRate(steps: -1_000_000)
    /// The oldest rate that tells of the crowd.
    public var fundingAge: Interval = .hours(24)
    /// How many candles a position may last.
    public var timeStop: Int64 = 48
    /// How confidence adds up.
    public var confidence = Confidence()
    /// The common geometry.
    public var gate = GeometryGate()

    /// Makes the default configuration.
    public init() {}

    /// The bars that a decision looks at.
    var barCount: Int { max(lookBack, flushBars + 1) + 1 }
  }

  /// How confidence adds up: each part grows to its weight over its range.
  public struct Confidence: Hashable, Sendable {
    /// What every trade begins with.
    public var base = 0.45
    /// The weight of how much open interest is missing.
    public var interestWeight = 0.25
    /// By how much a divergence must pass its least for the whole weight.
    public var divergenceRange = 0.03
    /// By how much a flush must pass its least for the whole weight.
    public var flushRange = 0.05
    /// The weight of the reward beyond twice the risk.
    public var rewardWeight = 0.15
    /// By how much the reward must pass twice the risk for the whole weight.
    public var rewardRange = 2.0
    /// The weight of a crowd on the other side of a divergence.
    public var crowdWeight = 0.15
    /// The weight of where the bar that turned a flush closed in its range.
    public var closeWeight = 0.15

    /// Makes the default weights.
    public init() {}
  }

  /// The stable name.
  public static let id: StrategyID = "oi_flow"
  /// A new extreme with less open interest than the one before.
  public static let divergence: Setup = "divergence"
  /// The turn after a fall that took positions with it.
  public static let flush: Setup = "flush"

  /// What can be tuned.
  public let configuration: Configuration

  /// Makes the strategy.
  public init(_ configuration: Configuration = Configuration()) {
    self.configuration = configuration
  }

  /// The stable name.
  public var id: StrategyID { Self.id }
  /// Quarter hours and open interest; funding where it is known.
  public var inputs: [InputRequirement] {
    [
      InputRequirement(.candles(.m15), warmUp: configuration.warmUp),
      InputRequirement(.openInterest, warmUp: 1, .judged),
      InputRequirement(.funding, warmUp: 1, .optional),
    ]
  }
  /// Every quarter hour.
  public var trigger: Timeframe { .m15 }

  /// No bars.
  public func initialState(for instrument: Instrument) -> State { State() }

  /// Takes in a candle with the open interest at its close.
  public func absorb(_ candle: Candle, in market: MarketView, state: inout State) {
    state.trueRange.absorb(candle)
    state.absorb(candle, state.trueRange.mean, configuration)
  }

  /// Takes in open interest or funding.
  public func absorb(_ reading: ReceivedReading, in market: MarketView, state: inout State) {
    switch reading.reading {
    case .openInterest(let interest):
      // None at all is a misreading.
      guard interest.quantity > .zero else { return }
      state.interest = Known(value: interest.quantity, received: reading.received)
    case .funding(let settled):
      guard let rate = settled.eightHourRate else { return }
      state.funding = Known(value: rate, received: reading.received)
    case .spot, .volatilityIndex, .optionChain: break
    }
  }

  /// Trades a divergence that its trigger confirmed, or the turn after a flush.
  public func decide(
    _ context: DecisionContext, in market: MarketView, state: State
  ) -> Conclusion {
    guard let interest = state.interest else {
      return Conclusion(setup: .all, outcome: .noTrade(.dataMissing))
    }
    guard state.fedBars >= Int64(configuration.warmUp), let trueRange = state.trueRange.mean,
      state.bars.last?.openTime == context.trigger.openTime
    else { return Conclusion(setup: .all, outcome: .noTrade(.warmUp)) }
    guard context.time - interest.received <= configuration.interestAge else {
      return Conclusion(setup: .all, outcome: .noTrade(.openInterestStale))
    }
    return judge(context, trueRange, state)
  }
}

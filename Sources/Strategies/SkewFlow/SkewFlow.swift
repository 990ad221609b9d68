public import Market
public import Risk

/// Fades a stretched premium of the perpetual over spot once it turns
/// (`strategies.md` section 3.5).
///
/// A bar whose premium is missing, because too few samples came, enters no window and moves no
/// score: the windows hold the last premiums that there were. A stretch grows older by it and
/// keeps its price extreme, but it cannot trigger there.
public struct SkewFlow: Strategy {
  /// What can be tuned; the defaults are those of the specification.
  public struct Configuration: Hashable, Sendable {
    /// How many premiums before a bar its own is measured against.
    public var premiumBars = 672
    /// The fewest samples that make a bar's premium.
    public var minimumSamples: Int64 = 20
    /// The least score of a stretched premium, in standard deviations.
    public var stretchScore = 2.5
    /// The least distance of a stretched premium from the median.
    public var premiumFloor: Fraction = "0.0003"
    /// How many bars after the one that stretched it a stretch may still trigger.
    public var stretchBars: Int64 = 8
    /// How far the score must have fallen from its peak.
    public var rollover = 0.5
    /// The stop's distance beyond the extreme, as a fraction of the average true range.
    public var stopBuffer: Fraction = "0.25"
    /// The largest risk, as a multiple of the average true range.
    public var maximumRisk: Fraction = "2.5"
    /// The target's distance as a multiple of the stop's.
    public var rewardToRisk: Fraction = "2"
    /// A position is left once the score is smaller than this.
    public var exitScore = 0.5
    /// How many candles a position may last.
    public var timeStop: Int64 = 16
    /// The oldest spot sample on which anything is decided.
    public var spotAge: Interval = .seconds(90)
    /// How far the stablecoin may be from its peg.
    public var depeg: Fraction = "0.003"
    /// How confidence adds up.
    public var confidence = Confidence()
    /// The common geometry.
    public var gate = GeometryGate()

    /// Makes the default configuration.
    public init() {}
  }

  /// How confidence adds up: each part grows to its weight over its range.
  public struct Confidence: Hashable, Sendable {
    /// What every trade begins with.
    public var base = 0.40
    /// The weight of how far the premium was stretched.
    public var peakWeight = 0.25
    /// By how much the peak must pass the least score for the whole weight.
    public var peakRange = 2.0
    /// The weight of funding.
    public var fundingWeight = 0.15
    /// The rate of eight hours that earns the whole weight.
    public var fundingRange = 0.0005
    /// The weight of how far the premium has turned.
    public var turnWeight = 0.10
    /// The fall from the peak that earns the whole weight.
    public var turnRange = 2.0

    /// Makes the default weights.
    public init() {}
  }

  /// The stable name.
  public static let id: StrategyID = "skew_flow"
  /// The only setup: against a premium that has turned.
  public static let premiumFade: Setup = "premium_fade"

  /// What can be tuned.
  public let configuration: Configuration

  /// Makes the strategy.
  public init(_ configuration: Configuration = Configuration()) {
    self.configuration = configuration
  }

  /// The stable name.
  public var id: StrategyID { Self.id }
  /// Quarter hours, spot with the mid of the same instant, and funding; the stablecoin's spot where
  /// it is known.
  public var inputs: [InputRequirement] {
    [
      // The premiums before the trigger and the trigger itself.
      InputRequirement(.candles(.m15), warmUp: configuration.premiumBars + 1),
      InputRequirement(.spot, warmUp: 1, .judged),
      InputRequirement(.funding, warmUp: 1),
      InputRequirement(.spot, of: .stablecoin, warmUp: 1, .optional),
    ]
  }
  /// Every quarter hour.
  public var trigger: Timeframe { .m15 }

  /// No premiums.
  public func initialState(for instrument: Instrument) -> State { State(configuration) }

  /// Takes in a candle: the samples received during it make its premium.
  public func absorb(_ candle: Candle, in market: MarketView, state: inout State) {
    // A memory of other lengths tells nothing under these settings.
    if state.premiums.window.capacity != configuration.premiumBars {
      state = State(configuration)
    }
    state.absorb(candle, configuration)
  }

  /// Takes in a spot sample, the stablecoin's price or funding.
  public func absorb(_ reading: ReceivedReading, in market: MarketView, state: inout State) {
    switch reading.reading {
    case .spot(let sample) where sample.symbol == .stablecoin:
      // A price of zero or less is a misreading.
      if sample.price > .zero { state.stablecoin = sample.price }
    case .spot(let sample): state.absorb(sample, received: reading.received)
    case .funding(let settled): state.funding = settled.eightHourRate ?? state.funding
    case .openInterest, .volatilityIndex, .optionChain: break
    }
  }

  /// Trades a stretch that turned with the trigger.
  public func decide(
    _ context: DecisionContext, in market: MarketView, state: State
  ) -> Conclusion {
    Conclusion(setup: Self.premiumFade, outcome: judge(context, state))
  }

  /// Leaves once the premium is as usual again.
  public func leaves(
    _ context: DecisionContext, in market: MarketView, state: State
  ) -> Bool {
    guard state.last?.openTime == context.trigger.openTime, let measure = state.measure else {
      return false
    }
    return abs(measure.score) < configuration.exitScore
  }

  /// A stretch is traded once.
  public func emitted(_ signal: Signal, setup: Setup, state: inout State) { state.stretch = nil }
}

public import Market
public import Risk

/// Fades bands or follows breakouts, as the volatility regime allows (`strategies.md` section 3.9).
///
/// Implied against realised volatility says which kind of trade may be made, not its direction.
/// Without options it runs on realised volatility alone, with less confidence.
public struct QuantFlow: Strategy {
  /// What can be tuned; the defaults are those of the specification.
  public struct Configuration: Hashable, Sendable {
    /// How far back it looks.
    public var lengths = Lengths()
    /// Four-hour candles before the first decision.
    public var warmUp = 603
    /// How old the option chain may be, by receipt.
    public var chainAge: Interval = .minutes(60)
    /// How old the volatility index may be, by receipt.
    public var indexAge: Interval = .minutes(30)
    /// How old the open interest at a close may be, by receipt.
    public var openInterestAge: Interval = .seconds(600)
    /// Options that expire later than this do not count for gamma.
    public var farthestExpiry: Interval = .days(60)
    /// How the dealers' gamma is signed.
    public var convention: DealerConvention = .longCalls
    /// Rank of realised volatility from which nothing trades.
    public var stressRank = 0.95
    /// Implied over realised volatility from which nothing trades.
    public var stressRatio = 1.8
    /// Least implied over realised volatility of a pinned market.
    public var pinRatio = 1.15
    /// Largest rank of a pinned market.
    public var pinRank = 0.60
    /// Largest implied over realised volatility of an expanding market.
    public var expansionRatio = 1.0
    /// Least rank of an expanding market.
    public var expansionRank = 0.50
    /// Largest rank of a compressed market, where options are unknown.
    public var compressedRank = 0.20
    /// Least rank of a cooling market, where options are unknown.
    public var coolingRank = 0.80
    /// The band's half width in deviations.
    public var bandWidth = 2.0
    /// A fade's stop beyond the two bars' extreme, as a fraction of the average true range.
    public var fadeBuffer: Fraction = "0.25"
    /// A breakout's stop, as a multiple of the average true range.
    public var breakoutStop: Fraction = "1.5"
    /// A breakout's target, as a multiple of its risk.
    public var breakoutTarget: Fraction = "2.5"
    /// The least growth of open interest behind a breakout.
    public var openInterestGrowth = 0.01
    /// The largest confidence without options.
    public var capWithoutOptions = 0.55
    /// The largest confidence without open interest.
    public var capWithoutOpenInterest = 0.70
    /// How many candles a position may last.
    public var timeStop: Int64 = 30
    /// The common geometry.
    public var gate = GeometryGate()

    /// Makes the default configuration.
    public init() {}
  }

  /// How far back it looks, in four-hour candles.
  public struct Lengths: Hashable, Sendable {
    /// Returns of the realised volatility that implied volatility is compared with: 30 days.
    public var realised = 180
    /// Returns of the realised volatility that is ranked: 7 days.
    public var recent = 42
    /// Earlier values that it is ranked among.
    public var ranked = 540
    /// Closes of the band.
    public var band = 20
    /// Candles of the channel.
    public var channel = 20
    /// True ranges averaged.
    public var trueRange = 14
    /// How far back open interest and cooling volatility are compared.
    public var lag = 6

    /// Makes the default lengths.
    public init() {}
  }

  /// The stable name.
  public static let id: StrategyID = "quant_flow"
  /// A close back inside the band after one outside.
  public static let bandFade: Setup = "band_fade"
  /// A close beyond the channel.
  public static let donchian: Setup = "donchian"

  /// What can be tuned.
  public let configuration: Configuration

  /// Makes the strategy.
  public init(_ configuration: Configuration = Configuration()) {
    self.configuration = configuration
  }

  /// The stable name.
  public var id: StrategyID { Self.id }
  /// Four hours; options, their index and open interest where they are known.
  public var inputs: [InputRequirement] {
    [
      InputRequirement(.candles(.h4), warmUp: configuration.warmUp),
      InputRequirement(.optionChain, warmUp: 1, .optional),
      InputRequirement(.volatilityIndex, warmUp: 1, .optional),
      InputRequirement(.openInterest, warmUp: 1, .optional),
    ]
  }
  /// Every four hours.
  public var trigger: Timeframe { .h4 }

  /// Nothing measured yet.
  public func initialState(for instrument: Instrument) -> State {
    State(configuration.lengths)
  }

  /// Takes in a candle, with the open interest at its close.
  public func absorb(_ candle: Candle, in market: MarketView, state: inout State) {
    if state.chart.lengths != configuration.lengths {
      state.chart = Chart(configuration.lengths)
    }
    let interest = state.openInterest.flatMap {
      $0.isFresh(at: candle.closeTime, within: configuration.openInterestAge) ? $0.value : nil
    }
    state.chart.absorb(candle, openInterest: interest)
  }

  /// Keeps what a decision needs of a reading.
  public func absorb(_ reading: ReceivedReading, in market: MarketView, state: inout State) {
    switch reading.reading {
    case .optionChain(let chain):
      state.options = OptionsReading(
        chain, received: reading.received, farthestExpiry: configuration.farthestExpiry)
    case .volatilityIndex(let index):
      state.index = Sample(value: index.value.steps, received: reading.received)
    case .openInterest(let interest):
      state.openInterest = Sample(value: interest.quantity.steps, received: reading.received)
    case .funding, .spot: break
    }
  }

  /// Judges the trigger in the regime of its close.
  public func decide(
    _ context: DecisionContext, in market: MarketView, state: State
  ) -> Conclusion {
    guard let reading = reading(state, at: context.time),
      let trueRange = state.chart.trueRange.mean, state.chart.isFull
    else { return Conclusion(setup: .all, outcome: .noTrade(.warmUp)) }
    let judged = judge(context, state.chart, trueRange: trueRange, reading)
    return Conclusion(
      setup: judged.setup, outcome: judged.outcome, alternatives: judged.alternatives,
      note: reading.note)
  }
}

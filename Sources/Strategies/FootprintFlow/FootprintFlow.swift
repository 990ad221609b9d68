public import Market
public import Risk

/// Reads what takers did inside a candle: heavy selling that did not hold the price down, and
/// minutes of one-sided buying that broke the range (`strategies.md` section 3.8).
///
/// The taker split is that of the configured source, the same for every candle.
public struct FootprintFlow: Strategy {
  /// What can be tuned; the defaults are those of the specification.
  public struct Configuration: Hashable, Sendable {
    /// How far the averages look back.
    public var lengths = Lengths()
    /// The least coverage of the taker split of a candle.
    public var coverage: Fraction = "0.95"
    /// The least delta ratio against the side that is absorbed.
    public var absorbedRatio: Fraction = "0.25"
    /// The least volume of an absorption, as a multiple of the average.
    public var absorbedVolume: Fraction = "1.8"
    /// The least location of an absorption's close in its range.
    public var absorbedCloseLocation = 0.5
    /// The least delta ratio of a minute of a stack.
    public var stackedRatio: Fraction = "0.30"
    /// The least volume of a minute of a stack, as a multiple of the average.
    public var stackedVolume: Fraction = "1"
    /// The least number of minutes in a row that make a stack.
    public var stackedRun = 3
    /// The least location of a stack's close in the range of its five minutes.
    public var stackedCloseLocation = 0.75
    /// The stop's distance beyond the extreme, as a fraction of the average true range.
    public var stopBuffer: Fraction = "0.10"
    /// The target's distance as a multiple of the stop's.
    public var rewardToRisk: Fraction = "2.5"
    /// How many five-minute candles a position may last.
    public var timeStop: Int64 = 24
    /// The common geometry.
    public var gate = GeometryGate()

    /// Makes the default configuration.
    public init() {}
  }

  /// How many candles the averages hold.
  public struct Lengths: Hashable, Sendable {
    /// The candles of either series that have to be there and covered.
    public var lookBack = 34
    /// The candles whose extreme is absorbed or broken, the tested one not among them.
    public var breakout = 12
    /// The volumes that are averaged, the tested one not among them.
    public var volume = 20
    /// The true ranges that are averaged.
    public var trueRange = 14

    /// Makes the lengths of the specification.
    public init() {}
  }

  /// The stable name.
  public static let id: StrategyID = "footprint_flow"
  /// Aggression at an extreme that did not move the price, confirmed by the next candle.
  public static let absorption: Setup = "absorption"
  /// Minutes in a row of aggression that broke the range.
  public static let stacked: Setup = "stacked"

  /// What can be tuned.
  public let configuration: Configuration

  /// Makes the strategy.
  public init(_ configuration: Configuration = Configuration()) {
    self.configuration = configuration
  }

  /// The stable name.
  public var id: StrategyID { Self.id }
  /// Minutes and five minutes, and what takers did in them.
  public var inputs: [InputRequirement] {
    let lengths = configuration.lengths
    let warmUp = max(lengths.lookBack, lengths.breakout + 1, lengths.trueRange + 1)
    return [
      InputRequirement(
        .candles(.m1), warmUp: max(warmUp, lengths.volume + State.minutesPerCandle)),
      InputRequirement(.candles(.m5), warmUp: max(warmUp, lengths.volume + 1)),
      InputRequirement(.takerSplit(.m1), warmUp: lengths.lookBack),
      InputRequirement(.takerSplit(.m5), warmUp: lengths.lookBack),
    ]
  }
  /// Every five minutes.
  public var trigger: Timeframe { .m5 }

  /// No averages and nothing pending.
  public func initialState(for instrument: Instrument) -> State { State(configuration.lengths) }

  /// Takes in a candle; an absorption waits for the next one whether or not a decision follows.
  public func absorb(_ candle: Candle, in market: MarketView, state: inout State) {
    // A memory of other lengths is of no use to this configuration.
    if state.lengths != configuration.lengths { state = State(configuration.lengths) }
    switch candle.timeframe {
    case .m1: state.absorbMinute(candle, configuration)
    case .m5: state.absorbFive(candle, self)
    case .m15, .h1, .h4, .d1, .d3, .w1: break
    }
  }

  /// Judges both setups; of two signals on one side the more confident is preferred.
  public func decide(
    _ context: DecisionContext, in market: MarketView, state: State
  ) -> Conclusion {
    guard state.fives.closeTime == context.time, let reading = state.reading else {
      return Conclusion(setup: .all, outcome: .noTrade(.warmUp))
    }
    guard state.fives.coverage.isEnough, state.minutes.coverage.isEnough else {
      return Conclusion(setup: .all, outcome: .noTrade(.flowCoverageLow))
    }
    return judge(context, reading, awaiting: state.awaiting, recent: state.recent)
  }
}

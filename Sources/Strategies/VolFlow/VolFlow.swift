public import Market
public import Risk

/// Trades the first real expansion out of quiet hours, unless one jump made it
/// (`strategies.md` section 3.10).
public struct VolFlow: Strategy {
  /// What can be tuned; the defaults are those of the specification.
  public struct Configuration: Hashable, Sendable {
    /// The highest rank of daily volatility, among the two weeks before, that is quiet.
    public var quietRank = 0.25
    /// How many hours on end must have been quiet.
    public var quietHours = 6
    /// The least variance of the hour as a multiple of the average hour's.
    public var expansion = 2.0
    /// The largest part that one return may have in the hour's variance.
    public var largestShare = 0.60
    /// The stop's distance as a multiple of the average true range.
    public var stop: Fraction = "1.5"
    /// The target's distance as a multiple of the stop's.
    public var rewardToRisk: Fraction = "2.5"
    /// How long a position may last.
    public var timeStop: Interval = .hours(24)
    /// The common geometry.
    public var gate = GeometryGate()

    /// Makes the default configuration.
    public init() {}
  }

  /// The stable name.
  public static let id: StrategyID = "vol_flow"
  /// The only setup.
  public static let expansion: Setup = "expansion"

  /// What can be tuned.
  public let configuration: Configuration

  /// Makes the strategy.
  public init(_ configuration: Configuration = Configuration()) {
    self.configuration = configuration
  }

  /// The stable name.
  public var id: StrategyID { Self.id }
  /// Fifteen days of five minutes for the variances; the hours made of them for the levels.
  ///
  /// The ranks of the twelve hours before a trigger reach half a day further back than those
  /// fifteen days: until then the strategy itself says `WARMUP`.
  public var inputs: [InputRequirement] {
    [
      InputRequirement(.candles(.m5), warmUp: 4_320),
      InputRequirement(.candles(.h1), warmUp: State.dayHours + 1),
    ]
  }
  /// Every full hour.
  public var trigger: Timeframe { .h1 }

  /// No returns and no hours.
  public func initialState(for instrument: Instrument) -> State { State() }

  /// Takes in a return, or measures the hour that the last twelve made.
  public func absorb(_ candle: Candle, in market: MarketView, state: inout State) {
    switch candle.timeframe {
    case .m5: state.absorbFiveMinutes(candle)
    case .h1: state.absorbHour(candle)
    case .m1, .m15, .h4, .d1, .d3, .w1: break
    }
  }

  /// Judges the hour against the hours before it.
  public func decide(
    _ context: DecisionContext, in market: MarketView, state: State
  ) -> Conclusion {
    guard let reading = state.reading(at: context.time) else {
      return Conclusion(setup: Self.expansion, outcome: .noTrade(.warmUp))
    }
    return Conclusion(setup: Self.expansion, outcome: judge(context, reading))
  }
}

public import Market
public import Risk

/// Trades rejection wicks at liquidity pools, and the exhaustion of cascades
/// (`strategies.md` section 3.2).
public struct WickFlow: Strategy {
  /// What can be tuned; the defaults are those of the specification.
  public struct Configuration: Hashable, Sendable {
    /// Least range as a multiple of the average true range.
    public var rangeMultiple: Fraction = "0.75"
    /// Least wick as a multiple of the body.
    public var wickToBody: Fraction = "2"
    /// Least wick as a fraction of the range; keeps dojis out.
    public var wickToRange: Fraction = "0.5"
    /// Least volume as a multiple of the average.
    public var volumeMultiple: Fraction = "1.5"
    /// Least volume of an exhaustion, as a multiple of the average.
    public var exhaustionVolumeMultiple: Fraction = "2.5"
    /// Least fall (or rise) of an exhaustion, as a multiple of the average true range.
    public var exhaustionMove: Fraction = "3"
    /// Least location of an exhaustion's close in its range.
    public var exhaustionCloseLocation = 0.5
    /// The stop's distance beyond the wick, as a fraction of the average true range.
    public var stopBuffer: Fraction = "0.05"
    /// The farthest pool that is a target, as a multiple of the risk.
    public var farthestTarget: Fraction = "6"
    /// How far apart equal swings may lie.
    public var equalTolerance: Fraction = "0.001"
    /// How many candles an equal swing is remembered.
    public var equalMemory: Int64 = 192
    /// How many candles a position may last.
    public var timeStop: Int64 = 32
    /// The common geometry.
    public var gate = GeometryGate()

    /// Makes the default configuration.
    public init() {}

    var equalRule: SwingBook.Rule {
      SwingBook.Rule(memory: Timeframe.m15.interval * equalMemory, tolerance: equalTolerance)
    }
  }

  /// The stable name.
  public static let id: StrategyID = "wick_flow"
  /// A wick through a liquidity pool that closed back inside.
  public static let poolSweep: Setup = "pool_sweep"
  /// The end of a cascade.
  public static let exhaustion: Setup = "exhaustion"

  /// What can be tuned.
  public let configuration: Configuration

  /// Makes the strategy.
  public init(_ configuration: Configuration = Configuration()) {
    self.configuration = configuration
  }

  /// The stable name.
  public var id: StrategyID { Self.id }
  /// Quarter hours and days; weeks where they are known.
  public var inputs: [InputRequirement] {
    [
      InputRequirement(.candles(.m15), warmUp: 215),
      InputRequirement(.candles(.d1), warmUp: 2),
      InputRequirement(.candles(.w1), warmUp: 1, .optional),
    ]
  }
  /// Every quarter hour.
  public var trigger: Timeframe { .m15 }

  /// No pools and no averages.
  public func initialState(for instrument: Instrument) -> State { State() }

  /// Takes in a candle; a pool that it trades through is gone for later candles.
  public func absorb(_ candle: Candle, in market: MarketView, state: inout State) {
    switch candle.timeframe {
    case .m15: state.absorbQuarter(candle, equal: configuration.equalRule)
    case .d1: state.day.replace(with: candle)
    case .w1: state.week.replace(with: candle)
    case .m1, .m5, .h1, .h4, .d3: break
    }
  }

  /// Judges the trigger against the averages and pools that stood before it.
  public func decide(
    _ context: DecisionContext, in market: MarketView, state: State
  ) -> Conclusion {
    guard let reading = state.reading, reading.openTime == context.trigger.openTime else {
      return Conclusion(setup: .all, outcome: .noTrade(.warmUp))
    }
    switch screen(context.trigger, reading) {
    case .refused(let reason): return Conclusion(setup: .all, outcome: .noTrade(reason))
    case .rejection(let side):
      return judge(
        context, reading, side, pools: state.pools(side, before: reading.openTime),
        opposing: state.pools(side.opposite, before: reading.openTime))
    }
  }
}

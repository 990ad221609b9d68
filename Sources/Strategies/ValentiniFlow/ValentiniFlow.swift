public import Market
public import Risk

/// Reads the day as an auction: trades on with acceptance outside the value of the day before, and
/// back to value where the auction outside fails (`strategies.md` section 3.4).
///
/// The taker split is that of the configured source, the same for every candle.
public struct ValentiniFlow: Strategy {
  /// What can be tuned; the defaults are those of the specification.
  public struct Configuration: Hashable, Sendable {
    /// How far the averages look back.
    public var lengths = Lengths()
    /// Equal bins of the profile of a day.
    public var binCount = 50
    /// The share of a day's volume that its value area holds.
    public var valueShare: Fraction = "0.7"
    /// The least coverage of the taker split of a candle.
    public var coverage: Fraction = "0.95"
    /// The least score of the delta ratio that is aggression.
    public var aggression = 1.5
    /// The oldest imbalance that still trades, in candles since it was confirmed.
    public var longestImbalance: Int64 = 24
    /// The oldest imbalance whose return to value is a failed auction.
    public var longestFailure: Int64 = 16
    /// How soon the pullback has to come.
    public var pullbackWithin: Int64 = 12
    /// How near to value a pullback comes, as a multiple of the average true range.
    public var pullbackReach: Fraction = "0.25"
    /// How far inside value a close without aggression may lie, as such a multiple.
    public var depthInside: Fraction = "0.25"
    /// The stop's distance beyond the extreme, as such a multiple.
    public var stopBuffer: Fraction = "0.10"
    /// How many candles a position may last.
    public var timeStop: Int64 = 32
    /// The common geometry.
    public var gate = GeometryGate()

    /// Makes the default configuration.
    public init() {}
  }

  /// How many candles the averages hold.
  public struct Lengths: Hashable, Sendable {
    /// The delta ratios that one is scored against, itself not among them.
    public var score = 96
    /// The deltas that are added up.
    public var delta = 16
    /// The true ranges that are averaged.
    public var trueRange = 14

    /// Makes the lengths of the specification.
    public init() {}
  }

  /// The stable name.
  public static let id: StrategyID = "valentini_flow"
  /// Renewed aggression after a pullback to the edge of value.
  public static let continuation: Setup = "continuation"
  /// An aggressive return into value.
  public static let failedAuction: Setup = "failed_auction"

  /// What can be tuned.
  public let configuration: Configuration

  /// Makes the strategy.
  public init(_ configuration: Configuration = Configuration()) {
    self.configuration = configuration
  }

  /// The stable name.
  public var id: StrategyID { Self.id }
  /// Quarter hours, as far back as the first of the previous day, and what takers did in them.
  public var inputs: [InputRequirement] {
    let lengths = configuration.lengths
    let warmUp = max(
      2 * State.candlesPerDay, lengths.score + 1, lengths.delta, lengths.trueRange + 1)
    return [
      InputRequirement(.candles(.m15), warmUp: warmUp),
      InputRequirement(.takerSplit(.m15), warmUp: warmUp),
    ]
  }
  /// Every quarter hour.
  public var trigger: Timeframe { .m15 }

  /// No averages, no value, in balance.
  public func initialState(for instrument: Instrument) -> State { State(configuration.lengths) }

  /// Takes in a quarter hour: the auction moves whether or not a decision follows.
  public func absorb(_ candle: Candle, in market: MarketView, state: inout State) {
    // A memory of other lengths is of no use to this configuration.
    if state.lengths != configuration.lengths { state = State(configuration.lengths) }
    state.absorb(candle, configuration)
  }

  /// Turns what the auction came to at the trigger into levels.
  public func decide(
    _ context: DecisionContext, in market: MarketView, state: State
  ) -> Conclusion {
    guard state.closeTime == context.time, let finding = state.finding else {
      return Conclusion(setup: .all, outcome: .noTrade(.warmUp))
    }
    switch finding {
    case .refused(let setup, let reason):
      return Conclusion(setup: setup, outcome: .noTrade(reason))
    case .trade(let trade):
      guard let value = state.value, let trueRange = state.trueRange.mean else {
        return Conclusion(setup: trade.setup, outcome: .noTrade(.profileIncomplete))
      }
      let outcome = judge(
        context, trade, value, trueRange: trueRange, cumulativeDelta: state.deltas.sum)
      return Conclusion(setup: trade.setup, outcome: outcome)
    }
  }
}

public import Market
public import Risk

/// Trades the spread of two perpetuals back to its mean while it is shown to return
/// (`strategies.md` section 3.7).
///
/// One instance a pair; its signals carry both legs, and the side is the first leg's. What ties the
/// legs is fitted on the bars before each four-hour close; a position keeps the line that it was
/// opened on.
public struct PairFlow: Strategy {
  /// What can be tuned; the defaults are those of the specification.
  public struct Configuration: Hashable, Sendable {
    /// How many bars the line is fitted on.
    public var length = 180
    /// How far outside the spread trades, in deviations.
    public var entry = 2.0
    /// Farther outside than this it does not.
    public var farthestEntry = 2.75
    /// Where the idea is wrong, in deviations.
    public var stop = 3.0
    /// Where one leg alone must not bring the spread, in deviations.
    public var catastrophe = 4.0
    /// The least hedge ratio.
    public var leastHedge = 0.3
    /// The largest hedge ratio.
    public var largestHedge = 3.0
    /// The least correlation of the returns.
    public var leastCorrelation = 0.6
    /// The Engle–Granger statistic at most: 10 % for two variables and 180 bars.
    public var criticalStatistic = -3.07
    /// Above this statistic, a daily look closes the position.
    public var lostStatistic = -2.5
    /// The shortest half-life, in bars.
    public var shortestHalfLife = 2.0
    /// The longest half-life, in bars.
    public var longestHalfLife = 60.0
    /// How many half-lives a position may last.
    public var halfLives = 2.0
    /// How many bars a position may last at most.
    public var longestTimeStop: Int64 = 60
    /// The common geometry, for each leg's distances and the costs.
    public var gate = GeometryGate()

    /// Makes the default configuration.
    public init() {}
  }

  /// The stable name.
  public static let id: StrategyID = "pair_flow"
  /// The only setup: a spread that has just left two deviations.
  public static let reversion: Setup = "reversion"

  /// What can be tuned.
  public let configuration: Configuration
  /// What the second leg trades.
  public let other: Symbol
  /// How the second leg trades; nil where the venue has not said.
  public let otherInstrument: Instrument?

  /// Makes the strategy.
  ///
  /// - Parameters:
  ///   - configuration: What can be tuned.
  ///   - other: What the second leg trades.
  ///   - otherInstrument: How the second leg trades; without it every decision is
  ///     `LEG_UNAVAILABLE`.
  public init(
    _ configuration: Configuration = Configuration(), other: Symbol,
    otherInstrument: Instrument?
  ) {
    self.configuration = configuration
    self.other = other
    self.otherInstrument = otherInstrument
  }

  /// The stable name.
  public var id: StrategyID { Self.id }
  /// Four hours of both legs; quarter hours, where they are known, to leave sooner.
  public var inputs: [InputRequirement] {
    [
      InputRequirement(.candles(.h4), warmUp: configuration.length + 2),
      InputRequirement(.candles(.h4), of: other, warmUp: configuration.length + 2, .judged),
      InputRequirement(.candles(.m15), warmUp: 1, .optional),
      InputRequirement(.candles(.m15), of: other, warmUp: 1, .optional),
    ]
  }
  /// Every four hours.
  public var trigger: Timeframe { .h4 }
  /// Every quarter hour.
  public var review: Timeframe { .m15 }

  /// No closes and nothing held.
  public func initialState(for instrument: Instrument) -> State {
    State(length: configuration.length)
  }

  /// Takes in a close of either leg; the line is fitted once both legs have closed a bar.
  public func absorb(_ candle: Candle, in market: MarketView, state: inout State) {
    if !state.fits(length: configuration.length) { state = State(length: configuration.length) }
    state.absorb(candle, isOther: candle.symbol == other)
  }

  /// Judges the spread at the close of both legs.
  public func decide(
    _ context: DecisionContext, in market: MarketView, state: State
  ) -> Conclusion {
    guard let spread = state.spread(at: context.time), let otherInstrument,
      let otherClose = state.other.price(at: context.time)
    else { return Conclusion(setup: Self.reversion, outcome: .noTrade(.legUnavailable)) }
    let other = OtherLeg(instrument: otherInstrument, close: otherClose)
    return Conclusion(setup: Self.reversion, outcome: judge(context, spread, other))
  }

  /// Keeps the line that the position is opened on.
  public func emitted(_ signal: Signal, setup: Setup, state: inout State) {
    guard let line = state.spread?.line else { return }
    state.held = Held(line: line, side: signal.side)
  }

  /// Leaves where the spread of the line held has reached its stop or its mean, and where a new day
  /// finds the spread no longer shown to return.
  public func leaves(
    _ context: DecisionContext, in market: MarketView, state: State
  ) -> Bool {
    if let score = state.heldScore(at: context.time) {
      if score.magnitude >= configuration.stop { return true }
      if state.held?.side == .buy ? score >= 0 : score <= 0 { return true }
    }
    guard Timeframe.d1.open(containing: context.time) == context.time,
      let spread = state.spread(at: context.time)
    else { return false }
    return spread.statistic > configuration.lostStatistic
  }
}

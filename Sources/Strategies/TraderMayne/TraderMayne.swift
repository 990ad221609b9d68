public import Market
public import Risk

/// Trades liquidity events in the direction that higher timeframes give: the Monday range, order
/// blocks, breakers and swing failures (`strategies.md` section 3.1).
///
/// The rules are inspired by a discretionary method and are an interpretation of it.
public struct TraderMayne: Strategy {
  /// What can be tuned; the defaults are those of the specification.
  public struct Configuration: Hashable, Sendable {
    /// The setups that may trade.
    public var setups: [Setup] = [swingFailure, mondayRange, breaker, orderBlock]
    /// What the weekly structure counts in the bias.
    public var weekWeight = 5
    /// What the three-day structure counts in the bias.
    public var threeDayWeight = 3
    /// What the daily structure counts in the bias.
    public var dayWeight = 2
    /// The least score that is a bias.
    public var biasThreshold = 5
    /// Whether the Monday range trades only with the bias.
    public var mondayNeedsBias = true
    /// The narrowest Monday range, as a fraction of its middle.
    public var narrowestRange: Fraction = "0.0075"
    /// The widest Monday range, as a fraction of its middle.
    public var widestRange: Fraction = "0.15"
    /// How far outside a four-hour close ends a side, as a fraction of the range.
    public var acceptance: Fraction = "0.5"
    /// Least body of a displacement, as a multiple of the average.
    public var displacement: Fraction = "2"
    /// How many candles before a displacement may hold the order block.
    public var orderBlockSearch = 5
    /// After how many four-hour candles a zone expires.
    public var zoneExpiry: Int64 = 60
    /// The stop's distance beyond a zone, as a fraction of the average true range.
    public var zoneBuffer: Fraction = "0.10"
    /// How many four-hour candles a swing is remembered.
    public var swingMemory: Int64 = 200
    /// What an active zone behind a swing failure multiplies its confidence with.
    public var confluence = 1.5
    /// How many four-hour candles a position from a zone or a swing failure may last.
    public var timeStop: Int64 = 42
    /// The common geometry.
    public var gate = GeometryGate()

    /// Makes the default configuration.
    public init() {}

    var swingRule: SwingBook.Rule {
      SwingBook.Rule(memory: Timeframe.h4.interval * swingMemory)
    }
  }

  /// The stable name.
  public static let id: StrategyID = "trader_mayne"
  /// A sweep and reclaim of Monday's range.
  public static let mondayRange: Setup = "monday_range"
  /// The first retest of an order block.
  public static let orderBlock: Setup = "order_block"
  /// The first retest of a broken order block, from its other side.
  public static let breaker: Setup = "breaker"
  /// A swing swept and reclaimed on one four-hour candle, confirmed by the next.
  public static let swingFailure: Setup = "swing_failure"
  /// Ties resolve swing failure, Monday range, breaker, order block.
  static let ranks = [swingFailure, mondayRange, breaker, orderBlock]

  /// What can be tuned.
  public let configuration: Configuration

  /// Makes the strategy.
  public init(_ configuration: Configuration = Configuration()) {
    self.configuration = configuration
  }

  /// The stable name.
  public var id: StrategyID { Self.id }
  /// Quarter hours, four hours and days; three days and weeks as far as 210 days fill them.
  public var inputs: [InputRequirement] {
    [
      InputRequirement(.candles(.m15), warmUp: 15),
      InputRequirement(.candles(.h4), warmUp: 200),
      InputRequirement(.candles(.d1), warmUp: 210),
      InputRequirement(.candles(.d3), warmUp: 69),
      InputRequirement(.candles(.w1), warmUp: 29),
    ]
  }
  /// Every quarter hour; swing failures only where a four-hour candle closes too.
  public var trigger: Timeframe { .m15 }

  /// Four trigger candles; a swing failure's are four-hour candles.
  public func cooldown(after setup: Setup) -> Interval {
    (setup == Self.swingFailure ? Timeframe.h4 : .m15).interval * 4
  }

  /// No structure, no range, no zones.
  public func initialState(for instrument: Instrument) -> State { State() }

  /// Takes in a candle; zones and ranges change state whether or not a decision follows.
  public func absorb(_ candle: Candle, in market: MarketView, state: inout State) {
    switch candle.timeframe {
    case .m15:
      state.monday.absorbQuarter(candle)
      for index in state.zones.indices { state.zones[index].absorbQuarter(candle) }
    case .h4:
      state.monday.absorbFourHours(candle, acceptance: configuration.acceptance)
      state.absorbFourHours(candle, configuration)
    case .d1: state.day.absorb(candle)
    case .d3: state.threeDays.absorb(candle)
    case .w1: state.week.absorb(candle)
    case .m1, .m5, .h1: break
    }
  }

  /// A Monday range trades once a week and side.
  public func emitted(_ signal: Signal, setup: Setup, state: inout State) {
    if setup == Self.mondayRange { state.monday.use(signal.side) }
  }

  /// Judges every setup; of several signals the most confident is preferred.
  public func decide(
    _ context: DecisionContext, in market: MarketView, state: State
  ) -> Conclusion {
    var preference = Preference(Self.ranks) { reason in
      switch reason {
      case .mondayIncomplete, .rangeWidth, .noSetup, .zoneNotActive: 0
      default: 1
      }
    }
    let score = score(state)
    func consider(_ setup: Setup, _ outcome: @autoclosure () -> Judgement) {
      if configuration.setups.contains(setup) { preference.add(setup, outcome()) }
    }
    if let candle = state.bars.last, candle.closeTime == context.time {
      consider(Self.swingFailure, swingFailure(context, candle, state, score: score))
    }
    consider(Self.mondayRange, mondayRange(context, state.monday, score: score))
    var hasBreaker = false
    var hasBlock = false
    for zone in state.zones where isWatched(zone, context) {
      hasBreaker = hasBreaker || zone.isBreaker
      hasBlock = hasBlock || !zone.isBreaker
      consider(
        zone.isBreaker ? Self.breaker : Self.orderBlock,
        retest(
          context, zone, trueRange: state.trueRange.mean, score: score, swings: state.swings))
    }
    if !hasBreaker { consider(Self.breaker, .noTrade(.zoneNotActive)) }
    if !hasBlock { consider(Self.orderBlock, .noTrade(.zoneNotActive)) }
    return preference.verdict
  }
  /// Whether a retest of `zone` by the trigger would say something: an expired zone only where the
  /// trigger is the first to touch it.
  private func isWatched(_ zone: Zone, _ context: DecisionContext) -> Bool {
    guard zone.wasActive(before: context.trigger.openTime) else { return false }
    return zone.touchedBy != nil
      || !zone.isOlder(than: configuration.zoneExpiry, at: context.time)
  }
}

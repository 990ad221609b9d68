public import Market
public import Risk

/// Trades breakouts of the opening range at London and New York (`strategies.md` section 3.3).
///
/// A session opens at its city's local hour from Monday to Friday. Its first candles are the
/// opening range; the candles after them may break it, until the window for entries closes.
public struct SessionFlow: Strategy {
  /// What can be tuned; the defaults are those of the specification.
  public struct Configuration: Hashable, Sendable {
    /// How many candles make the opening range.
    public var rangeBars: Int64 = 6
    /// The candle, counted from 0 at the opening, from which nothing is entered any more.
    public var closingBar: Int64 = 36
    /// How long the Asian range lasts from 00:00 UTC.
    public var asia: Interval = .hours(7)
    /// The narrowest opening range, as a multiple of the average true range.
    public var narrowestRange: Fraction = "1"
    /// The widest opening range, as a multiple of the average true range.
    public var widestRange: Fraction = "6"
    /// Least body of the breaking candle as a fraction of its range.
    public var bodyToRange: Fraction = "0.5"
    /// Least volume as a multiple of the average.
    public var volumeMultiple: Fraction = "1.5"
    /// How far beyond the range a close may lie, as a fraction of the range's width.
    public var chase: Fraction = "0.5"
    /// The target's distance as a multiple of the stop's.
    public var rewardToRisk: Fraction = "2"
    /// How long after the opening a position may last.
    public var timeStop: Interval = .hours(6)
    /// The common geometry.
    public var gate = GeometryGate()

    /// Makes the default configuration.
    public init() {}
  }

  /// The stable name.
  public static let id: StrategyID = "session_flow"
  /// A break of the range that London opened with.
  public static let london: Setup = "london"
  /// A break of the range that New York opened with.
  public static let newYork: Setup = "new_york"

  /// What can be tuned.
  public let configuration: Configuration

  /// Makes the strategy.
  public init(_ configuration: Configuration = Configuration()) {
    self.configuration = configuration
  }

  /// The stable name.
  public var id: StrategyID { Self.id }
  /// Five hours of candles; that the day's Asian range is whole, the strategy sees to itself.
  public var inputs: [InputRequirement] { [InputRequirement(.candles(.m5), warmUp: 60)] }
  /// Every five minutes.
  public var trigger: Timeframe { .m5 }

  /// No day and no averages.
  public func initialState(for instrument: Instrument) -> State { State() }

  /// Follows the day: its Asian range, and the session that opened last.
  public func absorb(_ candle: Candle, in market: MarketView, state: inout State) {
    guard candle.timeframe == .m5 else { return }
    state.absorb(candle, configuration)
  }

  /// Judges the trigger against the opening range of the session that it belongs to.
  ///
  /// A weekend has no session (`SESSION_DONE`); before a day's first one nothing may be entered
  /// (`SESSION_CLOSED`).
  public func decide(
    _ context: DecisionContext, in market: MarketView, state: State
  ) -> Conclusion {
    guard let day = state.day,
      day.start == Timeframe.d1.open(containing: context.trigger.openTime)
    else {
      return Conclusion(setup: .all, outcome: .noTrade(.warmUp))
    }
    guard day.hasSessions else { return Conclusion(setup: .all, outcome: .noTrade(.sessionDone)) }
    guard let session = day.session else {
      return Conclusion(setup: .all, outcome: .noTrade(.sessionClosed))
    }
    return Conclusion(setup: session.city.setup, outcome: judge(context, session, of: day, state))
  }

  /// A session trades once.
  public func emitted(_ signal: Signal, setup: Setup, state: inout State) {
    guard state.day?.session?.city.setup == setup else { return }
    state.day?.session?.isTraded = true
  }
}

extension SessionCity {
  /// The setup that trades the city's opening range.
  var setup: Setup {
    switch self {
    case .london: SessionFlow.london
    case .newYork: SessionFlow.newYork
    }
  }
}

import Engine
public import Market
public import Risk
public import Strategies

/// What one strategy came to in a replay, side by side with what prices without any edge give.
///
/// One R is the distance from the decided entry to the stop, times the size; of a pair, that of its
/// first leg. Averages are over trades whose risk is not zero.
public struct StrategyFigures: Hashable, Sendable {
  /// Whose.
  public let strategy: StrategyID
  /// Its decisions by reason, the most frequent first, signals before all.
  public let decisions: [ReplayFigures.DecisionCount]
  /// Decisions that its inputs allowed: those that no shared reason about data ended.
  public let evaluatedCount: Int
  /// What became of its signals.
  public let signals: [ReplayFigures.SignalCount]
  /// Its trades together.
  public let trades: TradeStatistics
  /// Signals against the rates of the null model, where the table has one.
  public let nullRates: [NullComparison]

  /// A signal rate against that of the null model.
  public struct NullComparison: Hashable, Sendable {
    /// What the null model gives.
    public let null: NullRate
    /// What came here; nil where nothing was evaluated.
    public let rate: TenThousandths?
  }

  /// All its decisions.
  public var decisionCount: Int { decisions.reduce(0) { $0 + $1.count } }
  /// All its signals.
  public var signalCount: Int { signals.reduce(0) { $0 + $1.count } }
  /// Its signals that became orders.
  public var executedCount: Int {
    signals.reduce(0) { $0 + ($1.outcome == "EXECUTED" ? $1.count : 0) }
  }

  /// Reasons that say something about the data, not about the market.
  static let ofData: [NoTradeReason] = [.warmUp, .dataMissing, .dataStale, .gapInHistory]

  init(
    _ strategy: StrategyID, trigger: Timeframe?, in figures: ReplayFigures, opening: Money
  ) {
    self.strategy = strategy
    decisions = figures.decisions.filter { $0.strategy == strategy }
      .sorted { ($1.isSignal ? 0 : 1, $0.count) > ($0.isSignal ? 0 : 1, $1.count) }
    evaluatedCount = decisions.reduce(0) { sum, row in
      sum + (row.reason.map(Self.ofData.contains) ?? false ? 0 : row.count)
    }
    signals = figures.signals.filter { $0.strategy == strategy }
    trades = TradeStatistics(
      figures.trades.filter { $0.record.strategy == strategy }, opening: opening)
    let evaluated = evaluatedCount
    nullRates = NullRate.all.filter { $0.strategy == strategy }.map { null in
      let count = figures.setups.first {
        $0.strategy == strategy && $0.setup == null.setup
      }
      let units = trigger.map { null.unit.units(evaluated, of: $0) } ?? 0
      guard units > 0 else { return NullComparison(null: null, rate: nil) }
      let rate = Rounding.nearest.divide(
        Int128(count?.count ?? 0) * 100_000_000, by: units)
      return NullComparison(null: null, rate: Int64(exactly: rate).map(TenThousandths.init))
    }
  }
}

/// Trades as figures.
public struct TradeStatistics: Hashable, Sendable {
  /// Trades with a profit before fees, slippage and funding.
  public private(set) var grossWins: Proportion
  /// Trades with a profit after everything.
  public private(set) var wins: Proportion
  /// The average profit in R before costs; nil without trades.
  public private(set) var grossExpectancy: TenThousandths?
  /// The average profit in R after costs; nil without trades.
  public private(set) var netExpectancy: TenThousandths?
  /// The average reward to risk that the signals promised.
  public private(set) var rewardToRisk: TenThousandths?
  /// Profit before costs.
  public private(set) var gross = Money.zero
  /// Of that, what the winning trades made.
  public private(set) var grossProfit = Money.zero
  /// Slippage paid.
  public private(set) var slippage = Money.zero
  /// Fees paid.
  public private(set) var fees = Money.zero
  /// Funding received less paid.
  public private(set) var funding = Money.zero
  /// The deepest fall of the sum of R from its peak.
  public private(set) var drawdown = TenThousandths(0)
  /// The deepest fall of the account from its peak, had this strategy traded alone on it.
  public private(set) var drawdownBasisPoints: Int64 = 0
  /// The sum of R after each trade, in order of their ends.
  public private(set) var curve: [Point] = []

  /// A point of a curve of R.
  public struct Point: Hashable, Sendable {
    /// When.
    public let time: Instant
    /// The sum of R after costs.
    public let sum: TenThousandths
  }

  /// How many trades there are.
  public var count: Int { wins.total }
  /// Profit after everything.
  public var net: Money { gross - slippage - fees + funding }
  /// Slippage, fees and funding paid.
  public var costs: Money { slippage + fees - funding }
  /// ``costs`` over what the winning trades made, in basis points; nil without a winning trade.
  public var costShareBasisPoints: Int64? {
    guard grossProfit > .zero else { return nil }
    return Int64(
      exactly: Rounding.nearest.divide(
        Int128(costs.steps) * 10_000, by: Int128(grossProfit.steps)))
  }
  /// The average cost in R; nil without trades.
  public var costExpectancy: TenThousandths? {
    guard let grossExpectancy, let netExpectancy else { return nil }
    return TenThousandths(grossExpectancy.count - netExpectancy.count)
  }
  /// The rate at which a random walk reaches a target of the average reward to risk before the
  /// stop: `1 / (1 + rr)`.
  public var nullWinRate: TenThousandths? {
    rewardToRisk.flatMap { ratio in
      let whole = Int128(10_000) + Int128(ratio.count)
      guard whole > 0 else { return nil }
      return Int64(exactly: Rounding.nearest.divide(100_000_000, by: whole))
        .map(TenThousandths.init)
    }
  }
  /// Whether the trades are what prices without an edge give: the null rate lies in the interval of
  /// the wins before costs; nil without trades.
  public var isWithinNull: Bool? {
    guard let nullWinRate, let interval = grossWins.interval else { return nil }
    return interval.contains(nullWinRate)
  }

  /// Adds up trades that are in order of their ends, on an account of `opening`.
  public init(_ trades: [ReplayTrade], opening: Money) {
    grossWins = Proportion(trades.count { $0.gross > .zero }, of: trades.count)
    wins = Proportion(trades.count { $0.net > .zero }, of: trades.count)
    grossExpectancy = Self.average(trades.compactMap(\.grossMultiple))
    netExpectancy = Self.average(trades.compactMap(\.netMultiple))
    rewardToRisk = Self.average(trades.map(\.signal.signal.rewardToRisk))
    var sum: Int64 = 0
    var peak: Int64 = 0
    var equity = opening
    var highest = opening
    for trade in trades {
      gross += trade.gross
      if trade.gross > .zero { grossProfit += trade.gross }
      slippage += trade.slippage
      fees += trade.fees
      funding += trade.funding
      equity += trade.net
      highest = max(highest, equity)
      if highest > .zero {
        let fall = Rounding.up.divide(
          Int128((highest - equity).steps) * 10_000, by: Int128(highest.steps))
        drawdownBasisPoints = max(drawdownBasisPoints, Int64(clamping: fall))
      }
      guard let multiple = trade.netMultiple else { continue }
      sum += multiple.count
      peak = max(peak, sum)
      drawdown = max(drawdown, TenThousandths(peak - sum))
      curve.append(Point(time: trade.closedAt, sum: TenThousandths(sum)))
    }
  }

  private static func average(_ values: [TenThousandths]) -> TenThousandths? {
    guard !values.isEmpty else { return nil }
    let sum = values.reduce(Int128(0)) { $0 + Int128($1.count) }
    return Int64(exactly: Rounding.nearest.divide(sum, by: Int128(values.count)))
      .map(TenThousandths.init)
  }
}

extension ReplayFigures {
  /// What every strategy of a plan came to, in order of name.
  public func strategies(in plan: ReplayPlan) -> [StrategyFigures] {
    let opening = account?.opening ?? .zero
    return plan.strategies.map { id in
      StrategyFigures(
        id, trigger: plan.seats.first { $0.strategy == id }?.trigger, in: self, opening: opening)
    }
  }
}

public import Engine
import GRDB
public import Market
public import Risk
public import Strategies

/// What reports ask of a store: figures of decisions, signals, positions and money.
extension StoreInspection {
  /// How often a strategy came to one result.
  public struct DecisionCount: Hashable, Sendable {
    /// Who decided.
    public let strategy: StrategyID
    /// Why it did not trade; nil where it asked to.
    public let reason: NoTradeReason?
    /// How often.
    public let count: Int
  }

  /// Decisions by strategy and reason, in order of strategy, signals first.
  public func decisionCounts() throws(StoreError) -> [DecisionCount] {
    try count("SELECT strategy, reason, count(*) FROM decisions GROUP BY 1, 2 ORDER BY 1, 2") {
      let strategy = Name<StrategyTag>($0[0] as String)
      let text: String? = $0[1]
      let reason = text.flatMap(NoTradeReason.init(rawValue:))
      guard let strategy, (text == nil) == (reason == nil) else { return nil }
      return DecisionCount(strategy: strategy, reason: reason, count: $0[2])
    }
  }

  /// How often a strategy's signals came to one outcome.
  public struct SignalCount: Hashable, Sendable {
    /// Who asked.
    public let strategy: StrategyID
    /// `EXECUTED`, or the arbiter's or gate's reason code.
    public let outcome: String
    /// How often.
    public let count: Int
  }

  /// Signals by strategy and outcome, in that order.
  public func signalCounts() throws(StoreError) -> [SignalCount] {
    try count("SELECT strategy, outcome, count(*) FROM signals GROUP BY 1, 2 ORDER BY 1, 2") {
      guard let strategy = StrategyID($0[0] as String) else { return nil }
      return SignalCount(strategy: strategy, outcome: $0[1], count: $0[2])
    }
  }

  /// How many candles of one series are stored.
  public struct CandleCount: Hashable, Sendable {
    /// In what.
    public let symbol: Symbol
    /// How long each is.
    public let timeframe: Timeframe
    /// How many there are.
    public let count: Int
    /// How many of them came from history.
    public let backfilled: Int
    /// How many of them came from another venue than the execution venue.
    public let foreign: Int
    /// When the first opened.
    public let first: Instant
    /// When the last opened.
    public let last: Instant
  }

  /// Stored candles by symbol and timeframe, in that order.
  public func candleCounts() throws(StoreError) -> [CandleCount] {
    let sql = """
      SELECT symbol, timeframe, count(*), sum(is_backfilled), sum(venue <> 'hyperliquid'),
        min(open_time_ns), max(open_time_ns)
      FROM candles GROUP BY 1, 2
      """
    return try count(sql) { row -> CandleCount? in
      guard let symbol = Symbol(row[0] as String), let timeframe = Timeframe(name: row[1]) else {
        return nil
      }
      return CandleCount(
        symbol: symbol, timeframe: timeframe, count: row[2], backfilled: row[3], foreign: row[4],
        first: Instant(nanoseconds: row[5]), last: Instant(nanoseconds: row[6]))
    }
    .sorted { $0.symbol != $1.symbol ? $0.symbol < $1.symbol : $0.timeframe < $1.timeframe }
  }

  private func count<Value>(
    _ sql: String, _ body: (Row) -> Value?
  ) throws(StoreError) -> [Value] {
    try read { db in
      try Row.fetchAll(db, sql: sql).map { row in
        guard let value = body(row) else {
          throw StoreError(
            .damaged, "Unexpected value in row \(row).", remedy: StoreError.restore)
        }
        return value
      }
    }
  }
}

/// A position that ended, and what it came to.
public struct ClosedPosition: Hashable, Sendable {
  /// The position.
  public let position: PositionRecord
  /// Profit after fees and funding.
  public let net: Money
  /// ``net`` over the money at risk when it was opened, to the nearest 1e-4; nil where that was not
  /// positive.
  public let multiple: TenThousandths?

  /// Works the figures of `position` out.
  public init(_ position: PositionRecord) {
    self.position = position
    net = position.realised - position.fees + position.funding
    multiple = net.checkedScaled(by: 10_000, over: position.initialRisk.steps, .nearest)
      .map { TenThousandths($0.steps) }
  }
}

/// What the closed positions of one strategy come to.
public struct StrategyFigures: Hashable, Sendable {
  /// Whose.
  public let strategy: StrategyID
  /// Closed positions.
  public var trades = 0
  /// Those with a profit after costs.
  public var wins = 0
  /// Profit after fees and funding.
  public var net = Money.zero
  /// Fees paid.
  public var fees = Money.zero
  /// Funding received less paid.
  public var funding = Money.zero
  /// The sum of all multiples of the initial risk.
  public var multiples = TenThousandths(0)
}

/// The deepest fall of an equity curve from an earlier high.
public struct Drawdown: Hashable, Sendable {
  /// The high that it fell from.
  public let peak: EquityRecord
  /// The low that it fell to.
  public let trough: EquityRecord

  /// How much was lost.
  public var amount: Money { peak.equity - trough.equity }
  /// How much was lost, as a fraction of the high, to the nearest 1e-4; nil where that was not
  /// positive.
  public var fraction: TenThousandths? {
    amount.checkedScaled(by: 10_000, over: peak.equity.steps, .nearest)
      .map { TenThousandths($0.steps) }
  }

  /// The deepest fall of `curve`; nil where it never falls.
  public init?(of curve: [EquityRecord]) {
    guard var high = curve.first else { return nil }
    var deepest: (peak: EquityRecord, trough: EquityRecord)?
    var depth = Money.zero
    for point in curve {
      if point.equity > high.equity { high = point }
      guard high.equity - point.equity > depth else { continue }
      depth = high.equity - point.equity
      deepest = (high, point)
    }
    guard let deepest else { return nil }
    peak = deepest.peak
    trough = deepest.trough
  }
}

extension StoreInspection {
  /// Positions that ended, in the order in which they did.
  public func closedPositions() throws(StoreError) -> [ClosedPosition] {
    let clause = "WHERE closed_at_ns IS NOT NULL ORDER BY closed_at_ns, id"
    return try list(.positions, clause) { fields throws(StoreError) in
      ClosedPosition(try fields.position())
    }
  }

  /// What the closed positions of each strategy come to, in order of strategy.
  public func strategyFigures() throws(StoreError) -> [StrategyFigures] {
    var figures: [StrategyFigures] = []
    for closed in try closedPositions() {
      let strategy = closed.position.strategy
      let index = figures.firstIndex { !($0.strategy < strategy) } ?? figures.count
      if index == figures.count || figures[index].strategy != strategy {
        figures.insert(StrategyFigures(strategy: strategy), at: index)
      }
      figures[index].trades += 1
      if closed.net > .zero { figures[index].wins += 1 }
      figures[index].net += closed.net
      figures[index].fees += closed.position.fees
      figures[index].funding += closed.position.funding
      figures[index].multiples.count += closed.multiple?.count ?? 0
    }
    return figures
  }

  /// The equity curve, in the order in which it was recorded.
  public func equityCurve() throws(StoreError) -> [EquityRecord] {
    try list(.equity, "ORDER BY row") { fields throws(StoreError) in try fields.equity() }
  }

  /// The deepest fall of the equity curve; nil where it never falls.
  public func maximumDrawdown() throws(StoreError) -> Drawdown? {
    Drawdown(of: try equityCurve())
  }
}

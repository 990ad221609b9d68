/// A table that holds records: its columns and what a second row of the same identity means.
struct Table: Sendable {
  /// What a second row of the same key means.
  enum Repetition {
    /// Nothing: each row is an event of its own.
    case event
    /// A repeat, which is ignored, or a contradiction, which is refused.
    case once
    /// The row as it now stands.
    case replace
  }

  let name: String
  /// In the order in which a record's values are written and read.
  let columns: [String]
  let insert: String
  /// Finds the row that says the same as the first `matchCount` values.
  let match: String
  let matchCount: Int
  let repetition: Repetition
  /// The columns whose values no two rows share.
  let key: [String]

  /// Derives the statements: `key` names the columns whose values no two rows share, `loose` those
  /// at the end in which a repeat may differ, `fixed` those that a replacing row may not change.
  init(
    _ name: String, _ columns: [String], _ repetition: Repetition = .event, key: [String] = [],
    loose: [String] = [], fixed: [String] = []
  ) {
    self.name = name
    self.columns = columns
    self.repetition = repetition
    self.key = key
    let marks = Array(repeating: "?", count: columns.count + 1).joined(separator: ", ")
    var insert = "INSERT INTO \(name) (step, \(columns.joined(separator: ", "))) VALUES (\(marks))"
    switch repetition {
    case .event: break
    case .once: insert += " ON CONFLICT DO NOTHING"
    case .replace:
      let changes = (["step"] + columns.filter { !key.contains($0) })
        .map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
      insert += " ON CONFLICT (\(key.joined(separator: ", "))) DO UPDATE SET \(changes)"
      if !fixed.isEmpty {
        insert += " WHERE "
        insert += fixed.map { "\(name).\($0) IS excluded.\($0)" }.joined(separator: " AND ")
      }
    }
    self.insert = insert
    let same = columns.dropLast(loose.count)
    matchCount = same.count
    match = "SELECT 1 FROM \(name) WHERE \(same.map { "\($0) IS ?" }.joined(separator: " AND "))"
  }

  /// Reads every column of records.
  var select: String { "SELECT \(columns.joined(separator: ", ")) FROM \(name)" }
}

extension Table {
  static let runs = Table(
    "runs", ["epoch", "started_at_ns", "configuration"], .once, key: ["epoch"])

  static let candles = Table(
    "candles",
    [
      "symbol", "timeframe", "open_time_ns", "venue", "open_e8", "high_e8", "low_e8", "close_e8",
      "volume_e8", "taker_buy_e8", "taker_sell_e8", "taker_coverage_e8", "is_backfilled", "is_late",
    ], .once, key: ["symbol", "timeframe", "open_time_ns"], loose: ["is_backfilled", "is_late"])

  static let decisions = Table(
    "decisions",
    [
      "strategy", "symbol", "setup", "time_ns", "inputs", "note", "reason", "side", "entry_e8",
      "stop_e8",
      "target_e8", "reward_to_risk_e4", "net_reward_to_risk_e4", "confidence_e4",
      "valid_until_ns", "time_stop_ns", "pair",
    ], .once, key: ["strategy", "symbol", "setup", "side", "time_ns"])

  static let signals = Table(
    "signals",
    [
      "strategy", "symbol", "setup", "time_ns", "outcome", "order_id", "side", "entry_e8",
      "stop_e8", "target_e8", "reward_to_risk_e4", "net_reward_to_risk_e4", "confidence_e4",
      "valid_until_ns", "time_stop_ns", "pair",
    ])

  static let orders = Table(
    "orders",
    [
      "client_id", "strategy", "symbol", "role", "side", "quantity_e8", "pricing", "price_e8",
      "worst_e8", "time_in_force", "is_reduce_only", "position_id", "setup", "decided_at_ns",
      "stop_e8", "target_e8", "time_stop_ns", "partner_id", "state", "was_acknowledged",
      "filled_e8",
      "filled_notional_e8", "venue_id", "created_at_ns", "updated_at_ns", "is_kept",
    ], .replace, key: ["client_id"],
    fixed: ["strategy", "symbol", "role", "side", "position_id"])

  static let fills = Table(
    "fills",
    [
      "client_id", "symbol", "side", "price_e8", "quantity_e8", "fee_e8", "trade_id", "time_ns",
      "strategy", "position_id", "realised_e8",
    ], .once, key: ["symbol", "trade_id"])

  static let positions = Table(
    "positions",
    [
      "id", "strategy", "symbol", "setup", "stop_e8", "target_e8", "time_stop_ns", "partner_id",
      "quantity_e8",
      "cost_e8", "peak_quantity_e8", "realised_e8", "fees_e8", "funding_e8", "initial_risk_e8",
      "opened_at_ns", "closed_at_ns", "exit_reason",
    ], .replace, key: ["id"], fixed: ["strategy", "symbol"])

  static let account = Table(
    "account",
    [
      "id", "opening_e8", "realised_e8", "fees_e8", "funding_e8", "day_start_equity_e8",
      "day_start_ns", "session_start_equity_e8", "high_water_equity_e8", "is_paused_by_drawdown",
      "is_stopped_for_day",
    ], .replace, key: ["id"])

  static let equity = Table("equity", ["time_ns", "equity_e8", "cash_e8", "open_positions"])

  static let strategyState = Table(
    "strategy_state", ["strategy", "symbol", "time_ns", "bytes"], .replace,
    key: ["strategy", "symbol"])

  static let healthEvents = Table("health_events", ["time_ns", "component", "status", "detail"])

  static let breakerEvents = Table("breaker_events", ["time_ns", "kind", "until_ns", "detail"])

  static let driftAlerts = Table(
    "drift_alerts", ["time_ns", "symbol", "kind", "local_e8", "venue_e8", "is_open"])

  static let killSwitchEvents = Table("kill_switch_events", ["time_ns", "is_engaged", "reason"])

  static let fundingPayments = Table(
    "funding_payments", ["position_id", "symbol", "time_ns", "amount_e8"], .once,
    key: ["position_id", "time_ns"])

  static let funding = Table(
    "funding", ["symbol", "venue", "time_ns", "rate_e10", "period_ns"], .replace,
    key: ["symbol", "venue", "time_ns"])

  static let spotPrices = Table(
    "spot_prices", ["symbol", "venue", "time_ns", "price_e8", "mid_e8"], .replace,
    key: ["symbol", "venue", "time_ns"])

  static let openInterest = Table(
    "open_interest", ["symbol", "venue", "time_ns", "quantity_e8"], .replace,
    key: ["symbol", "venue", "time_ns"])

  static let volatilityIndex = Table(
    "volatility_index", ["symbol", "venue", "time_ns", "value_e8"], .replace,
    key: ["symbol", "venue", "time_ns"])

  static let optionChains = Table(
    "option_chains", ["symbol", "venue", "time_ns", "quotes"], .replace,
    key: ["symbol", "venue", "time_ns"])

  /// Every table that records go to.
  static let all = [
    runs, candles, decisions, signals, orders, fills, positions, account, equity, strategyState,
    healthEvents, breakerEvents, driftAlerts, killSwitchEvents, fundingPayments, funding,
    spotPrices, openInterest, volatilityIndex, optionChains,
  ]
}

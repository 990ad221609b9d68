// Released SQL is never edited: a change is a new migration. Units are in the names: `_e8` counts
// steps of 1e-8, `_e10` of 1e-10, `_e4` of 1e-4, `_ns` nanoseconds (since the epoch, UTC). `step`
// is the sequence of the journal row that wrote the row last.
extension Schema {
  static let journalTables = """
    CREATE TABLE journal (
      sequence INTEGER PRIMARY KEY CHECK (sequence >= 1),
      wall_ns INTEGER NOT NULL,
      records BLOB NOT NULL CHECK (length(records) > 0),
      chain TEXT NOT NULL CHECK (length(chain) = 16)
    ) STRICT;

    CREATE TABLE journal_head (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      sequence INTEGER NOT NULL CHECK (sequence >= 1),
      chain TEXT NOT NULL CHECK (length(chain) = 16)
    ) STRICT;
    """

  static let tradingTables = """
    CREATE TABLE decisions (
      row INTEGER PRIMARY KEY, step INTEGER NOT NULL,
      strategy TEXT NOT NULL, symbol TEXT NOT NULL, setup TEXT NOT NULL, time_ns INTEGER NOT NULL,
      inputs TEXT NOT NULL CHECK (length(inputs) = 16), note TEXT NOT NULL,
      reason TEXT CHECK ((reason IS NULL) = (side <> 'none')),
      side TEXT NOT NULL CHECK (side IN ('none', 'buy', 'sell')),
      entry_e8 INTEGER, stop_e8 INTEGER, target_e8 INTEGER, reward_to_risk_e4 INTEGER,
      net_reward_to_risk_e4 INTEGER, confidence_e4 INTEGER, valid_until_ns INTEGER,
      time_stop_ns INTEGER CHECK ((time_stop_ns IS NULL) = (side = 'none')), pair BLOB,
      UNIQUE (strategy, symbol, setup, side, time_ns)
    ) STRICT;
    CREATE INDEX decisions_newest ON decisions (strategy, symbol, row);

    CREATE TABLE signals (
      row INTEGER PRIMARY KEY, step INTEGER NOT NULL,
      strategy TEXT NOT NULL, symbol TEXT NOT NULL, setup TEXT NOT NULL, time_ns INTEGER NOT NULL,
      outcome TEXT NOT NULL, order_id TEXT CHECK (length(order_id) = 34),
      side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
      entry_e8 INTEGER NOT NULL, stop_e8 INTEGER NOT NULL, target_e8 INTEGER NOT NULL,
      reward_to_risk_e4 INTEGER NOT NULL, net_reward_to_risk_e4 INTEGER NOT NULL,
      confidence_e4 INTEGER NOT NULL, valid_until_ns INTEGER NOT NULL,
      time_stop_ns INTEGER NOT NULL, pair BLOB
    ) STRICT;

    CREATE TABLE orders (
      client_id TEXT PRIMARY KEY CHECK (length(client_id) = 34), step INTEGER NOT NULL,
      strategy TEXT NOT NULL, symbol TEXT NOT NULL,
      role TEXT NOT NULL CHECK (role IN ('entry', 'stop', 'target', 'exit')),
      side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
      quantity_e8 INTEGER NOT NULL,
      pricing TEXT NOT NULL CHECK (pricing IN ('limit', 'trigger')), price_e8 INTEGER NOT NULL,
      worst_e8 INTEGER CHECK ((worst_e8 IS NULL) = (pricing = 'limit')),
      time_in_force TEXT CHECK ((time_in_force IS NULL) = (pricing = 'trigger')),
      is_reduce_only INTEGER NOT NULL CHECK (is_reduce_only IN (0, 1)),
      position_id TEXT NOT NULL CHECK (length(position_id) = 34), setup TEXT NOT NULL,
      decided_at_ns INTEGER NOT NULL,
      stop_e8 INTEGER NOT NULL, target_e8 INTEGER NOT NULL, time_stop_ns INTEGER NOT NULL,
      partner_id TEXT CHECK (length(partner_id) = 34),
      state TEXT NOT NULL CHECK (state IN ('intended', 'sent', 'unknown', 'working', 'cancelling',
        'filled', 'cancelled', 'rejected', 'never_reached')),
      was_acknowledged INTEGER NOT NULL CHECK (was_acknowledged IN (0, 1)),
      filled_e8 INTEGER NOT NULL, filled_notional_e8 INTEGER NOT NULL, venue_id INTEGER,
      created_at_ns INTEGER NOT NULL, updated_at_ns INTEGER NOT NULL,
      is_kept INTEGER NOT NULL CHECK (is_kept IN (0, 1))
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX orders_kept ON orders (position_id) WHERE is_kept = 1;

    CREATE TABLE fills (
      row INTEGER PRIMARY KEY, step INTEGER NOT NULL,
      client_id TEXT NOT NULL CHECK (length(client_id) = 34), symbol TEXT NOT NULL,
      side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
      price_e8 INTEGER NOT NULL CHECK (price_e8 > 0),
      quantity_e8 INTEGER NOT NULL CHECK (quantity_e8 > 0),
      fee_e8 INTEGER NOT NULL, trade_id INTEGER NOT NULL, time_ns INTEGER NOT NULL,
      strategy TEXT NOT NULL, position_id TEXT NOT NULL CHECK (length(position_id) = 34),
      realised_e8 INTEGER NOT NULL,
      UNIQUE (symbol, trade_id)
    ) STRICT;

    CREATE TABLE positions (
      id TEXT PRIMARY KEY CHECK (length(id) = 34), step INTEGER NOT NULL,
      strategy TEXT NOT NULL, symbol TEXT NOT NULL, setup TEXT NOT NULL,
      stop_e8 INTEGER NOT NULL, target_e8 INTEGER NOT NULL, time_stop_ns INTEGER NOT NULL,
      partner_id TEXT CHECK (length(partner_id) = 34),
      quantity_e8 INTEGER NOT NULL, cost_e8 INTEGER NOT NULL, peak_quantity_e8 INTEGER NOT NULL,
      realised_e8 INTEGER NOT NULL, fees_e8 INTEGER NOT NULL, funding_e8 INTEGER NOT NULL,
      initial_risk_e8 INTEGER NOT NULL, opened_at_ns INTEGER NOT NULL, closed_at_ns INTEGER,
      exit_reason TEXT CHECK (exit_reason IN ('stop', 'target', 'time', 'operator', 'venue',
        'strategy', 'partner'))
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX positions_open ON positions (symbol) WHERE closed_at_ns IS NULL;
    CREATE INDEX positions_closed ON positions (closed_at_ns) WHERE closed_at_ns IS NOT NULL;

    CREATE TABLE funding_payments (
      row INTEGER PRIMARY KEY, step INTEGER NOT NULL,
      position_id TEXT NOT NULL CHECK (length(position_id) = 34), symbol TEXT NOT NULL,
      time_ns INTEGER NOT NULL, amount_e8 INTEGER NOT NULL,
      is_kept INTEGER NOT NULL DEFAULT 1 CHECK (is_kept IN (0, 1)),
      UNIQUE (position_id, time_ns)
    ) STRICT;
    CREATE INDEX funding_payments_kept ON funding_payments (position_id) WHERE is_kept = 1;
    """

  static let stateTables = """
    CREATE TABLE runs (
      row INTEGER PRIMARY KEY, step INTEGER NOT NULL,
      epoch INTEGER NOT NULL UNIQUE CHECK (epoch BETWEEN 0 AND 4294967295),
      started_at_ns INTEGER NOT NULL,
      configuration TEXT NOT NULL CHECK (length(configuration) = 16)
    ) STRICT;

    CREATE TABLE account (
      id INTEGER PRIMARY KEY CHECK (id = 1), step INTEGER NOT NULL,
      opening_e8 INTEGER NOT NULL, realised_e8 INTEGER NOT NULL, fees_e8 INTEGER NOT NULL,
      funding_e8 INTEGER NOT NULL, day_start_equity_e8 INTEGER NOT NULL,
      day_start_ns INTEGER NOT NULL, session_start_equity_e8 INTEGER NOT NULL,
      high_water_equity_e8 INTEGER NOT NULL,
      is_paused_by_drawdown INTEGER NOT NULL CHECK (is_paused_by_drawdown IN (0, 1)),
      is_stopped_for_day INTEGER NOT NULL CHECK (is_stopped_for_day IN (0, 1))
    ) STRICT;

    CREATE TABLE equity (
      row INTEGER PRIMARY KEY, step INTEGER NOT NULL, time_ns INTEGER NOT NULL,
      equity_e8 INTEGER NOT NULL, cash_e8 INTEGER NOT NULL, open_positions INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE strategy_state (
      strategy TEXT NOT NULL, symbol TEXT NOT NULL, step INTEGER NOT NULL,
      time_ns INTEGER NOT NULL, bytes BLOB NOT NULL,
      PRIMARY KEY (strategy, symbol)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE health_events (
      row INTEGER PRIMARY KEY, step INTEGER NOT NULL, time_ns INTEGER NOT NULL,
      component TEXT NOT NULL, status TEXT NOT NULL, detail TEXT NOT NULL
    ) STRICT;

    CREATE TABLE breaker_events (
      row INTEGER PRIMARY KEY, step INTEGER NOT NULL, time_ns INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('latency', 'order_failures', 'stale_feed', 'rate_limit')),
      until_ns INTEGER NOT NULL, detail TEXT NOT NULL
    ) STRICT;
    CREATE INDEX breaker_events_newest ON breaker_events (kind, row);

    CREATE TABLE drift_alerts (
      row INTEGER PRIMARY KEY, step INTEGER NOT NULL, time_ns INTEGER NOT NULL,
      symbol TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('phantom', 'orphan', 'side_mismatch', 'size_mismatch')),
      local_e8 INTEGER NOT NULL, venue_e8 INTEGER NOT NULL,
      is_open INTEGER NOT NULL CHECK (is_open IN (0, 1))
    ) STRICT;
    CREATE INDEX drift_alerts_newest ON drift_alerts (symbol, row);

    CREATE TABLE kill_switch_events (
      row INTEGER PRIMARY KEY, step INTEGER NOT NULL, time_ns INTEGER NOT NULL,
      is_engaged INTEGER NOT NULL CHECK (is_engaged IN (0, 1)), reason TEXT NOT NULL
    ) STRICT;
    """

  static let marketTables = """
    CREATE TABLE candles (
      symbol TEXT NOT NULL,
      timeframe TEXT NOT NULL
        CHECK (timeframe IN ('1m', '5m', '15m', '1h', '4h', '1d', '3d', '1w')),
      open_time_ns INTEGER NOT NULL, step INTEGER NOT NULL,
      venue TEXT NOT NULL CHECK (venue IN ('hyperliquid', 'binance', 'coinbase', 'deribit')),
      open_e8 INTEGER NOT NULL, high_e8 INTEGER NOT NULL,
      low_e8 INTEGER NOT NULL CHECK (low_e8 > 0), close_e8 INTEGER NOT NULL,
      volume_e8 INTEGER NOT NULL CHECK (volume_e8 >= 0), taker_buy_e8 INTEGER,
      taker_sell_e8 INTEGER, taker_coverage_e8 INTEGER,
      is_backfilled INTEGER NOT NULL CHECK (is_backfilled IN (0, 1)),
      is_late INTEGER NOT NULL CHECK (is_late IN (0, 1)),
      CHECK (high_e8 >= max(open_e8, close_e8) AND low_e8 <= min(open_e8, close_e8)),
      PRIMARY KEY (symbol, timeframe, open_time_ns)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE funding (
      symbol TEXT NOT NULL, venue TEXT NOT NULL, time_ns INTEGER NOT NULL, step INTEGER NOT NULL,
      rate_e10 INTEGER NOT NULL, period_ns INTEGER NOT NULL,
      PRIMARY KEY (symbol, venue, time_ns)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE spot_prices (
      symbol TEXT NOT NULL, venue TEXT NOT NULL, time_ns INTEGER NOT NULL, step INTEGER NOT NULL,
      price_e8 INTEGER NOT NULL, mid_e8 INTEGER,
      PRIMARY KEY (symbol, venue, time_ns)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE open_interest (
      symbol TEXT NOT NULL, venue TEXT NOT NULL, time_ns INTEGER NOT NULL, step INTEGER NOT NULL,
      quantity_e8 INTEGER NOT NULL,
      PRIMARY KEY (symbol, venue, time_ns)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE volatility_index (
      symbol TEXT NOT NULL, venue TEXT NOT NULL, time_ns INTEGER NOT NULL, step INTEGER NOT NULL,
      value_e8 INTEGER NOT NULL,
      PRIMARY KEY (symbol, venue, time_ns)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE option_chains (
      symbol TEXT NOT NULL, venue TEXT NOT NULL, time_ns INTEGER NOT NULL, step INTEGER NOT NULL,
      quotes INTEGER NOT NULL,
      PRIMARY KEY (symbol, venue, time_ns)
    ) STRICT, WITHOUT ROWID;
    """
}

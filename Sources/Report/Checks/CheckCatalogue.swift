/// The twenty pre-live checks, in the order in which they are told.
///
/// All must pass before live trading is discussed. What cannot be judged, for want of a
/// configuration or of rows, fails as `not shown`.
public enum CheckCatalogue {
  /// Every check.
  public static let all: [CheckEntry] = runChecks + dataChecks + tradingChecks + setupChecks

  /// Looks with every check.
  public static func check(_ facts: CheckFacts) -> [Check] { all.map { $0.check(facts) } }

  private static let runChecks = [
    CheckEntry(
      "uptime", "Uptime", "heartbeats in `equity` over the validation window", uptime),
    CheckEntry(
      "validation-window", "Validation window", "`runs` and `journal`, first to last", window),
    CheckEntry("clock", "Clock", "wall times of `journal`, and closes of live `candles`", clock),
    CheckEntry(
      "database-integrity", "Database integrity",
      "pages, journal chain, every table against the journal, recovery", integrity),
    CheckEntry(
      "configuration", "Configuration", "`runs` against the configuration to be certified",
      configuration),
  ]

  private static let dataChecks = [
    CheckEntry("gap-free-data", "Gap-free data", "`candles` of every series", gaps),
    CheckEntry(
      "feed-freshness", "Feed freshness",
      "`health_events` of the feed, and ages of live `candles`", freshness),
    CheckEntry(
      "data-health", "Data health", "`decisions` that failed for want of data", dataHealth),
    CheckEntry(
      "strategies-registered", "Strategies registered",
      "`decisions` of every strategy on every symbol", registered),
    CheckEntry(
      "strategies-healthy", "Strategies healthy",
      "the newest of `decisions` and of `health_events`, a strategy and symbol",
      healthy),
  ]

  private static let tradingChecks = [
    CheckEntry("signal-volume", "Signal volume", "`signals` and what became of them", signals),
    CheckEntry(
      "error-rates", "Error rates", "`orders` refused, never reached or of unknown outcome",
      errors),
    CheckEntry(
      "protection", "Stops stand", "`positions` that lived without a stop among `orders`",
      protection),
    CheckEntry(
      "drift-free", "Drift-free", "`drift_alerts`, and `positions` against `fills`", drift),
    CheckEntry(
      "slippage", "Slippage against the paper model", "`fills` against the price decided on",
      slippage),
  ]

  private static let setupChecks = [
    CheckEntry(
      "risk-parameters", "Risk parameters within bounds", "`limits` of the configuration", risk),
    CheckEntry(
      "kill-switch", "Kill switch exercised", "`kill_switch_events`", killSwitch),
    CheckEntry(
      "breakers", "Breakers exercised", "`breaker_events`, and the certificate's scenario suite",
      breakers),
    CheckEntry("alerting", "Alerting configured", "`alerts` of the configuration", alerting),
    CheckEntry(
      "execution-mode", "Execution mode", "`execution` of the configuration, and what it needs",
      execution),
  ]
}

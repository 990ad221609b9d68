import Market
import Risk
import Strategies

/// The keys of an engine configuration, in a file of its own and under `config` of a scenario.
enum ConfigurationTable {
  static let seconds = Interval.milliseconds(1) ... .hours(24)

  static let symbol = Table(
    "symbol",
    [
      Field("name", .text(atMost: 16), isRequired: true, "The venue's name: `BTC`."),
      Field("sizeDecimals", .integer(0...8), "Digits after the point that a size may have."),
      Field("maximumLeverage", .integer(1...1_000), "The venue's limit."),
      Field(
        "minimumNotional", .decimal(0...100_000_000_000_000, unit: "US dollars"),
        "The smallest order."),
      Field("tradable", .flag, "Whether orders may be made; true by default."),
    ])

  static let limits = Table(
    "limits",
    Limits.Field.allCases.map {
      Field(
        $0.name, .integer($0.bounds), "From \($0.bounds.lowerBound) to \($0.bounds.upperBound).")
    } + [
      Field(
        "drawdownReference", .word(["session-start", "high-water"]),
        "What the session drawdown is measured from."),
      Field(
        "symbolExposure", .word(["per-strategy", "exclusive"]),
        "What an exposure on a symbol forbids."),
    ])

  static let paper = Table(
    "paper",
    [
      Field(
        "openingBalance", .decimal(100_000_000...100_000_000_000_000_000, unit: "US dollars"),
        "Cash at the start."),
      Field("entrySlippage", .share(0...100_000), "Slippage of an entry."),
      Field("stopSlippage", .share(0...100_000), "Slippage of a stop or market exit."),
      Field("takerFee", .share(0...10_000), "The taker fee, in steps of 0.1bp."),
      Field("latency", .duration(.zero ... .minutes(1)), "From the decision to the fill."),
    ])

  static let exchange = Table(
    "exchange",
    [
      Field("entryReach", .share(0...100_000), "How far past the entry an order reaches."),
      Field("stopReach", .share(0...500_000), "How far past its trigger a stop may fill."),
      Field("answerTimeout", .duration(seconds), "After this an unanswered order is asked about."),
      Field(
        "visibilityBound", .duration(seconds), "How long an unknown order may still turn up."),
      Field("reconciliationInterval", .duration(seconds), "How often views are compared."),
      Field(
        "protectionDeadline", .duration(seconds), "How long a position may be without its stop."),
      Field(
        "scheduledCancel", .duration(.seconds(5) ... .hours(24)),
        "How far ahead the dead-man's cancel is kept; off by default."),
      Field("dryRun", .flag, "Whether actions are recorded but not sent."),
    ])

  static let sources = Table(
    "sources",
    [
      Field(
        "takerFlow", .word(["hyperliquid", "binance", "none"]),
        "Whose taker splits; Hyperliquid's are made from its public trades."),
      Field(
        "openInterest", .word(["hyperliquid", "binance", "none"]),
        "Whose open interest; Hyperliquid's is sampled every five minutes."),
      Field(
        "funding", .word(["hyperliquid", "binance", "none"]),
        "Whose funding; Hyperliquid's is hourly, Binance's every eight hours."),
      Field(
        "spot", .word(["hyperliquid", "coinbase", "binance", "none"]),
        "Whose spot prices; Hyperliquid's are its oracle price."),
      Field(
        "options", .word(["deribit", "none"]), "Whose option chain and volatility index."),
    ])

  /// The keys that a scenario may override.
  static let overrides: [Field] = [
    Field("symbols", .list(.table(symbol), atMost: 100), "What is watched."),
    Field(
      "strategies", .list(.word(StrategyCatalog.all.map(\.id.description)), atMost: 16),
      "Which strategies run."),
    Field("sources", .table(sources), "Who supplies the strategies' inputs besides candles."),
    Field("arbitration", .word(["independent", "batch"]), "What happens to several signals."),
    Field("limits", .table(limits), "The limits of the gate and the breakers."),
    Field("paper", .table(paper), "What the paper executor assumes."),
    Field("exchange", .table(exchange), "How orders are sent."),
    Field("foreignCandles", .flag, "Whether another venue may fill gaps."),
    Field("closeGrace", .duration(.zero ... .minutes(5)), "How long a close waits."),
    Field("staleAfter", .duration(seconds), "The age at which a stream gates what depends on it."),
    Field("heartbeat", .duration(.seconds(1) ... .hours(24)), "How often equity is recorded."),
    Field("account", .text(atMost: 42), "The venue address in hex."),
  ]

  static let execution = Field(
    "execution", .word(["paper", "exchange"]), "How orders reach a market; paper by default.")

  /// A configuration file.
  static let file = Table("configuration", [execution] + overrides + LiveTable.fields)
}

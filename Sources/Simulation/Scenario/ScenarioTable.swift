import Market
import Risk

/// The keys of a scenario file.
enum ScenarioTable {
  private static let wait = Interval.milliseconds(1) ... .days(30)
  private static let moment = Interval.zero ... .days(365)
  private static let symbol = Field("symbol", .text(atMost: 16), isRequired: true, "Which symbol.")
  private static let timeframes = Shape.word(Timeframe.allCases.map(\.name))
  private static let price = Shape.decimal(1...1_000_000_000_000_000, unit: "a price")
  private static let notional = Shape.decimal(1...100_000_000_000_000_000, unit: "US dollars")

  static let point = Table(
    "point",
    [
      Field("at", .duration(.days(-400) ... .days(365)), isRequired: true, "When."),
      Field("price", price, isRequired: true, "The price."),
    ])

  static let listing = Table(
    "market",
    [
      Field(
        "model", .word(["constant", "walk", "path", "recorded"]), isRequired: true,
        "How the price moves."),
      Field("price", price, "The price at the start."),
      Field("dailyVolatility", .share(0...1_000_000), "Deviation of a day's return."),
      Field("dailyDrift", .share(-500_000...500_000), "Mean of a day's return."),
      Field("jumpsPerDay", .integer(0...1_000), "Mean number of jumps a day."),
      Field("largestJump", .share(0...900_000), "The largest jump."),
      Field("path", .list(.table(point), atMost: 10_000), "Points that straight lines connect."),
      Field(
        "file", .text(atMost: 400),
        "A candle file, from the folder of the scenario; `symbol` and times are taken from it."),
      Field("sizeDecimals", .integer(0...8), "Digits after the point that a size may have."),
      Field("maximumLeverage", .integer(1...1_000), "The venue's limit."),
      Field("halfSpread", .share(1...100_000), "Half the distance of best bid and offer."),
      Field("levelSpacing", .share(1...100_000), "The distance between levels."),
      Field("levelNotional", notional, "The mean value at a level."),
      Field("printNotional", notional, "The mean value of a print."),
      Field("basis", .share(-100_000...100_000), "How far the perpetual trades above its oracle."),
    ])

  static let hyperliquid = Table(
    "hyperliquid",
    [
      Field("latency", .duration(.zero ... .minutes(1)), "The least time one way."),
      Field("jitter", .duration(.zero ... .minutes(1)), "At most this much more."),
      Field("tail", .ratio, "How often a message takes `tailLatency` more."),
      Field("tailLatency", .duration(.zero ... .minutes(5)), "What a slow message takes more."),
      Field("connectTimeout", .duration(wait), "How long an unanswered connection is waited for."),
      Field("blockInterval", .duration(.milliseconds(100) ... .minutes(1)), "The time of a block."),
      Field(
        "deposit", .decimal(100_000_000...100_000_000_000_000_000, unit: "US dollars"),
        "The account's money."),
      Field("framesBeforeReplies", .flag, "Whether order frames leave before the reply."),
      Field(
        "rateLimits",
        .table(
          Table(
            "rateLimits",
            [
              Field("weightPerMinute", .integer(1...1_000_000), "Weight of one host in a minute."),
              Field("initialActions", .integer(1...1_000_000_000), "Actions before any trade."),
            ])), "Budgets of calls; none by default."),
      Field(
        "cadence",
        .table(
          Table(
            "cadence",
            ["candles", "trades", "books", "quotes", "mids", "contexts"].map {
              Field($0, .duration(.milliseconds(100) ... .hours(1)), "Between frames of \($0).")
            })), "How often each kind of frame leaves."),
      Field(
        "history",
        .table(
          Table(
            "history",
            [
              Field("days", .integer(0...2_000), "Days of candles of fifteen minutes and more."),
              Field("fineDays", .integer(0...60), "Days of candles of one and five minutes."),
            ])), "How far back candles go."),
    ])

  private static let venues = Table(
    "venues", [Field("hyperliquid", .table(hyperliquid), "The execution venue.")])

  static let script = Table(
    "script",
    [
      Field("trigger", timeframes, "The candles at whose close it decides; 1m by default."),
      Field("watch", .list(timeframes, atMost: 8), "Timeframes that it reads besides."),
      Field(
        "signals",
        .list(
          .table(
            Table(
              "signal",
              [
                Field("at", .duration(moment), isRequired: true, "A candle close."), symbol,
                Field("side", .word(["long", "short"]), isRequired: true, "Long or short."),
                Field("stop", .share(1...500_000), isRequired: true, "Distance of the stop."),
                Field("target", .share(1...900_000), isRequired: true, "Distance of the target."),
                Field("hold", .duration(wait), "When it is closed whatever happened; 1d."),
                Field(
                  "against", .text(atMost: 16),
                  "The other leg of a pair, on the other side; none by default."),
                Field(
                  "hedge", .decimal(1_000_000...1_000_000_000, unit: "of the first leg"),
                  "Notional of the other leg for one of the first; 1."),
              ])), atMost: 1_000), isRequired: true, "What it asks for."),
    ])

  static let foreign = Table(
    "foreign",
    [
      Field("venue", .word(["binance", "coinbase"]), isRequired: true, "Whose name it carries."),
      symbol,
      Field("timeframe", timeframes, isRequired: true, "Which candles."),
      Field("delay", .duration(.zero ... .hours(1)), isRequired: true, "After the close."),
      Field("offset", .share(-100_000...100_000), "How far its prices are off."),
      Field("from", .duration(moment), "From when on."),
      Field("until", .duration(moment), "Until when."),
    ])

  static let operations = Shape.variants(
    key: "do",
    ["kill", "resume", "flatten", "stop"].map { word in
      let reason = Field("reason", .text(atMost: 200), "Why; kept in the journal.")
      let at = Field("at", .duration(moment), isRequired: true, "When.")
      return (word, Table("operator \(word)", word == "stop" ? [at] : [at, reason]))
    })

  static let file = Table(
    "scenario",
    [
      Field("name", .text(atMost: 80), isRequired: true, "A short name in kebab case."),
      Field("about", .text(atMost: 4_000), isRequired: true, "What it shows and for whom."),
      Field("seed", .seeds, "The seed; 1 by default."),
      Field("seeds", .seeds, "A range of seeds."),
      Field("choices", .text(atMost: 500_000), "Recorded choices, one stream a line."),
      Field("start", .instant, isRequired: true, "The first instant of the world."),
      Field("duration", .duration(wait), isRequired: true, "How long faults may come."),
      Field("settle", .duration(wait), "How long convergence may take; 5m by default."),
      ConfigurationTable.execution,
      Field(
        "config", .table(Table("config", ConfigurationTable.overrides)),
        "What is not the default."),
      Field("script", .table(script), "Signals that come whatever the market does."),
      Field("market", .named(listing, atMost: 20), isRequired: true, "Prices, by symbol."),
      Field(
        "venues", .table(venues),
        "How venues and the way to them behave."),
      Field("foreign", .list(.table(foreign), atMost: 20), "Candles of another venue."),
      Field("feeds", .table(FeedTable.table), "What other venues tell the strategies."),
      Field("faults", .list(FaultTable.shape, atMost: 50), "What goes wrong."),
      Field("operator", .list(operations, atMost: 100), "What an operator does."),
      Field(
        "heal", .list(.word(FaultKind.allCases.map(\.rawValue)), atMost: 50),
        "The only faults that end with the storm."),
      Field(
        "freeze", .list(.word(FaultKind.allCases.map(\.rawValue)), atMost: 50),
        "Faults that go on after the storm."),
      Field("store", .word(["memory", "sqlite"]), "Where records go; memory by default."),
      Field("expect", .table(ExpectationTable.table), "What must hold beside the oracles."),
    ])
}

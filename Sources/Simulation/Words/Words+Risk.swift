import Market
import Risk

/// The inputs of the gate with their names and units.
extension TradeProposal<WordNumber> {
  /// The values of a trade, each with its name.
  init(named trade: TradeProposal<Int64>) {
    self.init(
      isLong: .input(trade.isLong, "the trade is long", otherwise: "the trade is short"),
      entry: .input("entry", trade.entry, .price),
      fillEstimate: .input("fill estimate", trade.fillEstimate, .price),
      worstPrice: .input("limit price", trade.worstPrice, .price),
      stop: .input("stop", trade.stop, .price),
      target: .input("target", trade.target, .price),
      validUntil: .input("valid until", trade.validUntil, .instant),
      slots: .input("slots of the trade", trade.slots, .count),
      lot: .input("lot", trade.lot, .quantity),
      minimumNotional: .input("venue's minimum notional", trade.minimumNotional, .money),
      venueLeverage: .input("venue's leverage", trade.venueLeverage, .times))
  }
}

extension AccountState<WordNumber> {
  /// The values of an account, each with its name.
  init(named account: AccountState<Int64>) {
    self.init(
      isKilled: .input(
        account.isKilled, "the kill switch is engaged",
        otherwise: "the kill switch is not engaged"),
      pauses: BreakerPauses(
        latency: .input("end of the latency pause", account.pauses.latency, .instant),
        orderFailures: .input(
          "end of the order-failure pause", account.pauses.orderFailures, .instant),
        staleFeed: .input("end of the stale-feed pause", account.pauses.staleFeed, .instant),
        rateLimit: .input("end of the rate-limit pause", account.pauses.rateLimit, .instant)),
      isPausedByDrawdown: .input(
        account.isPausedByDrawdown, "an earlier drawdown pause waits for an operator",
        otherwise: "no drawdown pause waits for an operator"),
      isStoppedForDay: .input(
        account.isStoppedForDay, "the day's loss limit was reached before",
        otherwise: "the day's loss limit was not reached before"),
      now: .input("now", account.now, .instant),
      equity: .input("equity", account.equity, .money),
      dayStartEquity: .input("equity at the day's start", account.dayStartEquity, .money),
      sessionStartEquity: .input(
        "equity at the session's start", account.sessionStartEquity, .money),
      highWaterEquity: .input("highest equity", account.highWaterEquity, .money),
      ordersInWindow: .input("entries in the last minute", account.ordersInWindow, .count),
      slotsInUse: .input("slots in use", account.slotsInUse, .count),
      heat: .input("money at risk", account.heat, .money),
      grossNotional: .input("gross notional", account.grossNotional, .money))
  }
}

extension SymbolState<WordNumber> {
  /// The values of a symbol, each with its name.
  init(named symbol: SymbolState<Int64>) {
    self.init(
      isPermitted: .input(
        symbol.isPermitted, "the symbol may trade", otherwise: "the symbol may not trade"),
      isDriftAlertOpen: .input(
        symbol.isDriftAlertOpen, "a drift alert is open on the symbol",
        otherwise: "no drift alert is open on the symbol"),
      dataAge: .input("age of the data", symbol.dataAge, .duration),
      dataAgeBound: .input("bound of that age", symbol.dataAgeBound, .duration),
      hasOwnExposure: .input(
        symbol.hasOwnExposure, "the strategy holds the symbol or has an entry out",
        otherwise: "the strategy neither holds the symbol nor has an entry out"),
      longExposure: .input("long exposure on the symbol", symbol.longExposure, .quantity),
      shortExposure: .input("short exposure on the symbol", symbol.shortExposure, .quantity),
      risk: .input("money at risk on the symbol", symbol.risk, .money))
  }
}

extension Policy<WordNumber> {
  /// The limits, each under its key of the configuration.
  init(named limits: Limits) {
    self.init(
      usesHighWater: .input(
        limits.drawdownReference == .highWater, "drawdownReference is highWater",
        otherwise: "drawdownReference is sessionStart"),
      isExclusive: .input(
        limits.symbolExposure == .exclusive, "symbolExposure is exclusive",
        otherwise: "symbolExposure is perStrategy")
    ) { field in
      WordNumber(Int128(limits[field]), field.measure, .limit(field.name))
    }
  }
}

extension Limits.Field {
  /// What a limit measures: its name ends with its unit.
  var measure: Measure {
    if name.hasSuffix("TenthsOfBasisPoint") { return .tenthsOfBasisPoint }
    if name.hasSuffix("BasisPoints") { return .basisPoints }
    if name.hasSuffix("TenThousandths") { return .ratio }
    if name.hasSuffix("Times") { return .times }
    if name.hasSuffix("Milliseconds") { return Measure(scale: -3, form: .duration) }
    return .count
  }
}

import Engine
import Market
import Risk
import Strategies

/// Rows back into records; a value out of its type's range is damage, named with table and column.
extension FieldReader {
  mutating func run() throws(StoreError) -> RunRecord {
    let epoch = try word()
    return RunRecord(
      epoch: try keep(UInt32(exactly: epoch)), startedAt: try time(),
      configuration: try digest())
  }

  mutating func candle() throws(StoreError) -> CandleRecord {
    let symbol: Symbol = try name()
    let timeframe = try oneOf(.timeframe)
    let openTime = try time()
    let venue = try oneOf(.venue)
    let open: Price = try fixed()
    let high: Price = try fixed()
    let low: Price = try fixed()
    let close: Price = try fixed()
    let volume: Quantity = try fixed()
    let buy: Quantity? = try fixedIfAny()
    let sell: Quantity? = try fixedIfAny()
    let coverage: Fraction? = try fixedIfAny()
    var split: TakerSplit?
    if let buy, let sell, let coverage {
      split = TakerSplit(buy: buy, sell: sell, coverage: coverage)
    }
    let candle = try? Candle(
      symbol: symbol, timeframe: timeframe, venue: venue, openTime: openTime, open: open,
      high: high, low: low, close: close, volume: volume, takerSplit: split)
    return CandleRecord(candle: try keep(candle), isBackfilled: try flag())
  }

  mutating func account() throws(StoreError) -> AccountRecord {
    _ = try word()
    return AccountRecord(
      opening: try fixed(), realised: try fixed(), fees: try fixed(), funding: try fixed(),
      dayStartEquity: try fixed(), dayStart: try time(), sessionStartEquity: try fixed(),
      highWaterEquity: try fixed(), isPausedByDrawdown: try flag(),
      isStoppedForDay: try flag())
  }

  mutating func decision() throws(StoreError) -> Decision {
    let strategy: StrategyID = try name()
    let symbol: Symbol = try name()
    let setup: Setup = try name()
    let time = try time()
    let inputs = try digest()
    let note = try text()
    let outcome: Decision.Outcome
    let reason = try textIfAny()
    if reason == Words<Side>.leave {
      outcome = .leave
    } else if let reason {
      outcome = .noTrade(try keep(NoTradeReason(rawValue: reason)))
    } else {
      outcome = .signal(try signal())
    }
    return Decision(
      strategy: strategy, symbol: symbol, setup: setup, time: time, outcome: outcome,
      inputs: inputs, note: note)
  }

  mutating func signalRecord() throws(StoreError) -> SignalRecord {
    let strategy: StrategyID = try name()
    let symbol: Symbol = try name()
    let setup: Setup = try name()
    let time = try time()
    let outcome = try text()
    let order = try idIfAny()
    return SignalRecord(
      strategy: strategy, symbol: symbol, setup: setup, time: time, signal: try signal(),
      outcome: outcome, order: order)
  }

  mutating func equity() throws(StoreError) -> EquityRecord {
    EquityRecord(
      time: try time(), equity: try fixed(), cash: try fixed(), openPositions: Int(try word()))
  }

  mutating func strategyState() throws(StoreError) -> StrategyStateRecord {
    StrategyStateRecord(
      strategy: try name(), symbol: try name(), time: try time(), bytes: try bytes())
  }

  mutating func health() throws(StoreError) -> HealthRecord {
    HealthRecord(
      time: try time(), component: try text(), status: try text(), detail: try text())
  }

  mutating func breaker() throws(StoreError) -> BreakerRecord {
    BreakerRecord(
      time: try time(), kind: try oneOf(.breaker), until: try time(), detail: try text())
  }

  mutating func drift() throws(StoreError) -> DriftRecord {
    DriftRecord(
      time: try time(), symbol: try name(), kind: try oneOf(.drift), local: try fixed(),
      venue: try fixed(), isOpen: try flag())
  }

  mutating func killSwitch() throws(StoreError) -> KillSwitchRecord {
    KillSwitchRecord(time: try time(), isEngaged: try flag(), reason: try text())
  }

  mutating func fundingPayment() throws(StoreError) -> FundingPaymentRecord {
    FundingPaymentRecord(
      position: try id(), symbol: try name(), time: try time(), amount: try fixed())
  }
}

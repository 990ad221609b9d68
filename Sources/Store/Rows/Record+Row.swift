import Engine
import enum Engine.Record
import GRDB
import Market
import Strategies
import Venues

extension Record {
  /// The table that the record belongs to and its values in the order of the table's columns.
  ///
  /// The values that depend on other rows (`is_kept`, `is_late`) come last and are added by the
  /// writer.
  var row: (table: Table, values: [DatabaseValue]) {
    var fields = FieldWriter()
    let table = addFields(to: &fields)
    return (table, fields.values)
  }

  private func addFields(to fields: inout FieldWriter) -> Table {
    switch self {
    case .run(let row): fields.add(row)
    case .candle(let row): fields.add(row)
    case .decision(let row): fields.add(row)
    case .signal(let row): fields.add(row)
    case .order(let row): fields.add(row)
    case .fill(let row): fields.add(row)
    case .position(let row): fields.add(row)
    case .account(let row): fields.add(row)
    case .equity(let row): fields.add(row)
    case .strategyState(let row): fields.add(row)
    case .health(let row): fields.add(row)
    case .breaker(let row): fields.add(row)
    case .drift(let row): fields.add(row)
    case .killSwitch(let row): fields.add(row)
    case .fundingPayment(let row): fields.add(row)
    case .funding(let row): fields.add(row)
    case .spot(let row): fields.add(row)
    case .openInterest(let row): fields.add(row)
    case .volatilityIndex(let row): fields.add(row)
    case .optionChain(let row): fields.add(row)
    }
  }
}

extension FieldWriter {
  fileprivate mutating func add(_ row: RunRecord) -> Table {
    add(Int64(row.epoch))
    add(row.startedAt)
    add(digest: row.configuration)
    return .runs
  }

  fileprivate mutating func add(_ row: CandleRecord) -> Table {
    let candle = row.candle
    add(candle.symbol)
    add(candle.timeframe, .timeframe)
    add(candle.openTime)
    add(candle.venue, .venue)
    add(candle.open)
    add(candle.high)
    add(candle.low)
    add(candle.close)
    add(candle.volume)
    add(candle.takerSplit?.buy)
    add(candle.takerSplit?.sell)
    add(candle.takerSplit?.coverage)
    add(row.isBackfilled)
    return .candles
  }

  fileprivate mutating func add(_ row: Decision) -> Table {
    add(row.strategy)
    add(row.symbol)
    add(row.setup)
    add(row.time)
    add(digest: row.inputs)
    add(row.note)
    switch row.outcome {
    case .noTrade(let reason):
      add(reason.rawValue)
      add("none")
      for _ in 0..<9 { add(nil as Int64?) }
    case .leave:
      add(Words<Side>.leave)
      add("none")
      for _ in 0..<9 { add(nil as Int64?) }
    case .signal(let signal):
      add(nil as String?)
      add(signal)
    }
    return .decisions
  }

  fileprivate mutating func add(_ row: SignalRecord) -> Table {
    add(row.strategy)
    add(row.symbol)
    add(row.setup)
    add(row.time)
    add(row.outcome)
    add(row.order)
    add(row.signal)
    return .signals
  }

  fileprivate mutating func add(_ row: AccountRecord) -> Table {
    add(1)
    add(row.opening)
    add(row.realised)
    add(row.fees)
    add(row.funding)
    add(row.dayStartEquity)
    add(row.dayStart)
    add(row.sessionStartEquity)
    add(row.highWaterEquity)
    add(row.isPausedByDrawdown)
    add(row.isStoppedForDay)
    return .account
  }

  fileprivate mutating func add(_ row: EquityRecord) -> Table {
    add(row.time)
    add(row.equity)
    add(row.cash)
    add(row.openPositions)
    return .equity
  }

  fileprivate mutating func add(_ row: StrategyStateRecord) -> Table {
    add(row.strategy)
    add(row.symbol)
    add(row.time)
    add(row.bytes)
    return .strategyState
  }

  fileprivate mutating func add(_ row: HealthRecord) -> Table {
    add(row.time)
    add(row.component)
    add(row.status)
    add(row.detail)
    return .healthEvents
  }

  fileprivate mutating func add(_ row: BreakerRecord) -> Table {
    add(row.time)
    add(row.kind, .breaker)
    add(row.until)
    add(row.detail)
    return .breakerEvents
  }

  fileprivate mutating func add(_ row: DriftRecord) -> Table {
    add(row.time)
    add(row.symbol)
    add(row.kind, .drift)
    add(row.local)
    add(row.venue)
    add(row.isOpen)
    return .driftAlerts
  }

  fileprivate mutating func add(_ row: KillSwitchRecord) -> Table {
    add(row.time)
    add(row.isEngaged)
    add(row.reason)
    return .killSwitchEvents
  }
}

extension FieldWriter {
  fileprivate mutating func add(_ row: FundingPaymentRecord) -> Table {
    add(row.position)
    add(row.symbol)
    add(row.time)
    add(row.amount)
    return .fundingPayments
  }

  fileprivate mutating func add(_ row: Funding) -> Table {
    add(row.symbol)
    add(row.venue, .venue)
    add(row.time)
    add(row.rate.steps)
    add(row.period.nanoseconds)
    return .funding
  }

  fileprivate mutating func add(_ row: SpotPrice) -> Table {
    add(row.symbol)
    add(row.venue, .venue)
    add(row.time)
    add(row.price)
    add(row.mid)
    return .spotPrices
  }

  fileprivate mutating func add(_ row: OpenInterest) -> Table {
    add(row.symbol)
    add(row.venue, .venue)
    add(row.time)
    add(row.quantity)
    return .openInterest
  }

  fileprivate mutating func add(_ row: VolatilityIndex) -> Table {
    add(row.symbol)
    add(row.venue, .venue)
    add(row.time)
    add(row.value)
    return .volatilityIndex
  }

  /// The options themselves are in the journal: a row each would be a thousand rows a poll.
  fileprivate mutating func add(_ row: OptionChain) -> Table {
    add(row.symbol)
    add(row.venue, .venue)
    add(row.time)
    add(row.quotes.count)
    return .optionChains
  }
}

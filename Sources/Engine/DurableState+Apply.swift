import Market
import Risk
import Strategies
import Venues

extension DurableState {
  /// Folds one record in.
  public mutating func apply(_ record: Record) {
    switch record {
    case .run(let row): run = row
    case .account(let row): account = row
    case .killSwitch(let row): killSwitch = row
    case .order(let row): applyOrder(row)
    case .position(let row): applyPosition(row)
    case .fill(let row):
      fills.append(row)
      if fills.count > 2 * Self.fillLimit { fills.removeFirst(fills.count - Self.fillLimit) }
    case .breaker(let row):
      Self.upsert(row, in: &breakers) { $0.kind.rawValue < $1.kind.rawValue }
    case .drift(let row):
      if row.isOpen {
        Self.upsert(row, in: &drifts) { $0.symbol < $1.symbol }
      } else {
        drifts.removeAll { $0.symbol == row.symbol }
      }
    case .strategyState(let row):
      Self.upsert(row, in: &strategyStates) {
        $0.strategy != $1.strategy ? $0.strategy < $1.strategy : $0.symbol < $1.symbol
      }
    case .candle(let row): applyCandle(row.candle)
    case .fundingPayment(let row):
      Self.upsert(row, in: &fundingPayments) { $0.position < $1.position }
    case .decision(let row):
      let entry = DecisionTime(strategy: row.strategy, symbol: row.symbol, time: row.time)
      Self.upsert(entry, in: &decisionTimes) {
        $0.strategy != $1.strategy ? $0.strategy < $1.strategy : $0.symbol < $1.symbol
      }
    case .signal, .equity, .health, .funding, .spot, .openInterest,
      .volatilityIndex, .optionChain:
      break
    }
  }

  /// The same state with every bounded list cut to its limit: two stores compare in this form.
  public func normalised() -> Self {
    var state = self
    state.fills = Array(fills.suffix(Self.fillLimit))
    for index in candles.indices {
      state.candles[index].candles = Array(candles[index].candles.suffix(Self.candleLimit))
    }
    return state
  }

  /// The newest wall time that any row of the state carries.
  var newestInstant: Instant {
    var newest = run?.startedAt ?? Instant(nanoseconds: 0)
    for order in orders { newest = max(newest, order.updatedAt) }
    for entry in decisionTimes { newest = max(newest, entry.time) }
    for record in breakers { newest = max(newest, record.time) }
    for row in fills { newest = max(newest, row.fill.time) }
    return newest
  }

  private mutating func applyOrder(_ row: OrderRecord) {
    let isNeeded =
      !row.state.isTerminal || positions.contains { $0.id == row.position }
    if isNeeded {
      Self.upsert(row, in: &orders) { $0.intent.clientID < $1.intent.clientID }
    } else {
      orders.removeAll { $0.intent.clientID == row.intent.clientID }
    }
  }

  private mutating func applyPosition(_ row: PositionRecord) {
    guard row.closedAt != nil else {
      Self.upsert(row, in: &positions) { $0.id < $1.id }
      return
    }
    positions.removeAll { $0.id == row.id }
    fundingPayments.removeAll { $0.position == row.id }
    orders.removeAll { $0.position == row.id && $0.state.isTerminal }
  }

  private mutating func applyCandle(_ candle: Candle) {
    let key = CandleTail(symbol: candle.symbol, timeframe: candle.timeframe, candles: [])
    let precedes: (CandleTail, CandleTail) -> Bool = {
      $0.symbol != $1.symbol ? $0.symbol < $1.symbol : $0.timeframe < $1.timeframe
    }
    let index = Self.position(of: key, in: candles, precedes)
    if index == candles.count || precedes(key, candles[index]) { candles.insert(key, at: index) }
    if let newest = candles[index].candles.last, newest.openTime >= candle.openTime { return }
    candles[index].candles.append(candle)
    if candles[index].candles.count > 2 * Self.candleLimit {
      candles[index].candles.removeFirst(candles[index].candles.count - Self.candleLimit)
    }
  }

  /// Replaces the row that is neither before nor after `row`, or inserts it in order.
  private static func upsert<Row>(
    _ row: Row, in rows: inout [Row], _ precedes: (Row, Row) -> Bool
  ) {
    let index = position(of: row, in: rows, precedes)
    if index < rows.count, !precedes(row, rows[index]) {
      rows[index] = row
    } else {
      rows.insert(row, at: index)
    }
  }

  /// The first index whose row does not precede `row`.
  private static func position<Row>(
    of row: Row, in rows: [Row], _ precedes: (Row, Row) -> Bool
  ) -> Int {
    var low = 0
    var high = rows.count
    while low < high {
      let middle = (low + high) / 2
      if precedes(rows[middle], row) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

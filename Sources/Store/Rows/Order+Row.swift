import Engine
import Market
import Risk
import Venues

extension FieldWriter {
  mutating func add(_ row: OrderRecord) -> Table {
    let intent = row.intent
    add(intent.clientID)
    add(intent.strategy)
    add(intent.symbol)
    add(intent.role, .role)
    add(intent.side, .side)
    add(intent.quantity)
    switch intent.pricing {
    case .limit(let price, let timeInForce):
      add("limit")
      add(price)
      add(nil as Int64?)
      add(timeInForce, .patience)
    case .trigger(let trigger, let worst):
      add("trigger")
      add(trigger)
      add(worst)
      add(nil as String?)
    }
    add(intent.isReduceOnly)
    add(row.position)
    add(row.setup)
    add(row.decidedAt)
    add(row.bracket)
    add(row.state, .state)
    add(row.wasAcknowledged)
    add(row.filled)
    add(row.filledNotional)
    add(bits: row.venueID)
    add(row.createdAt)
    add(row.updatedAt)
    return .orders
  }

  mutating func add(_ row: FillRecord) -> Table {
    add(row.fill.clientID)
    add(row.fill.symbol)
    add(row.fill.side, .side)
    add(row.fill.price)
    add(row.fill.quantity)
    add(row.fill.fee)
    add(bits: row.fill.tradeID)
    add(row.fill.time)
    add(row.strategy)
    add(row.position)
    add(row.realised)
    return .fills
  }

  mutating func add(_ row: PositionRecord) -> Table {
    add(row.id)
    add(row.strategy)
    add(row.symbol)
    add(row.setup)
    add(row.bracket)
    add(row.quantity)
    add(row.cost)
    add(row.peakQuantity)
    add(row.realised)
    add(row.fees)
    add(row.funding)
    add(row.initialRisk)
    add(row.openedAt)
    add(row.closedAt)
    if let reason = row.exitReason { add(reason, .exit) } else { add(nil as String?) }
    return .positions
  }
}

extension FieldReader {
  mutating func order() throws(StoreError) -> OrderRecord {
    let clientID = try id()
    let strategy: Name<StrategyTag> = try name()
    let symbol: Symbol = try name()
    let role = try oneOf(.role)
    let side = try oneOf(.side)
    let quantity: Quantity = try fixed()
    let pricing = try pricing()
    let intent = OrderIntent(
      clientID: clientID, strategy: strategy, symbol: symbol, role: role, side: side,
      quantity: quantity, pricing: pricing, isReduceOnly: try flag())
    return OrderRecord(
      intent: intent, position: try id(), setup: try name(), decidedAt: try time(),
      bracket: try bracket(), state: try oneOf(.state), wasAcknowledged: try flag(),
      filled: try fixed(),
      filledNotional: try fixed(), venueID: try bitsIfAny(), createdAt: try time(),
      updatedAt: try time())
  }

  private mutating func pricing() throws(StoreError) -> OrderPricing {
    let kind = try text()
    let price: Price = try fixed()
    let worst: Price? = try fixedIfAny()
    let patience = try oneOfIfAny(.patience)
    switch (kind, worst, patience) {
    case ("limit", nil, let patience?): return .limit(price: price, timeInForce: patience)
    case ("trigger", let worst?, nil): return .trigger(trigger: price, worst: worst)
    default: return try keep(nil)
    }
  }

  mutating func fill() throws(StoreError) -> FillRecord {
    let fill = Fill(
      clientID: try id(), symbol: try name(), side: try oneOf(.side), price: try fixed(),
      quantity: try fixed(), fee: try fixed(), tradeID: try bits(), time: try time())
    return FillRecord(
      fill: fill, strategy: try name(), position: try id(), realised: try fixed())
  }

  mutating func position() throws(StoreError) -> PositionRecord {
    PositionRecord(
      id: try id(), strategy: try name(), symbol: try name(), setup: try name(),
      bracket: try bracket(), quantity: try fixed(), cost: try fixed(),
      peakQuantity: try fixed(), realised: try fixed(), fees: try fixed(), funding: try fixed(),
      initialRisk: try fixed(), openedAt: try time(), closedAt: try timeIfAny(),
      exitReason: try oneOfIfAny(.exit))
  }
}

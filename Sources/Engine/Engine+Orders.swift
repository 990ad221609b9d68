import Market
import Risk
import Venues

extension Engine {
  /// Writes an order's row to memory and disk.
  mutating func put(_ row: OrderRecord, _ outbox: inout Outbox) {
    orders.put(row)
    outbox.records.append(.order(row))
  }

  /// Takes what the venue, or the paper venue, reports.
  mutating func take(_ report: OrderReport, _ outbox: inout Outbox) {
    switch report {
    case .evidence(let id, let evidence, _): take(evidence, of: id, &outbox)
    case .fill(let fill): book(fill, &outbox)
    case .unknown(let id, let failure):
      move(id, on: .outcomeUnknown, &outbox)
      // One action without an answer is one failure, however many orders it carried.
      if let row = orders[id], !leftWithEntry(row) {
        countFailure("order \(id): \(failure)", &outbox)
      }
      schedule.query(id, at: now.monotonic + Schedule.queryInterval)
    case .cancelRefused(let id):
      move(id, on: .cancelRefused, &outbox)
      if let row = orders[id], !row.state.isTerminal { schedule.query(id, at: now.monotonic) }
    case .cancelUnknown(let id):
      // Nor is it known whether the order still stands.
      move(id, on: .outcomeUnknown, &outbox)
      schedule.query(id, at: now.monotonic + Schedule.queryInterval)
    }
  }

  private mutating func take(
    _ evidence: OrderEvidence, of id: ClientOrderID, _ outbox: inout Outbox
  ) {
    guard var row = orders[id] else {
      tally.reject("orders.evidence.unknown_order")
      return
    }
    switch evidence {
    case .working(let venueID):
      learn(venueID, &row, &outbox)
      move(id, on: .acknowledged, &outbox)
      schedule.forgetQuery(id)
      safety.orderSucceeded()
      if let row = orders[id], isUnwanted(row) { cancel(row, &outbox) }
    case .filled(let total, _, let venueID):
      learn(venueID, &row, &outbox)
      move(id, on: .reported(total: total.steps), &outbox)
      safety.orderSucceeded()
      expectFills(of: id, total: total, &outbox)
    case .cancelled(let total):
      // Without a total the venue says nothing about executions: what was booked is all we know.
      let total = total ?? row.filled
      move(id, on: .cancelled(total: max(total, row.filled).steps), &outbox)
      expectFills(of: id, total: total, &outbox)
    case .rejected(let refusal):
      move(id, on: .rejected, &outbox)
      schedule.forgetQuery(id)
      // A rejection is an answer: only refusals that speak of trouble count as failures, and what
      // goes down with its entry is no further one.
      if refusal != .noLiquidity, !isUnwanted(row) {
        countFailure("order \(id): \(refusal)", &outbox)
      }
    case .notFound: notFound(row, &outbox)
    }
  }

  /// Believes "no such order" only once it is too late for the order to turn up.
  private mutating func notFound(_ row: OrderRecord, _ outbox: inout Outbox) {
    let id = row.intent.clientID
    guard case .exchange(let exchange) = configuration.execution else { return }
    guard now.wall - row.createdAt > exchange.visibilityBound else {
      schedule.query(id, at: now.monotonic + Schedule.queryInterval)
      return
    }
    move(id, on: .notFound, &outbox)
    guard let after = orders[id] else { return }
    if after.state.isTerminal {
      schedule.forgetQuery(id)
    } else {
      schedule.query(id, at: now.monotonic + Schedule.queryInterval)
    }
  }

  private mutating func learn(
    _ venueID: UInt64, _ row: inout OrderRecord, _ outbox: inout Outbox
  ) {
    // Of an exit that sleeps the reply leaves the id out.
    guard row.venueID != venueID, venueID != 0 else { return }
    row.venueID = venueID
    row.updatedAt = now.wall
    put(row, &outbox)
  }

  /// Where the venue has traded more than was booked, asks for the executions themselves.
  private mutating func expectFills(
    of id: ClientOrderID, total: Quantity, _ outbox: inout Outbox
  ) {
    guard paper == nil, let row = orders[id] else { return }
    guard row.filled < total else {
      schedule.forgetQuery(id)
      return
    }
    // The stream usually brings them at once: ask when it has not.
    schedule.query(id, at: now.monotonic + Schedule.queryInterval)
    reconciliation.fillsSince = min(reconciliation.fillsSince ?? row.createdAt, row.createdAt)
    reconcileSoon(after: Schedule.queryInterval)
  }

  /// Moves an order by the table of states; what the table forbids is alerted and not believed.
  private mutating func move(
    _ id: ClientOrderID, on event: OrderEvent<Int64>, _ outbox: inout Outbox
  ) {
    guard var row = orders[id] else {
      tally.reject("orders.report.unknown_order")
      return
    }
    switch advance(row.standing, on: event, in: Integers()) {
    case .ignored: return
    case .illegal(let fault):
      tally.reject("orders.illegal.\(fault)")
      alert(
        "order.illegal", .critical, row.intent.symbol,
        "\(id) is \(row.state.name) and cannot take \(event): \(fault)", &outbox)
    case .moved(let standing), .lateFill(let standing):
      row.take(standing)
      row.updatedAt = now.wall
      put(row, &outbox)
      if row.state.isTerminal { end(row) }
    }
  }

  /// Asks no more about an order that is over, but about what may have ended with it.
  private mutating func end(_ row: OrderRecord) {
    schedule.forgetQuery(row.intent.clientID)
    followUp(row)
  }

  /// Books one execution, once.
  private mutating func book(_ fill: Fill, _ outbox: inout Outbox) {
    guard var row = orders[fill.clientID] else {
      orphan(fill, &outbox)
      return
    }
    let isNew = fillMemory.insert(fill.symbol, fill.tradeID, of: fill.clientID)
    guard isNew || !guards.contains(.deduplication) else { return }
    guard fill.symbol == row.intent.symbol, fill.side == row.intent.side else {
      alert(
        "fill.contradiction", .critical, fill.symbol,
        "execution \(fill.tradeID) of \(fill.clientID) names another symbol or side", &outbox)
      return
    }
    switch advance(row.standing, on: .traded(quantity: fill.quantity.steps), in: Integers()) {
    case .ignored: return
    case .illegal(let fault):
      tally.reject("fills.illegal.\(fault)")
      alert(
        "fill.illegal", .critical, fill.symbol,
        "execution \(fill.tradeID) of \(fill.clientID) cannot be: \(fault)", &outbox)
      reconcileSoon()
      return
    case .moved(let standing), .lateFill(let standing): row.take(standing)
    }
    guard let position = position(for: row, fill),
      let booking = portfolio.book(fill, on: position)
    else {
      alert(
        "fill.unbookable", .critical, fill.symbol,
        "execution \(fill.tradeID) of \(fill.clientID) is beyond the ledger's range", &outbox)
      return
    }
    row.filledNotional += fill.price.notional(of: fill.quantity, .nearest) ?? .zero
    row.updatedAt = now.wall
    put(row, &outbox)
    if row.state.isTerminal { end(row) }
    reconciliation.newestFill = max(reconciliation.newestFill, fill.time)
    safety.orderSucceeded()
    outbox.records.append(
      .fill(
        FillRecord(
          fill: fill, strategy: row.intent.strategy, position: row.position,
          realised: booking.realised)))
    settle(booking.position, closedBy: row.intent.role, at: fill.time, &outbox)
    recordAccount(&outbox)
  }

  /// An execution of an order that is no longer remembered: the venue knows more than we do.
  private mutating func orphan(_ fill: Fill, _ outbox: inout Outbox) {
    guard fillMemory.insert(fill.symbol, fill.tradeID, of: fill.clientID) else { return }
    alert(
      "fill.orphan", .critical, fill.symbol,
      "execution \(fill.tradeID) belongs to \(fill.clientID), which no open order or position "
        + "explains", &outbox)
    reconcileSoon()
  }

  /// The position that an execution opens, grows or shrinks.
  private func position(for row: OrderRecord, _ fill: Fill) -> PositionRecord? {
    if let open = portfolio[row.position] { return open }
    let risk = gate.lossAtStop(
      filledAt: fill.price, stop: row.bracket.stop, quantity: row.intent.quantity)
    return PositionRecord(
      id: row.position, strategy: row.intent.strategy, symbol: row.intent.symbol,
      setup: row.setup, bracket: row.bracket, quantity: .zero, cost: .zero, peakQuantity: .zero,
      realised: .zero, fees: .zero, funding: .zero, initialRisk: risk ?? .zero,
      openedAt: fill.time)
  }

  /// Writes a position after an execution, and ends it where nothing is held and nothing can come.
  private mutating func settle(
    _ position: PositionRecord, closedBy role: OrderRole, at time: Instant,
    _ outbox: inout Outbox
  ) {
    var position = position
    if position.quantity.isZero {
      position.closedAt = time
      switch role {
      case .stop: position.exitReason = .stop
      case .target: position.exitReason = .target
      case .exit: position.exitReason = reconciliation.exitReasons[position.id] ?? .time
      case .entry: position.exitReason = .venue
      }
      reconciliation.exitReasons[position.id] = nil
    }
    portfolio.put(position)
    outbox.records.append(.position(position))
    guard position.closedAt != nil else { return }
    for row in orders.orders(of: position.id) where !row.state.isTerminal {
      cancel(row, &outbox)
    }
  }
}

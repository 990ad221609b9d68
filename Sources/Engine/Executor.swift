import Market
import Risk
import Venues

extension Engine {
  /// Makes an order that shrinks a position durable and hands it to the executor.
  mutating func send(_ order: Cleared, _ row: OrderRecord, _ outbox: inout Outbox) {
    depart(row, &outbox)
    switch configuration.execution {
    case .paper: submitToPaper(order, &outbox)
    case .exchange:
      withClient(&outbox) { client, now, effects in
        client.submit([order], at: now, into: &effects)
      }
    }
  }

  /// Makes an entry and the exits that leave with it durable and hands them to the executor.
  mutating func send(_ family: ClearedFamily, _ row: OrderRecord, _ outbox: inout Outbox) {
    let rows =
      [row]
      + family.exits.map { exit in
        OrderRecord(
          intent: exit.intent, position: row.position, setup: row.setup, decidedAt: row.decidedAt,
          bracket: row.bracket, state: row.state, createdAt: row.createdAt,
          updatedAt: row.updatedAt)
      }
    if isDryRun { return withhold(rows, family, &outbox) }
    for row in rows { depart(row, &outbox) }
    switch configuration.execution {
    case .paper: submitToPaper(family.entry, &outbox)
    case .exchange:
      withClient(&outbox) { client, now, effects in
        client.submit(family, at: now, into: &effects)
      }
    }
  }

  private mutating func depart(_ row: OrderRecord, _ outbox: inout Outbox) {
    put(row, on: .sent, &outbox)
  }

  private mutating func put(
    _ row: OrderRecord, on event: OrderEvent<Int64>, _ outbox: inout Outbox
  ) {
    var row = row
    if case .moved(let standing) = advance(row.standing, on: event, in: Integers()) {
      row.take(standing)
    }
    row.updatedAt = now.wall
    put(row, &outbox)
  }

  private mutating func submitToPaper(_ order: Cleared, _ outbox: inout Outbox) {
    var reports: [OrderReport] = []
    paper?.submit(order, at: now, into: &reports)
    for report in reports { take(report, &outbox) }
  }

  /// Whether actions are computed and recorded but not sent.
  var isDryRun: Bool {
    if case .exchange(let exchange) = configuration.execution { exchange.isDryRun } else { false }
  }

  /// Records what would have left.
  ///
  /// That it never did is not the venue's refusal: no failure counts, and the orders end as
  /// ``OrderState/neverReached``.
  private mutating func withhold(
    _ rows: [OrderRecord], _ family: ClearedFamily, _ outbox: inout Outbox
  ) {
    for row in rows {
      put(row, &outbox)
      put(row, on: .abandoned, &outbox)
    }
    var action: String?
    client.mutate { action = $0.action(of: family) }
    note(
      "dry_run", "withheld", action ?? "the venue's list of perpetuals is not known yet", &outbox)
  }

  /// Asks for an order to be cancelled.
  mutating func cancel(_ row: OrderRecord, _ outbox: inout Outbox) {
    if isDryRun { return }
    guard case .moved(let standing) = advance(row.standing, on: .cancelRequested, in: Integers())
    else { return }
    var row = row
    row.take(standing)
    row.updatedAt = now.wall
    put(row, &outbox)
    switch configuration.execution {
    case .paper:
      var reports: [OrderReport] = []
      paper?.cancel(row.intent.clientID, at: now, into: &reports)
      for report in reports { take(report, &outbox) }
    case .exchange:
      withClient(&outbox) { client, now, effects in
        client.cancel(
          [(symbol: row.intent.symbol, clientID: row.intent.clientID)], at: now, into: &effects)
      }
    }
  }

  /// Trades what the paper venue has due, and asks about orders whose outcome is unknown.
  mutating func advanceExecutor(_ outbox: inout Outbox) {
    if let due = paper?.deadline, due <= now.monotonic {
      var reports: [OrderReport] = []
      paper?.advance(to: now, into: &reports)
      for report in reports { take(report, &outbox) }
    }
    while let id = schedule.takeDueQuery(at: now.monotonic) {
      guard let row = orders[id], !row.state.isTerminal else { continue }
      withClient(&outbox) { client, now, effects in
        client.queryOrder(id, at: now, into: &effects)
      }
      // Asked again until the venue's answer ends the doubt.
      schedule.query(id, at: now.monotonic + Schedule.queryInterval)
    }
  }

  /// Judges resting paper exits on the shortest closed candle of a stretch of time.
  mutating func tradePaper(on candle: Candle, _ outbox: inout Outbox) {
    var reports: [OrderReport] = []
    paper?.close(candle, into: &reports)
    for report in reports { take(report, &outbox) }
  }
}

extension OrderRecord {
  /// The order as the table of states sees it.
  var standing: OrderStanding<Int64> {
    OrderStanding(
      state: state, wasAcknowledged: wasAcknowledged, quantity: intent.quantity.steps,
      filled: filled.steps)
  }

  /// Base coin that may still trade and counts toward the limits.
  var openQuantity: Quantity { Quantity(steps: Risk.openQuantity(of: standing)) }

  /// Takes what the table of states made of it.
  mutating func take(_ standing: OrderStanding<Int64>) {
    state = standing.state
    wasAcknowledged = standing.wasAcknowledged
    filled = Quantity(steps: standing.filled)
  }
}

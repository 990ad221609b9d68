import Market
import Risk
import Venues

/// What the engine knows of the venue's view of the account.
struct Reconciliation: Sendable {
  /// Open drift alerts, by symbol.
  var drifts: [DriftRecord] = []
  /// Differences seen once: a second look in a row makes them an alert.
  var suspects: [(symbol: Symbol, kind: DriftKind)] = []
  /// The venue's time of the newest execution that was booked.
  var newestFill = Instant(nanoseconds: 0)
  /// Since when executions are to be asked for with the next look.
  var fillsSince: Instant?
  /// Why positions that are being closed are being closed.
  var exitReasons: [ClientOrderID: ExitReason] = [:]

  /// Whether a drift alert stands on a symbol.
  func isDrifting(_ symbol: Symbol) -> Bool { drifts.contains { $0.symbol == symbol } }
}

extension Engine {
  /// How soon a difference seen once is looked at again.
  static let secondLook = Interval.seconds(5)

  /// Compares with the venue at the next opportunity.
  mutating func reconcileSoon(after delay: Interval = .zero) {
    guard paper == nil else { return }
    let time = now.monotonic + delay
    schedule.reconciliation = min(schedule.reconciliation ?? time, time)
  }

  /// Asks for the venue's view when it is due, and keeps the dead-man's switch armed.
  mutating func tendAccount(_ outbox: inout Outbox) {
    guard case .exchange(let exchange) = configuration.execution, phase != .stopped else { return }
    if let due = schedule.reconciliation, due <= now.monotonic, feed.isSubscribed {
      schedule.reconciliation = now.monotonic + exchange.reconciliationInterval
      let since = reconciliation.fillsSince
      reconciliation.fillsSince = nil
      withClient(&outbox) { client, now, effects in
        client.refreshAccount(fillsSince: since, at: now, into: &effects)
      }
    }
    if let ahead = exchange.scheduledCancel, !exchange.isDryRun,
      schedule.deadMan.map({ $0 <= now.monotonic }) ?? feed.isSubscribed
    {
      // Armed again at half its reach, so that one lost request does not let it fire.
      schedule.deadMan = now.monotonic + Interval(nanoseconds: ahead.nanoseconds / 2)
      let time = now.wall + ahead
      withClient(&outbox) { client, now, effects in
        client.scheduleCancel(time, at: now, into: &effects)
      }
    }
  }

  /// Takes the venue's positions and money.
  mutating func take(_ snapshot: AccountSnapshot, _ outbox: inout Outbox) {
    safety.reconciliationFailures = 0
    if portfolio.account == nil { open(snapshot.accountValue, &outbox) }
    // An older view cannot know what was executed since.
    guard snapshot.time > reconciliation.newestFill else {
      reconcileSoon(after: Self.secondLook)
      return
    }
    var differs = false
    var suspects: [(symbol: Symbol, kind: DriftKind)] = []
    for symbol in configuration.symbols.map(\.instrument.symbol) {
      let venue = snapshot.positions.first { $0.symbol == symbol }?.quantity ?? .zero
      let local = portfolio.quantity(of: symbol)
      let inFlight = inFlight(symbol)
      let verdict = classifyDrift(
        local: local.steps, venue: venue.steps, buysInFlight: inFlight.buys.steps,
        sellsInFlight: inFlight.sells.steps, in: Integers())
      switch verdict {
      case .none: closeDrift(symbol, local, venue, &outbox)
      case .malformed: tally.reject("reconciliation.malformed")
      case .drift(let kind):
        differs = true
        suspects.append((symbol, kind))
        let wasSuspect = reconciliation.suspects.contains { $0 == (symbol, kind) }
        if wasSuspect { openDrift(symbol, kind, local, venue, &outbox) }
      }
    }
    for position in snapshot.positions
    where !configuration.symbols.contains(where: { $0.instrument.symbol == position.symbol }) {
      tally.reject("reconciliation.unlisted_position")
    }
    reconciliation.suspects = suspects
    if differs { reconcileSoon(after: Self.secondLook) }
  }

  /// Base coin that orders out may have traded without our knowing.
  private func inFlight(_ symbol: Symbol) -> (buys: Quantity, sells: Quantity) {
    orders.live.reduce((buys: Quantity.zero, sells: Quantity.zero)) { sum, row in
      // A stop or target that rests has not traded until its execution says so; one look later
      // the execution is here, or the difference is real.
      guard row.intent.symbol == symbol, row.state != .working || row.filled > .zero else {
        return sum
      }
      let rest = row.intent.quantity - row.filled
      return row.intent.side == .buy
        ? (sum.buys + rest, sum.sells) : (sum.buys, sum.sells + rest)
    }
  }

  private mutating func openDrift(
    _ symbol: Symbol, _ kind: DriftKind, _ local: Quantity, _ venue: Quantity,
    _ outbox: inout Outbox
  ) {
    let known = reconciliation.drifts.first { $0.symbol == symbol }
    guard known.map({ ($0.kind, $0.local, $0.venue) != (kind, local, venue) }) ?? true else {
      return
    }
    let record = DriftRecord(
      time: now.wall, symbol: symbol, kind: kind, local: local, venue: venue, isOpen: true)
    reconciliation.drifts.removeAll { $0.symbol == symbol }
    reconciliation.drifts.append(record)
    reconciliation.drifts.sort { $0.symbol < $1.symbol }
    outbox.records.append(.drift(record))
    alert(
      "drift.\(kind.name)", .critical, symbol,
      "we believe \(local) \(symbol), the venue says \(venue): no entries until they agree",
      &outbox)
  }

  private mutating func closeDrift(
    _ symbol: Symbol, _ local: Quantity, _ venue: Quantity, _ outbox: inout Outbox
  ) {
    guard let open = reconciliation.drifts.first(where: { $0.symbol == symbol }) else { return }
    reconciliation.drifts.removeAll { $0.symbol == symbol }
    outbox.records.append(
      .drift(
        DriftRecord(
          time: now.wall, symbol: symbol, kind: open.kind, local: local, venue: venue,
          isOpen: false)))
    alert("drift.closed", .notice, symbol, "both sides hold \(venue) \(symbol)", &outbox)
  }

  /// Takes the venue's resting orders: one of ours that it does not list is asked about.
  mutating func take(_ resting: [VenueOrder], asOf time: Instant, _ outbox: inout Outbox) {
    for row in orders.live where row.state == .working || row.state == .cancelling {
      let isListed = resting.contains { $0.clientID == row.intent.clientID }
      if !isListed, row.updatedAt < time { schedule.query(row.intent.clientID, at: now.monotonic) }
    }
    for order in resting {
      guard let id = order.clientID, let row = orders[id] else {
        if tally.reject("reconciliation.foreign_order") == 1 {
          alert(
            "reconciliation.foreign_order", .warning, order.symbol,
            "order \(order.venueID) rests on the account and is none of ours", &outbox)
        }
        continue
      }
      // An order of a closed position must not rest.
      if row.state.isTerminal, row.updatedAt < time {
        schedule.query(id, at: now.monotonic)
      }
    }
  }

  /// Takes an execution that is none of ours: liquidation, a person, another program.
  mutating func takeForeign(_ fill: ForeignFill, _ outbox: inout Outbox) {
    let code = fill.isLiquidation ? "account.liquidation" : "account.foreign_fill"
    alert(
      code, .critical, fill.symbol,
      "\(fill.side) \(fill.quantity) \(fill.symbol) at \(fill.price) was not ours", &outbox)
    reconcileSoon()
  }

  /// Counts a reconciliation that brought no answer.
  mutating func failReconciliation(_ detail: String, _ outbox: inout Outbox) {
    guard paper == nil else { return }
    safety.reconciliationFailures += 1
    note("reconciliation", "failed", detail, &outbox)
    reconcileSoon(after: Self.secondLook)
  }

  /// Takes what became of arming the dead-man's switch.
  mutating func take(_ outcome: ScheduledCancelOutcome, _ outbox: inout Outbox) {
    switch outcome {
    case .armed, .cleared: break
    case .refused(let text):
      alert("deadman.refused", .warning, nil, "the venue refused: \(text)", &outbox)
    case .unknown(let failure):
      note("deadman", "unknown", "\(failure)", &outbox)
      schedule.deadMan = now.monotonic + Self.secondLook
    }
  }
}

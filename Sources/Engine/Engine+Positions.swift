import Market
import Risk
import Venues

extension Engine {
  /// Keeps every open position covered by a stop and a target, and closes what has to go.
  mutating func tendPositions(_ outbox: inout Outbox) {
    for position in portfolio.positions {
      let entryIsOut = orders.isLive(position.id)
      let covered = orders.cover(of: position.id, believing: !hasWaited(for: position))
      if let reason = exitReason(of: position, covered) {
        close(position, because: reason, &outbox)
      } else if !entryIsOut || isOverdue(position) {
        cover(position, covered, &outbox)
      }
    }
  }

  /// Why a position has to be closed now.
  private func exitReason(
    of position: PositionRecord, _ covered: OrderTable.Cover
  ) -> ExitReason? {
    if safety.isFlattening { return .operatorCommand }
    if now.wall >= position.bracket.timeStop { return .time }
    if hasLostPartner(position) { return .partner }
    // What the strategy asked for once is asked for until it is done.
    if reconciliation.exitReasons[position.id] == .strategy { return .strategy }
    // A stop that the venue refuses (the price is past it, say) leaves only the way out.
    guard covered.stop < position.quantity.magnitude else { return nil }
    let wasRefused = orders.orders(of: position.id).contains {
      $0.intent.role == .stop && $0.state == .rejected
    }
    return wasRefused ? .stop : nil
  }

  /// How long a leg of a pair may stand alone while the other is on its way
  /// (`strategies.md` section 3.7).
  private static let legPatience = Interval.seconds(5)

  /// Whether the other leg of a pair has ended, or has not come in time.
  private func hasLostPartner(_ position: PositionRecord) -> Bool {
    guard let partner = position.bracket.partner, portfolio[partner] == nil else { return false }
    guard let entry = orders[partner], !entry.state.isTerminal else { return true }
    return now.wall - position.openedAt >= Self.legPatience
  }

  /// Sends stop and target for what no live order covers.
  private mutating func cover(
    _ position: PositionRecord, _ covered: OrderTable.Cover, _ outbox: inout Outbox
  ) {
    let held = position.quantity.magnitude
    guard position.bracket.exits.contains(where: { covered[$0] < held }),
      safety.mayRetry(position.id, at: now.monotonic)
    else { return }
    let side: Side = position.quantity > .zero ? .sell : .buy
    for role in position.bracket.exits {
      let outstanding = covered[role]
      guard outstanding < held, portfolio[position.id] != nil,
        let pricing = exitPricing(role, position.bracket, position.symbol, side)
      else { continue }
      sendReduction(
        position, role: role, quantity: held - outstanding, besides: outstanding,
        pricing: .trigger(trigger: pricing.trigger, worst: pricing.worst), &outbox)
    }
  }

  /// Where a stop or a target wakes, and the worst price that it may then trade at.
  func exitPricing(
    _ role: OrderRole, _ bracket: Bracket, _ symbol: Symbol, _ side: Side
  ) -> (trigger: Price, worst: Price)? {
    let trigger = role == .target ? bracket.target : bracket.stop
    guard let worst = PaperVenue.slip(trigger, by: stopReach(role), against: side),
      let price = onTick(worst, symbol, side)
    else { return nil }
    return (trigger, price)
  }

  /// Closes what no live exit already closes.
  mutating func close(
    _ position: PositionRecord, because reason: ExitReason, _ outbox: inout Outbox
  ) {
    let outstanding = orders.outstanding(.exit, of: position.id)
    let held = position.quantity.magnitude
    guard outstanding < held, safety.mayRetry(position.id, at: now.monotonic) else { return }
    let side: Side = position.quantity > .zero ? .sell : .buy
    let reference = portfolio.mark(position.symbol)?.price ?? position.bracket.stop
    guard let worst = PaperVenue.slip(reference, by: stopReach(.exit), against: side),
      let price = onTick(worst, position.symbol, side)
    else { return }
    reconciliation.exitReasons[position.id] = reason
    safety.deferRetry(position.id, until: now.monotonic + Safety.retryInterval)
    sendReduction(
      position, role: .exit, quantity: held - outstanding, besides: outstanding,
      pricing: .limit(price: price, timeInForce: .immediateOrCancel), &outbox)
  }

  /// Sends an order that shrinks a position, `besides` what counts as out for the same purpose.
  private mutating func sendReduction(
    _ position: PositionRecord, role: OrderRole, quantity: Quantity, besides outstanding: Quantity,
    pricing: OrderPricing, _ outbox: inout Outbox
  ) {
    // A dry run opens nothing, and what an earlier run holds is not its to close. What cannot leave
    // yet is no refusal of the venue: it waits for the list of perpetuals.
    if isDryRun || paper == nil && client?.lists(position.symbol) != true { return }
    let attempts = orders.orders(of: position.id).count {
      $0.intent.role == role && !leftWithEntry($0)
    }
    let intent = OrderIntent(
      clientID: .derive(
        epoch: epoch, strategy: position.strategy, symbol: position.symbol,
        setup: position.setup, decidedAt: position.openedAt, role: role, leg: attempts + 1),
      strategy: position.strategy, symbol: position.symbol, role: role,
      side: position.quantity > .zero ? .sell : .buy, quantity: quantity, pricing: pricing,
      isReduceOnly: true)
    switch gate.clearReduction(intent, position: position.quantity, outstanding: outstanding) {
    case .failure(let refusal):
      alert(
        "exit.refused", .critical, position.symbol,
        "\(role) of \(position.id) was not cleared: \(refusal.code)", &outbox)
      safety.deferRetry(position.id, until: now.monotonic + Safety.retryInterval)
    case .success(let cleared):
      // A venue that refuses exits is asked again, but not in a loop.
      if attempts > 0 {
        safety.deferRetry(position.id, until: now.monotonic + Safety.retryInterval)
      }
      let row = OrderRecord(
        intent: cleared.intent, position: position.id, setup: position.setup,
        decidedAt: position.openedAt, bracket: position.bracket, state: .intended,
        createdAt: now.wall, updatedAt: now.wall)
      send(cleared, row, &outbox)
    }
  }

  private func stopReach(_ role: OrderRole) -> Int64 {
    switch configuration.execution {
    case .paper: role == .target ? 0 : 1_000
    case .exchange(let exchange): exchange.stopReachBasisPoints
    }
  }

  private func onTick(_ price: Price, _ symbol: Symbol, _ side: Side) -> Price? {
    configuration.symbols.first { $0.instrument.symbol == symbol }?.instrument
      .onTick(price, side == .buy ? .up : .down)
  }

  /// Whether a position has waited for its protection as long as it may.
  private func isOverdue(_ position: PositionRecord) -> Bool {
    guard case .exchange(let exchange) = configuration.execution else { return false }
    return now.wall - position.openedAt >= exchange.protectionDeadline
  }

  /// When the next open position has to be looked at: its time stop, or the end of a pair's wait
  /// for its other leg.
  func earliestTimeStop() -> Instant? {
    var earliest: Instant?
    func consider(_ time: Instant) {
      if time > now.wall { earliest = min(earliest ?? time, time) }
    }
    for position in portfolio.positions {
      consider(position.bracket.timeStop)
      if let partner = position.bracket.partner, portfolio[partner] == nil {
        consider(position.openedAt + Self.legPatience)
      }
    }
    return earliest
  }

  /// When the next position may be covered or closed again.
  func protectionDeadline() -> Monotonic? { safety.earliestRetry(after: now.monotonic) }
}

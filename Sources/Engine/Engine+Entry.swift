import Market
import Risk
import Strategies

extension Engine {
  /// Brings a signal to the gate and, where it clears, sends the entry.
  mutating func enter(_ ruling: Arbiter.Ruling, _ outbox: inout Outbox) {
    let decision = ruling.decision
    let signal = ruling.signal
    func record(_ outcome: String, _ order: ClientOrderID?) -> Record {
      .signal(
        SignalRecord(
          strategy: decision.strategy, symbol: decision.symbol, setup: decision.setup,
          time: decision.time, signal: signal, outcome: outcome, order: order))
    }
    if let refusal = ruling.refusal {
      if keepsEvidence { keep(ruling) }
      outbox.records.append(record(refusal, nil))
      return
    }
    guard let request = request(for: decision, signal) else {
      if keepsEvidence { keep(ruling) }
      outbox.records.append(record(RejectReason.malformed.code, nil))
      return
    }
    let account = accountState()
    let symbol = symbolState(decision.symbol, asking: decision.strategy)
    if keepsEvidence { keep(ruling, request, account: account, symbol: symbol) }
    switch gate.clearEntry(request, account: account, symbol: symbol) {
    case .failure(let reason):
      outbox.records.append(record(reason.code, nil))
    case .success(let cleared):
      outbox.records.append(record("EXECUTED", request.clientID))
      safety.orderRate.record(at: now.monotonic)
      let row = OrderRecord(
        intent: cleared.order.intent, position: request.clientID, setup: decision.setup,
        decidedAt: decision.time,
        bracket: Bracket(stop: signal.stop, target: signal.target, timeStop: signal.timeStop),
        state: .intended, createdAt: now.wall, updatedAt: now.wall)
      send(cleared.order, row, &outbox)
    }
  }

  private func request(for decision: Decision, _ signal: Signal) -> EntryRequest? {
    guard
      let instrument = configuration.symbols.first(where: {
        $0.instrument.symbol == decision.symbol
      })?.instrument,
      let fill = PaperVenue.slip(
        signal.entry, by: configuration.limits[.entrySlippageBasisPoints], against: signal.side),
      // The collar lies inside the slippage that sizing pays for.
      let limit = instrument.onTick(fill, signal.side == .buy ? .down : .up)
    else { return nil }
    return EntryRequest(
      clientID: .derive(
        epoch: epoch, strategy: decision.strategy, symbol: decision.symbol,
        setup: decision.setup, decidedAt: decision.time, role: .entry, leg: 0),
      strategy: decision.strategy, instrument: instrument, side: signal.side,
      entry: signal.entry, fillEstimate: limit, limit: limit, timeInForce: .immediateOrCancel,
      stop: signal.stop, target: signal.target, validUntil: signal.validUntil)
  }

  /// The account as the gate sees it: entries that are out count as if they had filled.
  func accountState() -> AccountState<Int64> {
    let account = portfolio.account
    let entries = orders.live.filter { $0.intent.role == .entry }
    let waiting = entries.filter { portfolio[$0.position] == nil }
    var heat = portfolio.positions.reduce(Money.zero) { $0 + $1.initialRisk }
    var gross = Money.zero
    for position in portfolio.positions {
      let price = portfolio.mark(position.symbol)?.price
      gross += price?.notional(of: position.quantity.magnitude, .up) ?? position.cost.magnitude
    }
    for entry in entries {
      heat += risk(of: entry)
      gross += notional(of: entry)
    }
    return AccountState(
      isKilled: safety.isKilled, pauses: safety.pauses,
      isPausedByDrawdown: account?.isPausedByDrawdown ?? true,
      isStoppedForDay: account?.isStoppedForDay ?? true, now: now.wall.nanoseconds,
      equity: portfolio.equity.steps, dayStartEquity: account?.dayStartEquity.steps ?? 0,
      sessionStartEquity: account?.sessionStartEquity.steps ?? 0,
      highWaterEquity: account?.highWaterEquity.steps ?? 0,
      ordersInWindow: Int64(safety.orderRate.count(at: now.monotonic)),
      slotsInUse: Int64(portfolio.positions.count + waiting.count), heat: heat.steps,
      grossNotional: gross.steps)
  }

  private func symbolState(
    _ symbol: Symbol, asking strategy: StrategyID
  ) -> SymbolState<Int64> {
    var long = Quantity.zero
    var short = Quantity.zero
    var risk = Money.zero
    for position in portfolio.positions where position.symbol == symbol {
      if position.quantity > .zero { long += position.quantity } else { short -= position.quantity }
      risk += position.initialRisk
    }
    for entry in orders.live where entry.intent.role == .entry && entry.intent.symbol == symbol {
      let rest = entry.openQuantity
      if entry.intent.side == .buy { long += rest } else { short += rest }
      risk += self.risk(of: entry)
    }
    let isTradable = configuration.symbols.contains {
      $0.instrument.symbol == symbol && $0.isTradable
    }
    return SymbolState(
      isPermitted: isTradable && !safety.mismatched.contains(symbol) && phase == .running,
      isDriftAlertOpen: reconciliation.isDrifting(symbol),
      dataAge: dataAge(of: symbol), dataAgeBound: configuration.staleAfter.nanoseconds,
      hasOwnExposure: portfolio.holds(strategy, symbol) || orders.hasEntryOut(strategy, symbol),
      longExposure: long.steps, shortExposure: short.steps, risk: risk.steps)
  }

  /// Age of the stalest of stream and mark; without a wire, the candles are the clock.
  private func dataAge(of symbol: Symbol) -> Int64 {
    guard isWired else { return 0 }
    guard isFeedLive, let mark = portfolio.mark(symbol) else {
      return configuration.staleAfter.nanoseconds
    }
    return (now.monotonic - mark.time).nanoseconds
  }

  /// Money at risk of what an entry may still open.
  private func risk(of entry: OrderRecord) -> Money {
    let rest = entry.openQuantity
    guard case .limit(let price, _) = entry.intent.pricing, rest > .zero else { return .zero }
    return gate.lossAtStop(filledAt: price, stop: entry.bracket.stop, quantity: rest)
      ?? Money(steps: Bounds.largestMoney)
  }

  private func notional(of entry: OrderRecord) -> Money {
    guard case .limit(let price, _) = entry.intent.pricing else { return .zero }
    return price.notional(of: entry.openQuantity, .up)
      ?? Money(steps: Bounds.largestMoney)
  }

  /// Signed quantity of a symbol over positions and entries that are out.
  func exposure(of symbol: Symbol) -> Quantity {
    orders.live.reduce(portfolio.quantity(of: symbol)) { sum, row in
      guard row.intent.symbol == symbol, row.intent.role == .entry else { return sum }
      let rest = row.openQuantity
      return row.intent.side == .buy ? sum + rest : sum - rest
    }
  }
}

import Market
import Risk
import Strategies

extension Engine {
  /// One leg of what a signal asks for, before it is judged.
  private struct Leg {
    let request: EntryRequest
    let bracket: Bracket
    let setup: Setup
  }

  /// Brings a signal to the gate and, where it clears, sends the entry, or both entries of a pair.
  mutating func enter(_ ruling: Arbiter.Ruling, _ outbox: inout Outbox) {
    let candidate = ruling.candidate
    if let refusal = ruling.refusal {
      if keepsEvidence { keep(ruling) }
      record(candidate, refusal, nil, &outbox)
    } else if let pair = candidate.signal.pair {
      enter(ruling, pair, &outbox)
    } else {
      enterOne(ruling, &outbox)
    }
  }

  private func record(
    _ candidate: Arbiter.Candidate, _ outcome: String, _ order: ClientOrderID?,
    _ outbox: inout Outbox
  ) {
    let decision = candidate.decision
    outbox.records.append(
      .signal(
        SignalRecord(
          strategy: decision.strategy, symbol: decision.symbol, setup: decision.setup,
          time: decision.time, signal: candidate.signal, outcome: outcome, order: order)))
  }

  /// A dry run has its own word: nothing was executed, and the venue refused nothing.
  private func recordCleared(
    _ candidate: Arbiter.Candidate, _ leg: Leg, _ outbox: inout Outbox
  ) {
    if isDryRun {
      record(candidate, "DRY_RUN", nil, &outbox)
    } else {
      record(candidate, "EXECUTED", leg.request.clientID, &outbox)
    }
  }

  private mutating func enterOne(_ ruling: Arbiter.Ruling, _ outbox: inout Outbox) {
    let candidate = ruling.candidate
    let decision = candidate.decision
    let signal = candidate.signal
    guard let seat = registry.seat(of: decision),
      let leg = leg(
        decision, symbol: candidate.symbol, side: signal.side, entry: signal.entry,
        stop: signal.stop, target: signal.target, validUntil: signal.validUntil,
        setup: decision.setup,
        bracket: Bracket(stop: signal.stop, target: signal.target, timeStop: signal.timeStop))
    else {
      if keepsEvidence { keep(ruling) }
      return record(candidate, RejectReason.malformed.code, nil, &outbox)
    }
    let account = accountState()
    let state = symbolState(candidate.symbol, asking: seat)
    if keepsEvidence { keep(ruling, [(leg.request, state)], account: account) }
    switch gate.clearEntry(leg.request, account: account, symbol: state) {
    case .failure(let reason): record(candidate, reason.code, nil, &outbox)
    case .success(let cleared):
      recordCleared(candidate, leg, &outbox)
      open(leg, cleared, decision, &outbox)
    }
  }

  private mutating func enter(
    _ ruling: Arbiter.Ruling, _ pair: PairLeg, _ outbox: inout Outbox
  ) {
    let candidate = ruling.candidate
    let decision = candidate.decision
    let signal = candidate.signal
    guard let seat = registry.seat(of: decision) else { return }
    // Both legs carry the pair's name, so that they are told from another pair's.
    let setup = Setup(renaming: decision.symbol)
    func id(_ symbol: Symbol) -> ClientOrderID {
      .derive(
        epoch: epoch, strategy: decision.strategy, symbol: symbol, setup: setup,
        decidedAt: decision.time, role: .entry, leg: 0)
    }
    guard
      let first = leg(
        decision, symbol: candidate.symbol, side: signal.side, entry: signal.entry,
        stop: signal.stop, target: signal.target, validUntil: signal.validUntil, setup: setup,
        bracket: Bracket(
          stop: pair.firstCatastrophicStop, target: signal.target, timeStop: signal.timeStop,
          partner: id(pair.symbol)), slots: 2),
      let second = leg(
        decision, symbol: pair.symbol, side: pair.side, entry: pair.entry, stop: pair.stop,
        target: pair.target, validUntil: signal.validUntil, setup: setup,
        bracket: Bracket(
          stop: pair.catastrophicStop, target: pair.target, timeStop: signal.timeStop,
          partner: id(candidate.symbol)))
    else {
      if keepsEvidence { keep(ruling) }
      return record(candidate, RejectReason.malformed.code, nil, &outbox)
    }
    let account = accountState()
    let states = (
      first: symbolState(candidate.symbol, asking: seat),
      second: symbolState(pair.symbol, asking: seat)
    )
    if keepsEvidence {
      keep(
        ruling, [(first.request, states.first), (second.request, states.second)],
        account: account)
    }
    switch gate.clearPair(
      first.request, second.request, hedge: pair.hedge, account: account, symbols: states)
    {
    case .failure(let reason): record(candidate, reason.code, nil, &outbox)
    case .success(let cleared):
      recordCleared(candidate, first, &outbox)
      open(first, cleared.first, decision, &outbox)
      open(second, cleared.second, decision, &outbox)
    }
  }

  private mutating func open(
    _ leg: Leg, _ cleared: ClearedEntry, _ decision: Decision, _ outbox: inout Outbox
  ) {
    safety.orderRate.record(at: now.monotonic)
    let row = OrderRecord(
      intent: cleared.order.intent, position: leg.request.clientID, setup: leg.setup,
      decidedAt: decision.time, bracket: leg.bracket, state: .intended, createdAt: now.wall,
      updatedAt: now.wall)
    let family = family(
      of: cleared, setup: leg.setup, decidedAt: decision.time, bracket: leg.bracket)
    send(family, row, &outbox)
  }

  private func leg(
    _ decision: Decision, symbol: Symbol, side: Side, entry: Price, stop: Price, target: Price,
    validUntil: Instant, setup: Setup, bracket: Bracket, slots: Int = 1
  ) -> Leg? {
    guard
      let instrument = configuration.symbols.first(where: {
        $0.instrument.symbol == symbol
      })?.instrument,
      let fill = PaperVenue.slip(
        entry, by: configuration.limits[.entrySlippageBasisPoints], against: side),
      // The collar lies inside the slippage that sizing pays for.
      let limit = instrument.onTick(fill, side == .buy ? .down : .up)
    else { return nil }
    let request = EntryRequest(
      clientID: .derive(
        epoch: epoch, strategy: decision.strategy, symbol: symbol, setup: setup,
        decidedAt: decision.time, role: .entry, leg: 0),
      strategy: decision.strategy, instrument: instrument, side: side, entry: entry,
      fillEstimate: limit, limit: limit, timeInForce: .immediateOrCancel, stop: stop,
      target: target, validUntil: validUntil, slots: slots)
    return Leg(request: request, bracket: bracket, setup: setup)
  }

  /// Closes what a strategy asks to leave.
  mutating func leave(_ decision: Decision, _ outbox: inout Outbox) {
    guard let seat = registry.seat(of: decision) else { return }
    for position in portfolio.held(by: seat) { close(position, because: .strategy, &outbox) }
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
    _ symbol: Symbol, asking seat: StrategyRegistry.Seat
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
      hasOwnExposure: portfolio.holds(seat) || orders.hasEntryOut(seat),
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

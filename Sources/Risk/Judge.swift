/// Whether and how large a trade may be: the first reason against it, or its size.
///
/// The order of the rules is the order of ``RejectReason``'s cases, and total: malformed input, kill
/// switch, breakers, losses (equality trips), order rate, symbol, data, signal, exposure, slots,
/// geometry, and last what sizing leaves.
@inlinable
public func judge<D: Domain>(
  _ trade: TradeProposal<D.Number>, account: AccountState<D.Number>,
  symbol: SymbolState<D.Number>, policy: Policy<D.Number>, in d: D
) -> Verdict<D.Number> {
  let isSane = isSane(trade).and(isSane(account)).and(isSane(symbol))
  if d.holds(isSane.negated) { return .rejected(.malformed) }
  if let reason = accountReason(account, policy: policy, in: d) { return .rejected(reason) }
  if let reason = symbolReason(trade, account: account, symbol: symbol, policy: policy, in: d) {
    return .rejected(reason)
  }
  if let reason = geometryReason(trade, policy: policy, in: d) { return .rejected(reason) }
  return size(trade, account: account, symbol: symbol, policy: policy, in: d)
}

/// What in the account's own state stops every entry.
@inlinable @inline(__always)
func accountReason<D: Domain>(
  _ account: AccountState<D.Number>, policy: Policy<D.Number>, in d: D
) -> RejectReason? {
  if d.holds(account.isKilled) { return .killSwitch }
  // A pause ends at its instant, not after it.
  if d.holds(account.now < account.pauses.latency) { return .pausedLatency }
  if d.holds(account.now < account.pauses.orderFailures) { return .pausedOrderFailures }
  if d.holds(account.now < account.pauses.staleFeed) { return .pausedStaleFeed }
  if d.holds(account.now < account.pauses.rateLimit) { return .pausedRateLimit }
  let references = EquityReferences<D.Number>(
    dayStart: account.dayStartEquity, sessionStart: account.sessionStartEquity,
    highWater: account.highWaterEquity)
  let isDrawnDown = isAtSessionDrawdown(account.equity, references, policy)
  if d.holds(account.isPausedByDrawdown.or(isDrawnDown)) { return .sessionDrawdown }
  if d.holds(isAtDayLoss(account.equity, references, policy)) { return .dayLoss }
  if d.holds(policy.maximumOrdersPerMinute <= account.ordersInWindow) { return .orderRate }
  return nil
}

/// What about the symbol, its data, the signal's age and what is already held stops this entry.
@inlinable @inline(__always)
func symbolReason<D: Domain>(
  _ trade: TradeProposal<D.Number>, account: AccountState<D.Number>,
  symbol: SymbolState<D.Number>, policy: Policy<D.Number>, in d: D
) -> RejectReason? {
  typealias N = D.Number
  if d.holds(symbol.isPermitted.negated) { return .symbolNotPermitted }
  if d.holds(symbol.isDriftAlertOpen) { return .driftAlert }
  if d.holds(symbol.dataAgeBound <= symbol.dataAge) { return .staleData }
  if d.holds(trade.validUntil < account.now) { return .signalExpired }
  let same = N.select(trade.isLong, symbol.longExposure, symbol.shortExposure)
  let opposite = N.select(trade.isLong, symbol.shortExposure, symbol.longExposure)
  let isDuplicate = symbol.hasOwnExposure.or(policy.isExclusive.and(0 < same))
  // Held by itself the other way round, a strategy's own exposure opposes rather than repeats.
  let isOpposed = policy.isExclusive.and(0 < opposite)
  if d.holds(isDuplicate.and(isOpposed.negated)) { return .duplicateExposure }
  if d.holds(isOpposed) { return .opposesOpenPosition }
  if d.holds(policy.maximumPositionCount < account.slotsInUse + trade.slots) {
    return .maximumPositions
  }
  return nil
}

/// What about entry, stop and target stops this entry; all judged where it is expected to fill.
@inlinable @inline(__always)
func geometryReason<D: Domain>(
  _ trade: TradeProposal<D.Number>, policy: Policy<D.Number>, in d: D
) -> RejectReason? {
  typealias N = D.Number
  let fill = trade.fillEstimate
  let risk = N.select(trade.isLong, fill - trade.stop, trade.stop - fill)
  let reward = N.select(trade.isLong, trade.target - fill, fill - trade.target)
  let decided = N.select(trade.isLong, trade.entry - trade.stop, trade.stop - trade.entry)
  let isOrdered = (0 < risk).and(0 < reward).and(0 < decided)
  if d.holds(isOrdered.negated) { return .badGeometry }
  let distance = risk * 10_000
  if d.holds(distance < fill * policy.minimumStopDistanceBasisPoints) { return .stopTooTight }
  if d.holds(fill * policy.maximumStopDistanceBasisPoints < distance) { return .stopTooWide }
  if d.holds(reward * 10_000 < risk * policy.minimumRewardToRiskTenThousandths) {
    return .rewardToRisk
  }
  let room = trade.entry * policy.entrySlippageBasisPoints
  let worst = trade.worstPrice
  let givenUp = N.select(trade.isLong, worst - trade.entry, trade.entry - worst)
  let expected = N.select(trade.isLong, fill - trade.entry, trade.entry - fill)
  if d.holds(room < givenUp.atLeast(expected) * 10_000) { return .priceCollar }
  return nil
}

/// Whether every value of the proposal may enter arithmetic.
@inlinable @inline(__always)
func isSane<N: DomainNumber>(_ trade: TradeProposal<N>) -> N.Truth {
  isWithin(trade.entry, 1, Bounds.largestPrice)
    .and(isWithin(trade.fillEstimate, 1, Bounds.largestPrice))
    .and(isWithin(trade.worstPrice, 1, Bounds.largestPrice))
    .and(isWithin(trade.stop, 1, Bounds.largestPrice))
    .and(isWithin(trade.target, 1, Bounds.largestPrice))
    .and(isWithin(trade.validUntil, 0, Bounds.latestInstant))
    .and(isWithin(trade.slots, 1, Bounds.largestCount))
    .and(isWithin(trade.lot, 1, Bounds.largestQuantity))
    .and(isWithin(trade.minimumNotional, 0, Bounds.largestMoney))
    .and(isWithin(trade.venueLeverage, 1, Bounds.largestLeverage))
}

/// Whether every value of the account may enter arithmetic.
@inlinable @inline(__always)
func isSane<N: DomainNumber>(_ account: AccountState<N>) -> N.Truth {
  isWithin(account.now, 0, Bounds.latestInstant)
    .and(isWithin(account.equity, -Bounds.largestMoney, Bounds.largestMoney))
    .and(isWithin(account.dayStartEquity, 1, Bounds.largestMoney))
    .and(isWithin(account.sessionStartEquity, 1, Bounds.largestMoney))
    .and(isWithin(account.highWaterEquity, 1, Bounds.largestMoney))
    .and(isWithin(account.ordersInWindow, 0, Bounds.largestCount))
    .and(isWithin(account.slotsInUse, 0, Bounds.largestCount))
    .and(isWithin(account.heat, 0, Bounds.largestMoney))
    .and(isWithin(account.grossNotional, 0, Bounds.largestMoney))
}

/// Whether every value of the symbol may enter arithmetic.
@inlinable @inline(__always)
func isSane<N: DomainNumber>(_ symbol: SymbolState<N>) -> N.Truth {
  isWithin(symbol.dataAge, 0, Bounds.latestInstant)
    .and(isWithin(symbol.dataAgeBound, 1, Bounds.latestInstant))
    .and(isWithin(symbol.longExposure, 0, Bounds.largestQuantity))
    .and(isWithin(symbol.shortExposure, 0, Bounds.largestQuantity))
    .and(isWithin(symbol.risk, 0, Bounds.largestMoney))
}

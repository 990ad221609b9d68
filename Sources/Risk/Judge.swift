/// Whether and how large a trade may be: the first reason against it, or its size.
///
/// The order of the rules is the order of ``RejectReason``'s cases, and total: malformed input,
/// kill switch, breakers, losses (equality trips), order rate, symbol, data, signal, exposure,
/// slots, geometry, and last what sizing leaves.
@inlinable
public func judge<D: Domain>(
  _ trade: TradeProposal<D.Number>, account: AccountState<D.Number>,
  symbol: SymbolState<D.Number>, policy: Policy<D.Number>, in d: D
) -> Verdict<D.Number> {
  if d.holds(isSane(trade, account, symbol).negated) { return .rejected(.malformed) }
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
  // Equity that recovers does not reopen the day.
  let isDayOver = isAtDayLoss(account.equity, references, policy)
  if d.holds(account.isStoppedForDay.or(isDayOver)) { return .dayLoss }
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
  if d.holds(policy.isExclusive.and(0 < opposite)) { return .opposesOpenPosition }
  if d.holds(symbol.hasOwnExposure.or(policy.isExclusive.and(0 < same))) {
    return .duplicateExposure
  }
  if d.holds(policy.maximumPositionCount - trade.slots < account.slotsInUse) {
    return .maximumPositions
  }
  return nil
}

/// What about entry, stop and target stops this entry.
///
/// Distances are judged where the order is expected to fill. Reward to risk has two bounds: the
/// full one at the decision's price, since slippage takes a part of every fill and a target of
/// exactly twice the risk would otherwise never trade; and a lower one at the fill.
@inlinable @inline(__always)
func geometryReason<D: Domain>(
  _ trade: TradeProposal<D.Number>, policy: Policy<D.Number>, in d: D
) -> RejectReason? {
  let fill = trade.fillEstimate
  let risk = ahead(fill, of: trade.stop, isLong: trade.isLong)
  let reward = ahead(trade.target, of: fill, isLong: trade.isLong)
  let decided = ahead(trade.entry, of: trade.stop, isLong: trade.isLong)
  let isOrdered = (0 < risk).and(0 < reward).and(0 < decided)
  if d.holds(isOrdered.negated) { return .badGeometry }
  let distance = risk * 10_000
  if d.holds(distance < fill * policy.minimumStopDistanceBasisPoints) { return .stopTooTight }
  if d.holds(fill * policy.maximumStopDistanceBasisPoints < distance) { return .stopTooWide }
  let promised = ahead(trade.target, of: trade.entry, isLong: trade.isLong)
  let isPoor = (promised * 10_000 < decided * policy.minimumRewardToRiskTenThousandths)
    .or(reward * 10_000 < risk * policy.minimumFillRewardToRiskTenThousandths)
  if d.holds(isPoor) { return .rewardToRisk }
  let room = trade.entry * policy.entrySlippageBasisPoints
  let paid = ahead(trade.worstPrice, of: trade.entry, isLong: trade.isLong)
  let expected = ahead(fill, of: trade.entry, isLong: trade.isLong)
  if d.holds(room < paid.atLeast(expected) * 10_000) { return .priceCollar }
  return nil
}

/// How far `price` lies from `other` in the direction that a trade earns in.
@inlinable @inline(__always)
func ahead<N: DomainNumber>(_ price: N, of other: N, isLong: N.Truth) -> N {
  N.select(isLong, price, other) - N.select(isLong, other, price)
}

/// Whether every value that enters arithmetic may.
///
/// Only what a sum or a narrowing could carry out of its type has an upper bound: products are wide
/// by type, a difference of two values that are not negative always fits, and times, ages,
/// exposures and counts are only compared.
@inlinable @inline(__always)
func isSane<N: DomainNumber>(
  _ trade: TradeProposal<N>, _ account: AccountState<N>, _ symbol: SymbolState<N>
) -> N.Truth {
  let lowestMoney = account.heat.atMost(account.grossNotional).atMost(symbol.risk)
    .atMost(trade.minimumNotional)
  let lowestReference = account.dayStartEquity.atMost(account.sessionStartEquity)
  let lowestTerm = trade.slots.atMost(trade.lot).atMost(trade.venueLeverage)
  return arePricesSane(trade)
    .and(0 <= lowestMoney).and(1 <= lowestReference).and(1 <= lowestTerm)
    .and(account.equity <= N(constant: Bounds.largestMoney))
    .and(trade.slots <= N(constant: Bounds.largestCount))
    .and(0 <= account.slotsInUse)
}

/// Whether the five prices of the proposal are positive and within their bound.
@inlinable @inline(__always)
func arePricesSane<N: DomainNumber>(_ trade: TradeProposal<N>) -> N.Truth {
  let lowest = trade.entry.atMost(trade.fillEstimate).atMost(trade.worstPrice).atMost(trade.stop)
    .atMost(trade.target)
  let highest = trade.entry.atLeast(trade.fillEstimate).atLeast(trade.worstPrice)
    .atLeast(trade.stop).atLeast(trade.target)
  return (1 <= lowest).and(highest <= N(constant: Bounds.largestPrice))
}

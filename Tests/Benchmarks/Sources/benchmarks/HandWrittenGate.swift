import Risk

/// The rules of the gate as one would write them without domains: what the generic text is held to.
enum HandWrittenGate {
  @inline(never)
  static func judge(
    _ t: TradeProposal<Int64>, _ a: AccountState<Int64>, _ s: SymbolState<Int64>,
    _ p: Policy<Int64>
  ) -> Verdict<Int64> {
    guard isSane(t, a, s) else { return .rejected(.malformed) }
    if let reason = accountReason(a, p) { return .rejected(reason) }
    if let reason = symbolReason(t, a, s, p) { return .rejected(reason) }
    if let reason = geometryReason(t, p) { return .rejected(reason) }
    return size(t, a, s, p)
  }

  @inline(__always)
  private static func isSane(
    _ t: TradeProposal<Int64>, _ a: AccountState<Int64>, _ s: SymbolState<Int64>
  ) -> Bool {
    let low = min(t.entry, t.fillEstimate, t.worstPrice, min(t.stop, t.target))
    let high = max(t.entry, t.fillEstimate, t.worstPrice, max(t.stop, t.target))
    return low >= 1 && high <= Bounds.largestPrice
      && min(a.heat, a.grossNotional, min(s.risk, t.minimumNotional)) >= 0
      && min(a.dayStartEquity, a.sessionStartEquity) >= 1
      && min(t.slots, t.lot, t.venueLeverage) >= 1 && a.equity <= Bounds.largestMoney
      && t.slots <= Bounds.largestCount && a.slotsInUse >= 0
  }

  @inline(__always)
  private static func accountReason(
    _ a: AccountState<Int64>, _ p: Policy<Int64>
  ) -> RejectReason? {
    if a.isKilled { return .killSwitch }
    if a.now < a.pauses.latency { return .pausedLatency }
    if a.now < a.pauses.orderFailures { return .pausedOrderFailures }
    if a.now < a.pauses.staleFeed { return .pausedStaleFeed }
    if a.now < a.pauses.rateLimit { return .pausedRateLimit }
    let equity = Int128(a.equity) &* 10_000
    let reference =
      p.usesHighWater ? max(a.highWaterEquity, a.sessionStartEquity) : a.sessionStartEquity
    if a.isPausedByDrawdown || equity <= Int128(reference) &* Int128(p.drawdownFloorBasisPoints) {
      return .sessionDrawdown
    }
    if a.isStoppedForDay || equity <= Int128(a.dayStartEquity) &* Int128(p.dayFloorBasisPoints) {
      return .dayLoss
    }
    return p.maximumOrdersPerMinute <= a.ordersInWindow ? .orderRate : nil
  }

  @inline(__always)
  private static func symbolReason(
    _ t: TradeProposal<Int64>, _ a: AccountState<Int64>, _ s: SymbolState<Int64>,
    _ p: Policy<Int64>
  ) -> RejectReason? {
    if !s.isPermitted { return .symbolNotPermitted }
    if s.isDriftAlertOpen { return .driftAlert }
    if s.dataAgeBound <= s.dataAge { return .staleData }
    if t.validUntil < a.now { return .signalExpired }
    let (same, opposite) =
      t.isLong ? (s.longExposure, s.shortExposure) : (s.shortExposure, s.longExposure)
    if p.isExclusive && opposite > 0 { return .opposesOpenPosition }
    if s.hasOwnExposure || (p.isExclusive && same > 0) { return .duplicateExposure }
    return p.maximumPositionCount - t.slots < a.slotsInUse ? .maximumPositions : nil
  }

  @inline(__always)
  private static func geometryReason(
    _ t: TradeProposal<Int64>, _ p: Policy<Int64>
  ) -> RejectReason? {
    let sign: Int64 = t.isLong ? 1 : -1
    let risk = sign * (t.fillEstimate - t.stop)
    let reward = sign * (t.target - t.fillEstimate)
    let decided = sign * (t.entry - t.stop)
    if risk <= 0 || reward <= 0 || decided <= 0 { return .badGeometry }
    let distance = Int128(risk) &* 10_000
    let fill = Int128(t.fillEstimate)
    if distance < fill &* Int128(p.minimumStopDistanceBasisPoints) { return .stopTooTight }
    if fill &* Int128(p.maximumStopDistanceBasisPoints) < distance { return .stopTooWide }
    let promised = sign * (t.target - t.entry)
    if Int128(promised) &* 10_000
      < Int128(decided) &* Int128(p.minimumRewardToRiskTenThousandths)
      || Int128(reward) &* 10_000
        < Int128(risk) &* Int128(p.minimumFillRewardToRiskTenThousandths)
    {
      return .rewardToRisk
    }
    let paid = max(sign * (t.worstPrice - t.entry), sign * (t.fillEstimate - t.entry))
    let room = Int128(t.entry) &* Int128(p.entrySlippageBasisPoints)
    return room < Int128(paid) &* 10_000 ? .priceCollar : nil
  }

  @inline(__always)
  private static func size(
    _ t: TradeProposal<Int64>, _ a: AccountState<Int64>, _ s: SymbolState<Int64>,
    _ p: Policy<Int64>
  ) -> Verdict<Int64> {
    let point = a.equity / 10_000
    let heatRoom = point * p.portfolioHeatBasisPoints - a.heat
    if heatRoom <= 0 { return .rejected(.portfolioHeat) }
    let symbolRoom = point * p.symbolRiskBasisPoints - s.risk
    if symbolRoom <= 0 { return .rejected(.symbolRisk) }
    let leverage = min(p.maximumLeverageTimes, t.venueLeverage)
    let room = Int128(a.equity) &* Int128(leverage) - Int128(a.grossNotional)
    if room <= 0 { return .rejected(.leverage) }
    let notionalBudget = Int64(min(room, Int128(Bounds.largestMoney)))
    let budget = min(point * p.riskPerTradeBasisPoints, heatRoom, symbolRoom)
    let loss =
      Int128(abs(t.entry - t.stop)) &* 100_000
      + Int128(t.entry) &* Int128(p.entryCostTenthsOfBasisPoint)
      + Int128(t.stop) &* Int128(p.stopCostTenthsOfBasisPoint)
    // Neither is negative here: a division without signs is cheaper.
    let affordable =
      UInt128(truncatingIfNeeded: Int128(budget) &* 10_000_000_000_000)
      / UInt128(truncatingIfNeeded: loss)
    var coins = Int64(min(affordable, UInt128(Bounds.largestQuantity)))
    let high = max(t.entry, t.worstPrice)
    if Int128(notionalBudget) &* 100_000_000 < Int128(coins) &* Int128(high) {
      coins = Int64(Int128(notionalBudget) &* 100_000_000 / Int128(high))
    }
    let quantity = coins - coins % t.lot
    if quantity <= 0 { return .rejected(.tooSmall) }
    let value = Int128(quantity) &* Int128(min(t.entry, t.worstPrice))
    if value < Int128(t.minimumNotional) &* 100_000_000 { return .rejected(.minimumNotional) }
    return .approved(quantity: quantity)
  }
}

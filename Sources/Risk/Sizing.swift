/// The loss of one coin at the stop, in price steps of 1e-8 times 1e5: distance, slippage and fees.
///
/// `strategies.md` 4.2: `|E−S| + E·slip_e + S·slip_s + (E+S)·fee`.
@inlinable @inline(__always)
func lossPerCoin<N: DomainNumber>(entry: N, stop: N, policy: Policy<N>) -> N.Wide {
  (entry - stop).magnitudeTerm * 100_000
    + entry * policy.entryCostTenthsOfBasisPoint
    + stop * policy.stopCostTenthsOfBasisPoint
}

/// The largest whole number of lots whose loss at the stop, costs included, stays within the
/// trade's budget and what is left of heat, symbol risk and leverage.
///
/// Shrinking to fit, rather than refusing, keeps the rule monotone: a raised limit never turns an
/// approval into a refusal.
@inlinable @inline(__always)
func size<D: Domain>(
  _ trade: TradeProposal<D.Number>, account: AccountState<D.Number>,
  symbol: SymbolState<D.Number>, policy: Policy<D.Number>, in d: D
) -> Verdict<D.Number> {
  // Budgets in money times 10,000.
  let heatRoom = account.equity * policy.portfolioHeatBasisPoints - account.heat * 10_000
  if d.holds(heatRoom <= D.Number(constant: 0).wide) { return .rejected(.portfolioHeat) }
  let symbolRoom = account.equity * policy.symbolRiskBasisPoints - symbol.risk * 10_000
  if d.holds(symbolRoom <= D.Number(constant: 0).wide) { return .rejected(.symbolRisk) }
  let leverage = policy.maximumLeverageTimes.atMost(trade.venueLeverage)
  let largestMoney = D.Number(constant: Bounds.largestMoney).wide
  let notionalRoom = (account.equity * leverage - account.grossNotional.wide).atMost(largestMoney)
  if d.holds(notionalRoom <= D.Number(constant: 0).wide) { return .rejected(.leverage) }

  let budget = (account.equity * policy.riskPerTradeBasisPoints)
    .atMost(heatRoom).atMost(symbolRoom)
  let loss = lossPerCoin(entry: trade.entry, stop: trade.stop, policy: policy)
  let largestQuantity = D.Number(constant: Bounds.largestQuantity).wide
  // quantity·loss / (1e8·1e5) ≤ budget / 1e4, solved for the quantity.
  let affordable = (budget * 1_000_000_000).floorQuotient(by: loss).atMost(largestQuantity)
  let high = trade.entry.atLeast(trade.worstPrice)
  var coins = affordable.narrowed
  if d.holds(notionalRoom * 100_000_000 < coins * high) {
    coins = (notionalRoom * 100_000_000).floorQuotient(by: high.wide).narrowed
  }
  let quantity = (coins.floorQuotient(by: trade.lot) * trade.lot).narrowed
  if d.holds(quantity <= 0) { return .rejected(.tooSmall) }
  let low = trade.entry.atMost(trade.worstPrice)
  if d.holds(quantity * low < trade.minimumNotional * 100_000_000) {
    return .rejected(.minimumNotional)
  }
  let risk = (loss * quantity).ceilingQuotient(by: D.Number(constant: 10_000_000_000_000).wide)
  let notional = (quantity * high).ceilingQuotient(by: D.Number(constant: 100_000_000).wide)
  return .approved(
    SizedTrade(quantity: quantity, risk: risk.narrowed, notional: notional.narrowed))
}

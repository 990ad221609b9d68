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
  // Equity is positive here: it lies above the drawdown's floor of a positive reference.
  // One basis point of it, rounded down to a step: every budget is a whole number of it.
  let point = account.equity.quotient(by: 10_000)
  let heatRoom = (point * policy.portfolioHeatBasisPoints).narrowed - account.heat
  if d.holds(heatRoom <= 0) { return .rejected(.portfolioHeat) }
  let symbolRoom = (point * policy.symbolRiskBasisPoints).narrowed - symbol.risk
  if d.holds(symbolRoom <= 0) { return .rejected(.symbolRisk) }
  let leverage = policy.maximumLeverageTimes.atMost(trade.venueLeverage)
  let notionalRoom = account.equity * leverage - account.grossNotional.wide
  if d.holds(notionalRoom <= D.Number(constant: 0).wide) { return .rejected(.leverage) }
  let largestMoney = D.Number(constant: Bounds.largestMoney).wide
  let notionalBudget = notionalRoom.atMost(largestMoney).narrowed

  let budget = (point * policy.riskPerTradeBasisPoints).narrowed
    .atMost(heatRoom).atMost(symbolRoom)
  let loss = lossPerCoin(entry: trade.entry, stop: trade.stop, policy: policy)
  let largestQuantity = D.Number(constant: Bounds.largestQuantity).wide
  // quantity·loss / (1e8·1e5) ≤ budget, solved for the quantity.
  let affordable = (budget * 10_000_000_000_000).quotient(by: loss).atMost(largestQuantity)
  let high = trade.entry.atLeast(trade.worstPrice)
  var coins = affordable.narrowed
  if d.holds(notionalBudget * 100_000_000 < coins * high) {
    coins = (notionalBudget * 100_000_000).quotient(by: high.wide).narrowed
  }
  let quantity = coins - coins.remainder(by: trade.lot)
  if d.holds(quantity <= 0) { return .rejected(.tooSmall) }
  let low = trade.entry.atMost(trade.worstPrice)
  if d.holds(quantity * low < trade.minimumNotional * 100_000_000) {
    return .rejected(.minimumNotional)
  }
  return .approved(quantity: quantity)
}

/// What an approved size puts at stake, rounded up; the risk never exceeds the trade's budget.
///
/// - Parameters:
///   - quantity: The size that ``judge(_:account:symbol:policy:in:)`` approved for `trade`.
///   - trade: The trade.
///   - policy: The limits it was judged by.
///   - d: The reading.
/// - Returns: The stakes in steps of 1e-8; nil where a value is beyond ``Bounds``, which no
/// approved
///   trade is.
@inlinable
public func stakes<D: Domain>(
  of quantity: D.Number, in trade: TradeProposal<D.Number>, policy: Policy<D.Number>, reading d: D
) -> Stakes<D.Number>? {
  let largestMoney = D.Number(constant: Bounds.largestMoney)
  let isQuantitySane = isWithin(quantity, 1, Bounds.largestQuantity)
  if d.holds(isQuantitySane.and(arePricesSane(trade)).negated) { return nil }
  let loss = lossPerCoin(entry: trade.entry, stop: trade.stop, policy: policy)
  let risk = (loss * quantity).ceilingQuotient(by: D.Number(constant: 10_000_000_000_000).wide)
  let high = trade.entry.atLeast(trade.worstPrice)
  let notional = (quantity * high).ceilingQuotient(by: D.Number(constant: 100_000_000).wide)
  if d.holds((largestMoney.wide < risk).or(largestMoney.wide < notional)) { return nil }
  return Stakes(risk: risk.narrowed, notional: notional.narrowed)
}

/// The loss of `quantity` at the stop once it was bought or sold at `price`, with both fees and the
/// stop's slippage, rounded up: what an order that is out, or of unknown outcome, puts at risk.
///
/// - Parameters:
///   - price: What was paid or received; the slippage of the entry is in it already.
///   - stop: The stop's price.
///   - quantity: Base coin, in steps of 1e-8.
///   - policy: The limits, for slippage and fees.
///   - d: The reading.
/// - Returns: The loss in steps of 1e-8; nil where a value or the loss is beyond its bounds.
@inlinable
public func lossAtStop<D: Domain>(
  filledAt price: D.Number, stop: D.Number, quantity: D.Number, policy: Policy<D.Number>, in d: D
) -> D.Number? {
  let isSane = isWithin(price, 1, Bounds.largestPrice).and(isWithin(stop, 1, Bounds.largestPrice))
    .and(isWithin(quantity, 0, Bounds.largestQuantity))
  if d.holds(isSane.negated) { return nil }
  var filled = policy
  filled.entryCostTenthsOfBasisPoint =
    policy.entryCostTenthsOfBasisPoint - (policy.entrySlippageBasisPoints * 10).narrowed
  let loss = lossPerCoin(entry: price, stop: stop, policy: filled) * quantity
  let money = loss.ceilingQuotient(by: D.Number(constant: 10_000_000_000_000).wide)
  if d.holds(D.Number(constant: .max).wide < money) { return nil }
  return money.narrowed
}

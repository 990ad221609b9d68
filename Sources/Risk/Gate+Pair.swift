public import Market

/// Both legs of a pair that the gate let through.
public struct ClearedPair: Hashable, Sendable {
  /// The leg that is hedged.
  public let first: ClearedEntry
  /// The leg that hedges it.
  public let second: ClearedEntry
}

extension Gate {
  /// Judges and sizes both legs of a pair, or neither.
  ///
  /// Each leg passes the whole gate by itself, the second with the first already counted. Then the
  /// leg that is too large for the hedge is made smaller: what is below a size that was cleared
  /// risks less and takes less of every limit, so that only the venue's minimum can still refuse
  /// it.
  ///
  /// - Parameters:
  ///   - first: The first leg, asking for the slots of both.
  ///   - second: The second leg.
  ///   - hedge: Notional of the second leg for one of the first, positive.
  ///   - account: The account, with unresolved orders at their worst.
  ///   - symbols: The two symbols, with unresolved orders at their worst.
  /// - Returns: Both cleared orders, or the first reason against either.
  public func clearPair(
    _ first: EntryRequest, _ second: EntryRequest, hedge: Fraction, account: AccountState<Int64>,
    symbols: (first: SymbolState<Int64>, second: SymbolState<Int64>)
  ) -> Result<ClearedPair, RejectReason> {
    guard hedge > .zero else { return .failure(.malformed) }
    let one: ClearedEntry
    switch clearEntry(first, account: account, symbol: symbols.first) {
    case .failure(let reason): return .failure(reason)
    case .success(let cleared): one = cleared
    }
    let after = account.counting(one)
    let two: ClearedEntry
    switch clearEntry(second, account: after, symbol: symbols.second) {
    case .failure(let reason): return .failure(reason)
    case .success(let cleared): two = cleared
    }
    return balance((first, one), (second, two), hedge: hedge)
  }

  private func balance(
    _ first: (request: EntryRequest, cleared: ClearedEntry),
    _ second: (request: EntryRequest, cleared: ClearedEntry), hedge: Fraction
  ) -> Result<ClearedPair, RejectReason> {
    let firstValue = Self.value(first.cleared.order.intent.quantity, at: first.request.entry)
    let secondValue = Self.value(second.cleared.order.intent.quantity, at: second.request.entry)
    let scale = Int128(Fraction.stepsPerWhole)
    let beta = Int128(hedge.steps)
    // Values are below 2^100; a share of 1e8 steps times β of a few keeps them within Int128.
    let wanted = firstValue / scale * beta
    guard
      let smallerFirst = wanted > secondValue
        ? reduced(first, to: secondValue / beta * scale) : first.cleared,
      let smallerSecond = wanted < secondValue ? reduced(second, to: wanted) : second.cleared
    else { return .failure(.minimumNotional) }
    return .success(ClearedPair(first: smallerFirst, second: smallerSecond))
  }

  private static func value(_ quantity: Quantity, at price: Price) -> Int128 {
    Int128(quantity.steps) * Int128(price.steps)
  }

  /// The entry at no more than `value` (steps of quantity times steps of price), on lot; nil where
  /// that is below the venue's minimum.
  private func reduced(
    _ leg: (request: EntryRequest, cleared: ClearedEntry), to value: Int128
  ) -> ClearedEntry? {
    let request = leg.request
    let lot = Int128(request.instrument.lot.steps)
    let steps = value / Int128(request.entry.steps) / lot * lot
    let intent = leg.cleared.order.intent
    guard let count = Int64(exactly: steps), count > 0, count <= intent.quantity.steps else {
      return nil
    }
    let quantity = Quantity(steps: count)
    let low = min(request.entry, request.limit)
    let minimum = Int128(request.instrument.minimumNotional.steps) * 100_000_000
    guard Self.value(quantity, at: low) >= minimum,
      let stakes = stakes(
        of: count, in: TradeProposal<Int64>(request), policy: policy, reading: Integers())
    else { return nil }
    return ClearedEntry(
      order: Cleared(
        OrderIntent(
          clientID: intent.clientID, strategy: intent.strategy, symbol: intent.symbol,
          role: intent.role, side: intent.side, quantity: quantity, pricing: intent.pricing,
          isReduceOnly: intent.isReduceOnly)),
      risk: Money(steps: stakes.risk), notional: Money(steps: stakes.notional))
  }
}

extension AccountState<Int64> {
  /// The account with an entry out that the gate let through, as a pair's second leg finds it.
  public func counting(_ entry: ClearedEntry) -> AccountState<Int64> {
    var after = self
    after.ordersInWindow += 1
    after.slotsInUse += 1
    // Both sums are of amounts that the gate holds within its bounds.
    after.heat += entry.risk.steps
    after.grossNotional += entry.notional.steps
    return after
  }
}

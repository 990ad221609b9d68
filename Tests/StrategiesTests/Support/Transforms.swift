import Market
import Risk
import Strategies

extension Candle {
  private func with(
    open: Price, high: Price, low: Price, close: Price, volume: Quantity
  ) -> Candle? {
    try? Candle(
      symbol: symbol, timeframe: timeframe, venue: venue, openTime: openTime, open: open,
      high: high, low: low, close: close, volume: volume)
  }

  /// Upside down: each price is what is left of `sum`.
  func mirrored(around sum: Price) -> Candle? {
    with(open: sum - open, high: sum - low, low: sum - high, close: sum - close, volume: volume)
  }

  /// In another currency and another coin.
  func scaled(price: Int64, volume factor: Int64) -> Candle? {
    with(
      open: Price(steps: open.steps * price), high: Price(steps: high.steps * price),
      low: Price(steps: low.steps * price), close: Price(steps: close.steps * price),
      volume: Quantity(steps: volume.steps * factor))
  }

  /// Something else altogether at the same time, a function of the candle.
  func garbled() -> Candle? {
    let wild = Price(steps: 3 * high.steps - low.steps)
    return with(
      open: close, high: wild, low: Price(steps: low.steps / 3), close: open,
      volume: Quantity(steps: 5 * volume.steps + 1))
  }
}

/// What of a decision survives a change of units.
struct UnitFree: Equatable {
  let setup: Setup
  let time: Instant
  let side: Side?
  let levels: [Price]
  let figures: [TenThousandths]
  let reason: NoTradeReason?
}

extension Decision {
  /// The decision without its digest and without the ratio after costs, which depends on the price
  /// level.
  var unitFree: UnitFree {
    UnitFree(
      setup: setup, time: time, side: signal?.side,
      levels: signal.map { [$0.entry, $0.stop, $0.target] } ?? [],
      figures: signal.map { [$0.rewardToRisk, $0.confidence] } ?? [], reason: reason)
  }

  /// The decision upside down.
  func mirrored(around sum: Price) -> Decision {
    changed { side, price in (side.opposite, sum - price) }
  }

  /// The decision in another currency.
  func scaled(price factor: Int64) -> Decision {
    changed { side, price in (side, Price(steps: price.steps * factor)) }
  }

  private func changed(_ change: (Side, Price) -> (Side, Price)) -> Decision {
    guard let signal else { return self }
    let changed = Signal(
      side: change(signal.side, signal.entry).0, entry: change(signal.side, signal.entry).1,
      stop: change(signal.side, signal.stop).1, target: change(signal.side, signal.target).1,
      rewardToRisk: signal.rewardToRisk, netRewardToRisk: signal.netRewardToRisk,
      confidence: signal.confidence, validUntil: signal.validUntil, timeStop: signal.timeStop)
    return Decision(
      strategy: strategy, symbol: symbol, setup: setup, time: time, outcome: .signal(changed),
      inputs: inputs)
  }
}

import Market

/// The liquidity of everybody else: levels around the last print, made as they are asked for.
///
/// A print by a taker who bought leaves the best ask at its price, one who sold the best bid. Each
/// print makes the levels anew; until then what accounts took stays taken.
struct BackgroundBook: Sendable {
  private(set) var bestBid = Price.zero
  private(set) var bestAsk = Price.zero
  /// Orders placed before this rest before the levels, later ones behind them.
  private(set) var anchoredAt: UInt64 = 0
  private var step = Price.ulp
  private var meanQuantity: Int64 = 0
  private var noise = Noise(seed: 0)
  private var taken = (bids: Taken(), asks: Taken())
  private let levels: Int
  private let lot: Int64

  /// Whole levels taken, and how much of the next.
  private struct Taken {
    var levels = 0
    var rest: Int64 = 0
  }

  init(_ listing: PerpetualListing) {
    levels = max(0, listing.levels)
    lot = listing.instrument.lot.steps
  }

  /// Makes the levels anew around a print at `price`.
  mutating func anchor(
    at price: Price, takerBought: Bool, listing: PerpetualListing, sequence: UInt64,
    salt: UInt64
  ) {
    let tick = listing.instrument.tick(at: price)
    let spread = max(tick, Self.share(listing.halfSpread * 2, of: price, tick))
    step = max(tick, Self.share(listing.levelSpacing, of: price, tick))
    if takerBought {
      bestAsk = price
      let bid = Price(steps: max(0, price.steps - spread.steps))
      bestBid = listing.instrument.onTick(bid, .down) ?? .zero
    } else {
      bestBid = price
      let ask = price.checkedAdding(spread) ?? price
      bestAsk = listing.instrument.onTick(ask, .up) ?? ask
    }
    anchoredAt = sequence
    meanQuantity = Int64(listing.levelNotional.double / price.double * 1e8)
    noise = Noise(seed: salt)
    taken = (Taken(), Taken())
  }

  private static func share(_ partsPerMillion: Int64, of price: Price, _ tick: Price) -> Price {
    price.checkedScaled(by: partsPerMillion, over: 1_000_000, .nearest)?
      .rounded(to: tick, .nearest) ?? tick
  }

  /// The level `index` steps behind the best on the side where `side` rests; nil beyond the last.
  func level(_ index: Int, _ side: Side) -> BookLevel? {
    guard index < levels else { return nil }
    let away = step.steps.multipliedReportingOverflow(by: Int64(index))
    guard !away.overflow else { return nil }
    let best = side == .buy ? bestBid : bestAsk
    let (price, overflow) = best.steps.addingReportingOverflow(-side.sign * away.partialValue)
    guard !overflow, price > 0 else { return nil }
    let word = noise.word(UInt64(index) << 1 | UInt64(side.rawValue))
    let share = Int64(word & 0x3ff) + 512
    let drawn = meanQuantity.multipliedReportingOverflow(by: share)
    let quantity = drawn.overflow ? meanQuantity : drawn.partialValue / 1_024
    return BookLevel(
      price: Price(steps: price), quantity: Quantity(steps: max(lot, quantity / lot * lot)),
      orderCount: Int32(1 + word >> 60))
  }

  /// The level `index` places behind the best that is not taken, with what is left of it.
  func remaining(_ index: Int, _ side: Side) -> BookLevel? {
    let taken = side == .buy ? taken.bids : taken.asks
    guard let level = level(taken.levels + index, side) else { return nil }
    guard index == 0, taken.rest > 0 else { return level }
    return BookLevel(
      price: level.price, quantity: Quantity(steps: level.quantity.steps - taken.rest),
      orderCount: level.orderCount)
  }

  /// Takes `quantity`, at most what is left, off the best level of a side.
  mutating func take(_ quantity: Quantity, _ side: Side) {
    guard let level = remaining(0, side) else { return }
    let all = quantity >= level.quantity
    switch side {
    case .buy: taken.bids = Self.after(taken.bids, all, quantity)
    case .sell: taken.asks = Self.after(taken.asks, all, quantity)
    }
  }

  private static func after(_ taken: Taken, _ all: Bool, _ quantity: Quantity) -> Taken {
    all
      ? Taken(levels: taken.levels + 1, rest: 0)
      : Taken(levels: taken.levels, rest: taken.rest + quantity.steps)
  }
}

import Market
import Venues

/// What a perpetual trades at and did in a day.
struct DeribitPerpetualFigures: Sendable {
  let mark: Double
  let last: Double
  let bid: Double
  let ask: Double
  /// Sizes at the best prices: dollars where inverse, else coins.
  let bidAmount: Double
  let askAmount: Double
  /// Dollars where inverse, else coins.
  let openInterest: Double
  let high: Double
  let low: Double
  /// In percent.
  let change: Double
  /// In coins.
  let volume: Double
  let volumeUSD: Double

  /// The rate of eight hours that a premium leads to: what exceeds a dead band of a fortieth of a
  /// percent, up to half a percent (Deribit, "Funding rate").
  var funding: Double {
    let premium = (last - mark) / mark
    let band = 0.00025
    let rate = max(band, premium) + min(-band, premium)
    return DeribitNumber.rounded(max(-0.005, min(rate, 0.005)), 8)
  }
}

/// What the model says of an option now.
struct DeribitOptionFigures: Sendable {
  let model: Black76
  let forward: Double
  /// In the coin where inverse, else in USDC.
  let mark: Double
  /// Nil where the best price would be zero or a fault hides it.
  let bid: Double?
  let ask: Double?
  /// In percent.
  let volatility: Double
  let bidVolatility: Double
  let askVolatility: Double
  let amount: Double
}

extension DeribitVenue {
  /// The figures of a perpetual; nil where the market does not list it.
  func figures(
    of underlying: DeribitUnderlying, _ market: some TrueMarket
  ) -> DeribitPerpetualFigures? {
    let symbol = underlying.market.symbol
    guard let mark = market.mark(of: symbol)?.double, mark > 0 else { return nil }
    let last = market.lastPrice(of: symbol)?.double ?? mark
    let terms = DeribitTerms(underlying.market)
    let step = Double(Int64(nearest: last / terms.tick) ?? 0)
    // Whole numbers divided by a whole number print short, which products with a tick do not.
    let perUnit = Double(Int64(nearest: 1 / terms.tick) ?? 1)
    let bid = step > 0 ? step / perUnit : last
    let word = underlying.word(lastTick)
    func amount(_ bits: UInt64) -> Double {
      let lots = Double(100 + bits % 10_000)
      return terms.contract < 1
        ? lots / (Double(Int64(nearest: 1 / terms.contract) ?? 1)) : lots * terms.contract
    }
    let day = market.candles(
      of: symbol, .h1, from: Timeframe.h1.open(containing: clock) - .hours(23), through: clock)
    let volume = day.reduce(0.0) { $0 + $1.volume.double }
    let turnover = day.reduce(0.0) { $0 + $1.volume.double * $1.close.double }
    let opened = day.first?.open.double ?? last
    let held = configuration.plan.openInterest.double * 20
    let contracts = Double(Int64(nearest: held * mark / terms.contract) ?? 0)
    return DeribitPerpetualFigures(
      mark: DeribitNumber.rounded(mark, 4), last: last, bid: bid, ask: (step + 1) / perUnit,
      bidAmount: amount(word & 0xffff_ffff), askAmount: amount(word >> 32),
      openInterest: underlying.market.isInverse ? contracts * terms.contract : held,
      high: day.map(\.high.double).max() ?? last, low: day.map(\.low.double).min() ?? last,
      change: opened > 0 ? DeribitNumber.rounded((last - opened) / opened * 100, 4) : 0,
      volume: DeribitNumber.rounded(volume, 8), volumeUSD: DeribitNumber.rounded(turnover, 2))
  }

  /// The figures of an option; nil where the market does not list its underlying.
  func figures(
    of option: DeribitOption, on underlying: DeribitUnderlying, _ market: some TrueMarket
  ) -> DeribitOptionFigures? {
    guard let forward = market.mark(of: underlying.market.symbol)?.double, forward > 0 else {
      return nil
    }
    let life = Double(max((option.name.expiry - clock).nanoseconds, 1_000_000_000))
    let model = Black76(
      forward: forward, strike: option.name.strike.double, volatility: option.volatility,
      years: life / 1e9 / 86_400 / 365, isCall: option.name.isCall)
    let isInverse = underlying.market.isInverse
    let exact = isInverse ? model.value / forward : model.value
    let terms = DeribitTerms(underlying.market)
    // A hundredth of the price and at least a tick, on the grid: bids round down, asks up.
    let tick = terms.optionTick(at: exact)
    let perUnit = Double(Int64(nearest: 1 / tick) ?? 1)
    let low = (Int64(nearest: exact * 0.99 * perUnit - 0.5) ?? 0)
    let high = max((Int64(nearest: exact * 1.01 * perUnit + 0.5) ?? 1), low + 1)
    let bid = low > 0 ? Double(low) / perUnit : nil
    let ask = Double(high) / perUnit
    let percent = DeribitNumber.rounded(option.volatility * 100, 2)
    func volatility(at price: Double) -> Double {
      let value = isInverse ? price * forward : price
      guard model.vega > 1e-6 else { return price > exact ? 500 : 0 }
      let moved = percent + (value - model.value) / model.vega
      return DeribitNumber.rounded(max(0, min(moved, 500)), 2)
    }
    let amount = Double(1 + (underlying.word(lastTick) ^ UInt64(bitPattern: option.id)) % 200) / 10
    return DeribitOptionFigures(
      model: model, forward: forward, mark: DeribitNumber.rounded(exact, isInverse ? 8 : 4),
      bid: faults.nullsQuotes ? nil : bid, ask: faults.nullsQuotes ? nil : ask,
      volatility: percent, bidVolatility: bid.map(volatility) ?? 0,
      askVolatility: volatility(at: ask), amount: isInverse ? amount : amount * 100)
  }

  /// The tick that is in force: sizes, which nobody decides, stand still from one to the next.
  private var lastTick: Instant {
    Self.next(configuration.publication, after: clock) - configuration.publication
  }

  /// What stands where an option's delivery price should.
  func estimatedDelivery(
    of option: DeribitOption, _ forward: Double, into writer: inout JSONWriter
  ) {
    guard faults.saysExpired,
      option.name.expiry == underlyings.compactMap({ $0.options.first?.name.expiry }).min()
    else {
      return writer.deribit("estimated_delivery_price", DeribitNumber.rounded(forward, 4))
    }
    writer.string("estimated_delivery_price", "expired")
  }
}

import Market
import Risk
import Strategies

extension Candle {
  private func with(
    open: Price, high: Price, low: Price, close: Price, volume: Quantity, split: TakerSplit?
  ) -> Candle? {
    try? Candle(
      symbol: symbol, timeframe: timeframe, venue: venue, openTime: openTime, open: open,
      high: high, low: low, close: close, volume: volume, takerSplit: split)
  }

  /// Upside down: each price is what is left of `sum`, and takers that bought have sold.
  func mirrored(around sum: Price) -> Candle? {
    with(
      open: sum - open, high: sum - low, low: sum - high, close: sum - close, volume: volume,
      split: takerSplit.map { TakerSplit(buy: $0.sell, sell: $0.buy, coverage: $0.coverage) })
  }

  /// In another currency and another coin.
  func scaled(price: Int64, volume factor: Int64) -> Candle? {
    with(
      open: Price(steps: open.steps * price), high: Price(steps: high.steps * price),
      low: Price(steps: low.steps * price), close: Price(steps: close.steps * price),
      volume: Quantity(steps: volume.steps * factor),
      split: takerSplit.map {
        TakerSplit(
          buy: Quantity(steps: $0.buy.steps * factor),
          sell: Quantity(steps: $0.sell.steps * factor), coverage: $0.coverage)
      })
  }

  /// Something else altogether at the same time, a function of the candle.
  func garbled() -> Candle? {
    let wild = Price(steps: 3 * high.steps - low.steps)
    return with(
      open: close, high: wild, low: Price(steps: low.steps / 3), close: open,
      volume: Quantity(steps: 5 * volume.steps + 1),
      split: takerSplit.map {
        TakerSplit(buy: $0.sell, sell: Quantity(steps: 3 * $0.buy.steps), coverage: $0.coverage)
      })
  }
}

extension ReceivedReading {
  private func replaced(by reading: Reading) -> ReceivedReading {
    ReceivedReading(reading, received: received)
  }

  /// Upside down: premium and funding change sign.
  ///
  /// Open interest, the volatility index and the option chain speak of how much, not of which way,
  /// and stay; so does what the stablecoin is worth.
  func mirrored(around sum: Price) -> ReceivedReading {
    switch reading {
    case .funding(let settled):
      return replaced(
        by: .funding(
          Funding(
            symbol: settled.symbol, venue: settled.venue, time: settled.time,
            rate: FundingRate(steps: -settled.rate.steps), period: settled.period)))
    case .spot(let sample) where sample.symbol != .stablecoin:
      return replaced(
        by: .spot(
          SpotPrice(
            symbol: sample.symbol, venue: sample.venue, time: sample.time,
            price: sum - sample.price, mid: sample.mid.map { sum - $0 })))
    case .spot, .openInterest, .volatilityIndex, .optionChain: return self
    }
  }

  /// In another currency and another coin; the stablecoin keeps its worth.
  func scaled(price factor: Int64, volume: Int64) -> ReceivedReading {
    func scaled(_ price: Price) -> Price { Price(steps: price.steps * factor) }
    switch reading {
    case .openInterest(let open):
      return replaced(
        by: .openInterest(
          OpenInterest(
            symbol: open.symbol, venue: open.venue, time: open.time,
            quantity: Quantity(steps: open.quantity.steps * volume))))
    case .spot(let sample) where sample.symbol != .stablecoin:
      return replaced(
        by: .spot(
          SpotPrice(
            symbol: sample.symbol, venue: sample.venue, time: sample.time,
            price: scaled(sample.price), mid: sample.mid.map(scaled))))
    case .optionChain(let chain):
      let quotes = chain.quotes.map {
        OptionQuote(
          expiry: $0.expiry, strike: scaled($0.strike), isCall: $0.isCall,
          impliedVolatility: $0.impliedVolatility,
          openInterest: Quantity(steps: $0.openInterest.steps * volume),
          underlying: scaled($0.underlying))
      }
      return replaced(
        by: .optionChain(
          OptionChain(
            symbol: chain.symbol, venue: chain.venue, time: chain.time, quotes: quotes)))
    case .spot, .funding, .volatilityIndex: return self
    }
  }

  /// The same reading with another time, as if it had come only now.
  func again(at time: Instant) -> ReceivedReading {
    let reading: Reading =
      switch reading {
      case .openInterest(let open):
        .openInterest(
          OpenInterest(
            symbol: open.symbol, venue: open.venue, time: time, quantity: open.quantity))
      case .funding(let settled):
        .funding(
          Funding(
            symbol: settled.symbol, venue: settled.venue, time: time, rate: settled.rate,
            period: settled.period))
      case .spot(let sample):
        .spot(
          SpotPrice(
            symbol: sample.symbol, venue: sample.venue, time: time, price: sample.price,
            mid: sample.mid))
      case .volatilityIndex(let index):
        .volatilityIndex(
          VolatilityIndex(
            symbol: index.symbol, venue: index.venue, time: time, value: index.value))
      case .optionChain(let chain):
        .optionChain(
          OptionChain(
            symbol: chain.symbol, venue: chain.venue, time: time, quotes: chain.quotes))
      }
    return ReceivedReading(reading, received: time)
  }

  /// Something else altogether at the same time, a function of the reading.
  func garbled() -> ReceivedReading {
    switch reading {
    case .volatilityIndex(let index):
      return replaced(
        by: .volatilityIndex(
          VolatilityIndex(
            symbol: index.symbol, venue: index.venue, time: index.time,
            value: Fraction(steps: 3 * index.value.steps + 1))))
    case .funding: return mirrored(around: .zero)
    case .spot, .openInterest, .optionChain: return scaled(price: 3, volume: 5)
    }
  }
}

/// What of a decision survives a change of units.
struct UnitFree: Equatable {
  let setup: Setup
  let time: Instant
  let sides: [Side]
  let levels: [Price]
  let figures: [TenThousandths]
  let timeStop: Instant?
  let reason: NoTradeReason?

  /// Of a pair, the first leg's.
  var side: Side? { sides.first }

  /// Whether both say the same but for rounding.
  func agrees(with other: UnitFree, within tolerance: Tolerance) -> Bool {
    setup == other.setup && time == other.time && sides == other.sides
      && timeStop == other.timeStop && reason == other.reason
      && levels.count == other.levels.count && figures.count == other.figures.count
      && zip(levels, other.levels).allSatisfy { ($0 - $1).magnitude <= tolerance.levels }
      && zip(zip(figures, other.figures), [tolerance.ratio, tolerance.confidence]).allSatisfy {
        abs($0.0.count - $0.1.count) <= $1
      }
  }
}

/// How far figures may differ where a rule is exact in the limit only; each use says why.
struct Tolerance: Sendable {
  /// Of stops and targets.
  var levels = Price.zero
  /// Of reward to risk, in ten-thousandths.
  var ratio: Int64 = 0
  /// In ten-thousandths.
  var confidence: Int64 = 0
}

extension Decision {
  /// The decision without its digest and without the ratio after costs, which depends on the price
  /// level.
  var unitFree: UnitFree {
    var sides: [Side] = []
    var levels: [Price] = []
    if let signal {
      sides = [signal.side]
      levels = [signal.entry, signal.stop, signal.target]
      if let leg = signal.pair {
        sides.append(leg.side)
        levels += [
          leg.entry, leg.stop, leg.target, leg.catastrophicStop, leg.firstCatastrophicStop,
        ]
      }
    }
    return UnitFree(
      setup: setup, time: time, sides: sides, levels: levels,
      figures: signal.map { [$0.rewardToRisk, $0.confidence] } ?? [],
      timeStop: signal?.timeStop, reason: reason)
  }

  /// The decision upside down.
  func mirrored(around sum: Price) -> Decision {
    changed {
      ($0.opposite)
    } price: {
      sum - $0
    }
  }

  /// The decision in another currency.
  func scaled(price factor: Int64) -> Decision {
    changed {
      $0
    } price: {
      Price(steps: $0.steps * factor)
    }
  }

  private func changed(
    _ side: (Side) -> Side, price: (Price) -> Price
  ) -> Decision {
    guard let signal else { return self }
    let pair = signal.pair.map {
      PairLeg(
        symbol: $0.symbol, side: side($0.side), entry: price($0.entry), stop: price($0.stop),
        target: price($0.target), catastrophicStop: price($0.catastrophicStop),
        firstCatastrophicStop: price($0.firstCatastrophicStop), hedge: $0.hedge)
    }
    let changed = Signal(
      side: side(signal.side), entry: price(signal.entry), stop: price(signal.stop),
      target: price(signal.target), rewardToRisk: signal.rewardToRisk,
      netRewardToRisk: signal.netRewardToRisk, confidence: signal.confidence,
      validUntil: signal.validUntil, timeStop: signal.timeStop, pair: pair)
    return Decision(
      strategy: strategy, symbol: symbol, setup: setup, time: time, outcome: .signal(changed),
      inputs: inputs)
  }
}

import Market

/// A trade as everybody sees it.
struct PublicTrade: Hashable, Sendable {
  let time: Instant
  let price: Price
  let quantity: Quantity
  let takerSide: Side
  let id: UInt64
  let buyer: AccountAddress
  let seller: AccountAddress
}

/// Everything that the venue keeps for one listed perpetual.
struct PerpetualMarket: Sendable {
  let asset: Int
  let listing: PerpetualListing
  let instrument: Instrument
  let maintenance: MaintenanceTable

  var prints: PrintStream
  var background: BackgroundBook
  var bids = BookSide(.buy)
  var asks = BookSide(.sell)
  /// Triggers that fire when the mark rises to them, by price.
  var firingAbove = OrderedSet<BookKey>()
  /// Triggers that fire when the mark falls to them, by negated price.
  var firingBelow = OrderedSet<BookKey>()

  var series: [CandleSeries]
  let candleFrames: [CandleFrames]
  var recentTrades = Ring<PublicTrade>(capacity: 50)
  /// Trades since the venue opened.
  private(set) var tradeCount: UInt64 = 0
  var unpublishedTrades: [PublicTrade] = []
  var last: Price
  var lastTakerBought = true
  var reference: ReferencePrices
  var funding: FundingMeter
  var day = DayStatistics()
  /// Signed base coin held by the background, which takes the other side of fills.
  var backgroundPosition = Quantity.zero
  /// What the background paid for it.
  var backgroundCash = Money.zero
  private var nextCandleClose = Instant(nanoseconds: .min)
  /// The sum of the accounts' long positions.
  var longInterest = Quantity.zero

  init(
    asset: Int, listing: PerpetualListing, model: PriceModel, seed: UInt64,
    configuration: HyperliquidVenueConfiguration
  ) {
    self.asset = asset
    self.listing = listing
    instrument = listing.instrument
    maintenance = MaintenanceTable(listing)
    prints = PrintStream(model, of: listing, seed: seed, configuration: configuration)
    background = BackgroundBook(listing)
    series = CandleSeries.timeframes.map(CandleSeries.init)
    candleFrames = CandleSeries.timeframes.map { CandleFrames(listing.instrument.symbol, $0) }
    let history = History(of: listing, seed: seed, configuration: configuration)
    last = history.fill(&series, from: model)
    reference = ReferencePrices(last)
    funding = FundingMeter(
      at: configuration.start, after: configuration.history.days, basis: listing.basis)
    background.anchor(at: last, takerBought: true, listing: listing, sequence: 0, salt: seed)
    day.open(at: configuration.start, from: series.last, price: last)
    updateReference(after: .zero)
  }

  /// The accounts' orders on one side.
  func resting(_ side: Side) -> BookSide { side == .buy ? bids : asks }

  /// The best price on the side where `side` rests, whoever offers it.
  func bestPrice(_ side: Side) -> Price? {
    let others = background.remaining(0, side)?.price
    guard let own = side == .buy ? bids.bestPrice : asks.bestPrice else { return others }
    guard let others else { return own }
    return side == .buy ? max(own, others) : min(own, others)
  }

  /// The middle of the book; nil while a side is empty.
  var mid: Price? {
    guard let bid = bestPrice(.buy), let ask = bestPrice(.sell), bid < ask else { return nil }
    return Price(steps: bid.steps + (ask.steps - bid.steps) / 2)
  }

  /// Takes a public trade in: into candles, unless accounts' trades stay outside, and the tape.
  mutating func record(_ trade: PublicTrade, ofAccounts: Bool, published: Bool) {
    if !ofAccounts || !prints.isRecorded {
      for index in series.indices {
        series[index].record(trade.price, trade.quantity, at: trade.time)
      }
    }
    last = trade.price
    guard trade.quantity > .zero else { return }
    day.add(trade)
    recentTrades.append(trade)
    tradeCount += 1
    if published { unpublishedTrades.append(trade) }
  }

  /// Recomputes oracle and mark, `interval` after the last time.
  mutating func updateReference(after interval: Interval) {
    reference.update(
      index: last, basis: listing.basis, bid: bestPrice(.buy), ask: bestPrice(.sell), last: last,
      grain: finestPrice, after: interval)
  }

  /// Samples the funding premium where a sample is due; an empty side repeats the last one.
  mutating func samplePremium(at now: Instant) {
    guard funding.isSampleDue(at: now) else { return }
    var premium = funding.lastPremium
    if let bid = impactPrice(.buy), let ask = impactPrice(.sell) {
      premium = FundingMeter.premium(impactBid: bid, impactAsk: ask, oracle: reference.oracle)
    }
    funding.sample(premium, at: now)
  }

  /// Whether any candle closed since its last frame, or has closed by now.
  mutating func hasCandlesOver(at now: Instant) -> Bool {
    guard now >= nextCandleClose else { return false }
    nextCandleClose = Timeframe.m1.open(containing: now) + .minutes(1)
    return true
  }

  /// The finest price that the venue prints: 6 − sizeDecimals decimals.
  var finestPrice: Price {
    var steps: Int64 = 1
    for _ in 0..<max(0, min(8, 2 + instrument.sizeDecimals)) { steps *= 10 }
    return Price(steps: steps)
  }

  /// The book from the best level on, background and accounts merged, at most `count` levels.
  func levels(_ side: Side, count: Int) -> [BookLevel] {
    let own = resting(side).levels(count)
    var merged: [BookLevel] = []
    var (place, depth) = (0, 0)
    while merged.count < count {
      let others = background.remaining(depth, side)
      let mine = place < own.count ? own[place] : nil
      switch (mine, others) {
      case (nil, nil): return merged
      case (let level?, nil):
        merged.append(level)
        place += 1
      case (nil, let level?):
        merged.append(level)
        depth += 1
      case (let mine?, let others?):
        let distance = (mine.price.steps - others.price.steps) * side.sign
        if distance == 0 {
          merged.append(
            BookLevel(
              price: mine.price,
              quantity: mine.quantity.checkedAdding(others.quantity) ?? mine.quantity,
              orderCount: mine.orderCount + others.orderCount))
        } else {
          merged.append(distance > 0 ? mine : others)
        }
        if distance >= 0 { place += 1 }
        if distance <= 0 { depth += 1 }
      }
    }
    return merged
  }

  /// The average price of trading the impact notional against the side where `side` rests.
  func impactPrice(_ side: Side) -> Price? {
    let wanted = listing.impactNotional.double
    var coins = 0.0
    var left = wanted
    func takes(_ level: BookLevel) -> Bool {
      let value = level.price.double * level.quantity.double
      coins += min(value, left) / level.price.double
      left -= value
      return left > 0
    }
    if resting(side).isEmpty {
      var depth = 0
      while let level = background.remaining(depth, side), takes(level) { depth += 1 }
    } else {
      for level in levels(side, count: 100) where !takes(level) { break }
    }
    return left > 0 ? nil : Price(nearest: wanted / coins)
  }
}

import Market

/// One bucket of a product's history.
struct SpotCandle: Hashable, Sendable {
  let start: Instant
  let open: Price
  var high: Price
  var low: Price
  var close: Price
  var volume: Quantity

  /// Joins a later bucket to this one.
  fileprivate mutating func append(_ other: SpotCandle) {
    high = max(high, other.high)
    low = min(low, other.low)
    close = other.close
    volume = volume.checkedAdding(other.volume) ?? volume
  }
}

/// How long the buckets of a history are, and of what they are made.
struct Granularity: Hashable, Sendable {
  let seconds: Int64
  private let base: Timeframe

  /// A length that is a whole number of the market's own candles; nil for any other.
  init?(seconds: Int64) {
    let bases: [Timeframe] = [.m1, .m5, .m15, .h1, .h4, .d1]
    guard seconds > 0, seconds <= 86_400, 86_400 % seconds == 0,
      let base = bases.last(where: { seconds % ($0.interval.nanoseconds / 1_000_000_000) == 0 })
    else { return nil }
    self.seconds = seconds
    self.base = base
  }

  /// The buckets of a product that start from `first` to `last`, in seconds, ascending, the
  /// forming one last.
  ///
  /// What is past does not change, so the premium is the plan's mean, without shocks and noise.
  func candles(
    of product: SpotProduct, from first: Int64, through last: Int64, at now: Instant,
    _ plan: CoinbasePlan, _ market: some TrueMarket
  ) -> [SpotCandle] {
    let current = now.nanoseconds.floorDivided(by: 1_000_000_000)
    let from = ((first - 1).floorDivided(by: seconds) + 1) * seconds
    let through = min(last, current).floorDivided(by: seconds) * seconds
    guard from <= through, through - from <= 2_000 * seconds else { return [] }
    guard case .coin(let symbol) = product.kind else {
      return flat(product, from, through, plan, market)
    }
    let end = min(current, through + seconds - 1)
    let truth = market.candles(
      of: symbol, base, from: Instant(milliseconds: from * 1_000),
      through: Instant(milliseconds: end * 1_000))
    var candles: [SpotCandle] = []
    for candle in truth {
      guard let part = product.spotCandle(candle, starting: start(of: candle.openTime), plan)
      else { continue }
      if candles.last?.start == part.start {
        candles[candles.count - 1].append(part)
      } else {
        candles.append(part)
      }
    }
    return candles
  }

  private func start(of time: Instant) -> Instant {
    let length = seconds * 1_000_000_000
    return Instant(nanoseconds: time.nanoseconds.floorDivided(by: length) * length)
  }

  /// Buckets of a price that stays where it is.
  private func flat(
    _ product: SpotProduct, _ from: Int64, _ through: Int64, _ plan: CoinbasePlan,
    _ market: some TrueMarket
  ) -> [SpotCandle] {
    guard let price = product.quote(plan, market)?.bid else { return [] }
    return stride(from: from, through: through, by: Int(seconds)).map { start in
      SpotCandle(
        start: Instant(milliseconds: start * 1_000), open: price, high: price, low: price,
        close: price, volume: Quantity(whole: seconds))
    }
  }
}

extension SpotProduct {
  /// A candle of the perpetual as it would be at spot.
  fileprivate func spotCandle(
    _ candle: Candle, starting start: Instant, _ plan: CoinbasePlan
  ) -> SpotCandle? {
    func spot(_ price: Price) -> Price? {
      below(price, by: plan.premium)?.rounded(to: increment, .nearest).map { max($0, increment) }
    }
    guard let open = spot(candle.open), let high = spot(candle.high), let low = spot(candle.low),
      let close = spot(candle.close)
    else { return nil }
    return SpotCandle(
      start: start, open: open, high: high, low: low, close: close, volume: candle.volume)
  }
}

/// A product's figures over a stretch of time.
struct SpotFigures: Hashable, Sendable {
  var open: Price
  var high: Price
  var low: Price
  var close: Price
  var volume: Quantity
}

extension SpotFigures {
  /// Over the last `count` buckets, the forming one included; nil without any.
  init?(
    _ product: SpotProduct, last count: Int64, of granularity: Granularity?, at now: Instant,
    _ plan: CoinbasePlan, _ market: some TrueMarket
  ) {
    guard let granularity else { return nil }
    let current = now.nanoseconds.floorDivided(by: 1_000_000_000)
    let candles = granularity.candles(
      of: product, from: current - count * granularity.seconds, through: current, at: now, plan,
      market)
    guard var whole = candles.first else { return nil }
    for candle in candles.dropFirst() { whole.append(candle) }
    self.init(
      open: whole.open, high: whole.high, low: whole.low, close: whole.close,
      volume: whole.volume)
  }
}

extension CoinbaseVenue {
  /// A product's last 24 hours.
  func day(of product: SpotProduct, _ market: some TrueMarket) -> SpotFigures? {
    SpotFigures(
      product, last: 24, of: Granularity(seconds: 3_600), at: clock, configuration.plan, market)
  }

  /// A product's last `count` days.
  func days(_ count: Int64, of product: SpotProduct, _ market: some TrueMarket) -> SpotFigures? {
    SpotFigures(
      product, last: count, of: Granularity(seconds: 86_400), at: clock, configuration.plan,
      market)
  }
}

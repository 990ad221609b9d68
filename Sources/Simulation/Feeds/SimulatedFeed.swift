import Choice
import Exchange
import Market
import Strategies

/// One input of one symbol as another venue tells it, with the chance that it has to itself.
///
/// Values follow the true prices at the moment of asking; what strays from them is drawn from a
/// stream of its own name, so that no feed moves another.
struct SimulatedFeed: Sendable {
  /// What it is about.
  let symbol: Symbol
  /// What it tells.
  let name: InputName
  /// Whose name it carries.
  let venue: Venue
  /// How often it tells.
  let interval: Interval
  private var model: Model
  private let delay: FeedDelay
  private var stream: ChoiceStream
  private var newestArrival = Instant(nanoseconds: .min)

  private enum Model: Sendable {
    case tape(TakerTape)
    case openInterest(BinancePlan, level: Quantity)
    case funding(BinancePlan, settled: Funding?)
    case spot(CoinbasePlan, shock: Int64)
    case chain(DeribitPlan)
    case index(DeribitPlan)
  }

  private init(
    _ name: InputName, of symbol: Symbol, from venue: Venue, every interval: Interval,
    _ model: Model, delay: FeedDelay, _ chooser: Chooser
  ) {
    self.name = name
    self.symbol = symbol
    self.venue = venue
    self.interval = interval
    self.model = model
    self.delay = delay
    stream = chooser.stream("feed.\(venue.name).\(symbol).\(name.rawValue)")
  }

  /// Every feed of a plan over the listed symbols; `reads` says which candles carry splits.
  static func all(
    _ plan: FeedPlan, symbols: [Symbol], reads: [(symbol: Symbol, timeframe: Timeframe)],
    _ chooser: Chooser
  ) -> [SimulatedFeed] {
    var feeds: [SimulatedFeed] = []
    func add(
      _ name: InputName, _ symbol: Symbol, _ venue: Venue, _ interval: Interval, _ model: Model
    ) {
      feeds.append(
        SimulatedFeed(
          name, of: symbol, from: venue, every: interval, model, delay: plan.delay(of: venue),
          chooser))
    }
    for symbol in symbols {
      if let binance = plan.binance {
        let timeframes = reads.filter { $0.symbol == symbol }.map(\.timeframe)
        if !timeframes.isEmpty {
          add(
            .takerSplit, symbol, .binance, Timeframe.m1.interval,
            .tape(TakerTape(binance, of: symbol, timeframes)))
        }
        add(
          .openInterest, symbol, .binance, BinancePlan.openInterestInterval,
          .openInterest(binance, level: binance.openInterest))
        add(
          .funding, symbol, .binance, BinancePlan.fundingInterval,
          .funding(binance, settled: nil))
      }
      if let coinbase = plan.coinbase {
        add(.spot, symbol, .coinbase, CoinbasePlan.interval, .spot(coinbase, shock: 0))
      }
      if let deribit = plan.deribit, DeribitPlan.underlyings.contains(symbol) {
        add(.options, symbol, .deribit, DeribitPlan.chainInterval, .chain(deribit))
        add(.volatilityIndex, symbol, .deribit, DeribitPlan.indexInterval, .index(deribit))
      }
    }
    if let coinbase = plan.coinbase {
      add(.spot, .stablecoin, .coinbase, CoinbasePlan.interval, .spot(coinbase, shock: 0))
    }
    return feeds
  }
}

extension SimulatedFeed {
  /// When it tells next of its own accord: at whole multiples of its interval.
  func next(after time: Instant) -> Instant {
    let length = interval.nanoseconds
    return Instant(nanoseconds: (time.nanoseconds.floorDivided(by: length) + 1) * length)
  }

  /// Whether it tells of candles, which have to close first, rather than of what is so now.
  var tellsCandles: Bool { if case .tape = model { true } else { false } }

  /// When what leaves at `time` arrives: never before what left earlier.
  mutating func arrival(from time: Instant) -> Instant {
    let extra = stream.draw(below: UInt64(max(delay.jitter.nanoseconds, 0)) + 1)
    newestArrival = max(
      newestArrival, time + delay.latency + Interval(nanoseconds: Int64(extra)))
    return newestArrival
  }

  /// The candles that end with the minute that opens at `minute`.
  mutating func candles(endingWith minute: Instant, at venue: HyperliquidVenue) -> [Candle] {
    guard case .tape(var tape) = model else { return [] }
    let candles = tape.close(minute, at: venue, &stream)
    model = .tape(tape)
    return candles
  }

  /// What it tells at `time`; `isNews` where its own time has come, else it is asked again.
  mutating func reading(at time: Instant, isNews: Bool, _ market: HyperliquidVenue) -> MarketEvent?
  {
    switch model {
    case .tape: return nil
    case .openInterest(let plan, let level):
      let grown =
        level.checkedScaled(
          by: Self.readingsADay * 1_000_000 + plan.openInterestTrend,
          over: Self.readingsADay * 1_000_000, .nearest)?
        .checkedScaled(
          by: 1_000_000 + stream.stray(plan.openInterestNoise), over: 1_000_000, .nearest)
        ?? level
      model = .openInterest(plan, level: grown)
      return .openInterest(
        OpenInterest(symbol: symbol, venue: venue, time: time, quantity: grown))
    case .funding(let plan, let settled):
      if let settled, !isNews { return .funding(settled) }
      let length = interval.nanoseconds
      let rate = plan.fundingRate + stream.stray(plan.fundingNoise)
      let funding = Funding(
        symbol: symbol, venue: venue,
        time: Instant(nanoseconds: time.nanoseconds.floorDivided(by: length) * length),
        rate: FundingRate(steps: rate * 10_000), period: interval)
      model = .funding(plan, settled: funding)
      return .funding(funding)
    case .spot(let plan, let shock): return spot(plan, shock, at: time, market)
    case .chain(let plan):
      return market.mark(of: symbol).map {
        .optionChain(plan.chain(of: symbol, at: time, around: $0, &stream))
      }
    case .index(let plan):
      let value = max(1, plan.volatility + stream.stray(plan.volatilityNoise))
      return .volatilityIndex(
        VolatilityIndex(
          symbol: symbol, venue: venue, time: time, value: Fraction(steps: value * 100)))
    }
  }

  private static let readingsADay: Int64 = 288

  private mutating func spot(
    _ plan: CoinbasePlan, _ shock: Int64, at time: Instant, _ market: HyperliquidVenue
  ) -> MarketEvent? {
    let price: Price?
    if symbol == .stablecoin {
      price = Price(whole: 1).checkedScaled(
        by: 1_000_000 + plan.stablecoinOffset, over: 1_000_000, .nearest)
    } else {
      var shock = shock - shock / 16
      let samplesADay = UInt64(Interval.days(1).nanoseconds / interval.nanoseconds)
      let often = Ratio(UInt64(max(plan.shocksPerDay, 0)), over: samplesADay) ?? .always
      if stream.occurs(often) { shock = stream.stray(plan.shock) }
      model = .spot(plan, shock: shock)
      let premium = plan.premium + shock + stream.stray(plan.premiumNoise)
      price = market.mark(of: symbol)?
        .checkedScaled(by: 1_000_000, over: 1_000_000 + premium, .nearest)
    }
    return price.map {
      .spot(SpotPrice(symbol: symbol, venue: venue, time: time, price: $0))
    }
  }
}

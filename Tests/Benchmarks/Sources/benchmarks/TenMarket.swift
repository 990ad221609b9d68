import Market

/// A seeded market of three symbols with all that the ten strategies read, minute by minute.
///
/// Prices pull back to where they began, so that ten years are not unlike one. Ether and Solana
/// follow Bitcoin and stray from it for days, hours are quiet or busy, the premium over spot and
/// open interest wander, and options are dear or cheap: every strategy has something to decide.
struct TenMarket {
  /// Monday 2024-01-01.
  static let start = Instant(milliseconds: 1_704_067_200_000)

  /// The next minute.
  private(set) var time = start
  private var draws = Draws(state: 11)
  private var lead = 0.0
  private var activity = 1.0
  private var stablecoin = 0.0
  private var assets = [
    Asset(symbol: "BTC", anchor: 50_000, own: 0, follows: false),
    Asset(symbol: "ETH", anchor: 3_000, own: 4e-4, follows: true),
    Asset(symbol: "SOL", anchor: 150, own: 5e-4, follows: true),
  ]

  /// One symbol as it stands.
  private struct Asset {
    let symbol: Symbol
    let anchor: Double
    /// What a minute moves it by on its own.
    let own: Double
    let follows: Bool
    /// The distance from the anchor, as a fraction of it.
    var distance = 0.0
    var premium = 0.0
    var interest = 20_000.0

    var price: Double { anchor * (1 + distance) }

    init(symbol: Symbol, anchor: Double, own: Double, follows: Bool) {
      self.symbol = symbol
      self.anchor = anchor
      self.own = own
      self.follows = follows
    }
  }

  /// What happens in the next minute.
  ///
  /// - Parameter read: Told each reading in order of receipt.
  /// - Returns: The candle of each symbol, which closes at ``time``.
  /// - Throws: What `read` throws, and ``CandleFault``, which would be a mistake in here.
  mutating func minute(_ read: (ReceivedReading) throws -> Void) throws -> [Candle] {
    let minute = Int64((time - Self.start).nanoseconds / Interval.minutes(1).nanoseconds)
    if minute.isMultiple(of: 60), draws.uniform() < 0.2 {
      activity = [0.4, 1, 2.2][min(2, Int(draws.uniform() * 3))]
    }
    for seconds in [Int64(1), 31] {
      if seconds == 1 {
        for place in assets.indices { try interim(place, minute, read) }
        stablecoin += draws.normal() * 2e-5 - stablecoin * 0.01
        try give(spot(.stablecoin, 1 + stablecoin, mid: nil, after: seconds), after: seconds, read)
      }
      for place in assets.indices {
        let asset = assets[place]
        assets[place].premium += draws.normal() * 4e-5 - asset.premium * 0.004
        try give(
          spot(asset.symbol, asset.price / (1 + asset.premium), mid: asset.price, after: seconds),
          after: seconds, read)
      }
    }
    let shock = draws.normal() * 6e-4 * activity
    lead += shock - lead * 1e-5
    let candles = try assets.indices.map { try candle($0, shock) }
    time = time + .minutes(1)
    return candles
  }

  private mutating func candle(_ place: Int, _ shock: Double) throws -> Candle {
    let open = assets[place].price
    var change = shock - assets[place].distance * 1e-5
    if assets[place].follows {
      // Half of a stray distance is gone after two days.
      change = shock + draws.normal() * assets[place].own * activity
      change -= (assets[place].distance - lead) * 2e-4
    }
    assets[place].distance = max(-0.6, min(1.5, assets[place].distance + change))
    let close = assets[place].price
    let reach = open * 3e-4 * activity
    // Now and then stops are run on one side, and the price comes back.
    let run = draws.uniform() < 1e-3 ? open * 6e-3 * activity : 0
    let isUp = draws.uniform() < 0.5
    let high = max(open, close) + abs(draws.normal()) * reach + (isUp ? run : 0)
    let low = min(open, close) - abs(draws.normal()) * reach - (isUp ? 0 : run)
    let volume = 40 * activity * (0.5 + draws.uniform()) * (run > 0 ? 8 : 1)
    let bought = max(0.02, min(0.98, 0.5 + 150 * change / activity + draws.normal() * 0.06))
    return try Candle(
      symbol: assets[place].symbol, timeframe: .m1, venue: .hyperliquid, openTime: time,
      open: amount(open), high: amount(high), low: amount(low), close: amount(close),
      volume: amount(volume),
      takerSplit: TakerSplit(
        buy: amount(volume * bought), sell: amount(volume * (1 - bought)),
        coverage: Fraction(whole: 1)))
  }

  /// Open interest every five minutes, an option chain and an index every half hour, funding every
  /// eight hours.
  private mutating func interim(
    _ place: Int, _ minute: Int64, _ read: (ReceivedReading) throws -> Void
  ) throws {
    let symbol = assets[place].symbol
    if minute.isMultiple(of: 5) {
      let isFlush = draws.uniform() < 5e-4
      let interest = assets[place].interest * (1 + draws.normal() * 2e-3) * (isFlush ? 0.95 : 1)
      assets[place].interest = interest + (20_000 - interest) * 0.002
      try give(
        .openInterest(
          OpenInterest(
            symbol: symbol, venue: .hyperliquid, time: time, quantity: amount(interest))),
        after: 0, read)
    }
    if minute.isMultiple(of: 480) {
      try give(
        .funding(
          Funding(
            symbol: symbol, venue: .hyperliquid, time: time,
            rate: FundingRate(steps: Int64(assets[place].premium * 1e10)), period: .hours(8))),
        after: 0, read)
    }
    if minute.isMultiple(of: 30) {
      let volatility = (minute / 14_400).isMultiple(of: 2) ? 0.4 : 0.7
      try give(
        .volatilityIndex(
          VolatilityIndex(
            symbol: symbol, venue: .deribit, time: time, value: amount(volatility))),
        after: 0, read)
      try give(.optionChain(chain(assets[place], volatility)), after: 0, read)
    }
  }

  private func chain(_ asset: Asset, _ volatility: Double) -> OptionChain {
    var quotes: [OptionQuote] = []
    for days in [7, 28, 56] as [Int64] {
      for step in -3...3 {
        for isCall in [false, true] {
          quotes.append(
            OptionQuote(
              expiry: time + .days(days), strike: amount(asset.price * (1 + 0.05 * Double(step))),
              isCall: isCall, impliedVolatility: amount(volatility),
              openInterest: amount(isCall ? 900 : 600), underlying: amount(asset.price)))
        }
      }
    }
    return OptionChain(symbol: asset.symbol, venue: .deribit, time: time, quotes: quotes)
  }

  private func spot(
    _ symbol: Symbol, _ price: Double, mid: Double?, after seconds: Int64
  ) -> Reading {
    .spot(
      SpotPrice(
        symbol: symbol, venue: .hyperliquid, time: time + .seconds(seconds), price: amount(price),
        mid: mid.map { amount($0) }))
  }

  private func give(
    _ reading: Reading, after seconds: Int64, _ read: (ReceivedReading) throws -> Void
  ) throws {
    try read(ReceivedReading(reading, received: time + .seconds(seconds)))
  }

  private func amount<Unit>(_ value: Double) -> Fixed<Unit> {
    Fixed(nearest: value) ?? .zero
  }
}

/// Draws of a congruential generator.
private struct Draws {
  var state: UInt64

  /// From 0 up to 1.
  mutating func uniform() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) / Double(1 << 53)
  }

  /// About normal, with deviation 1: four uniform draws.
  mutating func normal() -> Double {
    (uniform() + uniform() + uniform() + uniform() - 2) * 3.0.squareRoot()
  }
}

import Exchange
import Market

/// The keys of what other venues tell.
enum FeedTable {
  private static let delay = [
    Field("latency", .duration(.zero ... .minutes(5)), "The least time on the way; 150ms."),
    Field("jitter", .duration(.zero ... .minutes(5)), "At most this much more; 100ms."),
  ]
  private static let coins = Shape.decimal(1...100_000_000_000_000_000, unit: "base coin")
  private static let noise = Shape.share(0...1_000_000)

  private static let binance = Table(
    "binance",
    delay + [
      Field("imbalance", .share(-1_000_000...1_000_000), "How far takers lean; 0%, balanced."),
      Field("imbalanceNoise", noise, "How far a minute strays from that; 30%."),
      Field("openInterest", coins, "Open interest at the start; 80000."),
      Field("openInterestTrend", .share(-500_000...500_000), "How much it grows a day; 0%."),
      Field("openInterestNoise", .share(0...100_000), "How far a reading strays; 0.05%."),
      Field("fundingRate", .share(-40_000...40_000), "The mean rate of eight hours; 1bp."),
      Field("fundingNoise", .share(0...40_000), "How far a rate strays from it; 0.5bp."),
    ])

  private static let coinbase = Table(
    "coinbase",
    delay + [
      Field("premium", .share(-100_000...100_000), "How far the perpetual is above spot; 2bp."),
      Field("premiumNoise", .share(0...100_000), "How far a sample strays from that; 1bp."),
      Field("shock", .share(0...100_000), "The largest shock to the premium; 20bp."),
      Field("shocksPerDay", .integer(0...2_880), "Mean number of shocks a day; none."),
      Field(
        "stablecoinOffset", .share(-500_000...500_000), "How far USDC is from a dollar; 0%."),
    ])

  private static let deribit = Table(
    "deribit",
    delay + [
      Field("volatility", .share(10_000...5_000_000), "Implied volatility at the money; 55%."),
      Field("volatilityNoise", .share(0...500_000), "How far a reading strays; 1%."),
      Field(
        "smile", .share(0...1_000_000),
        "What a strike 10% away has more, as a share of the volatility; 5%."),
      Field(
        "gamma", .word(DeribitPlan.Gamma.allCases.map(\.rawValue)),
        "Positive where calls hold more, negative where puts do; positive."),
      Field("openInterest", coins, "Open interest of an option at the money; 500."),
    ])

  static let table = Table(
    "feeds",
    [
      Field(
        "binance", .table(binance),
        "Candles with taker splits of the series that read them, open interest every 5m, funding "
          + "every 8h."),
      Field("coinbase", .table(coinbase), "Spot of every market and of USDC every 30s."),
      Field(
        "deribit", .table(deribit),
        "Of BTC and ETH: an option chain every 15m, a volatility index every 5m."),
    ])
}

extension FeedPlan {
  /// Reads feeds that have the shape of ``FeedTable``.
  init(_ section: Section?) {
    self.init()
    binance = section?.section("binance").map(BinancePlan.init)
    coinbase = section?.section("coinbase").map(CoinbasePlan.init)
    deribit = section?.section("deribit").map(DeribitPlan.init)
    for venue in venues {
      delays[venue] = section?.section("\(venue.name)").map(FeedDelay.init)
    }
  }
}

extension FeedDelay {
  init(_ section: Section) {
    self.init()
    latency = section.duration("latency") ?? latency
    jitter = section.duration("jitter") ?? jitter
  }
}

extension BinancePlan {
  init(_ section: Section) {
    self.init()
    imbalance = section.integer("imbalance") ?? imbalance
    imbalanceNoise = section.integer("imbalanceNoise") ?? imbalanceNoise
    openInterest = section.fixed("openInterest") ?? openInterest
    openInterestTrend = section.integer("openInterestTrend") ?? openInterestTrend
    openInterestNoise = section.integer("openInterestNoise") ?? openInterestNoise
    fundingRate = section.integer("fundingRate") ?? fundingRate
    fundingNoise = section.integer("fundingNoise") ?? fundingNoise
  }
}

extension CoinbasePlan {
  init(_ section: Section) {
    self.init()
    premium = section.integer("premium") ?? premium
    premiumNoise = section.integer("premiumNoise") ?? premiumNoise
    shock = section.integer("shock") ?? shock
    shocksPerDay = section.integer("shocksPerDay") ?? shocksPerDay
    stablecoinOffset = section.integer("stablecoinOffset") ?? stablecoinOffset
  }
}

extension DeribitPlan {
  init(_ section: Section) {
    self.init()
    volatility = section.integer("volatility") ?? volatility
    volatilityNoise = section.integer("volatilityNoise") ?? volatilityNoise
    smile = section.integer("smile") ?? smile
    gamma = section.text("gamma").flatMap(Gamma.init(rawValue:)) ?? gamma
    openInterest = section.fixed("openInterest") ?? openInterest
  }
}

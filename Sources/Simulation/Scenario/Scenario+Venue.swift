import Engine
public import Exchange
public import Market
public import Venues

/// The venue of a scenario, for the virtual world and for a host that serves it on sockets.
extension Scenario {
  /// The account that trades.
  public var account: AccountAddress {
    AccountAddress(engine.account ?? "") ?? AccountAddress(number: 1)
  }

  /// How the venue is set up.
  public var venueConfiguration: HyperliquidVenueConfiguration {
    var configuration = HyperliquidVenueConfiguration(
      start: start, listings: market.listings.map(\.listing),
      accounts: [AccountSetup(address: account, deposit: venue.deposit)])
    configuration.blockInterval = venue.blockInterval
    configuration.cadence = venue.cadence
    configuration.history = market.history
    configuration.rateLimits = venue.rateLimits
    configuration.framesBeforeReplies = venue.framesBeforeReplies
    return configuration
  }

  /// How every venue of the world is set up: Hyperliquid, and those that feeds name.
  public var venuesConfiguration: SimulatedVenuesConfiguration {
    var configuration = SimulatedVenuesConfiguration(hyperliquid: venueConfiguration)
    let symbols = market.listings.map(\.listing.instrument.symbol)
    configuration.binance = feeds.binance.map {
      BinanceVenueConfiguration(start: start, symbols: symbols, plan: $0)
    }
    configuration.coinbase = feeds.coinbase.map {
      CoinbaseVenueConfiguration(start: start, symbols: symbols, plan: $0)
    }
    configuration.deribit = feeds.deribit.map {
      DeribitVenueConfiguration(start: start, symbols: symbols, plan: $0)
    }
    return configuration
  }

  /// How long messages to and from a venue take.
  func link(to venue: Venue) -> LinkPlan {
    guard venue != .hyperliquid else { return link }
    var plan = LinkPlan()
    plan.latency = feeds.delay(of: venue).latency
    plan.jitter = feeds.delay(of: venue).jitter
    return plan
  }

  /// Where its prices come from.
  public var prices: PriceSource {
    var models: [Symbol: PriceModel] = [:]
    for listing in market.listings {
      models[listing.listing.instrument.symbol] = listing.model
    }
    return PriceSource(models)
  }

  /// The same world with another first instant; prices move along, recorded ones by whole candles.
  public func moved(to start: Instant) -> Scenario {
    var scenario = self
    scenario.start = start
    for index in market.listings.indices {
      scenario.market.listings[index].model = market.listings[index].model
        .moved(by: start - self.start)
    }
    return scenario
  }
}

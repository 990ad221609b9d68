import Market

@testable import Exchange
@testable import Venues

/// A venue without a market of its own.
protocol MarketFollower: Sendable {
  var nextWake: Instant? { get }
  mutating func handle(
    _ input: VenueInput, at now: Instant, market: some TrueMarket,
    into outputs: inout [VenueOutput])
}

extension BinanceVenue: MarketFollower {}
extension CoinbaseVenue: MarketFollower {}
extension DeribitVenue: MarketFollower {}

/// Such a venue beside the one that makes the market.
struct BesideMarket<Follower: MarketFollower>: FuzzedVenue {
  var follower: Follower
  private var market: HyperliquidVenue

  init(_ follower: Follower) {
    self.follower = follower
    market = HyperliquidVenueTarget.opened.venue
  }

  var nextWake: Instant? { follower.nextWake }

  mutating func handle(
    _ input: VenueInput, at now: Instant, into outputs: inout [VenueOutput]
  ) {
    var unheard: [VenueOutput] = []
    market.handle(.advance, at: now, into: &unheard)
    follower.handle(input, at: now, market: market, into: &outputs)
  }
}

import Choice
import Market

/// Everything that the venue keeps for one perpetual.
struct BinanceMarket: Sendable {
  let listing: BinanceListing
  var flow: TakerFlow
  var readings: BinanceReadings
  /// What was last sent of each candle stream that somebody hears, by the place of its length.
  var sent: [KlineSent?] = CandleInterval.allCases.map { _ in nil }
  /// Trades that are not published yet.
  var unpublished = 0

  init(
    _ listing: BinanceListing, number: Int, _ configuration: BinanceVenueConfiguration,
    _ chooser: Chooser
  ) {
    self.listing = listing
    flow = TakerFlow(
      configuration.plan, of: listing, from: configuration.start,
      firstID: 1_000_000_000 * UInt64(number + 1), chooser)
    readings = BinanceReadings(
      configuration.plan, of: listing.symbol, at: configuration.start, chooser)
  }
}

/// Where a candle stream stands.
struct KlineSent: Hashable, Sendable {
  /// The candle that forms.
  var open: Instant
  /// Its last frame.
  var row: KlineRow?
}

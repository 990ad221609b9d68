import Exchange
import Market
import Testing

/// Whose a path is, where one port serves every venue.
@Suite struct VenueRouteTests {
  @Test(arguments: [
    ("/info", Venue.hyperliquid), ("/exchange", .hyperliquid),
    ("/fapi/v1/klines", .binance), ("/fapi/v2/ticker/price", .binance),
    ("/futures/data/openInterestHist", .binance), ("/sapi/v1/system/status", .binance),
    ("/products", .coinbase), ("/products/BTC-USD/ticker", .coinbase), ("/currencies", .coinbase),
    ("/time", .coinbase), ("/v2/exchange-rates", .coinbase),
    ("/api/v3/brokerage/market/products", .coinbase),
    ("/api/v2", .deribit), ("/api/v2/public/ticker", .deribit),
  ])
  func aRequestFindsItsVenue(path: String, venue: Venue) {
    #expect(VenueRoute.venue(ofRequest: path) == venue)
  }

  /// The planted bug: comparing prefixes of text, so that Deribit's `/api/v2` is Coinbase's `/v2`
  /// or the other way round.
  @Test(arguments: [
    "", "/", "/infos", "/v2x", "/v3/brokerage", "/api", "/api/v2x", "/api/v3", "/fapi2", "/futures",
    "/ws", "/assay/clock", "info", "/timeline",
  ])
  func otherPathsAreNobodys(path: String) {
    #expect(VenueRoute.venue(ofRequest: path) == nil)
  }

  @Test(arguments: [
    ("/ws", Venue.hyperliquid), ("/ws/0", .binance), ("/ws/btcusdt@aggTrade", .binance),
    ("/market/ws/0", .binance), ("/market/stream", .binance), ("/public/ws/3", .binance),
    ("/private/ws", .binance), ("/stream", .binance), ("/ws-fapi/v1", .binance),
    ("/ws/api/v2", .deribit), ("/coinbase/exchange", .coinbase), ("/coinbase/advanced", .coinbase),
  ])
  func aSocketFindsItsVenue(path: String, venue: Venue) {
    #expect(VenueRoute.venue(ofSocket: path) == venue)
  }

  @Test(arguments: ["", "/", "/info", "/wsx", "/markets", "/coinbase", "/api/v2"])
  func otherSocketsAreNobodys(path: String) {
    #expect(VenueRoute.venue(ofSocket: path) == nil)
  }
}

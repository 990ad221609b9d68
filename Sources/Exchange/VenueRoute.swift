public import Market

/// Which of the simulated venues a path belongs to, where one port serves them all.
///
/// The venues' own paths do not collide. Two of Coinbase's sockets are served under names of ours,
/// since there they are hosts without a path; `/ws` alone is Hyperliquid's, and what lies under it
/// is Binance's unless Deribit's.
public enum VenueRoute {
  /// Where Coinbase's Exchange feed is served.
  public static let coinbaseExchangeSocket = "/coinbase/exchange"
  /// Where Coinbase's Advanced Trade feed is served.
  public static let coinbaseAdvancedSocket = "/coinbase/advanced"

  private static let requests: [(prefix: String, venue: Venue)] = [
    ("/info", .hyperliquid), ("/exchange", .hyperliquid),
    ("/fapi", .binance), ("/futures/data", .binance), ("/sapi", .binance),
    ("/products", .coinbase), ("/currencies", .coinbase), ("/time", .coinbase),
    ("/v2", .coinbase), ("/api/v3/brokerage", .coinbase),
    ("/api/v2", .deribit),
  ]

  /// A longer path goes before one that it begins with.
  private static let sockets: [(prefix: String, venue: Venue)] = [
    ("/ws/api/v2", .deribit),
    ("/ws", .binance), ("/market", .binance), ("/public", .binance), ("/private", .binance),
    ("/stream", .binance), ("/ws-fapi", .binance),
    (coinbaseExchangeSocket, .coinbase), (coinbaseAdvancedSocket, .coinbase),
  ]

  /// The venue that answers a request at `path`, which is without its query; nil where none does.
  public static func venue(ofRequest path: String) -> Venue? { find(path, in: requests) }

  /// The venue whose WebSocket is at `path`, which is without its query; nil where there is none.
  public static func venue(ofSocket path: String) -> Venue? {
    path == "/ws" ? .hyperliquid : find(path, in: sockets)
  }

  /// Whole elements of a path count: `/v2` holds `/v2/time` and neither `/v2x` nor `/api/v2`.
  private static func find(_ path: String, in routes: [(prefix: String, venue: Venue)]) -> Venue? {
    let bytes = path.utf8
    return routes.first { route in
      let prefix = route.prefix.utf8
      guard bytes.starts(with: prefix) else { return false }
      let rest = bytes.dropFirst(prefix.count)
      return rest.isEmpty || rest.first == UInt8(ascii: "/")
    }?.venue
  }
}

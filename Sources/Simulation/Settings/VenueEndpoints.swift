public import Market

/// Where one venue is: its requests and its WebSockets.
public struct VenueEndpoints: Hashable, Sendable {
  /// Where requests go.
  public var http: Endpoint
  /// Where WebSockets go.
  public var webSocket: Endpoint
  /// A file of certificates that are trusted beside the system's; nil trusts those alone.
  public var trust: String?

  /// Names both addresses.
  public init(http: Endpoint, webSocket: Endpoint, trust: String? = nil) {
    self.http = http
    self.webSocket = webSocket
    self.trust = trust
  }

  /// Whether nothing that is sent there can leave this machine.
  public var isLoopback: Bool { http.isLoopback && webSocket.isLoopback }

  /// Where a venue is in production, by its own documentation.
  public static func production(of venue: Venue) -> Self {
    let (http, webSocket) =
      switch venue {
      case .hyperliquid: ("api.hyperliquid.xyz", "api.hyperliquid.xyz")
      case .binance: ("fapi.binance.com", "fstream.binance.com")
      case .coinbase: ("api.exchange.coinbase.com", "ws-feed.exchange.coinbase.com")
      case .deribit: ("www.deribit.com", "www.deribit.com")
      }
    return Self(
      http: Endpoint(secure: "https", host: http),
      webSocket: Endpoint(secure: "wss", host: webSocket))
  }
}

import Market
import Testing

@testable import Simulation

/// Where a configuration file says that the venues are.
@Suite struct LiveSettingsTests {
  private static let real = """
    venue: {http: "https://api.hyperliquid.xyz", webSocket: "wss://api.hyperliquid.xyz", \
    network: mainnet}

    """
  private static let loopback = """
    venue: {http: "https://127.0.0.1:3001", webSocket: "wss://127.0.0.1:3001", \
    network: testnet, clock: served, trust: venue.pem}

    """

  private static func settings(_ text: String) throws -> LiveSettings {
    try #require(try ConfigurationFile.parseWhole(text, file: "live.yaml").live)
  }

  @Test func feedsAreInProductionUnlessTheFileSaysOtherwise() throws {
    let settings = try Self.settings(
      Self.real
        + #"feeds: {deribit: {http: "http://127.0.0.1:1", webSocket: "ws://127.0.0.1:2"}}"#)
    #expect(settings.endpoints(of: .hyperliquid).http.description == "https://api.hyperliquid.xyz")
    let binance = settings.endpoints(of: .binance)
    #expect(binance.http == Endpoint("https://fapi.binance.com", plain: "http"))
    #expect(binance.webSocket == Endpoint("wss://fstream.binance.com", plain: "ws"))
    let coinbase = settings.endpoints(of: .coinbase)
    #expect(coinbase.http == Endpoint("https://api.exchange.coinbase.com", plain: "http"))
    #expect(coinbase.trust == nil)
    #expect(settings.endpoints(of: .deribit).webSocket.port == 2)
    // Orders still leave this machine.
    #expect(!settings.isLoopback)
  }

  /// The planted bug: a rehearsal on this machine that reads the feeds of the real world.
  @Test func feedsAreBesideAVenueOnLoopback() throws {
    let settings = try Self.settings(Self.loopback)
    #expect(settings.isLoopback)
    for venue in Venue.allCases {
      #expect(settings.endpoints(of: venue) == settings.venue)
      #expect(settings.endpoints(of: venue).trust == "venue.pem")
    }
  }

  @Test(
    arguments: [
      (
        Self.loopback
          + #"feeds: {binance: {http: "https://fapi.binance.com", webSocket: "ws://[::1]:2"}}"#,
        "`clock` is `served` and binance is not on loopback"
      ),
      (
        Self.real + #"feeds: {deribit: {http: "http://deribit.com", webSocket: "ws://[::1]:2"}}"#,
        "`http` is not encrypted and leaves this machine"
      ),
      (
        Self.real + #"feeds: {deribit: {http: "https://deribit.com"}}"#, "webSocket"
      ),
      (
        Self.real + #"feeds: {hyperliquid: {}}"#, "feeds has no key `hyperliquid`"
      ),
      (
        #"feeds: {deribit: {http: "http://[::1]:2", webSocket: "ws://[::1]:2"}}"#,
        "`feeds` is given without `venue`"
      ),
      (
        Self.real.replacing("network: mainnet", with: "network: mainnet, clock: served"),
        "`clock` is `served` and the venue is not on loopback"
      ),
    ])
  func whatCannotBeIsRefused(text: String, problem: String) {
    let error = #expect(throws: SettingsError.self) {
      try ConfigurationFile.parseWhole(text, file: "live.yaml")
    }
    #expect(error?.problem.contains(problem) ?? false, "\(String(describing: error))")
  }
}

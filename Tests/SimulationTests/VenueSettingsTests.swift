import Testing

@testable import Simulation

@Suite struct VenueSettingsTests {
  private static func text(_ host: String, _ network: String, sockets: String? = nil) -> String {
    """
    execution: exchange
    symbols: [{name: BTC}]
    venue:
      http: https://\(host)
      webSocket: wss://\(sockets ?? host)
      network: \(network)
    """
  }

  private static let main = "api.hyperliquid.xyz"
  private static let test = "api.hyperliquid-testnet.xyz"

  /// Real money hides neither behind the other network's name nor behind half of an address.
  @Test(
    arguments: [
      (text(main, "testnet"), 4), (text(test, "mainnet"), 4),
      (text("API.Hyperliquid.XYZ", "testnet"), 4),
      (text(test, "testnet", sockets: main), 5),
    ])
  func aHostOfTheOtherNetworkIsRefused(text: String, line: Int) throws {
    let error = #expect(throws: SettingsError.self) {
      _ = try ConfigurationFile.parseWhole(text, file: "live.yaml")
    }
    #expect(error?.line == line)
    #expect(error?.problem.contains("network") ?? false, "\(String(describing: error))")
  }

  @Test(arguments: [(main, "mainnet"), (test, "testnet"), ("example.org", "testnet")])
  func aHostOfItsOwnNetworkOrOfNoneIsTaken(host: String, network: String) throws {
    let whole = try ConfigurationFile.parseWhole(Self.text(host, network), file: "live.yaml")
    #expect(whole.live?.network.rawValue == network)
  }
}

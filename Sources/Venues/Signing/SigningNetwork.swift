/// The network that a signature is good for; Hyperliquid signs them apart.
public enum SigningNetwork: String, Hashable, Sendable, CaseIterable {
  /// Real money.
  case mainnet
  /// Play money, and, to the official Python client, every address but the mainnet's.
  case testnet

  /// The word that the agent struct of an L1 action carries.
  public var source: String {
    switch self {
    case .mainnet: "a"
    case .testnet: "b"
    }
  }

  /// The value of `hyperliquidChain` in an action that the user signs field by field.
  public var chainName: String {
    switch self {
    case .mainnet: "Mainnet"
    case .testnet: "Testnet"
    }
  }

  /// The network whose ``chainName`` this is; nil for any other word.
  public init?(chainName: String) {
    guard let network = Self.allCases.first(where: { $0.chainName == chainName }) else {
      return nil
    }
    self = network
  }
}

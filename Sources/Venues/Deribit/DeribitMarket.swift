public import Market

/// How Deribit names what belongs to one underlying.
///
/// Bitcoin and ether have options that are settled in the coin and a volatility index; every other
/// underlying has only what is settled in USDC.
public struct DeribitMarket: Hashable, Sendable {
  /// The underlying.
  public let symbol: Symbol
  /// Whether options and the perpetual are settled in the coin and priced in it.
  public let isInverse: Bool

  /// Names the markets of an underlying.
  public init(_ symbol: Symbol) {
    self.symbol = symbol
    isInverse = symbol == "BTC" || symbol == "ETH"
  }

  /// Whether there is a volatility index.
  public var hasVolatilityIndex: Bool { isInverse }
  /// The settlement currency: what requests call `currency`.
  public var currency: String { isInverse ? symbol.description : "USDC" }
  /// What instrument names begin with: `BTC`, `SOL_USDC`.
  public var pair: String { isInverse ? symbol.description : "\(symbol)_USDC" }
  /// The perpetual: `BTC-PERPETUAL`, `SOL_USDC-PERPETUAL`.
  public var perpetual: String { pair + "-PERPETUAL" }
  /// The index: `btc_usd`, `sol_usdc`.
  public var index: String { symbol.description.lowercased() + (isInverse ? "_usd" : "_usdc") }
}

public import Market

/// What the execution venue says about its perpetuals, for replays that have nobody to ask.
public enum ReplayInstruments {
  /// Size decimals and largest leverage (Hyperliquid, info request `meta`, as recorded by
  /// sonirico/go-hyperliquid at 5dbb746).
  private static let known: [(symbol: Symbol, sizeDecimals: Int, maximumLeverage: Int64)] = [
    ("BTC", 5, 40), ("ETH", 4, 25), ("HYPE", 2, 10), ("SOL", 2, 20),
  ]

  /// The names that ``instrument(for:)`` knows, in order.
  public static var symbols: [Symbol] { known.map(\.symbol) }

  /// Symbols that are read and not traded unless a configuration or an instrument says so
  /// (`strategies.md` section 4.4).
  public static let dataOnly: [Symbol] = ["SOL"]

  /// The perpetual of that name; nil where it is not one of ``symbols``.
  public static func instrument(for symbol: Symbol) -> Instrument? {
    guard let row = known.first(where: { $0.symbol == symbol }) else { return nil }
    return Instrument(
      symbol: symbol, sizeDecimals: row.sizeDecimals, maximumLeverage: row.maximumLeverage)
  }

  /// Reads `SYMBOL:sizeDecimals:maximumLeverage`, as in `DOGE:0:10`; nil where it is anything else.
  public static func instrument(parsing text: String) -> Instrument? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, let symbol = Symbol(String(parts[0])), let decimals = Int(parts[1]),
      let leverage = Int64(parts[2])
    else { return nil }
    return Instrument(symbol: symbol, sizeDecimals: decimals, maximumLeverage: leverage)
  }
}

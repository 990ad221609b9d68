import Market

/// One product that is asked for its ticker, and what is known of it.
struct PolledProduct: Sendable {
  /// What its price is for.
  enum Role: Hashable, Sendable {
    /// It is the price of the symbol.
    case price
    /// It is divided by the other leg.
    case inDollars
    /// It divides the other leg.
    case inStablecoin
  }

  /// What the list of products said last.
  enum Standing: Hashable, Sendable {
    /// No list yet.
    case unknown
    /// It trades, so that its quotes can be believed.
    case open
    /// It is listed, and its quotes mean nothing.
    case closed
    /// It is not listed.
    case unlisted
  }

  let id: String
  let symbol: Symbol
  let role: Role
  var standing = Standing.unknown
  /// The newest trade that a ticker told of.
  var lastTrade: Instant?
  /// The newest sample.
  var sample: (time: Instant, price: Price)?

  init(id: String, symbol: Symbol, role: Role) {
    self.id = id
    self.symbol = symbol
    self.role = role
  }

  /// The products that a configuration needs, in the order of its symbols.
  static func all(_ configuration: CoinbaseClientConfiguration) -> [PolledProduct] {
    configuration.symbols.flatMap { symbol in
      guard symbol == .stablecoin else {
        return [PolledProduct(id: "\(symbol)-USD", symbol: symbol, role: .price)]
      }
      let cross = configuration.stablecoin
      return [
        PolledProduct(id: cross.inDollars, symbol: symbol, role: .inDollars),
        PolledProduct(id: cross.inStablecoin, symbol: symbol, role: .inStablecoin),
      ]
    }
  }
}

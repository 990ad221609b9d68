public import Market

/// The one market that every venue trades, as those see it that have no matching of their own.
///
/// Binance, Coinbase and Deribit make their prices from it, each in its own way, so that what the
/// venues of a world tell agrees.
public protocol TrueMarket {
  /// What is listed, in the order of the listing.
  var symbols: [Symbol] { get }
  /// The price of the last trade; nil where the symbol is not listed.
  func lastPrice(of symbol: Symbol) -> Price?
  /// The mark price; nil where the symbol is not listed.
  func mark(of symbol: Symbol) -> Price?
  /// The candles that open from `start` to `end`, both included, ascending, the forming one last.
  func candles(
    of symbol: Symbol, _ timeframe: Timeframe, from start: Instant, through end: Instant
  ) -> [Candle]
  /// How many trades there were since the market opened.
  func tradeCount(of symbol: Symbol) -> UInt64
  /// The trades after the first `count`, oldest first, as far back as the market remembers: the
  /// newest fifty.
  func trades(of symbol: Symbol, after count: UInt64) -> [Trade]
}

extension HyperliquidVenue: TrueMarket {
  /// What is listed, in the order of the asset ids.
  public var symbols: [Symbol] { markets.map(\.instrument.symbol) }

  /// The candles that open from `start` to `end`, both included, ascending, the forming one last.
  public func candles(
    of symbol: Symbol, _ timeframe: Timeframe, from start: Instant, through end: Instant
  ) -> [Candle] {
    guard let asset = assetOf[symbol],
      let series = markets[asset].series.first(where: { $0.timeframe == timeframe })
    else { return [] }
    return series.rows(from: start, through: end).compactMap { series.candle($0, of: symbol) }
  }

  /// How many trades there were since the venue opened.
  public func tradeCount(of symbol: Symbol) -> UInt64 {
    assetOf[symbol].map { markets[$0].tradeCount } ?? 0
  }

  /// The trades after the first `count`, oldest first, the newest fifty at most.
  public func trades(of symbol: Symbol, after count: UInt64) -> [Trade] {
    guard let asset = assetOf[symbol] else { return [] }
    let market = markets[asset]
    guard market.tradeCount > count else { return [] }
    let new = min(UInt64(market.recentTrades.count), market.tradeCount - count)
    return (market.recentTrades.count - Int(new)..<market.recentTrades.count).map { index in
      let trade = market.recentTrades[index]
      return Trade(
        symbol: symbol, time: trade.time, takerSide: trade.takerSide, price: trade.price,
        quantity: trade.quantity, id: trade.id)
    }
  }
}

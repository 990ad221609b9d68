import Market

/// One stream that a session can hear.
enum BinanceChannel: Hashable, Sendable {
  case kline(market: Int, CandleInterval)
  case aggregateTrades(market: Int)
  case trades(market: Int)
  case mark(market: Int, everySecond: Bool)
  case marks(everySecond: Bool)
  case ticker(market: Int)
  case tickers
  case miniTicker(market: Int)
  case miniTickers
  case quote(market: Int)
  case quotes
  case book(market: Int, levels: Int)

  /// What the venue pushes where.
  enum StreamClass: Hashable, Sendable {
    case market
    case `public`
    case `private`
    /// The paths of before 2026, which acknowledge everything and push the public class alone.
    case unrouted
  }

  /// Reads a stream's name; nil for a stream or symbol that does not exist.
  init?(_ name: String, _ listings: [BinanceListing]) {
    let parts = name.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 1, parts.count <= 3 else { return nil }
    if name.first == "!" {
      switch name {
      case "!markPrice@arr": self = .marks(everySecond: false)
      case "!markPrice@arr@1s": self = .marks(everySecond: true)
      case "!ticker@arr": self = .tickers
      case "!miniTicker@arr": self = .miniTickers
      case "!bookTicker": self = .quotes
      default: return nil
      }
      return
    }
    guard parts.count > 1,
      let market = listings.firstIndex(where: { $0.pair.lowercased() == parts[0] })
    else { return nil }
    let suffix = parts.count == 3 ? parts[2] : nil
    switch parts[1] {
    case "aggTrade" where suffix == nil: self = .aggregateTrades(market: market)
    case "trade" where suffix == nil: self = .trades(market: market)
    case "ticker" where suffix == nil: self = .ticker(market: market)
    case "miniTicker" where suffix == nil: self = .miniTicker(market: market)
    case "bookTicker" where suffix == nil: self = .quote(market: market)
    case "markPrice" where suffix == nil: self = .mark(market: market, everySecond: false)
    case "markPrice" where suffix == "1s": self = .mark(market: market, everySecond: true)
    case let kind where kind.hasPrefix("kline_") && suffix == nil:
      guard let interval = CandleInterval(rawValue: String(kind.dropFirst(6))) else {
        return nil
      }
      self = .kline(market: market, interval)
    case let kind where kind.hasPrefix("depth"):
      guard suffix == nil || ["100ms", "250ms", "500ms"].contains(suffix),
        let levels = kind == "depth" ? 1_000 : Int(kind.dropFirst(5)),
        kind == "depth" || [5, 10, 20].contains(levels)
      else { return nil }
      self = .book(market: market, levels: levels)
    default: return nil
    }
  }

  /// Where it is pushed.
  var streamClass: StreamClass {
    switch self {
    case .kline, .aggregateTrades, .mark, .marks, .ticker, .tickers, .miniTicker, .miniTickers:
      .market
    case .trades, .quote, .quotes, .book: .public
    }
  }
}

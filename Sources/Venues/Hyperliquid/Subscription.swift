import Market

/// One stream of the socket.
enum Subscription: Hashable, Sendable {
  case candle(CandleSeries)
  case trades(Symbol)
  case quotes(Symbol)
  case book(Symbol)
  case context(Symbol)
  case mids
  case orderUpdates(Address)
  case userFills(Address)
  case userFundings(Address)

  /// Every stream that a configuration asks for, in the order in which they are subscribed.
  static func all(_ configuration: HyperliquidClientConfiguration) -> [Subscription] {
    var list = configuration.series.map(Subscription.candle)
    for symbol in configuration.symbols {
      if configuration.streams.contains(.trades) { list.append(.trades(symbol)) }
      if configuration.streams.contains(.quotes) { list.append(.quotes(symbol)) }
      if configuration.streams.contains(.books) { list.append(.book(symbol)) }
      if configuration.streams.contains(.contexts) { list.append(.context(symbol)) }
    }
    if configuration.streams.contains(.mids) { list.append(.mids) }
    if let user = configuration.user {
      list += [.orderUpdates(user), .userFills(user), .userFundings(user)]
    }
    return list
  }

  /// Writes the subscription object.
  func write(to writer: inout JSONWriter) {
    writer.object {
      switch self {
      case .candle(let series):
        $0.string("type", "candle")
        $0.name("coin", series.symbol)
        $0.string("interval", series.timeframe.name)
      case .trades(let symbol):
        $0.string("type", "trades")
        $0.name("coin", symbol)
      case .quotes(let symbol):
        $0.string("type", "bbo")
        $0.name("coin", symbol)
      case .book(let symbol):
        $0.string("type", "l2Book")
        $0.name("coin", symbol)
      case .context(let symbol):
        $0.string("type", "activeAssetCtx")
        $0.name("coin", symbol)
      case .mids: $0.string("type", "allMids")
      case .orderUpdates(let user):
        $0.string("type", "orderUpdates")
        $0.string("user", user.description)
      case .userFills(let user):
        $0.string("type", "userFills")
        $0.string("user", user.description)
      case .userFundings(let user):
        $0.string("type", "userFundings")
        $0.string("user", user.description)
      }
    }
  }

  /// Reads a subscription object as the venue echoes it, extra members ignored.
  init?(_ value: JSONValue) {
    let symbol = value["coin"]?.text.flatMap { Symbol($0) }
    let user = value["user"]?.string.flatMap { Address($0) }
    let subscription: Subscription? =
      switch value["type"]?.string {
      case "candle":
        symbol.flatMap { symbol in
          value["interval"]?.text.flatMap { $0.withUTF8(MarketWire.timeframe) }.map {
            .candle(CandleSeries(symbol: symbol, timeframe: $0))
          }
        }
      case "trades": symbol.map(Subscription.trades)
      case "bbo": symbol.map(Subscription.quotes)
      case "l2Book": symbol.map(Subscription.book)
      case "activeAssetCtx": symbol.map(Subscription.context)
      case "allMids": .mids
      case "orderUpdates": user.map(Subscription.orderUpdates)
      case "userFills": user.map(Subscription.userFills)
      case "userFundings": user.map(Subscription.userFundings)
      default: nil
      }
    guard let subscription else { return nil }
    self = subscription
  }
}

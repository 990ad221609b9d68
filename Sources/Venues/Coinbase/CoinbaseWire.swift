import Market

/// What the Exchange API's answers say, as far as we need it.
enum CoinbaseWire {
  /// Whether a product can be traded as usual, and in what way not.
  enum Trading: Hashable {
    case open
    /// The status or the flag at fault.
    case closed(String)
  }

  /// The best quote and the time of the last trade.
  struct Ticker: Hashable {
    let bid: Price
    let ask: Price
    let lastTrade: Instant

    /// The middle, rounded down; nil where the sides cross or are too far apart to have one.
    func mid(within widest: Int64) -> Price? {
      guard bid < ask else { return nil }
      let spread = ask.steps - bid.steps
      let mid = bid.steps + spread / 2
      guard Int128(spread) * 1_000_000 <= Int128(mid) * Int128(widest) else { return nil }
      return Price(steps: mid)
    }
  }

  static func ticker(_ root: JSONValue) throws(WireFault) -> Ticker {
    let bid = try root.positivePrice("bid")
    let ask = try root.positivePrice("ask")
    guard let time = root["time"]?.string.flatMap({ Instant(iso8601: $0) }) else {
      throw .member("time")
    }
    return Ticker(bid: bid, ask: ask, lastTrade: time)
  }

  /// Reads how a product trades.
  static func trading(_ product: JSONValue) throws(WireFault) -> Trading {
    guard let status = product["status"]?.string else { throw .member("status") }
    guard status == "online" else { return .closed(status) }
    if try product.flag("trading_disabled") { return .closed("trading_disabled") }
    if try product.flag("cancel_only") { return .closed("cancel_only") }
    if try product.flag("post_only") { return .closed("post_only") }
    if try product.flag("auction_mode") { return .closed("auction_mode") }
    return .open
  }

  /// Reads one row of `/candles`: time in seconds, low, high, open, close, volume, as numbers.
  static func candle(
    _ row: JSONValue, of symbol: Symbol, _ timeframe: Timeframe
  ) throws(WireFault) -> Candle {
    guard let elements = row.elements else { throw .member("row") }
    let values = Array(elements)
    guard values.count >= 6, let seconds = values[0].int64,
      (0..<7_258_118_400).contains(seconds)
    else { throw .member("time") }
    guard let low = values[1].double.flatMap(Price.init(nearest:)),
      let high = values[2].double.flatMap(Price.init(nearest:)),
      let open = values[3].double.flatMap(Price.init(nearest:)),
      let close = values[4].double.flatMap(Price.init(nearest:)),
      let volume = values[5].double.flatMap(Quantity.init(nearest:))
    else { throw .member("price") }
    do {
      return try Candle(
        symbol: symbol, timeframe: timeframe, venue: .coinbase,
        openTime: Instant(milliseconds: seconds * 1_000), open: open, high: high, low: low,
        close: close, volume: volume)
    } catch { throw .inconsistent }
  }
}

extension JSONValue {
  /// A truth value that is false where it is missing.
  fileprivate func flag(_ key: StaticString) throws(WireFault) -> Bool {
    guard let value = self[key] else { return false }
    guard let flag = value.bool else { throw .member(key) }
    return flag
  }
}

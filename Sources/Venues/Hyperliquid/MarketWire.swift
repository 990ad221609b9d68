import Market

/// The venue's market data as values.
enum MarketWire {
  /// A candle of the `candle` channel or of `candleSnapshot`, in one pass over its members.
  static func candle(_ value: JSONValue) throws(WireFault) -> Candle {
    var prices: (open: Price?, high: Price?, low: Price?, close: Price?)
    var symbol: Symbol?
    var timeframe: Timeframe?
    var times: (open: Instant?, close: Instant?)
    var volume: Quantity?
    guard value.kind == .object else { throw .member("data") }
    let storage = value.storage
    value.eachMember { key, index in
      guard key.count == 1 else { return }
      switch key[0] {
      case UInt8(ascii: "o"): prices.open = storage.fixed(at: index)
      case UInt8(ascii: "h"): prices.high = storage.fixed(at: index)
      case UInt8(ascii: "l"): prices.low = storage.fixed(at: index)
      case UInt8(ascii: "c"): prices.close = storage.fixed(at: index)
      case UInt8(ascii: "v"): volume = storage.nearest(at: index)
      case UInt8(ascii: "t"): times.open = storage.milliseconds(at: index)
      case UInt8(ascii: "T"): times.close = storage.milliseconds(at: index)
      case UInt8(ascii: "s"): symbol = storage.text(at: index).flatMap { Symbol($0) }
      case UInt8(ascii: "i"): timeframe = storage.text(at: index).flatMap(Self.timeframe)
      default: break
      }
    }
    guard let symbol else { throw .member("s") }
    guard let timeframe else { throw .member("i") }
    guard let openTime = times.open else { throw .member("t") }
    guard let last = times.close else { throw .member("T") }
    guard let open = prices.open else { throw .member("o") }
    guard let high = prices.high else { throw .member("h") }
    guard let low = prices.low else { throw .member("l") }
    guard let close = prices.close else { throw .member("c") }
    guard let volume else { throw .member("v") }
    let millisecond: Int64 = 1_000_000
    guard last.nanoseconds - openTime.nanoseconds == timeframe.interval.nanoseconds - millisecond
    else { throw .inconsistent }
    do {
      return try Candle(
        symbol: symbol, timeframe: timeframe, venue: .hyperliquid, openTime: openTime, open: open,
        high: high, low: low, close: close, volume: volume)
    } catch {
      throw .inconsistent
    }
  }

  /// A candle length by its wire name.
  static func timeframe(_ name: UnsafeBufferPointer<UInt8>) -> Timeframe? {
    if name.equals("1m") { return .m1 }
    if name.equals("5m") { return .m5 }
    if name.equals("15m") { return .m15 }
    if name.equals("1h") { return .h1 }
    if name.equals("4h") { return .h4 }
    if name.equals("1d") { return .d1 }
    if name.equals("3d") { return .d3 }
    return name.equals("1w") ? .w1 : nil
  }

  /// A trade of the `trades` channel.
  static func trade(_ value: JSONValue) throws(WireFault) -> Trade {
    Trade(
      symbol: try value.symbol("coin"), time: try value.time("time"),
      takerSide: try value.side("side"), price: try value.positivePrice("px"),
      quantity: try value.positiveQuantity("sz"), id: try value.identifier("tid"))
  }

  /// A whole book; each side is in strict order, and the sides do not cross.
  static func book(_ value: JSONValue) throws(WireFault) -> BookSnapshot {
    let sides = try value.required("levels")
    guard let bidRows = sides[0]?.elements, let askRows = sides[1]?.elements, sides[2] == nil else {
      throw .member("levels")
    }
    let book = BookSnapshot(
      symbol: try value.symbol("coin"), time: try value.time("time"), bids: try levels(bidRows),
      asks: try levels(askRows))
    guard zip(book.bids, book.bids.dropFirst()).allSatisfy({ $0.price > $1.price }),
      zip(book.asks, book.asks.dropFirst()).allSatisfy({ $0.price < $1.price })
    else { throw .inconsistent }
    if let bid = book.bids.first, let ask = book.asks.first, bid.price >= ask.price {
      throw .inconsistent
    }
    return book
  }

  private static func levels(_ rows: JSONElements) throws(WireFault) -> [BookLevel] {
    var levels: [BookLevel] = []
    levels.reserveCapacity(20)
    for row in rows {
      guard levels.count < 100 else { throw .member("levels") }
      levels.append(try level(row))
    }
    return levels
  }

  private static func level(_ value: JSONValue) throws(WireFault) -> BookLevel {
    guard let count = value.required("n", or: 1).flatMap(Int32.init(exactly:)), count >= 0 else {
      throw .member("n")
    }
    return BookLevel(
      price: try value.positivePrice("px"), quantity: try value.positiveQuantity("sz"),
      orderCount: count)
  }

  /// The best bid and offer; they may cross, and a side may be missing.
  static func quote(_ value: JSONValue) throws(WireFault) -> Quote {
    let sides = try value.required("bbo")
    guard let bid = sides[0], let ask = sides[1], sides[2] == nil else { throw .member("bbo") }
    return Quote(
      symbol: try value.symbol("coin"), time: try value.time("time"),
      bid: bid.isNull ? nil : try level(bid), ask: ask.isNull ? nil : try level(ask))
  }

  /// The reference figures of one perpetual.
  static func context(of symbol: Symbol, _ value: JSONValue) throws(WireFault) -> AssetContext {
    var mid: Price?
    if let text = value["midPx"], !text.isNull { mid = try value.positivePrice("midPx") }
    guard let openInterest = value["openInterest"]?.nearest(Quantity.self), openInterest >= .zero
    else { throw .member("openInterest") }
    guard let rate = value["funding"]?.text.flatMap({ decimalSteps($0, places: 10) }) else {
      throw .member("funding")
    }
    return AssetContext(
      symbol: symbol, mark: try value.positivePrice("markPx"),
      oracle: try value.positivePrice("oraclePx"), mid: mid,
      hourlyFundingRate: FundingRate(steps: rate), openInterest: openInterest)
  }
}

extension JSONValue {
  /// An integer member, or `fallback` where it is missing; nil where it is no integer.
  fileprivate func required(_ key: StaticString, or fallback: Int64) -> Int64? {
    guard let value = self[key] else { return fallback }
    return value.int64
  }
}

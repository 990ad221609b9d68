import Market

/// The venue's streams and answers as values.
enum BinanceWire {
  /// The candle of a `kline` event and whether it is final.
  static func kline(_ event: JSONValue) throws(WireFault) -> (candle: Candle, isFinal: Bool) {
    let body = try event.required("k")
    guard body.kind == .object else { throw .member("k") }
    guard let isFinal = body["x"]?.bool else { throw .member("x") }
    let symbol = try event.pair("s")
    guard try body.pair("s") == symbol else { throw .inconsistent }
    guard let timeframe = body["i"]?.text?.withUTF8(MarketWire.timeframe) else {
      throw .member("i")
    }
    let candle = try candle(
      CandleSeries(symbol: symbol, timeframe: timeframe), open: body.time("t"),
      last: body.time("T"),
      prices: (
        body.positivePrice("o"), body.positivePrice("h"), body.positivePrice("l"),
        body.positivePrice("c")
      ), volume: body.volume("v"), takerBuy: body.volume("V"))
    return (candle, isFinal)
  }

  /// A row of the history of a series.
  static func kline(_ row: JSONValue, of series: CandleSeries) throws(WireFault) -> Candle {
    guard let columns = row.elements.map(Array.init), columns.count >= 10 else {
      throw .member("row")
    }
    func price(_ index: Int, _ name: StaticString) throws(WireFault) -> Price {
      guard let price = columns[index].fixed(Price.self), price > .zero else {
        throw .member(name)
      }
      return price
    }
    func volume(_ index: Int, _ name: StaticString) throws(WireFault) -> Quantity {
      guard let volume = columns[index].nearest(Quantity.self), volume >= .zero else {
        throw .member(name)
      }
      return volume
    }
    guard let open = columns[0].milliseconds else { throw .member("openTime") }
    guard let last = columns[6].milliseconds else { throw .member("closeTime") }
    return try candle(
      series, open: open, last: last,
      prices: (price(1, "open"), price(2, "high"), price(3, "low"), price(4, "close")),
      volume: volume(5, "volume"), takerBuy: volume(9, "takerBuyVolume"))
  }

  private static func candle(
    _ series: CandleSeries, open: Instant, last: Instant,
    prices: (open: Price, high: Price, low: Price, close: Price), volume: Quantity,
    takerBuy: Quantity
  ) throws(WireFault) -> Candle {
    let millisecond: Int64 = 1_000_000
    guard
      last.nanoseconds - open.nanoseconds == series.timeframe.interval.nanoseconds - millisecond,
      takerBuy <= volume
    else { throw .inconsistent }
    do {
      return try Candle(
        symbol: series.symbol, timeframe: series.timeframe, venue: .binance, openTime: open,
        open: prices.open, high: prices.high, low: prices.low, close: prices.close,
        volume: volume,
        takerSplit: TakerSplit(
          buy: takerBuy, sell: volume - takerBuy, coverage: Fraction(whole: 1)))
    } catch {
      throw .inconsistent
    }
  }

  /// A trade of the `aggTrade` stream; `m` says that the buyer waited, so the taker sold.
  static func trade(_ event: JSONValue) throws(WireFault) -> Trade {
    try trade(event, of: event.pair("s"))
  }

  /// A row of `aggTrades`, which leaves the symbol out.
  static func trade(_ row: JSONValue, of symbol: Symbol) throws(WireFault) -> Trade {
    guard let buyerWaited = row["m"]?.bool else { throw .member("m") }
    return Trade(
      symbol: symbol, time: try row.time("T"), takerSide: buyerWaited ? .sell : .buy,
      price: try row.positivePrice("p"), quantity: try row.positiveQuantity("q"),
      id: try row.identifier("a"))
  }

  /// A `markPriceUpdate` event.
  static func mark(_ event: JSONValue) throws(WireFault) -> MarkPrice {
    MarkPrice(
      symbol: try event.pair("s"), venue: .binance, time: try event.time("E"),
      mark: try event.nearestPrice("p"), index: try event.nearestPrice("i"),
      fundingEstimate: try event.rate("r"), nextFunding: try event.time("T"))
  }

  /// A row of the history of open interest.
  static func openInterest(
    _ row: JSONValue, of symbol: Symbol
  ) throws(WireFault) -> OpenInterest {
    guard try row.pair("symbol") == symbol else { throw .unknownSymbol }
    guard let quantity = row["sumOpenInterest"]?.nearest(Quantity.self), quantity >= .zero else {
      throw .member("sumOpenInterest")
    }
    return OpenInterest(
      symbol: symbol, venue: .binance, time: try row.time("timestamp"), quantity: quantity)
  }

  /// The hour and the rate of a settlement; the venue stamps it some milliseconds late.
  static func settlement(
    _ row: JSONValue, of symbol: Symbol
  ) throws(WireFault) -> (hour: Instant, rate: FundingRate) {
    guard try row.pair("symbol") == symbol else { throw .unknownSymbol }
    let hour = Timeframe.h1.open(containing: try row.time("fundingTime") + .minutes(30))
    return (hour, try row.rate("fundingRate"))
  }
}

extension JSONValue {
  /// The coin of a USDT perpetual.
  fileprivate func pair(_ key: StaticString) throws(WireFault) -> Symbol {
    guard let text = self[key]?.text else { throw .member(key) }
    guard let symbol = Symbol.ofBinancePair(text) else { throw .unknownSymbol }
    return symbol
  }

  /// A rate of at most 100 %.
  fileprivate func rate(_ key: StaticString) throws(WireFault) -> FundingRate {
    guard let steps = self[key]?.text.flatMap({ decimalSteps($0, places: 10) }),
      steps.magnitude <= 10_000_000_000
    else { throw .member(key) }
    return FundingRate(steps: steps)
  }

  /// A volume, which the venue may print with more places than it has.
  fileprivate func volume(_ key: StaticString) throws(WireFault) -> Quantity {
    guard let volume = self[key]?.nearest(Quantity.self), volume >= .zero else {
      throw .member(key)
    }
    return volume
  }

  /// A price that is an average, and has more places than ours.
  fileprivate func nearestPrice(_ key: StaticString) throws(WireFault) -> Price {
    guard let price = self[key]?.nearest(Price.self), price > .zero else { throw .member(key) }
    return price
  }
}

import Market

/// One stream that a client listens to.
enum BinanceStream: Hashable, Sendable {
  case kline(CandleSeries)
  case trades(Symbol)
  case mark(Symbol)

  /// Every stream of a configuration, in order.
  static func all(_ configuration: BinanceClientConfiguration) -> [BinanceStream] {
    configuration.series.map(BinanceStream.kline)
      + Set(configuration.trades).sorted().map(BinanceStream.trades)
      + Set(configuration.marks).sorted().map(BinanceStream.mark)
  }

  /// The name on the wire.
  var name: String {
    switch self {
    case .kline(let series): Self.lower(series.symbol) + "@kline_" + series.timeframe.name
    case .trades(let symbol): Self.lower(symbol) + "@aggTrade"
    case .mark(let symbol): Self.lower(symbol) + "@markPrice@1s"
    }
  }

  /// How long it may say nothing.
  func silenceLimit(_ configuration: BinanceClientConfiguration) -> Interval {
    if case .trades = self { configuration.tradeSilenceLimit } else { configuration.silenceLimit }
  }

  private static func lower(_ symbol: Symbol) -> String { symbol.binancePair.lowercased() }
}

extension Symbol {
  /// The perpetual of the coin that is margined in USDT.
  var binancePair: String { description + "USDT" }

  /// The coin of such a perpetual; nil for any other contract.
  ///
  /// No initializer: a plain `Symbol.init` elsewhere in the module must mean the name itself.
  static func ofBinancePair(_ name: some BidirectionalCollection<UInt8>) -> Symbol? {
    let quote = Array("USDT".utf8)
    guard name.count > quote.count, name.suffix(quote.count).elementsEqual(quote) else {
      return nil
    }
    return Symbol(name.dropLast(quote.count))
  }
}

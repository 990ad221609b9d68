public import Market

/// What a candle file holds, as its name or its reader says.
public struct CandleFileSubject: Hashable, Sendable {
  /// Whose prices, as the name says it: `binance_usdm`; empty where it does not.
  public let source: String
  /// What traded.
  public let symbol: Symbol
  /// How long each candle is.
  public let timeframe: Timeframe

  /// Names a subject.
  public init(source: String, symbol: Symbol, timeframe: Timeframe) {
    self.source = source
    self.symbol = symbol
    self.timeframe = timeframe
  }

  /// Reads `venue_SYMBOL_timeframe_from_to.csv.gz`; nil where a path has another form.
  ///
  /// `BTCUSDT`, `BTC-USD`, `BTC-PERP` and `XBTUSD` are all the perpetual `BTC`.
  public init?(path: String) {
    var name =
      path.split(separator: "/", omittingEmptySubsequences: true).last.map(String.init) ?? ""
    for ending in [".gz", ".csv"] where name.hasSuffix(ending) {
      name.removeLast(ending.count)
    }
    let words = name.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
    guard let place = words.lastIndex(where: { Timeframe(name: $0) != nil }), place > 0,
      let timeframe = Timeframe(name: words[place]), let symbol = Self.perpetual(words[place - 1])
    else { return nil }
    self.init(
      source: words[..<(place - 1)].joined(separator: "_"), symbol: symbol, timeframe: timeframe)
  }

  /// The execution venue's name of what another venue calls `name`; nil where it is no such name.
  static func perpetual(_ name: String) -> Symbol? {
    var base = name
    for ending in ["-PERP", "-USDT", "-USDC", "-USD", "USDT", "USDC", "USD"]
    where base.hasSuffix(ending) {
      base.removeLast(ending.count)
      break
    }
    let isPlain = base.utf8.allSatisfy { byte in
      (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
    guard isPlain else { return nil }
    return Symbol(base == "XBT" ? "BTC" : base)
  }
}

/// A candle file to read, and what it holds.
public struct CandleFileReference: Hashable, Sendable {
  /// Where it is.
  public let path: String
  /// What it holds.
  public let subject: CandleFileSubject

  /// Names a file and what it holds.
  public init(path: String, subject: CandleFileSubject) {
    self.path = path
    self.subject = subject
  }

  /// Reads an argument: a path whose name says what it holds, or `SYMBOL:TIMEFRAME=PATH`.
  ///
  /// - Throws: ``DataFileError`` where neither says what the file holds.
  public init(argument: String) throws(DataFileError) {
    if let equals = argument.firstIndex(of: "="),
      let subject = Self.subject(argument[..<equals])
    {
      self.init(path: String(argument[argument.index(after: equals)...]), subject: subject)
      return
    }
    guard let subject = CandleFileSubject(path: argument) else {
      throw DataFileError(
        .name, path: argument, found: "the name does not say what it holds",
        expected: "venue_SYMBOL_timeframe_from_to.csv.gz, or BTC:15m=\(argument)")
    }
    self.init(path: argument, subject: subject)
  }

  private static func subject(_ text: Substring) -> CandleFileSubject? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let symbol = CandleFileSubject.perpetual(String(parts[0])),
      let timeframe = Timeframe(name: String(parts[1]))
    else { return nil }
    return CandleFileSubject(source: "", symbol: symbol, timeframe: timeframe)
  }
}

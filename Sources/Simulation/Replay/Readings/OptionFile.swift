import Market

/// A file of option quotes of Deribit: one snapshot, or one collected over some minutes.
struct OptionFile {
  private(set) var source: ReadingSource
  /// One chain an underlying.
  private(set) var chains: [OptionChain] = []

  /// Where the figures of one form stand.
  private struct Columns {
    let time: Int
    let name: Int
    let strike: Int
    let type: Int
    let expiry: Int
    let volatility: Int
    let openInterest: Int
    let underlying: Int
    /// The snapshot form has text times and volatilities as fractions; the other milliseconds and
    /// percent.
    let isSnapshot: Bool

    init?(_ names: [String]) {
      func place(_ name: String) -> Int? { names.firstIndex(of: name) }
      let isSnapshot = names.contains("expiry_datetime")
      guard let time = place("timestamp"), let name = place("instrument_name"),
        let strike = place("strike"), let type = place("option_type"),
        let expiry = place(isSnapshot ? "expiry_datetime" : "expiration_timestamp"),
        let volatility = place(isSnapshot ? "implied_volatility" : "mark_iv"),
        let openInterest = place("open_interest"),
        let underlying = place(isSnapshot ? "futures_price" : "underlying_price")
      else { return nil }
      self.time = time
      self.name = name
      self.strike = strike
      self.type = type
      self.expiry = expiry
      self.volatility = volatility
      self.openInterest = openInterest
      self.underlying = underlying
      self.isSnapshot = isSnapshot
    }
  }

  private struct Row {
    let symbol: Symbol
    let time: Instant
    let quote: OptionQuote
  }

  /// Reads a file whole.
  ///
  /// The source computed prices and volatilities in floating point: they are taken to the nearest
  /// 1e-8. A chain's time is that of its newest row, so that nothing in it is from later.
  init(_ reference: DataFileReference) throws(DataFileError) {
    var source = ReadingSource(reference)
    var columns: Columns?
    var rows: [Row] = []
    source.rowCount = try DataTable.read(
      reference.path,
      header: { names throws(DataFileError) in
        columns = Columns(names)
        let expected = [
          "timestamp", "instrument_name", "strike", "option_type", "open_interest",
          "and expiry, volatility and underlying as Deribit's collectors write them",
        ]
        try FundingFile.demand(columns != nil, names, expected, of: reference.path)
      },
      row: { row throws(DataFileError) in
        guard let columns else { return }
        let next = try Self.row(row, columns)
        let quote = next.quote
        guard quote.impliedVolatility > .zero, quote.strike > .zero, quote.underlying > .zero,
          quote.openInterest >= .zero
        else { return source.reject(.notPositive, line: row.line) }
        guard quote.expiry > next.time else { return source.reject(.expired, line: row.line) }
        rows.append(next)
      })
    chains = Self.chains(rows, Venue(source: reference.subject.source))
    source.usedCount = chains.count
    self.source = source
  }

  private static func row(_ row: DataRow, _ columns: Columns) throws(DataFileError) -> Row {
    let name = row.word(columns.name)
    guard let symbol = name.split(separator: "-").first.flatMap({ Symbol(String($0)) }) else {
      throw row.error(
        "an instrument \(DataLines.excerpt(row.fields[columns.name]))",
        expected: "a name such as BTC-27MAR26-90000-C")
    }
    let type = row.word(columns.type)
    guard type == "call" || type == "put" else {
      throw row.error(
        "an option type of \(DataLines.excerpt(row.fields[columns.type]))",
        expected: "call or put")
    }
    let isSnapshot = columns.isSnapshot
    let time =
      try isSnapshot
      ? row.timestamp(columns.time, "a time") : row.milliseconds(columns.time, "a time")
    let expiry =
      try isSnapshot
      ? row.timestamp(columns.expiry, "an expiry") : row.milliseconds(columns.expiry, "an expiry")
    return Row(
      symbol: symbol, time: time,
      quote: OptionQuote(
        expiry: expiry, strike: try row.decimal(columns.strike, "a strike"),
        isCall: type == "call",
        impliedVolatility: try row.rounded(
          columns.volatility, "a volatility", over: isSnapshot ? 1 : 100),
        openInterest: try row.rounded(columns.openInterest, "an open interest"),
        underlying: try row.rounded(columns.underlying, "an underlying price")))
  }

  /// One chain an underlying; of an option quoted twice, the newest stays.
  private static func chains(_ rows: [Row], _ venue: Venue) -> [OptionChain] {
    var symbols: [Symbol] = []
    for row in rows where !symbols.contains(row.symbol) { symbols.append(row.symbol) }
    return symbols.sorted().compactMap { symbol in
      let own = rows.filter { $0.symbol == symbol }
      guard let newest = own.map(\.time).max() else { return nil }
      var latest: [Row] = []
      // Newest first among equals, which sorting by contract brings together.
      for row in own.sorted(by: precedes) where latest.last.map({ !isSame($0, row) }) ?? true {
        latest.append(row)
      }
      return OptionChain(symbol: symbol, venue: venue, time: newest, quotes: latest.map(\.quote))
    }
  }

  private static func isSame(_ one: Row, _ other: Row) -> Bool {
    one.quote.expiry == other.quote.expiry && one.quote.strike == other.quote.strike
      && one.quote.isCall == other.quote.isCall
  }

  private static func precedes(_ one: Row, _ other: Row) -> Bool {
    let (left, right) = (one.quote, other.quote)
    if left.expiry != right.expiry { return left.expiry < right.expiry }
    if left.strike != right.strike { return left.strike < right.strike }
    if left.isCall != right.isCall { return !left.isCall }
    return one.time > other.time
  }
}

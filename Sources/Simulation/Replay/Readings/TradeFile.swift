import Market

/// A file of public trades of one symbol.
struct TradeFile {
  static let columns = ["time_ms", "price", "size", "side"]

  struct Trade: Equatable {
    let time: Instant
    let size: Quantity
    let isBuy: Bool
  }

  private(set) var source: ReadingSource
  private(set) var trades: [Trade] = []

  /// Reads a file whole.
  ///
  /// Trades of one time may repeat one another: they carry no id.
  init(_ reference: DataFileReference) throws(DataFileError) {
    var source = ReadingSource(reference)
    var trades: [Trade] = []
    source.rowCount = try DataTable.read(
      reference.path,
      header: { names throws(DataFileError) in
        try FundingFile.demand(names == Self.columns, names, Self.columns, of: reference.path)
      },
      row: { row throws(DataFileError) in
        let time = try row.milliseconds(0, "a time")
        let price: Price = try row.decimal(1, "a price")
        let size: Quantity = try row.decimal(2, "a size")
        let side = row.word(3)
        guard side == "buy" || side == "sell" else {
          throw row.error(
            "a side of \(DataLines.excerpt(row.fields[3]))", expected: "buy or sell, the taker's")
        }
        guard price > .zero, size > .zero else {
          return source.reject(.notPositive, line: row.line)
        }
        if let last = trades.last, time < last.time {
          return source.reject(.outOfOrder, line: row.line)
        }
        trades.append(Trade(time: time, size: size, isBuy: side == "buy"))
      })
    self.source = source
    self.trades = trades
  }
}

/// What takers bought and sold of one symbol, by time, and the stretches that the files cover.
struct TakerVolumes {
  let symbol: Symbol
  /// Whose trades: one source a symbol.
  let source: String
  /// How many candles got their split from here.
  var splitCount = 0
  private var times: [Instant] = []
  /// Sums of the sizes before the trade of the same place, and of all at the end.
  private var bought: [Int128] = [0]
  private var sold: [Int128] = [0]
  /// From the first trade of a file to its last: what happened in between was seen.
  private var spans: [(from: Instant, to: Instant)] = []

  init(symbol: Symbol, source: String) {
    self.symbol = symbol
    self.source = source
  }

  /// Adds a file that begins after everything added so far; false where it does not.
  mutating func add(_ trades: [TradeFile.Trade]) -> Bool {
    guard let first = trades.first, let last = trades.last else { return true }
    if let end = spans.last?.to, first.time <= end { return false }
    spans.append((first.time, last.time))
    for trade in trades {
      times.append(trade.time)
      bought.append((bought.last ?? 0) + (trade.isBuy ? Int128(trade.size.steps) : 0))
      sold.append((sold.last ?? 0) + (trade.isBuy ? 0 : Int128(trade.size.steps)))
    }
    return true
  }

  /// What takers did during `candle`; nil unless a file covers all of it.
  ///
  /// Where the trades are of the candle's own source, the coverage is the share of its volume that
  /// they make up; those of another source cover what they saw.
  func split(of candle: Candle, from candleSource: String) -> TakerSplit? {
    guard spans.contains(where: { $0.from <= candle.openTime && candle.closeTime <= $0.to })
    else { return nil }
    let from = place(of: candle.openTime)
    let to = place(of: candle.closeTime)
    guard let buy = Int64(exactly: bought[to] - bought[from]),
      let sell = Int64(exactly: sold[to] - sold[from])
    else { return nil }
    var coverage = Fraction(whole: 1)
    if candleSource == source, candle.volume > .zero {
      let share = Rounding.down.divide(
        (Int128(buy) + Int128(sell)) * Int128(Fraction.stepsPerWhole),
        by: Int128(candle.volume.steps))
      coverage = Int64(exactly: share).map { min(coverage, Fraction(steps: $0)) } ?? coverage
    }
    return TakerSplit(buy: Quantity(steps: buy), sell: Quantity(steps: sell), coverage: coverage)
  }

  /// How many trades came before `time`.
  private func place(of time: Instant) -> Int {
    var low = 0
    var high = times.count
    while low < high {
      let middle = (low + high) / 2
      if times[middle] < time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

import Market

/// What takers bought and sold in the candles that still form, from the execution venue's trades.
struct FlowBook: Sendable {
  /// One candle's trades so far.
  private struct Page: Sendable {
    let symbol: Symbol
    let timeframe: Timeframe
    let openTime: Instant
    var buy = Quantity.zero
    var sell = Quantity.zero
  }

  /// The most candles that are open at once; the oldest leave first.
  static let limit = 1_024

  private var series: [(symbol: Symbol, timeframe: Timeframe)] = []
  private var pages: [Page] = []

  /// How many candles are open.
  var count: Int { pages.count }

  /// Follows a series.
  mutating func declare(_ symbol: Symbol, _ timeframe: Timeframe) {
    guard !series.contains(where: { $0 == (symbol, timeframe) }) else { return }
    series.append((symbol, timeframe))
  }

  /// Counts a trade toward every series of its symbol.
  mutating func add(_ trade: Trade) {
    for (symbol, timeframe) in series where symbol == trade.symbol {
      let open = timeframe.open(containing: trade.time)
      // The newest pages are last, and a trade belongs to one of them.
      let known = pages.lastIndex {
        $0.openTime == open && $0.timeframe == timeframe && $0.symbol == symbol
      }
      let index = known ?? append(Page(symbol: symbol, timeframe: timeframe, openTime: open))
      if trade.takerSide == .buy {
        pages[index].buy = pages[index].buy.checkedAdding(trade.quantity) ?? pages[index].buy
      } else {
        pages[index].sell = pages[index].sell.checkedAdding(trade.quantity) ?? pages[index].sell
      }
    }
  }

  private mutating func append(_ page: Page) -> Int {
    if pages.count >= Self.limit { pages.removeFirst() }
    pages.append(page)
    return pages.count - 1
  }

  /// Takes out the split of a candle that closes, and forgets what is older.
  ///
  /// The share of the candle's volume that was seen as trades is the coverage: trades that were
  /// missed show. Nil where the series is not followed, and where no trade of a volume was seen:
  /// then the source told nothing.
  mutating func take(_ candle: Candle) -> TakerSplit? {
    guard series.contains(where: { $0 == (candle.symbol, candle.timeframe) }) else { return nil }
    var page = Page(
      symbol: candle.symbol, timeframe: candle.timeframe, openTime: candle.openTime)
    pages.removeAll { other in
      guard other.symbol == candle.symbol, other.timeframe == candle.timeframe,
        other.openTime <= candle.openTime
      else { return false }
      if other.openTime == candle.openTime { page = other }
      return true
    }
    let isSilent = page.buy == .zero && page.sell == .zero && candle.volume > .zero
    guard !isSilent else { return nil }
    return TakerSplit(
      buy: page.buy, sell: page.sell,
      coverage: Self.share(
        of: Int128(page.buy.steps) + Int128(page.sell.steps), in: candle.volume))
  }

  private static func share(of seen: Int128, in volume: Quantity) -> Fraction {
    guard volume > .zero, seen < Int128(volume.steps) else { return Fraction(whole: 1) }
    let steps = seen * Int128(Fraction.stepsPerWhole) / Int128(volume.steps)
    return Fraction(steps: Int64(truncatingIfNeeded: steps))
  }
}

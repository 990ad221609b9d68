extension Candle {
  /// One candle over `children`, which follow one another from the open of `timeframe` to its end.
  ///
  /// The taker split is known where that of every child is, and covered as the worst of them. Nil
  /// without children, and where their volume does not fit.
  public init?(joining children: [Candle], as timeframe: Timeframe) {
    guard let first = children.first, let last = children.last else { return nil }
    var high = first.high
    var low = first.low
    var volume = first.volume
    var split = first.takerSplit
    for child in children.dropFirst() {
      high = max(high, child.high)
      low = min(low, child.low)
      guard let sum = volume.checkedAdding(child.volume) else { return nil }
      volume = sum
      split = child.takerSplit.flatMap { split?.adding($0) }
    }
    do {
      try self.init(
        symbol: first.symbol, timeframe: timeframe, venue: last.venue, openTime: first.openTime,
        open: first.open, high: high, low: low, close: last.close, volume: volume,
        takerSplit: split)
    } catch { return nil }
  }
}

import Choice
import Exchange
import Market

/// Who was the taker in a market's volume, as Binance's candles tell it.
///
/// Each minute leans one way; longer candles add their minutes up, so that the candles of one time
/// agree with one another. What traded before the tape began is split evenly.
struct TakerTape: Sendable {
  /// One candle that still forms.
  fileprivate struct Page: Sendable {
    let timeframe: Timeframe
    var openTime = Instant(nanoseconds: .min)
    var buy = Quantity.zero
    var sell = Quantity.zero
  }

  private let plan: BinancePlan
  private let symbol: Symbol
  private var pages: [Page]

  init(_ plan: BinancePlan, of symbol: Symbol, _ timeframes: [Timeframe]) {
    self.plan = plan
    self.symbol = symbol
    pages = timeframes.sorted().map { Page(timeframe: $0) }
  }

  /// Takes in the minute that opens at `minute`: the candles that close with it, shortest first.
  mutating func close(
    _ minute: Instant, at venue: HyperliquidVenue, _ stream: inout ChoiceStream
  ) -> [Candle] {
    let strayed = plan.imbalance + stream.stray(plan.imbalanceNoise)
    let lean = min(max(strayed, -1_000_000), 1_000_000)
    let volume = venue.candle(of: symbol, .m1, opening: minute)?.volume ?? .zero
    let buy = volume.checkedScaled(by: 1_000_000 + lean, over: 2_000_000, .nearest) ?? .zero
    let sell = volume - buy
    var candles: [Candle] = []
    for index in pages.indices {
      let timeframe = pages[index].timeframe
      let openTime = timeframe.open(containing: minute)
      if pages[index].openTime != openTime {
        pages[index] = Page(timeframe: timeframe, openTime: openTime)
      }
      pages[index].buy = pages[index].buy.checkedAdding(buy) ?? pages[index].buy
      pages[index].sell = pages[index].sell.checkedAdding(sell) ?? pages[index].sell
      guard minute + .minutes(1) == openTime + timeframe.interval,
        let truth = venue.candle(of: symbol, timeframe, opening: openTime),
        let candle = pages[index].candle(from: truth)
      else { continue }
      candles.append(candle)
    }
    return candles
  }
}

extension TakerTape.Page {
  /// The other venue's version of a candle of this one.
  fileprivate func candle(from truth: Candle) -> Candle? {
    let unseen = max(0, truth.volume.steps - buy.steps - sell.steps)
    let split = TakerSplit(
      buy: Quantity(steps: buy.steps + unseen / 2),
      sell: Quantity(steps: sell.steps + unseen - unseen / 2), coverage: Fraction(whole: 1))
    return try? Candle(
      symbol: truth.symbol, timeframe: timeframe, venue: .binance, openTime: openTime,
      open: truth.open, high: truth.high, low: truth.low, close: truth.close,
      volume: truth.volume, takerSplit: split)
  }
}

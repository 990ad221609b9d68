import Engine
import Market
import Risk
import Simulation
import Strategies

extension ReplayPage {
  /// The series that the trades are drawn on.
  ///
  /// Of the tradable symbol whose candles cover the longest time, it is the shortest timeframe that
  /// covers as much.
  var drawnSeries: CandleHistory.Series? {
    let tradable = plan.configuration.symbols.filter(\.isTradable).map(\.instrument.symbol)
    return plan.history.series
      .filter { tradable.contains($0.symbol) && $0.timeframe < .d1 && !$0.candles.isEmpty }
      .max { Self.coverage($0) < Self.coverage($1) }
  }

  private static func coverage(_ series: CandleHistory.Series) -> (Int64, Int64) {
    let days = Int64(series.candles.count) * (series.timeframe.interval.milliseconds / 60_000)
    return (days / 1_440, -series.timeframe.interval.milliseconds)
  }

  /// The trades of the best covered symbol on all its candles.
  var candles: HTML {
    guard let series = drawnSeries else { return .empty }
    let all = figures.trades.filter { $0.record.symbol == series.symbol }
    let drawn = all.suffix(Self.drawnLimit)
    let chart = CandleChart(series.candles, atMost: Self.barLimit)
    let hours = chart.interval.milliseconds / 3_600_000
    let bar = hours > 0 ? "\(hours) h" : "\(chart.interval.milliseconds / 60_000) min"
    var note = "One bar is \(bar) of \(series.timeframe.name) candles; stretches without candles "
    note += "take no room. Arrows are entries, dots exits, dashes stop and target."
    if drawn.count < all.count {
      note += " The last \(grouped(drawn.count)) of \(counted(all.count, "trade")) are drawn."
    }
    return CertificatePage.section(
      "candles", "Trades on the candles of \(series.symbol)", CertificatePage.paragraph(note),
      chart.svg("\(series.symbol)", drawn.map(mark), height: 420, step: 60))
  }

  private func mark(_ trade: ReplayTrade) -> CandleChart.Mark {
    CandleChart.Mark(
      trade: trade, style: style(of: trade.record.strategy), title: Self.title(trade))
  }

  /// `wick_flow pool_sweep long 2025-02-03 14:15, stop after 2h, −1.24 R`.
  static func title(_ trade: ReplayTrade) -> String {
    let opened = trade.record.openedAt.description
    let reason = trade.record.exitReason.map { "\($0)" } ?? "end"
    return "\(trade.record.strategy) \(trade.signal.setup) \(trade.isLong ? "long" : "short") "
      + "\(opened.prefix(10)) \(opened.dropFirst(11).prefix(5)), \(reason) after "
      + "\(span(trade.closedAt - trade.record.openedAt)), \(ratio(trade.netMultiple)) R"
  }

  /// Some trades of each strategy from near, evenly spread over the run so that none is picked.
  var gallery: HTML {
    guard let series = drawnSeries else { return .empty }
    let charts = strategies.flatMap { one -> [HTML] in
      let trades = figures.trades.filter {
        $0.record.strategy == one.strategy && $0.record.symbol == series.symbol
      }
      let count = min(Self.galleryLimit, trades.count)
      return (0..<count).compactMap { place in
        let trade = trades[place * trades.count / count]
        return near(trade).map { chart in
          .tag(
            "div", ["class": style(of: one.strategy)],
            chart.svg(Self.title(trade), [mark(trade)], height: 150, step: 50))
        }
      }
    }
    guard !charts.isEmpty else { return .empty }
    return CertificatePage.section(
      "near", "Trades from near",
      CertificatePage.paragraph(
        "At most \(Self.galleryLimit) a strategy, evenly spread over the run."),
      .tag("div", ["class": "gallery"], charts))
  }

  /// The candles around a trade, of the strategy's trigger where the plan has them.
  private func near(_ trade: ReplayTrade) -> CandleChart? {
    let trigger = plan.seats.first { $0.strategy == trade.record.strategy }?.trigger
    let own = plan.history.series.filter { $0.symbol == trade.record.symbol }
    let wanted = trigger.map { $0.source ?? $0 }
    guard let series = own.first(where: { $0.timeframe == wanted }) ?? own.first else { return nil }
    let interval = series.timeframe.interval
    let from = trade.record.openedAt - interval * 24
    let to = trade.closedAt + interval * 8
    let slice = series.candles.window(from: from, to: to)
    return slice.isEmpty ? nil : CandleChart(slice, atMost: 100)
  }
}

extension [Candle] {
  /// The candles that open from `from` on and before `to`; they are in order of time.
  func window(from: Instant, to: Instant) -> ArraySlice<Candle> {
    func place(_ time: Instant) -> Int {
      var low = 0
      var high = count
      while low < high {
        let middle = (low + high) / 2
        if self[middle].openTime < time { low = middle + 1 } else { high = middle }
      }
      return low
    }
    let start = place(from)
    return self[start..<Swift.max(start, place(to))]
  }
}

import Engine
import Market
import Risk
import Simulation
import Strategies

/// Candles with the trades on them as inline SVG, drawn with integers.
struct CandleChart {
  /// One bar of the picture: a candle, or several that follow one another as one.
  struct Bar: Equatable {
    let open: Instant
    let first: Price
    var high: Price
    var low: Price
    var last: Price
  }

  /// How a trade is drawn.
  struct Mark {
    let trade: ReplayTrade
    /// Classes that colour it and let a filter hide it.
    let style: String
    let title: String
  }

  private(set) var bars: [Bar] = []
  /// How long a bar is.
  let interval: Interval

  /// Takes candles in order, several as one where there are more than `limit`.
  ///
  /// Stretches without candles take no room.
  init(_ candles: some Collection<Candle>, atMost limit: Int) {
    let base = candles.first?.timeframe.interval ?? .minutes(1)
    var multiple: Int64 = 1
    while true {
      bars = Self.bars(candles, length: base * multiple)
      guard bars.count > max(1, limit) else { break }
      multiple *= 2
    }
    interval = base * multiple
  }

  private static func bars(_ candles: some Collection<Candle>, length: Interval) -> [Bar] {
    var bars: [Bar] = []
    for candle in candles {
      let open = Instant(
        nanoseconds: candle.openTime.nanoseconds.floorDivided(by: length.nanoseconds)
          * length.nanoseconds)
      if let last = bars.last, last.open == open {
        let index = bars.count - 1
        bars[index].high = max(last.high, candle.high)
        bars[index].low = min(last.low, candle.low)
        bars[index].last = candle.close
      } else {
        bars.append(
          Bar(
            open: open, first: candle.open, high: candle.high, low: candle.low, last: candle.close))
      }
    }
    return bars
  }

  /// The picture, with a pitch of `step` tenths a bar.
  func svg(_ title: String, _ marks: [Mark], height: Int64, step: Int64) -> HTML {
    guard let first = bars.first, let last = bars.last,
      let floor = bars.map(\.low.steps).min(), let ceiling = bars.map(\.high.steps).max()
    else { return .tag("p", [:], HTML("\(title): no candles.")) }
    let levels = marks.flatMap { [$0.trade.stop.steps, $0.trade.target.steps] }
    // Far targets widen the picture at most by its own height.
    let room = max(1, (ceiling - floor) / 2)
    let low = max(floor - room, min(floor, levels.min() ?? floor))
    let high = min(ceiling + room, max(ceiling, levels.max() ?? ceiling))
    let scale = Scale(from: low, to: high, height: height, top: 8)
    let width = 70 + (Int64(bars.count) * step + 9) / 10 + 8
    let trades = marks.map { draw($0, scale, step) }
    let bottom = height + 26
    let rules = [low, high].map { value -> HTML in
      .tag(
        "text", ["x": "64", "y": LineChart.tenths(scale.y(value) + 40), "class": "label"],
        HTML(LevelText.short(Price(steps: value))))
    }
    return .tag(
      "figure", [:], .tag("figcaption", [:], HTML(title)),
      .tag(
        "div", ["class": "scroll"],
        .tag(
          "svg",
          [
            "viewBox": "0 0 \(width) \(bottom + 4)", "role": "img", "aria-label": title,
            "style": "width:\(width)px;max-width:none",
          ],
          candles(scale, step) + trades + rules
            + dates(from: first.open, to: last.open + interval, width: width, y: bottom))))
  }

  /// The dates at both ends; one where the picture is too narrow for two.
  private func dates(from: Instant, to: Instant, width: Int64, y: Int64) -> [HTML] {
    let first = HTML.tag("text", ["x": "70", "y": "\(y)"], HTML(minute(from)))
    guard width >= 340 else { return [first] }
    return [
      first,
      .tag("text", ["x": "\(width)", "y": "\(y)", "class": "label"], HTML(minute(to))),
    ]
  }

  /// Four paths: wicks and bodies of bars that rose and of bars that fell.
  private func candles(_ scale: Scale, _ step: Int64) -> [HTML] {
    var wicks = ["", ""]
    var bodies = ["", ""]
    for (index, bar) in bars.enumerated() {
      let x = LineChart.tenths(center(of: index, step))
      let kind = bar.last >= bar.first ? 0 : 1
      wicks[kind] +=
        "M\(x) \(LineChart.tenths(scale.y(bar.high.steps)))V"
        + LineChart.tenths(scale.y(bar.low.steps))
      let ends = (scale.y(bar.first.steps), scale.y(bar.last.steps))
      // A body without height would not show.
      bodies[kind] +=
        "M\(x) \(LineChart.tenths(ends.0))V"
        + LineChart.tenths(ends.0 == ends.1 ? ends.1 + 5 : ends.1)
    }
    let body = LineChart.tenths(max(6, step * 7 / 10))
    return zip(["up", "down"], [0, 1]).map { name, kind in
      .tag("path", ["class": "wick \(name)", "d": wicks[kind]])
        + .tag("path", ["class": "body \(name)", "stroke-width": body, "d": bodies[kind]])
    }
  }

  /// Entry, stop, target and exit of one trade.
  private func draw(_ mark: Mark, _ scale: Scale, _ step: Int64) -> HTML {
    let trade = mark.trade
    let from = x(trade.record.openedAt, step)
    let to = max(from + step / 2, x(trade.closedAt, step))
    func level(_ price: Price, _ name: String) -> HTML {
      .tag(
        "path",
        [
          "class": name,
          "d": "M\(LineChart.tenths(from)) \(LineChart.tenths(scale.y(price.steps)))"
            + "H\(LineChart.tenths(to))",
        ])
    }
    let entry = scale.y(trade.entry.steps)
    let exit = scale.y(trade.exit.steps)
    // The arrow points the way that the trade bets.
    let tip: Int64 = trade.isLong ? -45 : 45
    let arrow =
      "M\(LineChart.tenths(from)) \(LineChart.tenths(entry + tip))"
      + "L\(LineChart.tenths(from - 35)) \(LineChart.tenths(entry - tip / 2))"
      + "L\(LineChart.tenths(from + 35)) \(LineChart.tenths(entry - tip / 2))Z"
    return .tag(
      "g", ["class": "trade \(mark.style)"], .tag("title", [:], HTML(mark.title)),
      level(trade.stop, "stop"), level(trade.target, "target"),
      .tag(
        "path",
        [
          "class": "held",
          "d": "M\(LineChart.tenths(from)) \(LineChart.tenths(entry))"
            + "L\(LineChart.tenths(to)) \(LineChart.tenths(exit))",
        ]), .tag("path", ["class": "entry", "d": arrow]),
      .tag(
        "circle",
        [
          "class": "exit", "cx": LineChart.tenths(to), "cy": LineChart.tenths(exit), "r": "2.5",
        ]))
  }

  private func center(of index: Int, _ step: Int64) -> Int64 {
    700 + Int64(index) * step + step / 2
  }

  /// Where a time stands, in tenths: within its bar, or at the edge of the next.
  func x(_ time: Instant, _ step: Int64) -> Int64 {
    var low = 0
    var high = bars.count
    while low < high {
      let middle = (low + high) / 2
      if bars[middle].open <= time { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return 700 }
    let past = min(interval, time - bars[low - 1].open)
    return 700 + Int64(low - 1) * step
      + Int64(Int128(past.nanoseconds) * Int128(step) / Int128(interval.nanoseconds))
  }

  private func minute(_ instant: Instant) -> String {
    let text = instant.description
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5))"
  }
}

extension ReplayTrade {
  /// Whether it bets on a rise; of a pair, with its first leg.
  var isLong: Bool { signal.signal.side == .buy }
  /// Where the position's own stop lies.
  var stop: Price { signal.signal.stop }
  /// Where its target lies.
  var target: Price { signal.signal.target }
}

/// Prices as short as they can be told apart.
enum LevelText {
  /// Four significant digits at least, no more than eight places.
  static func short(_ price: Price) -> String {
    let grain: Int64 =
      switch price.steps.magnitude {
      case 1_000_000_000_00...: 10_000_000
      case 1_000_000_000...: 1_000_000
      default: 10_000
      }
    return (price.rounded(to: Price(steps: grain), .nearest) ?? price).description
  }
}

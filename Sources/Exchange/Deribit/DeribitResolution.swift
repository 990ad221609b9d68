import Market
import Venues

/// The length of a bar of a chart.
enum DeribitResolution: String, Hashable, Sendable, CaseIterable {
  case m1 = "1"
  case m3 = "3"
  case m5 = "5"
  case m10 = "10"
  case m15 = "15"
  case m30 = "30"
  case h1 = "60"
  case h2 = "120"
  case h3 = "180"
  case h6 = "360"
  case h12 = "720"
  case d1 = "1D"

  /// Its length.
  var interval: Interval { .minutes(Int64(rawValue) ?? 1_440) }

  /// The candles of the market that it is made of.
  var timeframe: Timeframe {
    switch self {
    case .m1, .m3: .m1
    case .m5, .m10: .m5
    case .m15, .m30: .m15
    case .h1, .h2, .h3, .h6, .h12: .h1
    case .d1: .d1
    }
  }

  /// The open of the bar that holds a time.
  func open(containing time: Instant) -> Instant {
    let length = interval.nanoseconds
    return Instant(nanoseconds: time.nanoseconds.floorDivided(by: length) * length)
  }
}

/// One bar of a chart.
struct DeribitBar: Hashable, Sendable {
  let open: Instant
  let first: Double
  var high: Double
  var low: Double
  var last: Double
  /// In coins.
  var volume: Double
  /// In dollars.
  var cost: Double

  init(_ candle: Candle, at open: Instant) {
    self.open = open
    first = candle.open.double
    high = candle.high.double
    low = candle.low.double
    last = candle.close.double
    volume = candle.volume.double
    cost = candle.volume.double * candle.close.double
  }

  mutating func add(_ candle: Candle) {
    high = max(high, candle.high.double)
    low = min(low, candle.low.double)
    last = candle.close.double
    volume += candle.volume.double
    cost += candle.volume.double * candle.close.double
  }

  /// Writes it as the candle channels do.
  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.integer("tick", open.milliseconds)
      $0.deribit("open", first)
      $0.deribit("high", high)
      $0.deribit("low", low)
      $0.deribit("close", last)
      $0.deribit("volume", DeribitNumber.rounded(volume, 8))
      $0.deribit("cost", DeribitNumber.rounded(cost, 2))
    }
  }
}

extension DeribitVenue {
  /// The bars that open from `start` to `end`, ascending, the forming one last, at most 5,000.
  func bars(
    of symbol: Symbol, _ resolution: DeribitResolution, from start: Instant, through end: Instant,
    _ market: some TrueMarket
  ) -> [DeribitBar] {
    let end = min(end, clock)
    guard start <= end else { return [] }
    let reach = Interval(nanoseconds: resolution.interval.nanoseconds * 4_999)
    let last = resolution.open(containing: end)
    let aligned = resolution.open(containing: start)
    // What opens before the start is not asked for.
    let first = max(aligned < start ? aligned + resolution.interval : aligned, last - reach)
    var bars: [DeribitBar] = []
    for candle in market.candles(of: symbol, resolution.timeframe, from: first, through: end) {
      let open = resolution.open(containing: candle.openTime)
      if bars.last?.open == open {
        bars[bars.count - 1].add(candle)
      } else {
        bars.append(DeribitBar(candle, at: open))
      }
    }
    return bars
  }
}

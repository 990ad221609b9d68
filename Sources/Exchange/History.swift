import Market

/// Makes the candles before the venue's first block.
struct History {
  private let start: Instant
  private let depth: HistoryDepth
  private let listing: PerpetualListing
  private let noise: Noise
  /// The noise of the prints that follow, for a model whose price depends on time alone.
  private let printNoise: Noise

  init(of listing: PerpetualListing, seed: UInt64, configuration: HyperliquidVenueConfiguration) {
    start = configuration.start
    depth = configuration.history
    self.listing = listing
    noise = Noise(seed: seed ^ 0x6869_7374_6f72_7921)
    printNoise = Noise(seed: seed)
  }

  /// Fills the series; returns the last price before the start.
  func fill(_ series: inout [CandleSeries], from model: PriceModel) -> Price {
    switch model {
    case .constant(let price):
      var calm = RandomWalk(price: price)
      calm.dailyVolatility = depth.dailyVolatility
      walk(calm, until: start, into: &series)
      return price
    case .walk(let walk):
      self.walk(walk, until: start, into: &series)
      return walk.price
    case .path(let points): return follow(points, into: &series)
    case .zigzag(let zigzag): return turn(zigzag, into: &series)
    case .recorded(let candles): return replay(candles, into: &series)
    }
  }

  /// Quiet days first, then the model itself as far back as there are candles of a minute.
  private func turn(_ zigzag: Zigzag, into series: inout [CandleSeries]) -> Price {
    let fine = min(start, Timeframe.d1.open(containing: start - .days(max(0, depth.fineDays))))
    var calm = RandomWalk(price: zigzag.price)
    calm.dailyVolatility = depth.dailyVolatility
    walk(calm, until: fine, into: &series)
    var last = zigzag.price
    for (index, time) in times(until: start).enumerated() where time >= fine {
      // Shortly before each third of a minute ends, so that the last is the minute's close.
      let time = time + .milliseconds(19_999)
      guard time < start, let exact = Price(nearest: zigzag.value(at: time, printNoise)) else {
        continue
      }
      last = listing.instrument.onTick(exact, .nearest) ?? exact
      record(last, at: time, index, into: &series)
    }
    return last
  }

  /// Walks so that the last price is the model's own at `end`.
  private func walk(_ walk: RandomWalk, until end: Instant, into series: inout [CandleSeries]) {
    let times = times(until: end)
    var unit = walk
    unit.price = Price(whole: 100)
    var values: [Double] = []
    values.reserveCapacity(times.count)
    for (index, time) in times.enumerated() {
      let step = index + 1 < times.count ? times[index + 1] - time : end - time
      var walker = Walk(unit, block: step)
      walker.resume(at: values.last ?? 100)
      walker.step(noise.word(UInt64(index)))
      values.append(walker.value)
    }
    guard let last = values.last, last > 0 else { return }
    let scale = walk.price.double / last
    for (index, time) in times.enumerated() {
      let exact = Price(nearest: values[index] * scale) ?? walk.price
      record(listing.instrument.onTick(exact, .nearest) ?? exact, at: time, index, into: &series)
    }
  }

  /// The times of the prints before `end`: five minutes apart, then twenty seconds.
  private func times(until end: Instant) -> [Instant] {
    let fine = Timeframe.d1.open(containing: start - .days(max(0, depth.fineDays)))
    var time = Timeframe.d1.open(containing: start - .days(max(0, depth.days)))
    var times: [Instant] = []
    while time < end {
      times.append(time)
      time = time + (time < fine ? .minutes(5) : .seconds(20))
    }
    return times
  }

  private func follow(_ points: [PathPoint], into series: inout [CandleSeries]) -> Price {
    let points = points.sorted { $0.time < $1.time }
    guard let first = points.first else { return Price(whole: 100) }
    let begin = min(first.time, start)
    var calm = RandomWalk(price: first.price)
    calm.dailyVolatility = depth.dailyVolatility
    walk(calm, until: begin, into: &series)
    var last = first.price
    for (index, time) in times(until: start).enumerated() where time >= begin {
      last = PrintStream.price(on: points, at: time) ?? last
      let onTick = listing.instrument.onTick(last, .nearest) ?? last
      record(onTick, at: time, index, into: &series)
    }
    return PrintStream.price(on: points, at: start) ?? last
  }

  /// Candles of the recording's own timeframe as they were, longer ones put together of them.
  private func replay(_ candles: [Candle], into series: inout [CandleSeries]) -> Price {
    var last = candles.first?.open ?? Price(whole: 100)
    for candle in candles.prefix(candles.partition { $0.openTime >= start }) {
      for index in series.indices where series[index].timeframe >= candle.timeframe {
        if series[index].timeframe == candle.timeframe {
          series[index].adopt(CandleRow(candle))
        } else {
          series[index].merge(CandleRow(candle))
        }
      }
      last = candle.close
    }
    return last
  }

  private func record(
    _ price: Price, at time: Instant, _ index: Int, into series: inout [CandleSeries]
  ) {
    let fine = Timeframe.d1.open(containing: start - .days(max(0, depth.fineDays)))
    let share = Double(noise.word(UInt64(index) | 1 << 63) & 0xffff) / 32_768
    let spacing: Double = time < fine ? 300 : 20
    let mean = listing.printNotional.double / price.double * spacing
    let lot = listing.instrument.lot
    let quantity = Quantity(nearest: mean * share)?.rounded(to: lot, .down) ?? lot
    for place in series.indices where time >= fine || series[place].timeframe >= .m15 {
      series[place].record(price, max(lot, quantity), at: time)
      series[place].isDirty = false
    }
  }
}

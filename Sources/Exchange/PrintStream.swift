import Market

/// A trade between others: what moves the price.
struct MarketPrint: Hashable, Sendable {
  var time: Instant
  var price: Price
  /// Zero for a candle that was recorded without volume: it moves the price, nobody trades.
  var quantity: Quantity
}

/// The prints of one symbol's price model, in time order.
struct PrintStream: Sendable {
  private enum Mode {
    case constant(Price)
    case walk(Walk)
    case path([PathPoint], next: Int)
    case zigzag(Zigzag)
    case recorded([Candle], next: Int, printed: Int)
  }

  private var mode: Mode
  private let noise: Noise
  private let instrument: Instrument
  private let printNotional: Money
  private let printsPerCandle: Int
  private var counter: UInt64 = 0

  init(
    _ model: PriceModel, of listing: PerpetualListing, seed: UInt64,
    configuration: HyperliquidVenueConfiguration
  ) {
    noise = Noise(seed: seed)
    instrument = listing.instrument
    printNotional = listing.printNotional
    printsPerCandle = max(4, configuration.printsPerRecordedCandle)
    switch model {
    case .constant(let price): mode = .constant(price)
    case .walk(let walk): mode = .walk(Walk(walk, block: configuration.blockInterval))
    case .path(let points):
      let points = points.sorted { $0.time < $1.time }
      mode = .path(points, next: points.partition { $0.time > configuration.start })
    case .zigzag(let zigzag): mode = .zigzag(zigzag)
    case .recorded(let candles):
      let next = candles.partition { $0.openTime >= configuration.start }
      mode = .recorded(candles, next: next, printed: 0)
    }
  }

  /// Whether candles must come out as they were recorded, so that accounts' trades stay outside.
  var isRecorded: Bool {
    if case .recorded = mode { true } else { false }
  }

  /// A word that follows from the model and the block alone, for the book around the block's
  /// prints.
  var salt: UInt64 { noise.word(counter | 1 << 62) }

  /// Appends the prints that come due at the block at `time`, oldest first.
  mutating func appendPrints(at time: Instant, to prints: inout [MarketPrint]) {
    counter &+= 1
    switch mode {
    case .constant(let price): append(price, at: time, to: &prints)
    case .walk(var walk):
      walk.step(noise.word(counter &* 2 &+ 1))
      mode = .walk(walk)
      if let price = Price(nearest: walk.value).flatMap({ instrument.onTick($0, .nearest) }) {
        append(price, at: time, to: &prints)
      }
    case .path(let points, var next):
      while next < points.count, points[next].time <= time {
        append(points[next].price, at: points[next].time, to: &prints)
        next += 1
      }
      mode = .path(points, next: next)
      if prints.last?.time != time, let price = Self.price(on: points, before: next, at: time) {
        append(instrument.onTick(price, .nearest) ?? price, at: time, to: &prints)
      }
    case .zigzag(let zigzag):
      if let price = Price(nearest: zigzag.value(at: time, noise)).flatMap({
        instrument.onTick($0, .nearest)
      }) {
        append(price, at: time, to: &prints)
      }
    case .recorded: appendRecorded(upTo: time, to: &prints)
    }
  }

  private mutating func append(_ price: Price, at time: Instant, to prints: inout [MarketPrint]) {
    let share = Int64(noise.word(counter &* 2) & 0xffff)
    let mean = printNotional.double / price.double
    let lot = instrument.lot
    let drawn = Quantity(nearest: mean * Double(share) / 32_768)?.rounded(to: lot, .down)
    let quantity = max(lot, drawn ?? lot)
    prints.append(MarketPrint(time: time, price: price, quantity: quantity))
  }

  /// The price that a path has at `time`.
  static func price(on points: [PathPoint], at time: Instant) -> Price? {
    price(on: points, before: points.partition { $0.time > time }, at: time)
  }

  /// The price on the line through the points around `time`; `next` is the first point after it.
  private static func price(on points: [PathPoint], before next: Int, at time: Instant) -> Price? {
    guard next > 0 else { return points.first?.price }
    let from = points[next - 1]
    guard next < points.count else { return from.price }
    let to = points[next]
    let span = (to.time - from.time).nanoseconds
    guard span > 0 else { return from.price }
    let rise = to.price - from.price
    return rise.checkedScaled(by: (time - from.time).nanoseconds, over: span, .nearest)
      .map { from.price + $0 }
  }

  private mutating func appendRecorded(upTo time: Instant, to prints: inout [MarketPrint]) {
    guard case .recorded(let candles, var next, var printed) = mode else { return }
    while next < candles.count {
      let path = CandlePath(candles[next], prints: printsPerCandle, instrument: instrument)
      while printed < path.count, path.time(printed) <= time {
        prints.append(path.print(printed))
        printed += 1
      }
      guard printed == path.count else { break }
      printed = 0
      next += 1
    }
    mode = .recorded(candles, next: next, printed: printed)
  }
}

/// A recorded candle as a path of prints that rebuild it exactly: open, the nearer extreme by the
/// candle's colour (low first where it rose), the other, close; straight lines between.
struct CandlePath {
  let count: Int
  private let candle: Candle
  private let corners: [(index: Int, price: Price)]
  private let instrument: Instrument

  init(_ candle: Candle, prints: Int, instrument: Instrument) {
    self.candle = candle
    self.instrument = instrument
    count = max(4, prints)
    let rose = candle.close >= candle.open
    corners = [
      (0, candle.open), (count / 3, rose ? candle.low : candle.high),
      (count * 2 / 3, rose ? candle.high : candle.low), (count - 1, candle.close),
    ]
  }

  /// The first print is at the open; all lie inside the candle.
  func time(_ index: Int) -> Instant {
    let nanoseconds = candle.timeframe.interval.nanoseconds
    let share = nanoseconds / Int64(count) * Int64(index)
    return candle.openTime + Interval(nanoseconds: share / 1_000_000 * 1_000_000)
  }

  func print(_ index: Int) -> MarketPrint {
    let share = candle.volume.steps / Int64(count)
    let rest = candle.volume.steps - share * Int64(count - 1)
    let quantity = Quantity(steps: index == count - 1 ? rest : share)
    return MarketPrint(time: time(index), price: price(index), quantity: quantity)
  }

  private func price(_ index: Int) -> Price {
    let after = corners.firstIndex { $0.index >= index } ?? corners.count - 1
    guard corners[after].index != index, after > 0 else { return corners[after].price }
    let (from, to) = (corners[after - 1], corners[after])
    let rise = (to.price - from.price).checkedScaled(
      by: Int64(index - from.index), over: Int64(to.index - from.index), .nearest)
    guard let rise else { return from.price }
    let exact = from.price + rise
    let rounded = instrument.onTick(exact, .nearest) ?? exact
    return min(max(rounded, candle.low), candle.high)
  }
}

extension [PathPoint] {
  func partition(where isAfter: (PathPoint) -> Bool) -> Int {
    firstIndex(where: isAfter) ?? count
  }
}

extension [Candle] {
  func partition(where isAfter: (Candle) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

package import Market
import Strategies

/// Holds the closed candles that strategies see, and derives the timeframes that no venue supplies.
///
/// An hour comes from five-minute candles, three days and a week from days: venues do not agree on
/// where those open (`strategies.md` section 2.1). A derived candle needs all of its children.
struct CandleManager: Sendable {
  /// Every closed candle within the declared look-back.
  private(set) var view = MarketView()
  private var derived: [(symbol: Symbol, timeframe: Timeframe)] = []
  /// Nothing is derived from shorter candles.
  private var shortestSource = Timeframe.w1

  /// Candles kept beyond a strategy's warm-up, so that "the n before the one before" is held.
  private static let margin = 16

  /// Adds what one strategy reads of one symbol.
  mutating func declare(_ inputs: [InputRequirement], of symbol: Symbol) {
    for input in inputs {
      guard let timeframe = input.kind.timeframe else { continue }
      declare(input.symbol ?? symbol, timeframe, count: input.warmUp)
    }
  }

  /// Adds a series of at least `count` candles, and the series that it is derived from.
  mutating func declare(_ symbol: Symbol, _ timeframe: Timeframe, count: Int) {
    view.declare(symbol, timeframe, capacity: count + Self.margin)
    guard let source = timeframe.source else { return }
    shortestSource = min(shortestSource, source)
    let children = Int(timeframe.interval.nanoseconds / source.interval.nanoseconds)
    view.declare(symbol, source, capacity: children + Self.margin)
    if !derived.contains(where: { $0 == (symbol, timeframe) }) {
      derived.append((symbol, timeframe))
      derived.sort {
        $0.timeframe != $1.timeframe ? $0.timeframe < $1.timeframe : $0.symbol < $1.symbol
      }
    }
  }

  /// Notes that a reading was received, which health looks at.
  mutating func receive(_ reading: ReceivedReading) { view.receive(reading) }

  /// Notes that the strategies know a reading, which decisions look at.
  mutating func note(_ reading: ReceivedReading) { view.note(reading) }

  /// Puts back a recovered candle.
  mutating func restore(_ candle: Candle) { view.append(candle) }

  /// Stores all candles of one close time, then what derives from them.
  ///
  /// - Parameter batch: By timeframe, then symbol.
  /// - Returns: Everything that is new in the view, in the same order.
  mutating func store(_ batch: [Candle]) -> [Candle] {
    var stored: [Candle] = []
    stored.reserveCapacity(batch.count + derived.count)
    for candle in batch where view.append(candle) { stored.append(candle) }
    guard let longest = stored.last?.timeframe, longest >= shortestSource else { return stored }
    for (symbol, timeframe) in derived {
      guard
        let child = stored.first(where: {
          $0.symbol == symbol && $0.timeframe == timeframe.source
        }),
        let parent = derive(timeframe, endingWith: child), view.append(parent)
      else { continue }
      stored.append(parent)
    }
    stored.sort {
      $0.timeframe != $1.timeframe ? $0.timeframe < $1.timeframe : $0.symbol < $1.symbol
    }
    return stored
  }

  /// The candle of `timeframe` whose last child is `child`; nil mid-way or where a child is
  /// missing.
  private func derive(_ timeframe: Timeframe, endingWith child: Candle) -> Candle? {
    let open = timeframe.open(containing: child.openTime)
    guard open + timeframe.interval == child.closeTime,
      let series = view.candles(child.symbol, child.timeframe)
    else { return nil }
    let count = Int(timeframe.interval.nanoseconds / child.timeframe.interval.nanoseconds)
    guard series.contiguousCount >= count else { return nil }
    return Candle(joining: (0..<count).reversed().compactMap(series.back), as: timeframe)
  }
}

extension Timeframe {
  /// The timeframe that this one is derived from; nil where the venue supplies it.
  package var source: Timeframe? {
    switch self {
    case .h1: .m5
    case .d3, .w1: .d1
    case .m1, .m5, .m15, .h4, .d1: nil
    }
  }
}

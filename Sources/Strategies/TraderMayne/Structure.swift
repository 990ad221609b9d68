import Market
import Risk

extension TraderMayne {
  /// The market structure of one timeframe: its last two swing highs and lows, and its last close.
  struct Structure: Hashable, Sendable {
    var finder: SwingFinder
    /// The last two swing highs, the older first.
    var highs: [Price] = []
    /// The last two swing lows, the older first.
    var lows: [Price] = []
    var close: Price?

    init(reach: Int) { finder = SwingFinder(reach: reach) }

    mutating func absorb(_ candle: Candle) {
      close = candle.close
      guard let confirmed = finder.absorb(candle) else { return }
      if let high = confirmed.high { highs = highs.suffix(1) + [high] }
      if let low = confirmed.low { lows = lows.suffix(1) + [low] }
    }

    /// +1 for rising highs and lows, −1 for falling ones, 0 otherwise and where the close has
    /// broken the structure.
    var direction: Int {
      guard highs.count == 2, lows.count == 2, let close else { return 0 }
      if highs[1] > highs[0], lows[1] > lows[0] { return close < lows[1] ? 0 : 1 }
      if highs[1] < highs[0], lows[1] < lows[0] { return close > highs[1] ? 0 : -1 }
      return 0
    }
  }

  /// The bias: positive for rising, negative for falling markets.
  func score(_ state: State) -> Int {
    score(
      week: state.week.direction, threeDays: state.threeDays.direction, day: state.day.direction)
  }

  /// The bias from the direction of each timeframe.
  func score(week: Int, threeDays: Int, day: Int) -> Int {
    configuration.weekWeight * week + configuration.threeDayWeight * threeDays
      + configuration.dayWeight * day
  }

  /// The side that `score` favours; nil where it is neutral.
  func bias(_ score: Int) -> Side? {
    guard abs(score) >= configuration.biasThreshold else { return nil }
    return score > 0 ? .buy : .sell
  }

  /// +1 where the bias agrees with `side`, −1 where it disagrees, 0 where it is neutral.
  func alignment(of side: Side, _ score: Int) -> Double {
    bias(score).map { $0 == side ? 1 : -1 } ?? 0
  }
}

extension TraderMayne.Structure {
  func write(to writer: inout BinaryWriter) {
    finder.write(to: &writer)
    for levels in [highs, lows] {
      writer.write(levels.count)
      for level in levels { writer.write(level) }
    }
    writer.write(close)
  }

  init(reach: Int, from reader: inout BinaryReader) throws(BinaryFault) {
    finder = try SwingFinder(reach: reach, from: &reader)
    highs = try Self.levels(from: &reader)
    lows = try Self.levels(from: &reader)
    close = try reader.readOptionalPrice()
  }

  private static func levels(from reader: inout BinaryReader) throws(BinaryFault) -> [Price] {
    let start = reader.position
    let count = try reader.readCount()
    guard count <= 2 else { throw .invalid(offset: start) }
    var levels: [Price] = []
    for _ in 0..<count { levels.append(try reader.readPrice()) }
    return levels
  }
}

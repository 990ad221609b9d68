import Choice
import Market
import Risk
import Strategies
import Testing

extension TakerSplit {
  /// Takers of 1,000 coins, of whom `ratio` more bought than sold.
  static func of(
    _ ratio: Fraction, coins: Int64 = 1_000, coverage: Fraction = "1"
  ) -> TakerSplit {
    let half = coins * Fraction.stepsPerWhole / 2
    let lean = half / Fraction.stepsPerWhole * ratio.steps
    return TakerSplit(
      buy: Quantity(steps: half + lean), sell: Quantity(steps: half - lean), coverage: coverage)
  }
}

/// A candle whose takers bought `ratio` more than they sold.
func candle(
  _ timeframe: Timeframe, at time: Instant, _ bar: [Price], volume: Quantity = "1000",
  ratio: Fraction?, coverage: Fraction = "1"
) throws -> Candle {
  try Candle(
    symbol: "BTC", timeframe: timeframe, venue: .hyperliquid, openTime: time, open: bar[0],
    high: bar[1], low: bar[2], close: bar[3], volume: volume,
    takerSplit: ratio.map { .of($0, coverage: coverage) })
}

extension [Candle] {
  /// Whole candles of `timeframe`, their takers' splits added up.
  func joined(as timeframe: Timeframe) throws -> [Candle] {
    let size = Int(
      timeframe.interval.nanoseconds / (first?.timeframe ?? timeframe).interval.nanoseconds)
    return try stride(from: 0, to: count - size + 1, by: size).map { start in
      try #require(
        Candle(joining: Array(self[start..<(start + size)]), as: timeframe))
    }
  }
}

extension Driver {
  /// Takes in candles in order of close time; where `fresh` makes an instance, it takes over from
  /// the bytes of the memory after each close time.
  mutating func run(
    _ candles: [Candle], hasOpenPosition: Bool = false,
    fresh: () throws -> (any StrategyInstance)? = { nil }
  ) throws {
    var group: [Candle] = []
    for candle in candles.sorted(by: { ($0.closeTime, $0.timeframe) < ($1.closeTime, $1.timeframe) }
    ) {
      if let first = group.first, first.closeTime != candle.closeTime {
        feed(group, hasOpenPosition: hasOpenPosition)
        group.removeAll()
        if var next = try fresh() {
          try next.restore(stateBytes: instance.stateBytes)
          #expect(next.stateBytes == instance.stateBytes)
          instance = next
        }
      }
      group.append(candle)
    }
    feed(group, hasOpenPosition: hasOpenPosition)
  }

  /// Damages every eleventh byte of the memory in turn and goes on where that is still a memory;
  /// says how often it was.
  func survivesDamage(then candles: [Candle]) throws -> Int {
    let bytes = instance.stateBytes
    var survivors = 0
    for offset in stride(from: 0, to: bytes.count, by: 11) {
      var damaged = bytes
      damaged[offset] ^= 0xff
      var copy = self
      #expect(throws: BinaryFault.self) {
        try copy.instance.restore(stateBytes: Array(bytes.prefix(offset)))
      }
      guard (try? copy.instance.restore(stateBytes: damaged)) != nil else { continue }
      survivors += 1
      try copy.run(candles)
    }
    return survivors
  }
}

/// A random walk whose takers lean with the candle, more or less.
struct FlowWalk {
  var seed: UInt64
  var timeframe: Timeframe
  var count: Int
  /// Near 50,000,000 and in whole steps, or near 3,000 and in tenths, as its ticks are.
  var isFine = false

  func candles() throws -> [Candle] {
    let walk =
      isFine
      ? Walk(
        seed: seed, timeframe: timeframe, count: count, price: 50_000_000, tick: "1", steps: 8,
        spread: 300)
      : Walk(seed: seed, timeframe: timeframe, count: count, steps: 8)
    var leans = Chooser.seeded(seed).stream("leans")
    return try walk.candles().map { candle in
      let range = max(1, candle.high.steps - candle.low.steps)
      let body = Double(candle.close.steps - candle.open.steps) / Double(range)
      let noise = Double(leans.draw(below: 2_001)) / 1_000 - 1
      let ratio = min(0.9, max(-0.9, 0.2 * body + 0.5 * noise * abs(noise)))
      let half = candle.volume.steps / 2
      let lean = Int64(Double(half) * ratio)
      let split = TakerSplit(
        buy: Quantity(steps: half + lean), sell: Quantity(steps: half - lean), coverage: "1")
      return try #require(candle.with(split))
    }
  }
}

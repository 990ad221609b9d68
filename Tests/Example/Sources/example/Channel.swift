import Market
import Risk
import Strategies

/// Buys a close above every high of the last twenty candles, sells one below every low.
struct Channel: Strategy {
  let id: StrategyID = "channel"
  let inputs = [InputRequirement(.candles(.m15), warmUp: 21)]
  let trigger = Timeframe.m15

  func initialState(for instrument: Instrument) -> Bars { Bars() }

  func absorb(_ candle: Candle, in market: MarketView, state: inout Bars) {
    state.add(candle)
  }

  func decide(_ context: DecisionContext, in market: MarketView, state: Bars) -> Conclusion {
    let close = context.trigger.close
    guard let high = state.highest, let low = state.lowest, close > high || close < low else {
      return Conclusion(setup: "breakout", outcome: .noTrade(.noSetup))
    }
    // The stop on the far side of the channel, the target at twice the risk; the gate every
    // strategy shares judges both.
    let side: Side = close > high ? .buy : .sell
    let gate = GeometryGate()
    let far = Int128((side == .buy ? low : high).steps * side.sign)
    guard let stop = gate.stop(side, along: far, of: context.instrument),
      let target = gate.target(
        side, along: Int128((close.steps + 2 * (close.steps - stop.steps)) * side.sign),
        of: context.instrument)
    else { return Conclusion(setup: "breakout", outcome: .noTrade(.badGeometry)) }
    return Conclusion(
      setup: "breakout",
      outcome: gate.outcome(
        Levels(side: side, entry: close, stop: stop, target: target), confidence: 0.5,
        at: context.time, timeStop: context.time + .hours(12)))
  }
}

/// The twenty candles before the newest: all that ``Channel`` remembers, and can be stored.
struct Bars: BinaryCodable, Hashable, Sendable {
  private var highs: [Price] = []
  private var lows: [Price] = []

  init() {}

  var highest: Price? { highs.count > 20 ? highs.dropLast().max() : nil }
  var lowest: Price? { lows.count > 20 ? lows.dropLast().min() : nil }

  mutating func add(_ candle: Candle) {
    highs.append(candle.high)
    lows.append(candle.low)
    if highs.count > 21 {
      highs.removeFirst()
      lows.removeFirst()
    }
  }

  func write(to writer: inout BinaryWriter) {
    writer.write(highs.count)
    for price in highs + lows { writer.write(price) }
  }

  init(from reader: inout BinaryReader) throws(BinaryFault) {
    let count = try reader.readCount()
    for _ in 0..<count { highs.append(try reader.readFixed()) }
    for _ in 0..<count { lows.append(try reader.readFixed()) }
  }
}

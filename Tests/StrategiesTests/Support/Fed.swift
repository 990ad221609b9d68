import Market
import Risk
import Testing

@testable import Strategies

/// A runner with its view, fed candles and readings as the engine does.
struct Fed<S: Strategy> {
  private(set) var runner: StrategyRunner<S>
  private var view = MarketView()

  init(_ strategy: S) throws {
    runner = StrategyRunner(strategy, for: try instrument())
    for input in runner.inputs {
      guard case .candles(let timeframe) = input.kind else { continue }
      view.declare(runner.instrument.symbol, timeframe, capacity: input.warmUp + 8)
    }
  }

  /// Hands a reading on.
  mutating func receive(_ reading: Reading, at time: Instant) {
    let received = ReceivedReading(reading, received: time)
    view.note(received)
    runner.absorb(received, in: view)
  }

  /// Closes a trigger candle.
  @discardableResult
  mutating func close(_ candle: Candle, holding: Bool = false) -> Decision {
    view.append(candle)
    runner.absorb(candle, in: view)
    return runner.decide(
      at: candle.closeTime, trigger: candle, in: view, hasOpenPosition: holding)
  }

  /// Starts the runner again from its bytes; the view is the engine's, which has its own.
  mutating func restart() throws {
    let bytes = runner.stateBytes
    var fresh = StrategyRunner(runner.strategy, for: runner.instrument)
    try fresh.restore(stateBytes: bytes)
    #expect(fresh.stateBytes == bytes)
    runner = fresh
  }

  func health(at time: Instant) -> DataHealth { runner.health(at: time, in: view) }
}

extension Candle {
  /// The quarter hour `index` after `start`, in prices as text.
  static func quarter(
    _ index: Int64, from start: Instant = monday, _ open: Price, _ high: Price, _ low: Price,
    _ close: Price
  ) throws -> Candle {
    try Candle(
      symbol: "BTC", timeframe: .m15, venue: .hyperliquid,
      openTime: start + Timeframe.m15.interval * index, open: open, high: high, low: low,
      close: close, volume: "1000")
  }
}

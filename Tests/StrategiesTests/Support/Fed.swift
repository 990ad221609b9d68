import Market
import Risk
import Testing

@testable import Strategies

/// A runner under its driver, told readings and trigger candles one by one.
struct Fed<S: Strategy> {
  private let strategy: S
  private var driver: Driver

  init(_ strategy: S) throws {
    self.strategy = strategy
    driver = Driver(StrategyRunner(strategy, for: try instrument()))
  }

  /// The runner itself.
  var runner: StrategyRunner<S> {
    get throws { try #require(driver.instance as? StrategyRunner<S>) }
  }

  /// Hands a reading on.
  mutating func receive(_ reading: Reading, at time: Instant) {
    driver.receive(ReceivedReading(reading, received: time))
  }

  /// Closes a trigger candle.
  @discardableResult
  mutating func close(_ candle: Candle, holding: Bool = false) throws -> Decision {
    let decision = driver.feed([candle], hasOpenPosition: holding)
    return try #require(decision)
  }

  /// Starts the runner again from its bytes; the view is the engine's, which has its own.
  mutating func restart() throws {
    let bytes = driver.instance.stateBytes
    var fresh = StrategyRunner(strategy, for: driver.instance.instrument)
    try fresh.restore(stateBytes: bytes)
    #expect(fresh.stateBytes == bytes)
    driver.instance = fresh
  }

  func health(at time: Instant) -> DataHealth {
    driver.instance.health(at: time, in: driver.view)
  }
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

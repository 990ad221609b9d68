import Engine
import Strategies

extension Scenario {
  /// Every strategy that runs, each on what it trades.
  var strategies: [any StrategyInstance] {
    let instruments = engine.symbols.map(\.instrument)
    let named = engine.strategies.flatMap { id in
      engine.symbols.filter(\.isTradable).flatMap {
        StrategyCatalog.make(id, for: $0.instrument, among: instruments)
      }
    }
    return named + scriptedStrategies
  }
}

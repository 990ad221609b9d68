public import Market
public import Risk

/// Every strategy that comes with the package, by name.
public enum StrategyCatalog {
  /// One line of the catalogue.
  public struct Entry: Hashable, Sendable {
    /// The stable name.
    public let id: StrategyID
    /// What it trades, in one line.
    public let about: String
  }

  /// All strategies, in the order in which they are listed.
  public static let all: [Entry] = [
    Entry(
      id: TraderMayne.id,
      about: "Monday range, order blocks, breakers and swing failures, with higher-timeframe bias"),
    Entry(id: WickFlow.id, about: "Rejection wicks at liquidity pools, and exhausted cascades"),
    Entry(id: SkewFlow.id, about: "A stretched premium of the perpetual over spot, once it turns"),
    Entry(id: OIFlow.id, about: "Price extremes and falls that open interest does not follow"),
    Entry(
      id: EmaCross.id, about: "Two exponential averages crossing: the benchmark and the example"),
  ]

  /// The strategy called `id` on `instrument` with its default settings; nil for an unknown name.
  public static func make(
    _ id: StrategyID, for instrument: Instrument
  ) -> (any StrategyInstance)? {
    switch id {
    case TraderMayne.id: StrategyRunner(TraderMayne(), for: instrument)
    case WickFlow.id: StrategyRunner(WickFlow(), for: instrument)
    case SkewFlow.id: StrategyRunner(SkewFlow(), for: instrument)
    case OIFlow.id: StrategyRunner(OIFlow(), for: instrument)
    case EmaCross.id: StrategyRunner(EmaCross(), for: instrument)
    default: nil
    }
  }
}

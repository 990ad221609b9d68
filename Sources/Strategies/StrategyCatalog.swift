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
    Entry(
      id: SessionFlow.id, about: "Breakouts of the opening range at London and New York"),
    Entry(id: VolFlow.id, about: "Expansions out of quiet hours that no single jump made"),
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
    case SessionFlow.id: StrategyRunner(SessionFlow(), for: instrument)
    case VolFlow.id: StrategyRunner(VolFlow(), for: instrument)
    case EmaCross.id: StrategyRunner(EmaCross(), for: instrument)
    default: nil
    }
  }
}

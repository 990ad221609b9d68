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
      id: ValentiniFlow.id,
      about: "Acceptance outside the value of the day before, and auctions that fail there"),
    Entry(
      id: FootprintFlow.id,
      about: "Aggression absorbed at an extreme, and minutes of it that break the range"),
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
    case ValentiniFlow.id: StrategyRunner(ValentiniFlow(), for: instrument)
    case FootprintFlow.id: StrategyRunner(FootprintFlow(), for: instrument)
    case EmaCross.id: StrategyRunner(EmaCross(), for: instrument)
    default: nil
    }
  }
}

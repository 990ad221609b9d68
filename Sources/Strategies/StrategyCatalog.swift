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
    Entry(
      id: ValentiniFlow.id,
      about: "Acceptance outside the prior day's value that goes on, and auctions that fail"),
    Entry(id: SkewFlow.id, about: "A stretched premium of the perpetual over spot, once it turns"),
    Entry(
      id: OIFlow.id, about: "Extremes that open interest does not confirm, and flushes that end"),
    Entry(id: PairFlow.id, about: "Spreads of two perpetuals that return to their mean"),
    Entry(
      id: FootprintFlow.id, about: "Absorption and stacked imbalance in what takers did"),
    Entry(
      id: QuantFlow.id,
      about: "Fades or breakouts, as implied and realised volatility and dealer gamma allow"),
    Entry(id: VolFlow.id, about: "Expansions out of quiet hours that no single jump made"),
    Entry(
      id: EmaCross.id, about: "Two exponential averages crossing: the benchmark and the example"),
  ]

  /// Whether a strategy is called `id`.
  public static func isKnown(_ id: StrategyID) -> Bool { all.contains { $0.id == id } }

  /// The pairs that ``PairFlow`` trades, one instance each; the side of a trade is the first leg's.
  public static let pairs: [(first: Symbol, other: Symbol)] = [
    ("BTC", "ETH"), ("BTC", "SOL"), ("ETH", "SOL"),
  ]

  /// What the strategy called `id` runs on `instrument` with its default settings: one instance, or
  /// one for each pair that `instrument` leads.
  ///
  /// - Parameters:
  ///   - id: Which strategy; an unknown one makes nothing.
  ///   - instrument: What it trades; of a pair, the first leg.
  ///   - instruments: Everything that is known; a pair whose other leg is not among them refuses
  ///     every trade with `LEG_UNAVAILABLE`.
  /// - Returns: The instances, in the order of `pairs`; empty where the name is unknown and where
  ///   `instrument` leads no pair.
  public static func make(
    _ id: StrategyID, for instrument: Instrument, among instruments: [Instrument]
  ) -> [any StrategyInstance] {
    switch id {
    case TraderMayne.id: [StrategyRunner(TraderMayne(), for: instrument)]
    case WickFlow.id: [StrategyRunner(WickFlow(), for: instrument)]
    case SessionFlow.id: [StrategyRunner(SessionFlow(), for: instrument)]
    case ValentiniFlow.id: [StrategyRunner(ValentiniFlow(), for: instrument)]
    case SkewFlow.id: [StrategyRunner(SkewFlow(), for: instrument)]
    case OIFlow.id: [StrategyRunner(OIFlow(), for: instrument)]
    case PairFlow.id: pairs(ledBy: instrument, among: instruments)
    case FootprintFlow.id: [StrategyRunner(FootprintFlow(), for: instrument)]
    case QuantFlow.id: [StrategyRunner(QuantFlow(), for: instrument)]
    case VolFlow.id: [StrategyRunner(VolFlow(), for: instrument)]
    case EmaCross.id: [StrategyRunner(EmaCross(), for: instrument)]
    default: []
    }
  }

  private static func pairs(
    ledBy instrument: Instrument, among instruments: [Instrument]
  ) -> [any StrategyInstance] {
    pairs.filter { $0.first == instrument.symbol }.map { pair in
      let other = instruments.first { $0.symbol == pair.other }
      return StrategyRunner(
        PairFlow(other: pair.other, otherInstrument: other), for: instrument, otherLeg: other,
        subject: Symbol("\(pair.first)/\(pair.other)"))
    }
  }
}
